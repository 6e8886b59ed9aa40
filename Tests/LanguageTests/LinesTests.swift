import Language
import TestSupport
import Testing

@Suite struct LinesTests {
  @Test(arguments: lines) func parsesAndPrints(_ line: String) throws {
    #expect(Parser.isComplete(line))
    #expect(Parser.isComplete(line, grammar: .test))
    #expect(splitEntries(line).count == 1)
    let statements = try Parser.parse(line, grammar: .test)
    #expect(statements.count == 1)
    let printed = try #require(statements.first).canonical
    // The lines of the reference are canonical as they stand, but for white space and comments.
    #expect(printed == line.canonicalByHand)
    let again = try Parser.parse(printed, grammar: .test)
    #expect(again.map(\.canonical) == [printed])
    #expect(again.map(\.tree) == statements.map(\.tree))
  }
}

extension Statement {
  var canonical: String { print(self, grammar: .test) }
}

extension String {
  /// The line without its comment, with a space behind each comma.
  fileprivate var canonicalByHand: String {
    var text = firstRange(of: "  #").map { String(self[..<$0.lowerBound]) } ?? self
    while text.last == " " { text.removeLast() }
    return text.replacing(#""NA","-""#, with: #""NA", "-""#)
  }
}
