import Columnar

/// How the bytes of a file stand for characters.
package enum FileEncoding: String, Sendable, CaseIterable {
  case utf8
  case utf16
  case latin1
  case windows1252

  /// The encoding of a name as people write it, as `latin1`, `ISO-8859-1` or `cp1252`; nil if there
  /// is none of that name.
  package init?(name: String) {
    let letters = name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
    switch letters {
    case "utf8": self = .utf8
    case "utf16", "utf16le", "utf16be", "ucs2", "unicode": self = .utf16
    case "latin1", "iso88591", "l1": self = .latin1
    case "windows1252", "cp1252", "win1252", "ansi", "westerneuropean": self = .windows1252
    default: return nil
    }
  }

  /// The encoding that a byte order mark at the beginning of a file tells; nil where there is none
  /// but that of UTF-8.
  static func marked(_ beginning: [UInt8]) -> FileEncoding? {
    beginning.starts(with: [0xFF, 0xFE]) || beginning.starts(with: [0xFE, 0xFF]) ? .utf16 : nil
  }

  /// The characters that Windows-1252 has at 0x80...0x9F; 0 where it has none.
  /// Source: unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT.
  private static let windows: [UInt32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC,
    0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
  ]

  /// `source` as UTF-8, in memory. With `isPart` a character that is cut off at the end is left out.
  /// Throws `format` where a byte stands for no character, `memory` where the text does not fit.
  func utf8(_ source: ByteSource, isPart: Bool) throws -> ByteSource {
    if self == .utf8 { return source }
    // At most three bytes come of one, and of two.
    let target = try ByteCollector(source, room: source.count + source.count / 2 + 64)
    if self == .utf16 {
      try decodeUTF16(source, isPart: isPart, target)
    } else {
      try decodeBytes(source, target)
    }
    return ByteSource(name: source.name, bytes: target.bytes, count: target.count)
  }

  private func decodeBytes(_ source: ByteSource, _ target: ByteCollector) throws {
    let table = Self.windows
    try source.forEachPiece { offset, piece in
      try target.reserve(piece.count * 3)
      for (place, byte) in piece.enumerated() {
        if byte < 0x80 {
          target.append(byte)
        } else if self == .windows1252, byte < 0xA0 {
          let scalar = table[Int(byte) - 0x80]
          guard scalar != 0 else {
            let hex = String(byte, radix: 16, uppercase: true)
            let line = try source.line(at: offset + place)
            throw DataError(
              .format,
              "\(source.name) line \(grouped(line)): byte 0x\(hex) is no character of Windows-1252",
              file: source.name, line: line, hints: ["encoding=latin1 takes any byte"])
          }
          target.append(scalar: scalar)
        } else {
          target.append(scalar: UInt32(byte))
        }
      }
    }
  }

  private func decodeUTF16(
    _ source: ByteSource, isPart: Bool, _ target: ByteCollector
  ) throws {
    let mark = try source.bytes(2, at: 0)
    // Without a mark, text that begins with an ASCII character tells.
    let isBigEndian = mark == [0xFE, 0xFF] || (mark.first == 0 && mark.last != 0)
    var line = 1
    var high: UInt32?
    var first: UInt8?
    func fail(_ what: String) -> DataError {
      DataError(
        .format, "\(source.name) line \(grouped(line)): \(what)", file: source.name, line: line)
    }
    try source.forEachPiece { offset, piece in
      try target.reserve(piece.count * 2 + 8)
      for (place, byte) in piece.enumerated() {
        guard let before = first else {
          first = byte
          continue
        }
        first = nil
        let unit =
          isBigEndian ? UInt32(before) << 8 | UInt32(byte) : UInt32(byte) << 8 | UInt32(before)
        if unit == 0xFEFF, offset + place == 1 { continue }
        if unit == 0x0A { line += 1 }
        switch unit {
        case 0xD800...0xDBFF where high == nil: high = unit
        case 0xDC00...0xDFFF where high != nil:
          target.append(scalar: 0x10000 + ((high ?? 0) - 0xD800) << 10 + (unit - 0xDC00))
          high = nil
        case 0xD800...0xDFFF: throw fail("half a character of UTF-16")
        default:
          if high != nil { throw fail("half a character of UTF-16") }
          target.append(scalar: unit)
        }
      }
    }
    if !isPart, high != nil || first != nil { throw fail("UTF-16 that ends inside a character") }
  }
}
