import Columnar
import Foundation
import TestSupport
import Testing

@testable import Formats

/// Files of pyarrow and Polars, compared with what these find in them.
@Suite struct ArrowFixtureTests {
  private static func path(_ name: String) -> String {
    Project.path("Tests/Fixtures/arrow/\(name).arrow")
  }

  @Test(arguments: [
    "pyarrow-types", "pyarrow-batches", "pyarrow-delta", "pyarrow-empty", "pyarrow-nanoseconds",
    "polars-types", "polars-batches", "polars-compat", "kaizen-types",
  ])
  func valuesAreThoseOfTheProgramThatWrote(name: String) throws {
    let expected = try Project.text("Tests/Fixtures/arrow/\(name).csv")
    let frame = try ArrowReader.read(path: Self.path(name)).frame
    #expect(String(decoding: try CSVWriter.lines(frame), as: UTF8.self) == expected)
  }

  @Test func typesAreThoseOfTheLanguage() throws {
    let frame = try ArrowReader.read(path: Self.path("pyarrow-types")).frame
    for (name, type) in frame.schema.fields.map({ ($0.name, $0.type) }) {
      let expected: DataType =
        switch name {
        case _ where name.contains("int"): .int
        case _ where name.hasPrefix("float"): .float
        case "bool": .bool
        case "date32", "date64": .date
        case _ where name.hasPrefix("ts_"): .datetime
        case _ where name.hasPrefix("dur_"): .duration
        default: .text
        }
      #expect(type == expected, "\(name)")
    }
    // As narrow as the values allow, whatever the file has.
    guard case .int16? = frame["uint8"]?.storage, case .int8? = frame["dict_int"]?.storage,
      case .dictionary(.uint8, let entries)? = frame["utf8_view"]?.storage
    else {
      Issue.record("the storage is not what a CSV would have")
      return
    }
    #expect(entries.count == 6)
    #expect(frame["nulls"]?.nullCount == frame.rowCount)
  }

  @Test func whatIsChangedIsSaid() throws {
    #expect(
      try ArrowReader.read(path: Self.path("pyarrow-types")).notes == [
        "NaN read as null: float64 1", "times read as UTC: ts_zone (Europe/Berlin)",
      ])
    #expect(
      try ArrowReader.read(path: Self.path("pyarrow-nanoseconds")).notes == [
        "times cut off to microseconds: ts_ns 8"
      ])
  }

  @Test(arguments: [
    ("pyarrow-uint64", DataError.Code.overflow, "column `big`, row 2"),
    ("pyarrow-lz4", .format, "LZ4"), ("pyarrow-zstd", .format, "ZSTD"),
    ("pyarrow-nested", .format, "column `l` is of type list"),
  ])
  func whatIsNotReadIsNamed(name: String, code: DataError.Code, part: String) throws {
    let error = #expect(throws: DataError.self) { try ArrowReader.read(path: Self.path(name)) }
    #expect(error?.code == code)
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }

  @Test func othersBesideWhatIsNotRead() throws {
    let read = try ArrowReader.read(path: Self.path("pyarrow-nested"), columns: ["a", "b"])
    #expect(try CSVWriter.lines(read.frame) == Array("a,b\n1,p\n2,q\n".utf8))
  }

  @Test(arguments: [
    ("a,b\n1,2\n", DataError.Code.format, "no Arrow file"),
    ("FEA1 and more than this", .format, "first version"),
    ("\u{FFFD}", .format, "no Arrow file"), ("ARROW1", .corrupt, "cut off"),
    ("ARROW1\0\0 and nothing behind it", .corrupt, "cut off"),
    ("ARROW1\0\0xxxx\u{7F}\u{7F}\u{7F}\u{7F}ARROW1", .corrupt, "footer"),
  ])
  func otherFilesAreRefused(text: String, code: DataError.Code, part: String) throws {
    let error = #expect(throws: DataError.self) { try ArrowSamples.read(Array(text.utf8)) }
    #expect(error?.code == code)
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }
}
