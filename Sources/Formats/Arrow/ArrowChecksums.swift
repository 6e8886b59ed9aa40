import Columnar

/// Checksums that Kaizen keeps in the footer of its Arrow files, where others pass them over: the
/// XXH64 of each message's description and of each column's bytes in it, so that a reader of few
/// columns checks these.
struct ArrowChecksums: Sendable {
  /// The key among the footer's own.
  static let key = "kaizen:xxh64"

  private let digests: [UInt64]
  private let dictionaryCount: Int
  private let fieldCount: Int

  /// Those of a footer; nil where it has none. Throws `corrupt` if they are not as many as the
  /// file's parts.
  init?(_ footer: FlatTable, dictionaries: Int, batches: Int, fields: Int) throws {
    let entries = try footer.tables(4)
    guard let entry = try entries.first(where: { try $0.text(0) == Self.key }),
      let text = try entry.text(1)
    else { return nil }
    digests = try Self.parsed(text)
    dictionaryCount = dictionaries
    fieldCount = fields
    guard digests.count == 2 * dictionaries + batches * (1 + fields) else {
      throw DataError(.corrupt, "its checksums are not as many as its parts")
    }
  }

  private static func parsed(_ text: String) throws -> [UInt64] {
    let digits = Array(text.utf8)
    guard digits.count % 16 == 0 else { throw FlatTable.damaged }
    return try stride(from: 0, to: digits.count, by: 16).map { start in
      var value: UInt64 = 0
      for digit in digits[start..<start + 16] {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - 0x30)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - 0x57)
        default: throw FlatTable.damaged
        }
      }
      return value
    }
  }

  /// Sixteen lower-case hexadecimal digits for each.
  static func text(_ digests: [UInt64]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(16 * digests.count)
    for digest in digests {
      for shift in stride(from: UInt64(60), through: 0, by: -4) {
        text.append(digits[Int(digest >> shift & 15)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  func dictionaryHead(_ block: Int) -> UInt64 { digests[2 * block] }

  func dictionaryValues(_ block: Int) -> UInt64 { digests[2 * block + 1] }

  func head(_ batch: Int) -> UInt64 { digests[first(batch)] }

  func column(_ column: Int, _ batch: Int) -> UInt64 { digests[first(batch) + 1 + column] }

  private func first(_ batch: Int) -> Int { 2 * dictionaryCount + batch * (1 + fieldCount) }
}
