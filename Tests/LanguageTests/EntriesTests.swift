import Language
import TestSupport
import Testing

@Suite struct EntriesTests {
  @Test(arguments: [
    "trips |", "filter a >", "select a,", "f(", "x = [1,", "{a: 1", "load \"x", "load 'x",
    "select `a",
    "x = f\"{a", "head 5 \\", "filter a and", "filter not", "x = 1 +", "x =", "if a then",
    "for b in [1] {", "for b in [1] {\n  head", "check a:", "a ~",
  ]) func goesOn(_ text: String) {
    #expect(!Parser.isComplete(text))
    #expect(!Parser.isComplete(text, grammar: .test))
  }

  @Test(arguments: [
    "", "head", "load -", "trips | head # |", "x in 0..", "select *", "head 5)", "sort",
    "# a note \"", "! echo \"", "? join |", "f(\n1\n)", "x = \"a\nb\"", "for b in [1] {\n  head\n}",
    "a = 5%", "history /a|/", "filter 5m",
  ]) func isComplete(_ text: String) {
    #expect(Parser.isComplete(text))
    #expect(Parser.isComplete(text, grammar: .test))
  }

  @Test func splitsIntoLogicalLines() {
    let script = """
      # first

      load "a.csv" as a   # behind

      a
        | filter x > 1
        # between
        | head 5
      |= head
      y = f(1,
        2) +
        3
      for b in [1] {
        head

        tail
      }
      select a, \\
        b
      """
    let entries = splitEntries(script, grammar: .test)
    #expect(entries.map(\.line) == [1, 3, 5, 9, 10, 13, 18])
    #expect(entries[1].text == "load \"a.csv\" as a   # behind")
    #expect(entries[2].text == "a\n  | filter x > 1\n  # between\n  | head 5")
    #expect(entries[6].text == "select a, \\\n  b")
    #expect(splitEntries(script) == entries)
    for entry in entries {
      let bytes = Array(script.utf8)[entry.span.start..<entry.span.end]
      #expect(String(decoding: bytes, as: UTF8.self) == entry.text)
    }
  }

  @Test func carriageReturnsAreWhiteSpace() throws {
    let statements = try Parser.parse("head 5\r\ntail\r\n", grammar: .test)
    #expect(statements.map { print($0) } == ["head 5", "tail"])
  }

  @Test func highlights() {
    let text = "trips | filter a > 5 and b == \"x\" # note"
    let pieces = Lexer.highlight(text, grammar: .test)
    let bytes = Array(text.utf8)
    let shown = pieces.map {
      "\(String(decoding: bytes[$0.span.start..<$0.span.end], as: UTF8.self)) \($0.category)"
    }
    #expect(
      shown == [
        "trips name", "| operator", "filter verb", "a name", "> operator", "5 number",
        "and keyword", "b name", "== operator", "\"x\" string", "# note comment",
      ])
    #expect(Lexer.highlight("load \"a").last?.category == .string)
    #expect(Lexer.highlight("head 5zz").last?.category == .error)
  }
}
