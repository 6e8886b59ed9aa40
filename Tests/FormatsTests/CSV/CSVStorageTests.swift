import Columnar
import TestSupport
import Testing

@testable import Formats

@Suite(.serialized) struct CSVStorageTests {
  /// Whether texts are coded does not depend on threads, around the limit and with null words too.
  @Test(arguments: [38, 39, 40, 41, 42, 80])
  func codedOrPlain(distinct: Int) throws {
    var text = "n,s\nNA,NA\n"
    for row in 0..<distinct * 3 { text += "\(row),key \(row % distinct)\n" }
    text += "1,NA\n2,\"NA\"\n"
    let threads = Workers.threadCount
    defer { Workers.threadCount = threads }
    for threadCount in [1, 2, 8] {
      for chunkSize in [10, 64, 1 << 18] {
        Workers.threadCount = threadCount
        let options = CSVOptions(chunkSize: chunkSize, dictionaryLimit: 40)
        let column = try #require(try read(text, options).frame["s"])
        // The quoted word is one more text; the others are null.
        if case .dictionary(_, let dictionary) = column.storage {
          #expect(distinct + 1 <= 40)
          #expect(dictionary.count == distinct + 1)
        } else {
          #expect(distinct + 1 > 40)
        }
        #expect(column.nullCount == 2)
        #expect(column[distinct * 3 + 2] == .text("NA"))
      }
    }
  }

  @Test func widthsFollowTheRange() throws {
    for (value, expected) in [("127", 1), ("128", 2), ("-32769", 4), ("2147483648", 8)] {
      let column = try #require(try read("n\n0\n\(value)\n").frame["n"])
      #expect(width(column) == expected)
    }
  }

  /// Values that stay where they were written, and those that cannot: what comes later in the file is
  /// wider, narrower, of another type, null, or more than expected.
  @Test(arguments: [10, 1000, 20_000])
  func whatComesLaterInTheFile(rowCount: Int) throws {
    var text = "long,wider,narrower,mixed,late,moment,flag,float\n"
    for row in 0..<rowCount {
      let part = row * 4 / rowCount
      text += String(repeating: "x", count: part == 0 ? 90 : 0)
      text += ",\([row % 100, 300, 70_000, 1 << 40][part]),\([1 << 40, 70_000, 300, 1][part])"
      text += part < 3 ? ",\(row)" : ",\(row).5"
      text += part < 2 ? "," : ",-\(row)"
      text += part < 2 ? ",2024-02-0\(1 + row % 9)" : ",2024-02-01T10:00:0\(row % 10)"
      text += row.isMultiple(of: 3) ? ",true" : ",false"
      text += row.isMultiple(of: 7) ? ",\n" : ",\(row).25\n"
    }
    let whole = try read(text, CSVOptions(chunkSize: 1 << 24)).frame
    #expect(
      whole.columns.map(\.type) == [.text, .int, .int, .float, .int, .datetime, .bool, .float])
    let threads = Workers.threadCount
    defer { Workers.threadCount = threads }
    for (threadCount, chunkSize) in [(1, 100), (3, 100), (2, 4000), (8, 30_000)] {
      Workers.threadCount = threadCount
      let frame = try read(text, CSVOptions(chunkSize: chunkSize)).frame
      for (column, expected) in zip(frame.columns, whole.columns) {
        #expect(column.count == rowCount && column.nullCount == expected.nullCount)
        #expect((0..<rowCount).allSatisfy { column[$0] == expected[$0] })
        #expect(width(column) == width(expected))
      }
    }
  }

  /// Codes of texts are written where they stay and become those of all threads' texts there; those
  /// that outgrow their width, or that are fewer than they seemed, are written anew.
  @Test(arguments: [3000, 90_000])
  func codesOfTextsWhateverComesLater(rowCount: Int) throws {
    var text = "few,grows,shrinks,many,gaps,late,digits\n"
    for row in 0..<rowCount {
      let isEarly = row < rowCount / 4
      text += "f\(row &* 31 % 90),g\(isEarly ? row % 7 : row % 4000)"
      text += ",s\(isEarly ? row : row % 11),m\(row &* 7919 % 70_000)"
      text += row.isMultiple(of: 5) ? "," : row.isMultiple(of: 7) ? ",NA" : ",v\(row % 300)"
      text += isEarly ? ",NA" : ",l\(row % 1000)"
      text += isEarly ? ",\(row % 10)" : ",d\(row % 10)"
      text += "\n"
    }
    let whole = try read(text, CSVOptions(chunkSize: 1 << 28)).frame
    let threads = Workers.threadCount
    defer { Workers.threadCount = threads }
    for (threadCount, chunkSize) in [(1, 5000), (2, 20_000), (3, 100_000), (8, 7000)] {
      Workers.threadCount = threadCount
      let frame = try read(text, CSVOptions(chunkSize: chunkSize)).frame
      for (name, (column, expected)) in zip(frame.names, zip(frame.columns, whole.columns)) {
        guard case .dictionary(let codes, let dictionary) = column.storage,
          case .dictionary(let known, let entries) = expected.storage
        else {
          Issue.record("\(name) is not coded")
          continue
        }
        #expect(dictionary.count == entries.count && column.nullCount == expected.nullCount)
        switch (codes, known) {
        case (.uint8(let codes), .uint8(let known)):
          #expect(codes.elements.elementsEqual(known.elements))
        case (.uint16(let codes), .uint16(let known)):
          #expect(codes.elements.elementsEqual(known.elements))
        case (.uint32(let codes), .uint32(let known)):
          #expect(codes.elements.elementsEqual(known.elements))
        default: Issue.record("\(name) has another width")
        }
        #expect(
          stride(from: 0, to: rowCount, by: 7).allSatisfy { column[$0] == expected[$0] }, "\(name)")
      }
    }
  }

  @Test func aLargePeekIsCutFromTheWhole() throws {
    let options = CSVOptions(rowLimit: 2)
    let result = try CSVReader.whole(options, 2) {
      try CSVReader.read(bytes: Array("a\n1\n2\n2.5\n".utf8), name: "x", options: $0)
    }
    #expect(result.frame.rowCount == 2 && result.report.isPartial)
    #expect(try values(result.frame, "a") == [.float(1), .float(2)])
  }

  @Test func penguins() throws {
    let result = try CSVReader.read(path: Project.root + "/datasets/penguins.csv")
    #expect(
      result.frame.schema.fields.map(\.type) == [
        .text, .text, .float, .float, .int, .int, .text, .int,
      ])
    #expect(result.frame.rowCount == 344)
    #expect(result.frame["sex"]?.nullCount == 11)
    #expect(
      result.report.notes == [
        "NA read as null: 4 columns 2 each, sex 11 (null=[] keeps it as text)"
      ])
  }

  @Test func fieldsLongerThanAChunk() throws {
    let long = String(repeating: "x, \"\"y\"\"\n", count: 20_000)
    let text = "a,b\n1,\"\(long)\"\n2,z\n"
    for chunkSize in [100, 1 << 18] {
      let frame = try read(text, CSVOptions(chunkSize: chunkSize)).frame
      #expect(
        try values(frame, "b") == [.text(long.replacing("\"\"", with: "\"")), .text("z")])
    }
  }

  /// Bytes of a value that is not text.
  private func width(_ column: Column) -> Int {
    switch column.storage {
    case .int8: 1
    case .int16: 2
    case .int32: 4
    default: 8
    }
  }
}
