import Columnar
import Foundation
import TestSupport
import Testing

@testable import Formats

/// The same rows are the same bytes, and other programs have read them.
@Suite struct ArrowWriterTests {
  /// Every type with nulls, two batches, dictionaries of one and two bytes a code.
  private func sample() throws -> Frame {
    let count = 300
    let columns = try ArrowSamples.kinds.map {
      try ArrowSamples.column($0, count: count, .alternate)
    }
    return Frame(
      names: ArrowSamples.kinds + ["nothing", "full"],
      columns: columns + [
        try .texts([String?](repeating: nil, count: count)), try .ints((0..<300).map { Int64($0) }),
      ])
  }

  @Test func bytesAreThoseThatOtherProgramsHaveRead() throws {
    let frame = try sample()
    let bytes = try ArrowWriter.bytes(frame)
    let fixture = Project.path("Tests/Fixtures/arrow/kaizen-types")
    if ProcessInfo.processInfo.environment["KAIZEN_RECORD"] != nil {
      try Data(bytes).write(to: URL(fileURLWithPath: fixture + ".arrow"))
      try Data(CSVWriter.lines(frame)).write(to: URL(fileURLWithPath: fixture + ".csv"))
    }
    let known = try Data(contentsOf: URL(fileURLWithPath: fixture + ".arrow"))
    #expect(bytes == Array(known))
    let lines = try Data(contentsOf: URL(fileURLWithPath: fixture + ".csv"))
    #expect(try CSVWriter.lines(ArrowSamples.read(bytes).frame) == Array(lines))
  }

  @Test func widthsDoNotMatter() throws {
    for (values, type) in [
      ([1, nil, -3], DataType.int), ([1, nil, 300], .int), ([1, nil, 70_000], .int),
      ([0, nil, 1], .date), ([0, nil, 40], .datetime), ([1, nil, 0], .duration),
    ] as [([Int64?], DataType)] {
      let narrow = try Column.ints(values, type: type)
      let wide = Column(
        type: type, storage: .int64(try Buffer(values.map { $0 ?? 0 })),
        validity: narrow.validity)
      #expect(try bytes(narrow) == bytes(wide))
    }
  }

  @Test func dictionariesDoNotMatter() throws {
    let values = ["b", nil, "a", "b", "", "c"]
    let usual = try bytes(try .texts(values))
    let entries = TextDictionary(try TextStorage(["unused", "c", "", "a", "b"]))
    let validity = try Bitmap(values.map { $0 != nil })
    let order: [UInt32] = [4, 0, 3, 4, 2, 1]
    for codes in [
      Codes.uint8(try Buffer(order.map { UInt8($0) })),
      .uint16(try Buffer(order.map { UInt16($0) })), .uint32(try Buffer(order)),
    ] {
      let column = Column(
        type: .text, storage: .dictionary(codes, entries), validity: validity)
      #expect(try bytes(column) == usual)
    }
    let plain = Column(
      type: .text, storage: .text(try TextStorage(values.map { $0 ?? "" })), validity: validity)
    #expect(try bytes(plain) == usual)
    #expect(try bytes(try .texts(["b", nil, "a", "b", "", "d"])) != usual)
  }

  @Test func manyTextsAreWrittenOneAfterTheOther() throws {
    let limit = CSVOptions().dictionaryLimit
    for count in [limit, limit + 1] {
      let coded = try Column.texts((0..<count).map { "\($0)" } + ["0", nil])
      let plain = Column(
        type: .text, storage: .text(try TextStorage((0..<count).map { "\($0)" } + ["0", ""])),
        validity: coded.validity)
      let bytes = try bytes(coded)
      #expect(try bytes == self.bytes(plain))
      let read = try ArrowSamples.read(bytes).frame.columns[0]
      var isPlain = false
      if case .text = read.storage { isPlain = true }
      #expect(isPlain == (count > limit))
    }
  }

  @Test func checksumIsThatOfItsSpecification() {
    func hash(_ text: String) -> UInt64 { Array(text.utf8).withUnsafeBytes(XXHash64.hash) }
    #expect(hash("") == 0xEF46_DB37_51D8_E999)
    #expect(hash("a") == 0xD24E_C4F1_A98C_6E5B)
    #expect(hash("abc") == 0x44BC_2CF5_AD77_0999)
    #expect(
      hash("Nobody inspects the spammish repetition") == 0xFBCE_A83C_8A37_8BF1)
    #expect(
      hash("The quick brown fox jumps over the lazy dog, again and again.")
        == 0x0D58_55A4_D152_A2D5)
  }

  private func bytes(_ column: Column) throws -> [UInt8] {
    try ArrowWriter.bytes(Frame(names: ["x"], columns: [column]))
  }
}
