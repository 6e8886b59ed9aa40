/// Numbers and what may be joined to them: percentages, durations and sizes.
extension Lexer {
  mutating func lexNumber() {
    let start = position
    let number = scanNumber(from: start)
    position = number.end
    guard let value = number.value else {
      appendError(
        Diagnostic(.syntax, "the number is too large", label: "beyond the range of a float"),
        from: start)
      return
    }
    if beginsName(at: position) {
      lexUnit(value, from: start)
    } else if byte(position) == Byte.percent, !beginsOperand(at: position + 1) {
      position += 1
      append(.percentage(value), from: start)
    } else if number.isFloat {
      append(.float(value), from: start)
    } else {
      lexInteger(start)
    }
  }

  private mutating func lexInteger(_ start: Int) {
    let digits = bytes[start..<position].filter { $0 != Byte.underscore }
    let limit = UInt64(Int64.max) + 1
    guard let value = UInt64(String(decoding: digits, as: UTF8.self)), value <= limit else {
      appendError(
        Self.tooLarge(
          Span(start, position), line: hint(Span(start, position), "\(string(start, position)).0")),
        from: start)
      return
    }
    append(.integer(value), from: start)
  }

  static func tooLarge(_ span: Span, line: String) -> Diagnostic {
    Diagnostic(
      .syntax, "the integer is too large", span: span,
      label: "at most 9223372036854775807; with a point it is a float", hints: [line])
  }

  /// Digits with `_` between them, a fraction, an exponent. The value is nil beyond all floats.
  private func scanNumber(from start: Int) -> (end: Int, value: Double?, isFloat: Bool) {
    var end = endOfDigits(from: start)
    var isFloat = false
    if byte(end) == Byte.dot, byte(end + 1).isDigit {
      isFloat = true
      end = endOfDigits(from: end + 1)
    }
    if byte(end) | 0x20 == 0x65 {
      var exponent = end + 1
      if byte(exponent) == Byte.plus || byte(exponent) == Byte.minus { exponent += 1 }
      if byte(exponent).isDigit {
        isFloat = true
        end = endOfDigits(from: exponent)
      }
    }
    let digits = bytes[start..<end].filter { $0 != Byte.underscore }
    let value = Double(String(decoding: digits, as: UTF8.self)) ?? .infinity
    return (end, value.isFinite ? value : nil, isFloat)
  }

  private func endOfDigits(from start: Int) -> Int {
    var end = start
    while byte(end).isDigit
      || (byte(end) == Byte.underscore && end > start && byte(end + 1).isDigit)
    {
      end += 1
    }
    return end
  }

  /// Whether an operand begins here, so that a `%` in front of it is the operator.
  private func beginsOperand(at offset: Int) -> Bool {
    guard offset < bytes.count else { return false }
    switch bytes[offset] {
    case Byte.quote, Byte.apostrophe, Byte.backtick, Byte.dollar, Byte.at, Byte.openBracket,
      Byte.openBrace, 0x28:
      return true
    case Byte.dot: return byte(offset + 1).isDigit
    case let byte: return byte.isDigit || beginsName(at: offset)
    }
  }

  /// Letters that touch a number: a size, or the first part of a duration.
  private mutating func lexUnit(_ value: Double, from start: Int) {
    let unitStart = position
    let unitEnd = endOfLetters(from: unitStart)
    let unit = string(unitStart, unitEnd)
    if let scale = Self.sizeUnits[unit], !continuesName(at: unitEnd) {
      position = unitEnd
      if let size = wholeSize(value, scale, from: start) {
        append(.size(size), from: start)
      } else {
        appendError(
          Diagnostic(.syntax, "the size is not a whole number of bytes below 8 EiB"), from: start)
      }
      return
    }
    var parts: [DurationPart] = []
    var next = start
    var end = start
    while let part = scanDurationPart(from: next) {
      parts.append(part.value)
      end = part.end
      next = end
      while byte(next) == Byte.space || byte(next) == Byte.tab { next += 1 }
    }
    if !parts.isEmpty, !continuesName(at: end) {
      position = end
      append(.duration(parts), from: start)
      return
    }
    position = endOfName(from: unitStart)
    appendError(
      unknownUnit(string(unitStart, position), number: start, unit: unitStart), from: start)
  }

