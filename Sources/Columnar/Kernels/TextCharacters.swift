extension Texts {
  /// How many characters a text has, as a reader counts them: grapheme clusters.
  package static func characterCount(_ text: Bytes) -> Int {
    if isPlain(text) { return text.count }
    return String(decoding: text, as: UTF8.self).count
  }

  /// Whether each byte is a character: ASCII without a carriage return, which makes one character
  /// of it and a line feed.
  static func isPlain(_ text: Bytes) -> Bool {
    // A byte of ASCII that is a carriage return becomes 0x80 with this, and no other does.
    let returns: UInt64 = 0x0D0D_0D0D_0D0D_0D0D
    let rest: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    return reduceWords(text) { $0 | ~((($0 ^ returns) & rest) &+ rest) } & highBits == 0
  }

  /// Whether all bytes are below 0x80.
  @inline(__always)
  static func isASCII(_ text: Bytes) -> Bool { reduceWords(text) { $0 } & highBits == 0 }

  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  /// What `body` gives for each eight bytes, with all bits that one of them has. Some bytes may be
  /// seen twice, and fewer than eight are filled up with zeros.
  @inline(__always)
  private static func reduceWords(_ text: Bytes, _ body: (UInt64) -> UInt64) -> UInt64 {
    guard let base = UnsafeRawPointer(text.baseAddress) else { return 0 }
    let count = text.count
    var bits: UInt64 = 0
    if count < 8 {
      var word: UInt64 = 0
      for place in 0..<count { word = word &<< 8 | UInt64(text[place]) }
      return body(word)
    }
    var place = 0
    // SAFETY: words lie within the text; the last one overlaps the one before.
    while place &+ 8 < count {
      bits |= body(base.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      place &+= 8
    }
    return bits | body(base.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
  }

  /// The byte ranges of the characters.
  static func characters(_ text: Bytes) -> [Range<Int>] {
    if isPlain(text) { return text.indices.map { $0..<$0 + 1 } }
    var ranges: [Range<Int>] = []
    var start = 0
    for character in String(decoding: text, as: UTF8.self) {
      let end = start + character.utf8.count
      ranges.append(start..<end)
      start = end
    }
    return ranges
  }

  /// How many characters a text has.
  package static func length(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    Vector(
      .ints(elementwise(v[0].texts.views, context.count) { Int64(characterCount($0)) }),
      validity: v[0].validity)
  }

  /// Characters from the second to the third argument, both included; below 0 counts from the end.
  package static func slice(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (texts, froms, tos) = (v[0].texts.views, v[1].ints, v[2].ints)
    return try map(v, &context) { row, _ in
      let text = texts[row]
      let isPlain = isPlain(text)
      let characters = isPlain ? [] : characters(text)
      let count = Int64(isPlain ? text.count : characters.count)
      let from = froms[row] < 0 ? max(count &+ froms[row] &+ 1, 1) : max(froms[row], 1)
      let to = tos[row] < 0 ? count &+ tos[row] &+ 1 : min(tos[row], count)
      guard from <= to else { return Bytes(rebasing: text[..<0]) }
      let places = Int(from) - 1..<Int(to)
      if isPlain { return Bytes(rebasing: text[places]) }
      let start = characters[places.lowerBound].lowerBound
      return Bytes(rebasing: text[start..<characters[places.upperBound - 1].upperBound])
    }
  }

  /// Fills up to the width of the second argument with the third, in front or behind.
  package static func pad(atStart: Bool) -> Kernel {
    { v, context in
      let (texts, widths, fills) = (v[0].texts.views, v[1].ints, v[2].texts.views)
      let firstRow = context.firstRow
      return try map(v, &context) { row, arena in
        let (missing, overflow) = widths[row].subtractingReportingOverflow(
          Int64(characterCount(texts[row])))
        guard !overflow, missing > 0, fills[row].count > 0 else { return texts[row] }
        try checkSize(missing, times: fills[row].count, row: firstRow + row)
        let fill = characters(fills[row])
        var padding: [UInt8] = []
        for i in 0..<Int(missing) { padding += fills[row][fill[i % fill.count]] }
        return arena.copy(atStart ? padding + texts[row] : Array(texts[row]) + padding)
      }
    }
  }

  /// The characters last first.
  package static func reverse(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let texts = v[0].texts.views
    return try map(v, &context) { row, arena in
      let text = texts[row]
      if isPlain(text) {
        let room = arena.reserve(text.count)
        for (index, byte) in text.enumerated() { room[text.count - 1 - index] = byte }
        return Bytes(start: room, count: text.count)
      }
      return arena.copy(characters(text).reversed().flatMap { text[$0] })
    }
  }

  /// Throws `value` where a text would be longer than 1 MB.
  static func checkSize(_ count: Int64, times size: Int, row: Int) throws {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: Int64(size))
    if overflow || bytes > 1 << 20 {
      throw DataError(.invalidValue, "a text of more than 1 MB was asked for", row: row)
    }
  }
}
