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
      let width =
        switch column.storage {
        case .int8: 1
        case .int16: 2
        case .int32: 4
        default: 8
        }
      #expect(width == expected)
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
}
