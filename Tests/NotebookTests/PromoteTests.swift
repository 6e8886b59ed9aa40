import Columnar
import Display
import Foundation
import Language
import Notebooks
import Pipelines
import TestSupport
import Testing

/// `promote`: what of a notebook becomes a step, and that the steps give the same files.
struct PromoteTests {
  /// Saves the lines as `x.md`, promotes it, removes what it exported, runs the pipeline and expects
  /// the same files again. Returns the steps' programs.
  @discardableResult
  private func promoted(_ lines: [String], _ workspace: Workspace) throws -> PipelineSpec {
    let session = try workspace.session()
    for line in lines { try session.run(line) }
    try session.run("save \"x.md\"")
    let exports = Set(session.steps.flatMap(\.exports)).sorted()
    let before = try exports.map { try readBytes($0) }
    let spec = try workspace.promote("x.md")
    for export in exports { unlink(export) }
    let error = try workspace.run()
    #expect(error == nil, "\(error?.whole ?? "")\n\(spec.text)")
    for (export, bytes) in zip(exports, before) {
      #expect((try? readBytes(export)) == bytes, "\(export)\n\(spec.text)")
    }
    return spec
  }

  private let load = "load \"datasets/penguins.csv\" as penguins"

  @Test func deadLinesAreLeftOut() throws {
    let workspace = try Workspace()
    let spec = try promoted(
      [
        load, "hist body_mass_g", "dead = penguins | filter year == 2007", "n = 5000", "n = 5500",
        "heavy = penguins | filter body_mass_g > $n", "|= filter sex == \"male\"", "undo",
        "penguins |= filter sex == \"female\"", "heavy2 = penguins | filter body_mass_g > $n - 500",
        "count", "export heavy \"a.csv\"", "export heavy2 \"out/b.csv\"",
      ].filter { $0 != "export heavy2 \"out/b.csv\"" } + ["export heavy2 \"b.csv\""], workspace)
    let program = spec.steps.map(\.program).joined(separator: "\n")
    #expect(
      !program.contains("hist") && !program.contains("dead") && !program.contains("n = 5000\n"))
    #expect(!program.contains("male\"\n|=") && program.contains("\"female\""))
    #expect(spec.steps.map(\.kind) == ["read", "export"])
    #expect(spec.steps[1].needs == ["read-penguins.penguins"])
  }

  @Test func joinedFramesAreNeeded() throws {
    let workspace = try Workspace()
    let spec = try promoted(
      [
        load, "means = penguins | agg mass = mean(body_mass_g) by species",
        "gentoo = penguins | filter species == \"Gentoo\"", "check penguins: count() > 300",
        "joined = gentoo | join means on species expect=n:1 | append means",
        "def heavier(x) = x | join means on species kind=left | filter body_mass_g > mass",
        "more = heavier(joined)", "wide = joined | pivot count() by island rows=[species, sex]",
        "export joined \"joined.csv\"", "export more \"more.csv\"", "export wide \"wide.csv\"",
      ], workspace)
    let last = try #require(spec.steps.last)
    #expect(last.program.contains("join means on species expect=n:1"))
    #expect(Set(spec.steps.flatMap(\.needs)).contains("read-penguins.penguins"))
    #expect(spec.steps.map(\.program).joined(separator: "\n").contains("means = penguins | agg"))
  }

  @Test func modelsChecksAndGatesAreSteps() throws {
    let workspace = try Workspace()
    let spec = try promoted(
      [
        load, "check penguins: body_mass_g > 0, count() > 300",
        "p2 = penguins | dropnull body_mass_g, flipper_length_mm",
        "train, test = p2 | split 80% seed=7",
        "m1 = train | fit ols body_mass_g ~ flipper_length_mm + C(species)",
        "gate m1 on test: r2 >= 0.5", "scored = test | predict m1 as p",
        "export scored \"scored.csv\"", "export m1 \"m1.kzm\"",
      ], workspace)
    #expect(
      spec.steps.map(\.id) == [
        "read-penguins", "check-penguins", "fit-m1", "gate-m1", "export-scored",
      ])
    #expect(workspace.exists("pipeline/.kaizen/steps/gate-m1/log.txt"))
    let outcome = try JSONValue.parse(
      try workspace.read("pipeline/.kaizen/steps/export-scored/outcome.json"))
    #expect(outcome["kind"] == .string("done"))
    #expect(outcome["outputs"]?["m1.kzm"] != nil)
  }

  @Test func definitionsGoWithTheLinesThatCallThem() throws {
    let workspace = try Workspace()
    let spec = try promoted(
      [
        load, "k = 1000", "def kg(x) = x / $k", "def heavy(x) = x | filter kg(body_mass_g) > 5",
        "a = heavy(penguins)", "export a \"a.csv\"", "def kg(x) = x / ($k * 2)",
        "b = penguins | derive m = kg(body_mass_g)", "export b \"b.csv\"", "c = kg(k)",
        "d = penguins | derive c = $c", "export d \"d.csv\"",
      ], workspace)
    let programs = spec.steps.map(\.program)
    #expect(programs.contains { $0.contains("def heavy") && $0.contains("def kg(x) = x / $k") })
  }

  @Test func scalarsPassExactly() throws {
    let workspace = try Workspace()
    let values = [
      "0.1 + 0.2", "9223372036854775807", "\"a\\n\\\"b\\\", NA\"", "\"\"", "\"007\"", "true",
      "@2024-03-01", "@2024-03-01T08:30:15", "90min", "null", "1e300 * 10", "-0.0",
    ]
    var lines = [load]
    for (number, value) in values.enumerated() {
      // An export between makes a step of its own, which the value must cross.
      lines += [
        "v\(number) = \(value)", "export penguins \"s\(number).csv\"",
        "w\(number) = penguins | head 1 | derive v = $v\(number) | select v",
        "export w\(number) \"w\(number).csv\"",
      ]
    }
    lines += [
      "cut = penguins | agg mean(body_mass_g)", "export penguins \"s.csv\"",
      "big = penguins | filter body_mass_g > $cut", "export big \"big.csv\"",
      "twice = cut * 2", "export penguins \"t.csv\"",
      "bigger = penguins | filter body_mass_g > $twice - 3000", "export bigger \"bigger.csv\"",
    ]
    let spec = try promoted(lines, workspace)
    #expect(spec.artifacts.contains { if case .scalar(.float) = $0.kind { true } else { false } })
  }

  @Test func parametersAreGivenToThePipeline() throws {
    let workspace = try Workspace()
    try promoted(
      [
        "param least = 5000 min=0 max=7000", load,
        "heavy = penguins | filter body_mass_g > $least | agg n = count()",
        "export heavy \"n.csv\"",
      ], workspace)
    let all = try workspace.read("n.csv")
    #expect(try workspace.run("pipeline/pipeline.yaml", [("least", "0")]) == nil)
    #expect(try workspace.read("n.csv") == "n\n342\n")
    #expect(all != "n\n342\n")
    for (name, value) in [("lest", "1"), ("least", "x"), ("least", "8000")] {
      let error = #expect(throws: Diagnostic.self) {
        try workspace.run("pipeline/pipeline.yaml", [(name, value)])
      }
      #expect(error?.status == 2)
    }
  }

  @Test func aFailureEndsTheRunWithItsStatus() throws {
    let workspace = try Workspace()
    try workspace.write("id,y,x\n1,1,1\n2,2,2.1\n3,3,2.9\n4,4,4.2\n5,5,5\n", "x.csv")
    try promoted(
      [
        "load \"x.csv\" as x", "check x: unique(id)", "m = x | fit ols y ~ x",
        "gate m on x: r2 >= 0.9", "good = x | filter y > 1", "export good \"good.csv\"",
      ], workspace)
    unlink(workspace.path("good.csv"))
    for (text, status) in [
      ("id,y,x\n1,1,1\n1,2,2.1\n3,3,2.9\n4,4,4.2\n5,5,5\n", Int32(5)),
      ("id,y,x\n1,1,9\n2,2,1\n3,3,5\n4,4,7\n5,5,2\n", 6), ("id,z,x\n1,1,9\n2,2,1\n3,3,5\n", 1),
    ] {
      try workspace.write(text, "x.csv")
      let error = try #require(try workspace.run())
      #expect(error.status == status, "\(error.whole)")
      #expect(error.whole.contains("in step "))
      #expect(!workspace.exists("good.csv"))
    }
    unlink(workspace.path("x.csv"))
    let error = try #require(try workspace.run())
    #expect(error.status == 4, "\(error.whole)")
    let outcome = try workspace.read("pipeline/.kaizen/steps/read-x/outcome.json")
    #expect(outcome.contains("\"exit_status\": 4"))
  }

  @Test func aStepRunsAlone() throws {
    let workspace = try Workspace()
    try promoted(
      [load, "heavy = penguins | filter body_mass_g > 5000", "export heavy \"a.csv\""], workspace)
    let expected = try workspace.read("a.csv")
    unlink(workspace.path("a.csv"))
    let run = try PipelineRun(path: workspace.path("pipeline/pipeline.yaml"), arguments: [])
    #expect(try run.run(run.spec.steps[1], like: try workspace.session()).error == nil)
    #expect(try workspace.read("a.csv") == expected)
    try FileManager.default.removeItem(atPath: workspace.path("pipeline/.kaizen"))
    let outcome = try run.run(run.spec.steps[1], like: try workspace.session())
    #expect(outcome.error?.status == 4)
    #expect(outcome.error?.message.contains("read-penguins") == true)
  }

  @Test func anEditedFileIsRunWithAWarning() throws {
    let workspace = try Workspace()
    try promoted([load, "export penguins \"a.csv\""], workspace)
    let file = "pipeline/pipeline.yaml"
    #expect(try PipelineRun(path: workspace.path(file), arguments: []).warning == nil)
    try workspace.edit(file, "pipeline: x", "pipeline: y")
    let run = try PipelineRun(path: workspace.path(file), arguments: [])
    #expect(run.warning?.contains("edited") == true)
    #expect(try workspace.run() == nil)
    try workspace.write("{", "pipeline/pipeline.lock.json")
    let damaged = try PipelineRun(path: workspace.path(file), arguments: [])
    #expect(damaged.warning?.contains("damaged") == true)
  }

  @Test func whatCannotBePromotedIsSaid() throws {
    let workspace = try Workspace()
    func refusal(_ lines: String...) throws -> Diagnostic? {
      let session = try workspace.session(load)
      for line in lines { try session.run(line) }
      try session.run("save \"x.md\"")
      do {
        try workspace.promote("x.md")
        return nil
      } catch let error as Diagnostic {
        return error
      }
    }
    #expect(try refusal("count")?.message.contains("nothing to automate") == true)
    #expect(
      try refusal("count by species", "x = _", "export x \"a.csv\"")?.message.contains("`_`")
        == true)
    let current = try refusal("def f() = filter year == 2007", "x = f()", "export x \"a.csv\"")
    #expect(current?.message.contains("current frame") == true, "\(current?.whole ?? "none")")
    try workspace.edit("x.md", "rows", "rowz")
    let stale = #expect(throws: Diagnostic.self) { try workspace.promote("x.md") }
    #expect(stale?.status == 3)
    #expect(stale?.whole.contains("checks clean") == true)
  }
}
