import Display
import Language
import Notebooks
import Pipelines

/// `graph ["pipeline.yaml" | "x.md"] [to "x.svg"]`
struct GraphVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "graph", .keep, "Draws what needs what: lines of the session, a notebook's, or steps",
    synopsis: "graph [\"FILE.md\" | \"pipeline.yaml\"] [to \"FILE.svg\"]",
    details: [
      "From top to bottom; a line goes down from each to those that need it, and what a longer way "
        + "implies is not drawn. A notebook is replayed for it in a fresh session; its exports are "
        + "not kept."
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "heavy = penguins | filter body_mass_g > 5000", "m1 = heavy | fit ols body_mass_g ~ year",
        "heavy | count by island", "graph"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "heavy = penguins | filter body_mass_g > 5000", "export heavy \"heavy.csv\"",
        "save \"birds.md\"", "promote \"birds.md\" to \"birds/\"",
        "graph \"birds/pipeline.yaml\" to \"birds.svg\""),
    ], keywords: ["dag", "dependencies", "lineage", "draw", "svg", "pipeline"],
    recording: .left, takesPaths: true, prepositions: ["to"])

  let call: Call
  let needsInput = false

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(0...1, "one notebook or pipeline")
    if let target = call.preposition("to"), target.count != 1 {
      throw call.misuse("`to` takes one file")
    }
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    session.leaveOutOfHistory()
    let graph = try graph(session)
    if let target = call.preposition("to")?.first {
      let typed = try call.path(target)
      guard typed.hasSuffix(".svg") else {
        throw call.misuse("a drawing's name ends in .svg", at: target.value.span)
      }
      let path = try session.files.writable(typed, span: target.value.span)
      try writeText(graph.svg, to: path)
      return .output(
        .message(
          Message(
            subject: typed, text: "\(graph.nodes.count) nodes", kind: "graph",
            facts: [Fact("path", .string(path))])))
    }
    let edges = graph.nodes.map { node in
      JSONValue.object([
        Fact("label", .string(node.label)), Fact("kind", .string(node.kind)),
        Fact("needs", .array(node.needs.map { .int(Int64($0)) })),
      ])
    }
    return .output(
      .report(
        Report(
          kind: "graph",
          sections: [.text(graph.nodes.isEmpty ? ["no line has run yet"] : graph.lines())],
          facts: [Fact("nodes", .array(edges))])))
  }

  private func graph(_ session: Session) throws -> Graph {
    guard let item = call.items.first else { return Graph(session.steps) }
    let typed = try call.path(item)
    let path = try session.files.readable(typed, span: item.value.span)
    if typed.hasSuffix(".yaml") || typed.hasSuffix(".yml") {
      return Graph(try PipelineSpec(parsing: try readText(path), file: typed))
    }
    guard typed.hasSuffix(".md") else {
      throw call.misuse("`graph` draws a notebook or a pipeline.yaml", at: item.value.span)
    }
    return Graph(try Replay.lines(of: path, like: session))
  }
}
