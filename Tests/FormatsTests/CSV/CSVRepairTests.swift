import Columnar
import TestSupport
import Testing

@testable import Formats

/// Files that are not well formed, and well-formed ones that are read as if they might not be.
@Suite(.serialized) struct CSVRepairTests {
  private func tolerant(_ ragged: CSVTolerance.Ragged = .fill) -> CSVOptions {
    var options = CSVOptions(delimiter: UInt8(ascii: ","), hasHeader: true)
    options.tolerance.repairs = true
    options.tolerance.ragged = ragged
    return options
  }

  private func rows(_ frame: Frame) -> [[String]] {
    (0..<frame.rowCount).map { row in
      frame.columns.map { column in
        switch column[row] {
        case .null: "·"
        case .text(let text): "'\(text)'"
        case .float(let number): "\(number) \(number.bitPattern)"
        case let other: "\(other)"
        }
      }
    }
  }

  @Test(arguments: 0..<300)
  func wellFormedTextIsReadAsItIs(seed: Int) throws {
    let bytes = RandomCSV(seed: UInt64(seed)).bytes
    var options = CSVOptions(delimiter: UInt8(ascii: ","), hasHeader: true)
    let fast = try CSVReader.read(bytes: bytes, name: "random", options: options)
    for ragged in CSVTolerance.Ragged.allCases {
      options = tolerant(ragged)
      let result = try CSVReader.read(bytes: bytes, name: "random", options: options)
      #expect(result.frame.schema == fast.frame.schema, "seed \(seed)")
      #expect(rows(result.frame) == rows(fast.frame), "seed \(seed)")
      #expect(result.report.repairs == [], "seed \(seed)")
      #expect(result.report.nullWords == fast.report.nullWords)
    }
    // With a delimiter of several bytes in place of each comma outside quotes.
    var long: [UInt8] = []
    var isQuoted = false
    for byte in bytes {
      if byte == 0x22 { isQuoted.toggle() }
      long += byte == 0x2C && !isQuoted ? Array("|~|".utf8) : [byte]
    }
    options = CSVOptions(hasHeader: true)
    options.longDelimiter = Array("|~|".utf8)
    let result = try CSVReader.read(bytes: long, name: "long", options: options)
    #expect(result.frame.schema == fast.frame.schema, "seed \(seed)")
    #expect(rows(result.frame) == rows(fast.frame), "seed \(seed)")
  }

  private static let faulty = """
    id,name,price
    1,Ann,1.5
    2,Bob
    3,Cy,2,extra

    4,5" pipe,7
    5,"Smith, "Bo" John",8
    6,"open,9
    7,"two
    lines",10
    8,"a"b,11
    """

