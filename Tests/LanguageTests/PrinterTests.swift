import Language
import TestSupport
import Testing

@Suite struct PrinterTests {
  /// Random programs print to text that parses to the same tree, which prints to the same text.
  @Test(arguments: 0..<4) func printedProgramsAreStable(_ part: Int) throws {
    var generator = SyntaxGenerator(seed: UInt64(part) &* 7_919 &+ 1)
    var grammar = Grammar.test
    grammar.boundNames = ["a", "odd name"]
    for number in 0..<2_500 {
      let statement = generator.statement(number % 50 == 0 ? 4 : 2)
      let text = print(statement, grammar: grammar)
      do {
        let parsed = try Parser.parse(text, grammar: grammar)
        let first = try #require(parsed.first)
        try #require(parsed.count == 1)
        let isStable = print(first, grammar: grammar) == text
        let isSame = first.tree == statement.tree
        try #require(isStable && isSame, "\(text)\n\(first.tree)\n\(statement.tree)")
        guard number % 8 == 0 else { continue }
        let isWhole = Parser.isComplete(text, grammar: grammar)
        let entries = splitEntries(text, grammar: grammar).map(\.text)
        try #require(isWhole && entries == [text], "\(text)")
      } catch let diagnostic as Diagnostic {
        Issue.record("\(diagnostic.render(source: text))")
        return
      }
    }
  }
}
