import Columnar
import Testing

@testable import Display

@Suite struct JSONTests {
  @Test(arguments: [
    ("null", JSONValue.null), (" true ", .bool(true)), ("-0", .int(0)), ("12", .int(12)),
    ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.50", .number(1.5)),
    ("1e3", .number(1000)), ("\"\\u00e9\\ud83d\\udc4d\\n\\/\"", .string("é👍\n/")),
    ("[]", .array([])),
    ("[1, [2]]", .array([.int(1), .array([.int(2)])])),
    ("{\"b\": 1, \"a\": {}}", .object([Fact("b", .int(1)), Fact("a", .object([]))])),
  ])
  func reads(text: String, value: JSONValue) throws { #expect(try JSONValue.parse(text) == value) }

  @Test(arguments: [
    "", "nul", "01", "1.", ".5", "1e", "+1", "-", "[1,]", "[1 2]", "{\"a\" 1}", "{a: 1}",
    "{\"a\": 1,}", "{\"a\": 1, \"a\": 2}", "\"a", "\"\u{1}\"", "\"\\x\"", "\"\\ud800\"",
    "\"\\udc00\\ud800\"", "1 2", "NaN", "1e999", "[", "{", "\"\\u12\"",
  ])
  func refuses(text: String) { #expect(throws: JSONError.self) { try JSONValue.parse(text) } }

  @Test func depthIsLimited() throws {
    let deep = String(repeating: "[", count: 256) + String(repeating: "]", count: 256)
    #expect(throws: Never.self) { try JSONValue.parse(deep) }
    #expect(throws: JSONError.self) { try JSONValue.parse("[" + deep + "]") }
    #expect(throws: JSONError.self) {
      try JSONValue.parse(String(repeating: "[", count: 1_000_000))
    }
  }

  @Test func bytesThatAreNotUTF8AreRefused() {
    #expect(throws: JSONError.self) { try JSONValue.parse(utf8: [0x22, 0xFF, 0x22]) }
  }

  @Test func whatIsPrintedReadsBackTheSame() throws {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<500 {
      let value = randomValue(depth: 4, &generator)
      #expect(try JSONValue.parse(value.text) == value)
      #expect(try JSONValue.parse(value.indentedText) == value)
    }
  }

  private func randomValue(depth: Int, _ generator: inout SeededGenerator) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &generator) {
    case 0: return .null
    case 1: return .bool(.random(using: &generator))
    case 2: return .int(Int64(bitPattern: generator.next()))
    case 3: return .number(generator.anyFloat())
    case 4:
      return .string(
        String(
          String.UnicodeScalarView(
            (0..<8).compactMap { _ in
              Unicode.Scalar(UInt32.random(in: 0..<0x300, using: &generator))
            })))
    case 5: return .array((0..<3).map { _ in randomValue(depth: depth - 1, &generator) })
    default:
      return .object(
        (0..<3).map { Fact("key \"\($0)\"", randomValue(depth: depth - 1, &generator)) })
    }
  }

  @Test func unusualNumbersStayJSON() {
    #expect(
      JSONValue.array([.number(.infinity), .number(-.infinity), .number(.nan), .number(0.1)]).text
        == #"["inf", "-inf", null, 0.1]"#)
  }

  @Test func keysOccurOnce() {
    #expect(
      JSONValue.object([Fact("a", .int(1)), Fact("a", .int(2)), Fact("a_2", .int(3))]).text
        == #"{"a": 1, "a_2": 2, "a_2_2": 3}"#)
  }

  @Test func indented() {
    #expect(
      JSONValue.object([Fact("a", .array([.int(1), .int(2)])), Fact("b", .object([]))]).indentedText
        == "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}")
  }

  @Test func frames() throws {
    let frame = Frame(
      names: ["a", "b\"c"],
      columns: [try .ints([1, nil]), try .scalars([.date(0), .null], type: .date)])
    #expect(
      Output.frame(FrameOutput(frame: frame, footer: ["1 of 2"])).json()
        == #"{"kind": "frame", "row_count": 2, "columns": [{"name": "a", "type": "int"}, "#
        + #"{"name": "b\"c", "type": "date"}], "rows": [{"a": 1, "b\"c": "1970-01-01"}, "#
        + #"{"a": null, "b\"c": null}], "notes": ["1 of 2"]}"# + "\n")
  }

  @Test func reportsHaveFactsAndTables() throws {
    let value = try JSONValue.parse(Output.report(Samples.model).json())
    #expect(value["kind"] == .string("ols"))
    #expect(value["r2"] == .number(0.78255964))
    guard case .array(let terms) = value["terms"] else {
      Issue.record("no terms")
      return
    }
    #expect(terms[1]["estimate"] == .number(40.7053969))
    #expect(terms[1]["interval"] == .array([.number(34.6646723), .number(46.7461215)]))
    #expect(terms[1]["note"] == nil)
    #expect(terms[2]["note"] == .string("reference Adelie"))
  }

  @Test func plotsAndMessages() throws {
    let plot = try JSONValue.parse(Output.plot(.histogram(Samples.massBySpecies)).json())
    #expect(plot["kind"] == .string("histogram"))
    #expect(plot["edges"] == .array(Samples.massEdges.map { .number($0) }))
    guard case .array(let panels) = plot["panels"] else {
      Issue.record("no panels")
      return
    }
    #expect(panels.map { $0["n"] } == [.int(151), .int(68), .int(123)])
    let message = Message(subject: "p", text: "x", kind: "bound", facts: [Fact("rows", .int(3))])
    #expect(
      Output.message(message).json()
        == #"{"kind": "bound", "rows": 3, "subject": "p", "text": "x"}"# + "\n")
  }
}
