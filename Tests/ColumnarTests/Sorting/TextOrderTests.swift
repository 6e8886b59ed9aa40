import Columnar
import TestSupport
import Testing

/// Ranks and codes of texts, which are made by words and hashes where there are many, against the
/// plain way.
@Suite struct TextOrderTests {
  /// Texts of a kind, some of them equal.
  private static let kinds: [(name: String, text: @Sendable (Int) -> String)] = [
    ("ids", { "id" + String(String($0 * 7919 % 100_003 + 1_000_000_000).dropFirst()) }),
    ("many ids", { "id\($0 &* 7919 % 50_021)" }),
    ("far apart", { "no. \(($0 &* 7919 % 50_021) * 1_000_000_007)" }),
    ("digits", { String(repeating: "0", count: $0 % 3) + "\($0 &* 7919 % 30_011)" }),
    ("short", { "x-" + String($0 &* 7919 % 50_021, radix: 36) }),
    ("long", { "the text \($0 &* 7919 % 50_021) of many" }),
    ("nearly ids", { $0 == 77_777 ? "id-" : "id\($0 &* 7919 % 50_021)" }),
    ("lengths", { String(repeating: "a", count: $0 * 31 % 67) }),
    ("nulls", { String(repeating: "\0", count: $0 % 5) + (($0 / 5) % 3 == 0 ? "" : "b\0") }),
    ("empty", { _ in "" }),
    (
      "differ late",
      { "https://example.org/" + String(repeating: "path/", count: $0 % 3 + 7) + "\($0 % 977)" }
    ),
    ("not ASCII", { ["ä", "é", "z", "日本", "日", "🙂", "\u{7f}"][$0 % 7] + "\($0 * 37 % 1009)" }),
  ]

  private func texts(_ kind: Int, _ count: Int) -> [[UInt8]] {
    (0..<count).map { Array(Self.kinds[kind].text($0).utf8) }
  }

  private func storage(_ texts: [[UInt8]]) throws -> TextStorage {
    var offsets = [0]
    for text in texts { offsets.append(offsets[offsets.count - 1] + text.count) }
    return TextStorage(offsets: try Buffer(offsets), bytes: try Buffer(Array(texts.joined())))
  }

  /// The distinct texts in order of first appearance, and each text's place among them.
  private func plainCodes(_ texts: [[UInt8]]) -> (entries: [[UInt8]], codes: [UInt32]) {
    var places: [[UInt8]: UInt32] = [:]
    var entries: [[UInt8]] = []
    let codes = texts.map { text in
      if let place = places[text] { return place }
      places[text] = UInt32(entries.count)
      entries.append(text)
      return UInt32(entries.count - 1)
    }
    return (entries, codes)
  }

  @Test(arguments: 0..<kinds.count)
  func ranksAreThoseOfTheBytes(_ kind: Int) throws {
    for count in boundaryCounts + [40_000, Workers.partSize + 1] {
      let (entries, _) = plainCodes(texts(kind, count))
      let ranks = try TextDictionary(try storage(entries)).ranks
      let order = entries.indices.sorted {
        entries[$0].lexicographicallyPrecedes(entries[$1])
      }
      var expected = [UInt32](repeating: 0, count: max(entries.count, 1))
      for (rank, entry) in order.enumerated() { expected[entry] = UInt32(rank) }
      #expect(Array(ranks) == expected, "\(Self.kinds[kind].name) \(count)")
    }
  }

  @Test(arguments: 0..<kinds.count)
  func codesAreInOrderOfFirstAppearance(_ kind: Int) throws {
    for count in boundaryCounts + [Workers.partSize + 1, 3 * Workers.partSize - 1] {
      let texts = texts(kind, count)
      let expected = plainCodes(texts)
      let (codes, dictionary) = try storage(texts).encoded()
      #expect(Array(codes) == expected.codes, "\(Self.kinds[kind].name) \(count)")
      let entries = (0..<dictionary.count).map { Array(dictionary.entries.utf8($0)) }
      #expect(entries == expected.entries)
    }
  }

  /// Null rows hold empty texts, which some kinds have as values, too.
  @Test(arguments: 0..<kinds.count)
  func codesOfValuesLeaveNullsOut(_ kind: Int) throws {
    for (count, hasEmpty) in [(1000, true), (2 * Workers.partSize + 3, false), (70_000, true)] {
      var texts = texts(kind, count)
      var isValid = [Bool](repeating: true, count: count)
      for row in stride(from: 0, to: count, by: 7) { (texts[row], isValid[row]) = ([], false) }
      if hasEmpty { texts[count / 2 + 1 - (count / 2 + 1) % 7 + 1] = [] }
      let column = Column(
        type: .text, storage: .text(try storage(texts)), validity: try Bitmap(isValid))
      let coded = try column.dictionaryEncoded()
      guard case .dictionary(let codes, let dictionary) = coded.storage else {
        Issue.record("not coded")
        return
      }
      let entries = (0..<dictionary.count).map { Array(dictionary.entries.utf8($0)) }
      #expect(Set(entries).count == entries.count, "\(Self.kinds[kind].name) \(count)")
      let isRight = (0..<count).allSatisfy { !isValid[$0] || entries[codes[$0]] == texts[$0] }
      #expect(isRight, "\(Self.kinds[kind].name) \(count)")
    }
  }

  /// Texts that differ and have one hash are told apart by their bytes.
  @Test func textsOfEqualHashesHaveCodesOfTheirOwn() throws {
    let count = Workers.partSize + 5
    let texts = (0..<count).map { row in
      row % 1000 < 2 ? textsOfEqualHashes[row % 2] : Array("text \(row)".utf8)
    }
    let (codes, dictionary) = try storage(texts).encoded()
    #expect(Array(codes) == plainCodes(texts).codes)
    #expect(dictionary.count == plainCodes(texts).entries.count)
  }
}
