import Columnar
import Testing

@testable import Formats

@Suite struct CSVDialectTests {
  @Test(arguments: [
    ("a,b\n1,2\n", ",", true), ("a;b\n1,5;2\n", ";", true), ("a\tb\n1\t2\n", "\t", true),
    ("a|b\nx|2\n", "|", true), ("a b\n1 2\n", " ", true), ("1,2\n3,4\n", ",", false),
    ("x\n1\n2\n", ",", true), ("1\n2\n", ",", false), ("name,city\nAnn,Rome\n", ",", true),
    ("country,2019,2020\nFrance,1,2\n", ",", true), ("Ann,3\nBob,4\n", ",", false),
    ("id;text\n1;\"a,b,c\"\n2;\"d,e,f\"\n", ";", true), ("2024-03-01,1.5\n", ",", false),
    ("when,what\n2024-03-01 08:30:00,x y\n", ",", true),
  ])
  func found(text: String, delimiter: String, hasHeader: Bool) throws {
    let dialect = try read(text).report.dialect
    #expect(dialect.delimiter == UInt8(ascii: delimiter.unicodeScalars.first!))
    #expect(dialect.hasHeader == hasHeader)
  }

  @Test func namesAreMadeDistinct() throws {
    let result = try read("a,,a,a_2,a, b \n1,2,3,4,5,6\n")
    #expect(result.frame.names == ["a", "column_2", "a_3", "a_2", "a_4", "b"])
    #expect(result.report.renamed.map(\.position) == [2, 3, 5])
    #expect(
      result.report.notes == [
        "column 2 has no name: column_2", "second column named a: a_3",
        "second column named a: a_4",
      ])
    #expect(try read("1,2\n3,4\n").frame.names == ["column_1", "column_2"])
  }

  @Test func lineEndsAndMarks() throws {
    for text in [
      "a,b\r\n1,x\r\n2,y\r\n", "a,b\r\n1,x\r\n2,y", "\u{FEFF}a,b\n1,x\n2,y\n",
      "a,b\n1,x\n2,y\n\n\n", "a,b\r\n1,x\r\n2,y\r\n\r\n", "a,b\n1,x\r\n2,y\n",
      "\n\na,b\n1,x\n2,y\n",
      "\"a\",\"b\"\r\n\"1\",\"x\"\r\n\"2\",\"y\"\r\n",
    ] {
      let frame = try read(text).frame
      #expect(frame.names == ["a", "b"])
      #expect(try values(frame, "a") == [.int(1), .int(2)])
      #expect(try values(frame, "b") == [.text("x"), .text("y")])
    }
  }

  @Test func headerOnly() throws {
    for text in ["a,b\n", "a,b", "a,b\r\n\r\n"] {
      let frame = try read(text).frame
      #expect(frame.rowCount == 0)
      #expect(frame.schema.fields.map(\.type) == [.text, .text])
    }
  }

  @Test func quotesMayBePlainCharacters() throws {
    let frame = try read("a,b\n5\" pipe,1\n\"x,2\n", CSVOptions(quote: nil)).frame
    #expect(try values(frame, "a") == [.text("5\" pipe"), .text("\"x")])
    let single = try read("a,b\n'x,y',1\n", CSVOptions(quote: UInt8(ascii: "'"))).frame
    #expect(try values(single, "a") == [.text("x,y")])
  }

  @Test func decimalCommas() throws {
    let text = "a;b\n1,5;x\n-2;y\n,25;z\n"
    let frame = try read(text, CSVOptions(usesDecimalComma: true)).frame
    #expect(try values(frame, "a") == [.float(1.5), .float(-2), .float(0.25)])
    let plain = try read(text)
    #expect(plain.frame["a"]?.type == .float)
    #expect(plain.report.isDecimalCommaFound)
    let thousands = try read("a;b\n1,500;x\n2,250;y\n")
    #expect(thousands.report.keptAsText == [.init(column: "a", reason: .decimalComma)])
  }

  @Test func aHeaderLongerThanTheSample() throws {
    let names = (0..<20_000).map { "column number \($0)" }
    let text =
      names.joined(separator: ",") + "\n" + names.map { "\($0.count)" }.joined(separator: ",")
    let frame = try read(text).frame
    #expect(frame.names == names)
    #expect(frame.rowCount == 1)
  }
}
