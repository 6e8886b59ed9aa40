import Columnar
import Language
import Query
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Every example in the registry of functions runs as it stands, on the bundled datasets.
@Suite struct ExampleTests {
  static let examples = Functions.all.flatMap { function in
    function.examples.map { (function.name, $0) }
  }

  static let grammar = Grammar(
    verbs: ["filter", "derive", "agg", "sort", "head", "tail"].map {
      VerbSyntax(name: $0, takesNamedItems: $0 == "derive" || $0 == "agg")
    }, boundNames: ["penguins", "weather"])

  private static let frames = Result {
    try ["penguins": frame("penguins"), "weather": frame("weather")]
  }

  private static func frame(_ name: String) throws -> Frame {
    var root = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    root.removeLast(3)
    let path = root.joined(separator: "/") + "/datasets/\(name).csv"
    return try LogicalPlan.Source.csv(path: path).read(nil)
  }

  @Test(arguments: examples) func runs(_ function: String, _ line: String) throws {
    let statements = try Parser.parse(line, grammar: Self.grammar)
    guard case .pipeline(let pipeline) = statements.first?.kind, let source = pipeline.source
    else {
      Issue.record("\(line) is no pipeline")
      return
    }
    let frame = try #require(try Self.frames.get()[source.text])
    let plan = try pipeline.stages.reduce(LogicalPlan.frame(frame, label: source.text)) {
      plan, stage in
      if stage.verb.text == "head" || stage.verb.text == "tail" {
        guard case .integer(let count) = stage.items.first?.value.kind else { return plan }
        return .take(plan, stage.verb.text == "head" ? .range(0..<Int(count)) : .last(Int(count)))
      }
      return try adding(stage, to: plan, scope: Scope())
    }
    let (result, _) = try Execution.run(plan)
    #expect(result.rowCount > 0 && result.rowCount <= 24, "\(line): \(result.rowCount) rows")
    // An example shows a value, not a column of nulls.
    let last = try #require(result.columns.last)
    #expect(function.hasPrefix("lag") || last.nullCount < last.count, "\(line)")
  }
}
