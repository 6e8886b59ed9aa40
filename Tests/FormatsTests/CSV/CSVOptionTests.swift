import Columnar
import Testing

@testable import Formats

@Suite struct CSVOptionTests {
  @Test func aWordDecidedInOneColumnIsNullInText() throws {
    let result = try read("n,s,t\n1,NA,\"NA\"\nNA,x,y\n3,-,z\n")
    #expect(try values(result.frame, "n") == [.int(1), .null, .int(3)])
    // A dash is null nowhere, so it stays; a quoted NA is text.
    #expect(try values(result.frame, "s") == [.null, .text("x"), .text("-")])
    #expect(try values(result.frame, "t") == [.text("NA"), .text("y"), .text("z")])
    #expect(
      result.report.nullWords == [
        .init(column: "n", word: "NA", count: 1), .init(column: "s", word: "NA", count: 1),
      ])
    #expect(
      result.report.notes == ["NA read as null: n 1, s 1 (null=[] keeps it as text)"])
    // Nothing speaks for null: Namibia.
    let namibia = try read("code,n\nNA,1\nDE,2\n")
    #expect(try values(namibia.frame, "code") == [.text("NA"), .text("DE")])
    #expect(namibia.report.nullWords.isEmpty)
  }

  @Test func whatIsLeftOutStillSaysWhatIsNull() throws {
    let text = "n,s\n1,NA\nNA,x\n"
    let all = try read(text).frame
    let one = try read(text, CSVOptions(columns: ["s"]))
    #expect(one.frame.names == ["s"])
    #expect(try values(one.frame, "s") == (try values(all, "s")))
    #expect(one.report.nullWords.map(\.column) == ["s"])
  }

  @Test func givenNullWords() throws {
    let text = "n,s\n-999,NA\n5,-999\n7,x\n"
    let given = try read(text, CSVOptions(nullWords: ["-999"])).frame
    #expect(try values(given, "n") == [.null, .int(5), .int(7)])
    #expect(try values(given, "s") == [.text("NA"), .null, .text("x")])
    let none = try read("n\n1\nNA\n", CSVOptions(nullWords: [])).frame
    #expect(try values(none, "n") == [.text("1"), .text("NA")])
    // Not a number is null among numbers in any case.
    let number = try read("n\n1.5\nNaN\n", CSVOptions(nullWords: [])).frame
    #expect(try values(number, "n") == [.float(1.5), .null])
  }

  @Test func givenTypes() throws {
    let text = "zip,when,n,flag,at,long\n01234,01.02.2024,3,1,1/2/24 5:07 PM,PT1H30M\n"
    let frame = try read(
      text,
      CSVOptions(types: [
        "zip": .type(.int), "when": .date(format: "%d.%m.%Y"), "n": .type(.text),
        "flag": .type(.bool), "at": .datetime(format: "%m/%d/%y %I:%M %p"),
        "long": .type(.duration),
      ])
    ).frame
    #expect(
      frame.columns.map { $0[0] } == [
        .int(1234), .date(19754), .text("3"), .bool(true), .datetime(1_704_215_220_000_000),
        .duration(Duration(microseconds: 5_400_000_000)),
      ])
  }

  @Test func keptAsText() throws {
    let result = try read("zip,id,x\n01234,18446744073709551616,a\n12345,1,007\n")
    #expect(
      result.report.keptAsText == [
        .init(column: "zip", reason: .leadingZeros), .init(column: "id", reason: .tooLarge),
      ])
    #expect(
      result.report.notes.first
        == "zip kept as text: leading zeros (types={zip: int} reads it as int)")
  }

  @Test func columnsInTheOrderOfTheFile() throws {
    let frame = try read("a,b,c\n1,2,x\n3,4,y\n", CSVOptions(columns: ["c", "a"])).frame
    #expect(frame.names == ["a", "c"])
    #expect(try values(frame, "c") == [.text("x"), .text("y")])
    let none = try read("a,b\n1,2\n3,4\n", CSVOptions(columns: []))
    #expect(none.frame.rowCount == 2 && none.frame.columns.isEmpty)
  }

  @Test func aPeekReadsWhatItNeeds() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "x.csv"
    var text = "a,b\n"
    for row in 0..<200_000 { text += "\(row),\(row).5\n" }
    // A fault after the rows that are looked at.
    text += "bad\n"
    try AtomicFile.write(path, bytes: Array(text.utf8))
    let peek = try CSVReader.read(path: path, options: CSVOptions(rowLimit: 10))
    #expect(peek.frame.rowCount == 10)
    #expect(peek.report.isPartial)
    #expect(try values(peek.frame, "a") == (0..<10).map { .int($0) })
    let more = try CSVReader.read(path: path, options: CSVOptions(rowLimit: 150_000))
    #expect(more.frame.rowCount == 150_000)
    #expect(try failure { try CSVReader.read(path: path) }.line == 200_002)
    let small = try read("a\n1\n2\n", CSVOptions(rowLimit: 5))
    #expect(small.frame.rowCount == 2 && !small.report.isPartial)
    // The line after the last one needed may be at fault.
    #expect(try read("a,b\n1,2\n3\n", CSVOptions(rowLimit: 1)).frame.rowCount == 1)
  }

  @Test func schemaAndCount() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "x.csv"
    try AtomicFile.write(path, bytes: Array("a,b,c\n1,x,\n2,\"y\nz\",\n2.5,,\n".utf8))
    let schema = try CSVReader.schema(path: path)
    #expect(schema.fields.map(\.type) == [.float, .text, .text])
    #expect(schema == (try CSVReader.read(path: path).frame.schema))
    #expect(try CSVReader.countRows(path: path) == 3)
  }

  @Test func offsetsAreNoted() throws {
    let result = try read("t\n2024-03-01T08:30:00+02:00\n2024-03-01 08:30\n")
    #expect(result.report.convertedToUTC == ["t"])
    #expect(result.report.notes == ["offsets converted to UTC: t"])
  }
}
