@_spi(_Unicode) import Swift

/// What is made of texts, over batches.
extension Texts {
  /// How many characters a text has, as `length` counts them.
  static func length(of text: Bytes) -> Int { characterCount(text) }

  /// Each word with a capital first letter and small others. Words are letters and digits.
  package static func title(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    try changed(v, &context) { text in
      var result = ""
      var isInside = false
      for character in text {
        result += isInside ? character.lowercased() : character.uppercased()
        // An apostrophe between letters is part of a word: Don't.
        isInside = character.isLetter || character.isNumber || isInside && "'’".contains(character)
      }
      return result
    }
  }

  /// The first letter in capitals, the rest as it is.
  package static func capitalised(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    try changed(v, &context) { text in
      text.prefix(1).uppercased() + text.dropFirst()
    }
  }

  /// Without white space at the ends, and with a single space for each run of it inside.
  package static func squished(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    try changed(v, &context) { text in
      text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
  }

  /// Without accents and other marks: the letters that canonical decomposition leaves.
  package static func withoutMarks(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    try changed(v, &context, isPlainKept: true) { text in
      var scalars = String.UnicodeScalarView()
      for scalar in text._nfd where scalar.properties.generalCategory != .nonspacingMark {
        scalars.append(scalar)
      }
      return String(scalars)
    }
  }

  /// In Unicode's composed form NFC.
  package static func composed(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    try changed(v, &context, isPlainKept: true) { text in
      String(String.UnicodeScalarView(text._nfc))
    }
  }

  /// Characters of the second text taken from the start, the end or both of the first.
  package static func trimSet(start: Bool, end: Bool) -> Kernel {
    { v, context in
      let (texts, sets) = (v[0].texts, v[1].texts)
      return try map(v, &context) { row, arena in
        let set = Set(sets[row].unicodeScalars)
        var rest = texts[row].unicodeScalars[...]
        while start, let first = rest.first, set.contains(first) { rest = rest.dropFirst() }
        while end, let last = rest.last, set.contains(last) { rest = rest.dropLast() }
        return arena.copy(String(rest).utf8)
      }
    }
  }

  /// Each character of the second text replaced by that at its place in the third; without one
  /// there it is taken out.
  package static func translated(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (texts, olds, news) = (v[0].texts, v[1].texts, v[2].texts)
    return try map(v, &context) { row, arena in
      let new = Array(news[row].unicodeScalars)
      var table: [Unicode.Scalar: Unicode.Scalar?] = [:]
      for (place, scalar) in olds[row].unicodeScalars.enumerated() where table[scalar] == nil {
        table[scalar] = .some(place < new.count ? new[place] : nil)
      }
      var result = String.UnicodeScalarView()
      for scalar in texts[row].unicodeScalars {
        switch table[scalar] {
        case .none: result.append(scalar)
        case .some(let replacement): if let replacement { result.append(replacement) }
        }
      }
      return arena.copy(String(result).utf8)
    }
  }

  /// The character of each number in Unicode; null and counted where there is none.
  package static func character(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let numbers = v[0].ints
    var missing: [Int] = []
    var result = try map([Vector(.ints(numbers), validity: v[0].validity)], &context) {
      row, arena in
      guard let value = UInt32(exactly: numbers[row]), let scalar = Unicode.Scalar(value) else {
        missing.append(row)
        return Bytes(start: nil, count: 0)
      }
      return arena.copy(String(Character(scalar)).utf8)
    }
    for row in missing { Validity.clear(&result.validity, row, count: context.count) }
    context.notes.nullsFromRange += missing.count
    return result
  }

  /// Numbers with so many decimals and a comma between thousands.
  package static func grouped(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (numbers, decimals) = (v[0].floats, v[1].ints)
    let validity = Validity.all(v)
    let isWhole = if case .ints = v[0].values { true } else { false }
    let ints = v[0].ints
    return try map([Vector(.floats(numbers), validity: validity)], &context) { row, arena in
      let places = Int(max(0, min(decimals[row], 20)))
      if isWhole {
        let zeros = places > 0 ? "." + String(repeating: "0", count: places) : ""
        return arena.copy((grouped(String(ints[row])) + zeros).utf8)
      }
      let number = numbers[row]
      guard number.isFinite else { return arena.copy(Casts.text(number).utf8) }
      return arena.copy(grouped(fixed(number, places: places)).utf8)
    }
  }

  /// A number with `places` decimals, halves away from zero as `round` has them. Floats of 2^53 and
  /// more are whole.
  private static func fixed(_ number: Double, places: Int) -> String {
    let rounded = Mathematics.rounded(number, digits: places)
    let size = abs(rounded)
    guard size < 1e18 else { return Casts.text(rounded) }
    var whole = Int64(size)
    var fraction = ""
    if places > 0 {
      var digits = decimalDigits(size - Double(whole), of: size)
      if digits.count > places { digits = Array(digits.prefix(places)) }
      fraction = String(decoding: digits, as: UTF8.self)
      fraction += String(repeating: "0", count: places - fraction.utf8.count)
      fraction = "." + fraction
    } else {
      whole = Int64(size.rounded())
    }
    let isNegative = rounded < 0
    return (isNegative ? "-" : "") + String(whole) + fraction
  }

  /// The digits behind the point of the shortest text that reads back as `size`.
  private static func decimalDigits(_ fraction: Double, of size: Double) -> [UInt8] {
    let text = size.description
    guard !text.utf8.contains(UInt8(ascii: "e")) else {
      // Numbers below 0.0001 are written with an exponent: 1.5e-05.
      let parts = text.split(separator: "e")
      guard parts.count == 2, let exponent = Int(parts[1]), exponent < 0 else { return [] }
      let digits = parts[0].utf8.filter { $0 != UInt8(ascii: ".") }
      let trimmed = parts[0].hasSuffix(".0") ? Array(digits.dropLast()) : Array(digits)
      return [UInt8](repeating: UInt8(ascii: "0"), count: -exponent - 1) + trimmed
    }
    guard let point = text.utf8.firstIndex(of: UInt8(ascii: ".")) else { return [] }
    return Array(text.utf8[text.utf8.index(after: point)...])
  }

  private static func grouped(_ text: String) -> String {
    let isNegative = text.hasPrefix("-")
    let parts = (isNegative ? text.dropFirst() : text[...]).split(
      separator: ".", omittingEmptySubsequences: false)
    guard let whole = parts.first, whole.utf8.allSatisfy({ $0 &- 0x30 <= 9 }) else { return text }
    var result: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
    for (place, digit) in whole.utf8.enumerated() {
      if place > 0, (whole.utf8.count - place) % 3 == 0 { result.append(UInt8(ascii: ",")) }
      result.append(digit)
    }
    let rest = parts.count > 1 ? "." + parts[1] : ""
    return String(decoding: result, as: UTF8.self) + rest
  }

  /// `body` of each text; with `isPlainKept`, ASCII texts stay as they are.
  private static func changed(
    _ v: [Vector], _ context: inout KernelContext, isPlainKept: Bool = false,
    _ body: (String) -> String
  ) throws -> Vector {
    let texts = v[0].texts
    return try map(v, &context) { row, arena in
      let view = texts.views[row]
      if isPlainKept, view.allSatisfy({ $0 < 0x80 }) { return view }
      return arena.copy(body(texts[row]).utf8)
    }
  }
}
