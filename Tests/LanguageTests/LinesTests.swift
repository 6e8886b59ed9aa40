import Language
import TestSupport
import Testing

@Suite struct LinesTests {
  @Test(arguments: lines) func parses(_ line: String) throws {
    #expect(Parser.isComplete(line))
    #expect(Parser.isComplete(line, grammar: .test))
    #expect(splitEntries(line).count == 1)
    let statements = try Parser.parse(line, grammar: .test)
    #expect(statements.count == 1)
  }
}
