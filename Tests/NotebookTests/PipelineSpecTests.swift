import Columnar
import Language
import Notebooks
import Pipelines
import TestSupport
import Testing

struct PipelineSpecTests {
  @Test(arguments: FrontMatterTests.odd) func oddNamesPassThroughYAML(name: String) throws {
    var parameter = Parameter(name: "p", type: .text, value: .text(name))
    parameter.documentation = name
    let fields = [Schema.Field(name: name, type: .text), .init(name: "n", type: .duration)]
    let program = "load \(Scalar.text(name).literal) as x\nfor i in [1] {\n  x\n  i\n}\nx | head 1"
    let spec = PipelineSpec(
      name: name, source: name, root: name, parameters: [parameter],
      artifacts: [
        .init(name: name, kind: .frame(Schema(fields)), step: "read"),
        .init(name: "m", kind: .model, step: "read"),
        .init(name: "s", kind: .scalar(.date), step: "read"),
      ],
      steps: [
        .init(
          id: "read", kind: "read", program: program, needs: [], gives: [name, "m", "s"],
          inputs: [name], outputs: []),
        .init(
          id: "no", kind: "export", program: "x", needs: ["read.\(name)", "read.m"], gives: [],
          inputs: [], outputs: [name]),
      ])
    let read = try PipelineSpec(parsing: spec.text, file: "pipeline.yaml")
    #expect(read.text == spec.text)
    #expect(read.name == name && read.source == name && read.root == name)
    #expect(read.steps.map(\.program) == [program, "x"])
    #expect(read.steps.map(\.id) == ["read", "no"])
    #expect(read.steps[0].gives == [name, "m", "s"] && read.steps[0].inputs == [name])
    #expect(read.steps[1].needs == ["read.\(name)", "read.m"])
    guard case .frame(let schema) = read.artifacts[0].kind,
      case .scalar(.date) = read.artifacts[2].kind
    else {
      Issue.record("kinds")
      return
    }
    #expect(schema.fields == fields)
    #expect(read.parameters[0].defaultValue == .text(name))
  }

  static let whole = """
    kaizen: 1
    pipeline: p
    root: "."
    artifacts:
      a.x: {type: model}
    steps:
      - id: a
        gives: [x]
        program: |2-
            x = 1
      - id: b
        needs: [a.x]
        program: x
    """

  @Test func handWrittenOnesAreRead() throws {
    let spec = try PipelineSpec(parsing: Self.whole, file: "p.yaml")
    #expect(spec.steps.map(\.program) == ["  x = 1", "x"])
  }

  @Test(arguments: [
    ("kaizen: 1", "kaizen: 2", "format 1"), ("root: \".\"\n", "", "`root`"),
    ("pipeline: p", "pipelin: p", "unknown key `pipelin`"),
    ("type: model", "type: modell", "not `modell`"), ("needs: [a.x]", "needs: [a.y]", "`a.y`"),
    ("needs: [a.x]", "needs: a.x", "is a list"), ("gives: [x]", "gives: [x, y]", "`a.y`"),
    ("gives: [x]\n", "give: [x]\n", "unknown key `give`"), ("id: b", "id: a", "two steps `a`"),
    ("id: b", "id: ../b", "letters"), ("program: x", "programm: x", "program"),
    ("steps:", "steps: 1\nstep:", "unknown key `step`"),
    ("{type: model}", "{type: scalar}", "`of`"),
    ("kaizen: 1", "kaizen: 1\na: &x [*x", "p.yaml"),
  ])
  func mistakesAreNamed(old: String, new: String, words: String) {
    let text = Self.whole.replacing(old, with: new)
    #expect(text != Self.whole)
    let error = #expect(throws: Diagnostic.self) {
      try PipelineSpec(parsing: text, file: "p.yaml")
    }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    #expect(error?.message.hasPrefix("p.yaml") == true)
    #expect(error?.status == 2)
  }
}
