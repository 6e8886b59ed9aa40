import Language
import TestSupport
import Testing

@Suite struct DiagnosticTests {
  /// Each block is what a line gives; the line is its second.
  @Test(arguments: signMistakes + wordMistakes) func rendersMistake(_ expected: String) throws {
    let shown = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let line = String(try #require(shown.dropFirst().first).dropFirst(2))
    var grammar = Grammar.test
    grammar.boundNames = ["trips", "df"]
    let diagnostic = #expect(throws: Diagnostic.self) {
      try Parser.parse(line, grammar: grammar)
    }
    #expect(diagnostic?.render(source: line) == expected)
    #expect(diagnostic?.code.exitStatus == 2 || diagnostic?.code == .unknownUnit)
  }

  /// Every line offered parses, so that it can be typed as it stands.
  @Test(arguments: signMistakes + wordMistakes) func hintsParse(_ block: String) throws {
    var grammar = Grammar.test
    grammar.boundNames = ["trips", "df", "_", "x"]
    for line in block.split(separator: "\n") {
      guard line.hasPrefix("  try: ") || line.hasPrefix("   or: ") else { continue }
      #expect(throws: Never.self, "\(line)") {
        try Parser.parse(String(line.dropFirst(7)), grammar: grammar)
      }
    }
  }

  @Test func theLineAtFault() {
    let source = "a = 1\nb = 日本 fair\n"
    let start = Array(source.utf8).count - 5
    let diagnostic = Diagnostic(
      .unknownColumn, "no column `fair` here", span: Span(start, start + 4),
      label: "did you mean `fare`?", notes: ["columns at this stage: fare"])
    #expect(
      diagnostic.render(source: source, firstLine: 10, file: "x.md") == """
        error[unknown-column]: no column `fair` here (x.md line 11)
          b = 日本 fair
                   ^^^^ did you mean `fare`?
          columns at this stage: fare
        """)
    #expect(
      diagnostic.render(source: source).hasPrefix(
        "error[unknown-column]: no column `fair` here (line 2)"))
    #expect(
      diagnostic.json(source: source)
        == #"{"kind":"error","code":"unknown-column","message":"no column `fair` here","exit":1,"#
        + #""line":2,"column":8,"start":\#(start),"end":\#(start + 4),"#
        + #""label":"did you mean `fare`?","notes":["columns at this stage: fare"]}"#)
  }

  @Test func tabsControlsAndLongLines() {
    let tabbed = Diagnostic(.syntax, "no", span: Span(1, 2)).render(source: "\tx\u{1B}[0m")
    #expect(tabbed == "error[syntax]: no\n          x␛[0m\n          ^")
    let combined = Diagnostic(.syntax, "no", span: Span(4, 5)).render(source: "e\u{301} x")
    #expect(combined == "error[syntax]: no\n  e\u{301} x\n    ^")
    let long = String(repeating: "a", count: 500)
    let cut = Diagnostic(.syntax, "no", span: Span(300, 303), label: "here").render(source: long)
    let lines = cut.split(separator: "\n")
    #expect(lines[1].count <= 80)
    #expect(lines[1].hasPrefix("  …") && lines[1].hasSuffix("…"))
    #expect(lines[2].hasSuffix("^^^ here"))
    #expect(Diagnostic(.syntax, "no", span: Span(9, 90)).render(source: "ab").contains("^"))
    #expect(Diagnostic(.io, "no", label: "why").render(source: "") == "error[io]: no\n  why")
  }

  @Test func nearestNames() {
    let columns = ["fare", "distance", "pickup", "dropoff", "Body_Mass", "n"]
    #expect(nearest("fair", among: columns) == "fare")
    #expect(nearest("FARE", among: columns) == "fare")
    #expect(nearest("dist", among: columns) == "distance")
    #expect(nearest("distnace", among: columns) == "distance")
    #expect(nearest("body_mas", among: columns) == "Body_Mass")
    #expect(nearest("zebra", among: columns) == nil)
    #expect(nearest("x", among: columns) == nil)
    #expect(nearest("", among: columns) == nil)
  }

  @Test func widths() {
    #expect(displayWidth("abc") == 3)
    #expect(displayWidth("日本") == 4)
    #expect(displayWidth("e\u{301}") == 1)
    #expect(displayWidth("🎉") == 2)
    #expect(displayWidth("👨‍👩‍👧") == 2)
    #expect(displayWidth("🇩🇪") == 2)
    #expect(displayWidth("▂▅█ · … €") == 9)
    #expect(displayWidth("한국") == 4)
    #expect(displayWidth("\u{200B}") == 0)
    #expect(showingControls("a\u{1B}[1m\u{202E}") == "a␛[1m\u{FFFD}")
  }

  /// Codes that no line of a case can give, and why.
  private static let withoutCases: [Diagnostic.Code: String] = [
    .cancelled: "Ctrl-C; the tests of the terminal press it",
    .killed: "a step whose process was ended; the tests of the runner end one",
  ]

  /// Each code stands in a case, and what nothing gives is not said to be given.
  @Test func everyCodeHasACase() throws {
    var cases = ""
    for file in Project.files(in: "Tests/Cases", withExtension: "case") {
      cases += try Project.text(file)
    }
    for code in Diagnostic.Code.allCases {
      let isShown = cases.contains("error[\(code.rawValue)]")
      #expect(
        isShown != (Self.withoutCases[code] != nil),
        "error[\(code.rawValue)] stands in no case, or in one and in the list of exceptions")
    }
  }
}