  @Test func repairsAreMadeAndCounted() throws {
    let result = try read(Self.faulty, tolerant())
    #expect(
      rows(result.frame).map { $0.prefix(2).joined(separator: " ") } == [
        "int(1) 'Ann'", "int(2) 'Bob'", "int(3) 'Cy'", "int(4) '5\" pipe'",
        "int(5) 'Smith, \"Bo\" John'", "int(6) '\"open'", "int(7) 'two\nlines'",
        "int(8) '\"a\"b'",
      ])
    #expect(result.frame.columns[2].isNull(1))
    #expect(result.report.repairs.map(\.line) == [3, 4, 5, 6, 7, 8, 11])
    #expect(
      result.report.repairs.map(\.kind) == [
        .short, .long, .blank, .quote, .quote, .unclosed, .quote,
      ])
    #expect(result.report.repairs.map(\.fieldCount) == [2, 4, nil, nil, nil, nil, nil])
    #expect(result.report.notes.contains("3 × misplaced quote, kept as text: lines 6, 7, 11"))

    // The same with the line ends of Windows, but for the line end inside quotes.
    let windows = try read(
      Self.faulty.split(separator: "\n", omittingEmptySubsequences: false).joined(
        separator: "\r\n"), tolerant())
    #expect(windows.report.repairs == result.report.repairs)
    #expect(windows.frame.rowCount == 8)
    #expect(
      rows(try read("a,b\r\n1,\"x\"y\"\r\n2,\"z\"\r", tolerant()).frame)[0] == ["int(1)", "'x\"y'"])

    let skipped = try read(Self.faulty, tolerant(.skip))
    #expect(skipped.frame.rowCount == 6)
    #expect(skipped.report.repairs.filter { $0.kind == .skipped }.map(\.line) == [3, 4])
  }

  @Test func whatIsNotAcceptedIsAnErrorInItsLine() throws {
    var options = CSVOptions(delimiter: UInt8(ascii: ","), hasHeader: true)
    options.tolerance.ragged = .fill
    let quote = try failure { try read(Self.faulty, options) }
    #expect(quote.message == "test.csv line 6: a quote inside a field that does not begin with one")
    options.tolerance.ragged = .error
    options.tolerance.repairs = true
    let short = try failure { try read(Self.faulty, options) }
    #expect(short.message == "test.csv line 3: 2 fields where 3 are expected")
    #expect(short.hints.first?.contains("ragged=fill") == true)
    // Lines count from the file's first, comments and what is skipped among them.
    options = CSVOptions()
    options.skippedLines = 2
    options.comment = Array("#".utf8)
    let text = "made\nby hand\na,b\n1,2\n# note\n\"x\ny\",3\n4\n"
    let late = try failure { try read(text, options) }
    #expect(late.message == "test.csv line 8: 1 field where 2 are expected")
  }

  @Test func commentsSkippedLinesAndLineEnds() throws {
    var options = CSVOptions()
    options.comment = Array("//".utf8)
    options.skippedLines = 1
    let result = try read("title, with comma\n// c\na;b\n// d\n1;x\n2;\"// no\"\n//", options)
    #expect(result.frame.names == ["a", "b"])
    #expect(rows(result.frame) == [["int(1)", "'x'"], ["int(2)", "'// no'"]])
    #expect(rows(try read("a,b\r1,\"x\ry\"\r2,z\r").frame)[0] == ["int(1)", "'x\ny'"])
    options.skippedLines = 99
    #expect(try failure { try read("a,b\n1,2\n", options) }.code == .emptyFile)
  }

  @Test func encodings() throws {
    let text = "name,v\ncafé €,1\n日本🐧,2\n"
    let expected = rows(try read(text).frame)
    let units = Array(text.utf16)
    let little: [UInt8] = [0xFF, 0xFE] + units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let big: [UInt8] = [0xFE, 0xFF] + units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    for bytes in [little, big] {
      #expect(rows(try CSVReader.read(bytes: bytes, name: "u.csv").frame) == expected)
    }
    var options = CSVOptions()
    options.encoding = .utf16
    for bytes in [Array(little.dropFirst(2)), Array(big.dropFirst(2))] {
      let frame = try CSVReader.read(bytes: bytes, name: "u.csv", options: options).frame
      #expect(rows(frame) == expected)
    }
    #expect(
      try failure { try CSVReader.read(bytes: Array(little.dropLast()), name: "u.csv") }.code
        == .format)
    let lone: [UInt8] = [0xFF, 0xFE, 0x61, 0, 0x0A, 0, 0x00, 0xD8, 0x62, 0]
    #expect(try failure { try CSVReader.read(bytes: lone, name: "u.csv") }.line == 2)

    options.encoding = .windows1252
    let western = Array("name,v\ncaf".utf8) + [0xE9, 0x20, 0x80] + Array(",1\n".utf8)
    #expect(
      rows(try CSVReader.read(bytes: western, name: "w.csv", options: options).frame)
        == [["'café €'", "int(1)"]])
    let undefined = Array("a\nx\n".utf8) + [0x81, 0x0A]
    #expect(
      try failure { try CSVReader.read(bytes: undefined, name: "w.csv", options: options) }.line
        == 3)
    options.encoding = .latin1
    #expect(
      rows(try CSVReader.read(bytes: undefined, name: "w.csv", options: options).frame)
        == [["'x'"], ["'\u{81}'"]])
    let repaired = try CSVReader.read(bytes: western, name: "w.csv", options: tolerant())
    #expect(rows(repaired.frame) == [["'caf\u{FFFD} \u{FFFD}'", "int(1)"]])
    #expect(repaired.report.repairs.map(\.line) == [2, 2])
  }

  @Test func valuesThatKeepAColumnText() throws {
    var lines = ["id,price,day,code"]
    for row in 1...300 { lines.append("\(row),\(row).5,2024-01-0\(row % 9 + 1),\(row % 2)x") }
    lines[200] = "200,\"12,5\",2024-01-05,y"
    lines[201] = "201,7.5,soon,y"
    lines[202] = "202,7.5,later,y"
    let result = try read(lines.joined(separator: "\n"))
    #expect(
      result.report.fewOthers == [
        .init(
          column: "price", type: .float, count: 1, valueCount: 300, value: "12,5", line: 201),
        .init(column: "day", type: .date, count: 2, valueCount: 300, value: "soon", line: 202),
      ])
    var options = CSVOptions(types: ["price": .type(.float), "day": .type(.date)])
    let error = try failure { try read(lines.joined(separator: "\n"), options) }
    #expect(error.line == 201)
    options.nullsInvalidValues = true
    options.chunkSize = 1000
    let nulled = try read(lines.joined(separator: "\n"), options)
    #expect(nulled.frame.columns.map(\.nullCount) == [0, 1, 2, 0])
    #expect(nulled.report.invalidValues.map(\.count) == [1, 2])
    #expect(nulled.report.invalidValues.map(\.line) == [201, 202])
  }

  @Test func decimalCommasAreFound() throws {
    #expect(try read("a;b\n1,5;x\n2;y\n").frame.columns[0].type == .float)
    #expect(try read("a;b\n1,5;1.5\n").frame.columns[0].type == .text)
    // Thousands, as likely as not.
    #expect(try read("a;b\n1,500;x\n2,250;y\n").frame.columns[0].type == .text)
    #expect(
      try read("a;b\n1,5;x\n", CSVOptions(usesDecimalComma: false)).frame.columns[0].type == .text)
  }

  /// No bytes end the program, and with repairs few are an error.
  @Test(arguments: 0..<400)
  func anyBytesGiveAFrameOrAnError(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let alphabet: [UInt8] =
      seed % 4 == 0
      ? Array(0...255)
      : Array("a1\"\",,;\n\n\r\t -.0N\u{e9}#|".utf8) + (seed % 4 == 1 ? [0xFF, 0xC3] : [])
    let bytes = (0..<Int.random(in: 1...400, using: &generator)).map { _ in
      alphabet.randomElement(using: &generator)!
    }
    for kind in 0..<5 {
      var options = CSVOptions(chunkSize: [3, 50, 1 << 18].randomElement(using: &generator)!)
      switch kind {
      case 1: options = tolerant()
      case 2:
        options = tolerant(.skip)
        options.longDelimiter = [0x2C, 0x2C]
      case 3:
        options.encoding = FileEncoding.allCases.randomElement(using: &generator)!
        options.comment = [0x23]
        options.tolerance.repairs = true
        options.quote = nil
      case 4:
        options.skippedLines = 1
        options.rowLimit = 3
        options.tolerance.ragged = .fill
      default: break
      }
      do {
        let result = try CSVReader.read(bytes: bytes, name: "bytes", options: options)
        #expect(result.frame.columns.allSatisfy { $0.count == result.frame.rowCount })
      } catch let error as DataError {
        if kind == 1, !bytes.contains(0) {
          #expect(error.code == .emptyFile || error.code == .notText, "\(error.message) \(bytes)")
        }
      }
    }
  }
}