  /// The size in bytes, exact for whole amounts; nil where it is no whole number below 2^63.
  private func wholeSize(_ value: Double, _ scale: Double, from start: Int) -> Int64? {
    let number = scanNumber(from: start)
    if !number.isFloat {
      let digits = bytes[start..<number.end].filter { $0 != Byte.underscore }
      guard let amount = Int64(String(decoding: digits, as: UTF8.self)) else { return nil }
      let (size, isTooLarge) = amount.multipliedReportingOverflow(by: Int64(scale))
      return isTooLarge ? nil : size
    }
    return Int64(exactly: value * scale)
  }

  private func continuesName(at offset: Int) -> Bool { endOfName(from: offset) > offset }

  private func endOfLetters(from start: Int) -> Int {
    var end = start
    while byte(end).isLetter { end += 1 }
    return end
  }

  private func scanDurationPart(from start: Int) -> (value: DurationPart, end: Int)? {
    guard byte(start).isDigit || (byte(start) == Byte.dot && byte(start + 1).isDigit) else {
      return nil
    }
    let number = scanNumber(from: start)
    let end = endOfLetters(from: number.end)
    guard let amount = number.value,
      let unit = DurationPart.Unit(rawValue: string(number.end, end)),
      byte(end).isDigit || !continuesName(at: end)
    else { return nil }
    return (DurationPart(amount: amount, unit: unit), end)
  }

  /// Bytes a unit; `kB` counts in thousands, `KiB` in 1024s.
  static let sizeUnits: [String: Double] = [
    "B": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
    "KiB": 0x1p10, "MiB": 0x1p20, "GiB": 0x1p30, "TiB": 0x1p40,
  ]

  private func unknownUnit(_ unit: String, number: Int, unit start: Int) -> Diagnostic {
    let span = Span(start, position)
    if unit == "m" {
      return Diagnostic(
        .unknownUnit, "`m` could be minutes or months", span: span,
        label: "minutes are `min`, months are `mo`",
        hints: [hint(span, "min"), hint(span, "mo")])
    }
    if unit.utf8.contains(where: { $0 == Byte.underscore || $0 >= 0x80 || $0.isDigit }) {
      let whole = Span(number, position)
      let name = string(number, position)
      return Diagnostic(
        .syntax, "a name cannot begin with a digit", span: whole,
        label: "such a name stands in backticks", hints: [hint(whole, "`\(name)`")])
    }
    if let known = Self.longUnits[unit.lowercased()] ?? nearest(unit, among: Self.sizeUnits.keys) {
      return Diagnostic(
        .unknownUnit, "no unit `\(unit)`", span: span, label: "did you mean `\(known)`?")
    }
    return Diagnostic(
      .unknownUnit, "no unit `\(unit)`", span: span,
      label: "of time: us ms s min h d w mo q y; of size: B kB MB GB TB KiB MiB GiB TiB")
  }

  private static let longUnits: [String: String] = [
    "sec": "s", "secs": "s", "second": "s", "seconds": "s", "minute": "min", "minutes": "min",
    "mins": "min", "hour": "h", "hours": "h", "hr": "h", "hrs": "h", "day": "d", "days": "d",
    "week": "w", "weeks": "w", "month": "mo", "months": "mo", "quarter": "q", "quarters": "q",
    "year": "y", "years": "y", "yr": "y", "k": "kB", "kb": "kB", "mb": "MB", "gb": "GB", "g": "GB",
    "tb": "TB",
  ]

  /// The statement's first line with a place in it replaced: a line that would work.
  func hint(_ span: Span, _ replacement: String) -> String {
    var end = span.end
    while end < bytes.count, bytes[end] != Byte.newline { end += 1 }
    while end > span.end, bytes[end - 1].isSpace { end -= 1 }
    return string(statementStart, span.start) + replacement + string(span.end, end)
  }
}
