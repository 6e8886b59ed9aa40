import Columnar
import Testing

@testable import Formats

func read(_ text: String, _ options: CSVOptions = CSVOptions()) throws -> CSVResult {
  try CSVReader.read(bytes: Array(text.utf8), name: "test.csv", options: options)
}

/// The values of a column, as a list to compare.
func values(_ frame: Frame, _ name: String) throws -> [Scalar] {
  let column = try #require(frame[name])
  return (0..<column.count).map { column[$0] }
}

@Suite struct CSVTypingTests {
  @Test(
    arguments: [
      ("1\n2\n-3", DataType.int, [Scalar.int(1), .int(2), .int(-3)]),
      ("0\n1\n0", .int, [.int(0), .int(1), .int(0)]),
      ("1\n2.5\n3", .float, [.float(1), .float(2.5), .float(3)]),
      ("1\n\n3", .int, [.int(1), .null, .int(3)]),
      ("1.5\nNaN\n2", .float, [.float(1.5), .null, .float(2)]),
      ("1\nNaN\n2", .int, [.int(1), .null, .int(2)]),
      ("1\nnan\n2", .int, [.int(1), .null, .int(2)]),
      ("inf\n-inf\nInfinity", .float, [.float(.infinity), .float(-.infinity), .float(.infinity)]),
      ("true\nfalse\nTRUE", .bool, [.bool(true), .bool(false), .bool(true)]),
      ("true\nNA\nFalse", .bool, [.bool(true), .null, .bool(false)]),
      ("true\n1", .text, [.text("true"), .text("1")]),
      ("007\n008", .text, [.text("007"), .text("008")]),
      ("0\n0.5\n00.5", .float, [.float(0), .float(0.5), .float(0.5)]),
      ("9223372036854775807\n-9223372036854775808", .int, [.int(.max), .int(.min)]),
      (
        "9223372036854775808\n1", .text, [.text("9223372036854775808"), .text("1")]
      ),
      ("9223372036854775808\n1.5", .float, [.float(9_223_372_036_854_775_808), .float(1.5)]),
      ("2024-03-01\n2024-02-29", .date, [.date(19783), .date(19782)]),
      ("2024-02-30\n2024-02-29", .text, [.text("2024-02-30"), .text("2024-02-29")]),
      (
        "2024-03-01 08:30:00\n2024-03-01", .datetime,
        [.datetime(1_709_281_800_000_000), .datetime(1_709_251_200_000_000)]
      ),
      (
        "2024-03-01T08:30:00Z\n2024-03-01T10:30:00.5+02:00", .datetime,
        [.datetime(1_709_281_800_000_000), .datetime(1_709_281_800_500_000)]
      ),
      ("abc\n\n\"\"\nx", .text, [.text("abc"), .null, .text(""), .text("x")]),
      ("\n\n", .text, [.null, .null]),
      ("NA\nNA", .text, [.text("NA"), .text("NA")]),
      ("\"1\"\n\"2\"\n\"\"", .int, [.int(1), .int(2), .null]),
      ("1\n 2\n3 ", .int, [.int(1), .int(2), .int(3)]),
      ("1e3\n2", .float, [.float(1000), .float(2)]),
      ("-0\n1", .int, [.int(0), .int(1)]),
      ("+5\n1", .int, [.int(5), .int(1)]),
      ("1\n-\n.\n?\nN/A\nNone\nnull", .int, [.int(1), .null, .null, .null, .null, .null, .null]),
    ] as [(String, DataType, [Scalar])])
  func columnOf(text: String, type: DataType, expected: [Scalar]) throws {
    let result = try read("x\n" + text, CSVOptions(hasHeader: true))
    #expect(result.frame["x"]?.type == type)
    #expect(try values(result.frame, "x") == expected)
  }
}
