import Columnar
import TestSupport
import Testing

@testable import Formats

/// The parallel reader against one that is slow and plain, with chunks that end anywhere.
@Suite(.serialized) struct CSVOracleTests {
  @Test(arguments: 0..<80)
  func agreesWhereverChunksEnd(seed: Int) throws {
    let bytes = RandomCSV(seed: UInt64(seed)).bytes
    let oracle = CSVOracle(bytes)
    var first: [String]?
    let threads = Workers.threadCount
    defer { Workers.threadCount = threads }
    for (chunkSize, threadCount, limit) in [
      (1 << 18, 1, 1 << 18), (5, 2, 1 << 18), (40, 8, 4), (300, 8, 1 << 18),
    ] {
      Workers.threadCount = threadCount
      let options = CSVOptions(
        delimiter: UInt8(ascii: ","), hasHeader: true, chunkSize: chunkSize,
        dictionaryLimit: limit)
      let frame = try CSVReader.read(bytes: bytes, name: "random", options: options).frame
      #expect(frame.names == oracle.names)
      #expect(frame.columns.map(\.type) == oracle.types)
      for (column, expected) in zip(frame.columns, oracle.columns) {
        let found = (0..<column.count).map { exact(column[$0]) }
        #expect(found == expected.map(exact), "seed \(seed) chunks of \(chunkSize)")
      }
      guard limit == 1 << 18 else { continue }
      // The very same storage, not only the same values.
      let layout = frame.columns.map(layout)
      if first == nil { first = layout }
      #expect(layout == first)
    }
  }

  /// A value whose floats differ where their bits do.
  private func exact(_ value: Scalar) -> String {
    if case .float(let number) = value { return "\(number.bitPattern)" }
    return "\(value)"
  }

  /// How a column lies in memory: widths, codes and dictionary.
  private func layout(_ column: Column) -> String {
    switch column.storage {
    case .int8(let values): "int8 \(Array(values.elements))"
    case .int16(let values): "int16 \(Array(values.elements))"
    case .int32(let values): "int32 \(Array(values.elements))"
    case .int64(let values): "int64 \(Array(values.elements))"
    case .float(let values): "float \(values.elements.map(\.bitPattern))"
    case .dictionary(let codes, let dictionary):
      "\((0..<codes.count).map { codes[$0] }) \((0..<dictionary.count).map { dictionary.entries[$0] })"
    case .text(let texts): "text \((0..<texts.count).map { texts[$0] })"
    }
  }

  @Test func floatsAsTheCLibraryReadsThem() throws {
    var generator = SeededGenerator(seed: 1)
    var texts: [String] = []
    for _ in 0..<20_000 {
      switch Int.random(in: 0..<6, using: &generator) {
      case 0:
        texts.append("\(Double(bitPattern: .random(in: 0...(0x7FE << 52), using: &generator)))")
      case 1: texts.append("\(Double.random(in: -1e6...1e6, using: &generator))")
      case 2:
        let places = Int.random(in: 0...12, using: &generator)
        texts.append(
          "\(Int.random(in: 0...99_999_999, using: &generator)).\(String(repeating: "7", count: places))"
        )
      case 3:
        texts.append(
          "\(UInt64.random(in: 0 ... .max, using: &generator))e\(Int.random(in: -340...310, using: &generator))"
        )
      case 4:
        texts.append(
          "-.\(UInt64.random(in: 0 ... .max, using: &generator))\(UInt64.random(in: 0 ... .max, using: &generator))"
        )
      default:
        texts.append(
          "\(Int.random(in: 0...999, using: &generator)).\(Int.random(in: 0...999_999, using: &generator))"
        )
      }
    }
    // Halfway cases and the ends of the range.
    texts += [
      "9007199254740993", "9007199254740993.0", "2.2250738585072011e-308", "4.9e-324", "2.4e-324",
      "2.5e-324", "1.7976931348623157e308", "1.7976931348623159e308", "1e999", "-1e-999", "0.1e1",
      "1.", ".5", "123456789012345.6", "0.000001", "-0.0", "8.5e22", "1e22", "1e23",
    ]
    let bytes = Array(("x\n" + texts.joined(separator: "\n")).utf8)
    let frame = try CSVReader.read(bytes: bytes, name: "floats").frame
    for (row, text) in texts.enumerated() {
      let expected = try #require(CSVOracle.float(text))
      guard case .float(let found) = frame.columns[0][row], found.bitPattern == expected.bitPattern
      else {
        Issue.record("\(text): \(frame.columns[0][row]), expected \(expected)")
        continue
      }
    }
  }

  @Test(arguments: 0..<60)
  func whatIsWrittenReadsBack(seed: Int) throws {
    let bytes = RandomCSV(seed: UInt64(seed)).bytes
    let options = CSVOptions(delimiter: UInt8(ascii: ","), hasHeader: true)
    let frame = try CSVReader.read(bytes: bytes, name: "first", options: options).frame
    let back = try CSVReader.read(
      bytes: CSVWriter.lines(frame), name: "second", options: options
    ).frame
    #expect(back.names == frame.names)
    #expect(back.rowCount == frame.rowCount)
    for (left, right) in zip(frame.columns, back.columns) {
      #expect(left.type == right.type)
      #expect(
        (0..<left.count).map { exact(left[$0]) } == (0..<right.count).map { exact(right[$0]) })
    }
  }
}
