import Columnar
import Display
import Foundation
import Language
import Notebooks
import Pipelines
import TestSupport
import Testing

/// The runner: what is run, what is not run again, and how it ends.
struct RunnerTests {
  /// Steps that fail in given ways before they succeed.
  private final class Flaky: StepExecutor {
    let inner: InProcessExecutor
    /// Errors still to come, by step.
    var errors: [String: [Diagnostic]]
    var started: [String] = []
    /// Steps that never end on their own.
    var endless: Set<String> = []

    init(_ session: Session, _ errors: [String: [Diagnostic]] = [:]) {
      inner = InProcessExecutor(like: session)
      self.errors = errors
    }

    func start(
      _ step: PipelineSpec.Step, needs: [(id: String, object: String)],
      of pipeline: PipelineRun, in run: RunFolder
    ) throws -> any StepExecution {
      started.append(step.id)
      if endless.contains(step.id) { return Endless(step: step.id) }
      if let error = errors[step.id]?.first {
        errors[step.id]?.removeFirst()
        return Failed(outcome: StepOutcome(step: step.id, seconds: 0, error: error))
      }
      return try inner.start(step, needs: needs, of: pipeline, in: run)
    }

    struct Failed: StepExecution {
      let outcome: StepOutcome
      func poll() -> StepOutcome? { outcome }
      func stop(atOnce: Bool) {}
    }

    final class Endless: StepExecution {
      let step: String
      var isStopped = false
      init(step: String) { self.step = step }
      func poll() -> StepOutcome? {
        isStopped ? StepOutcome(step: step, seconds: 0, error: Diagnostic(.killed, "ended")) : nil
      }
      func stop(atOnce: Bool) { isStopped = true }
    }
  }

  private static let spec = """
    kaizen: 1
    pipeline: p
    root: "."
    parameters:
      k: {type: int, default: 2}
    artifacts:
      read.t: {type: frame, columns: [{name: a, type: int}]}
      left.l: {type: scalar, of: int}
    steps:
      - id: read
        gives: [t]
        inputs: [t.csv]
        program: load "t.csv" as t
      - id: left
        needs: [read.t]
        gives: [l]
        retries: 2
        program: |-
          s = t | agg n = sum(a)
          l = s * $k
      - id: right
        needs: [read.t]
        timeout: 1s
        outputs: [r.csv]
        program: |-
          r = t | filter a > 1
          export r "r.csv"
      - id: join
        needs: [left.l]
        inputs: [r.csv]
        outputs: [out.csv]
        program: |-
          load "r.csv" as r
          o = r | derive b = a * $l
          export o "out.csv"

    """

  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write("a\n1\n2\n3\n", "t.csv")
    try workspace.write(Self.spec, "pipeline.yaml")
    return workspace
  }

  /// Runs the pipeline; the kinds of outcome by step, and what was started.
  private func run(
    _ workspace: Workspace, _ executor: Flaky? = nil, k: String? = nil
  ) throws -> (kinds: [String], started: [String], result: PipelineRunner.Result) {
    let arguments = k.map { [(name: "k", value: $0)] } ?? []
    let pipeline = try PipelineRun(path: workspace.path("pipeline.yaml"), arguments: arguments)
    let executor = try executor ?? Flaky(workspace.session())
    executor.started = []
    var runner = PipelineRunner(pipeline, executor: executor)
    runner.backoff = 0.001
    runner.jobs = 2
    let result = try runner.run()
    return (result.outcomes.map { "\($0.step) \($0.kind)" }, executor.started, result)
  }

  @Test func whatHasNotChangedIsNotRunAgain() throws {
    let workspace = try workspace()
    #expect(try run(workspace).started == ["read", "left", "right", "join"])
    #expect(try workspace.read("out.csv") == "a,b\n2,24\n3,36\n")
    let again = try run(workspace)
    #expect(again.started == [])
    #expect(again.kinds == ["read reused", "left reused", "right reused", "join reused"])
    // A parameter is part of the steps that name it.
    #expect(try run(workspace, k: "3").started == ["left", "join"])
    #expect(try workspace.read("out.csv") == "a,b\n2,36\n3,54\n")
    // What a step wrote is brought back, even where another run wrote something else meanwhile.
    #expect(try run(workspace).started == [])
    #expect(try workspace.read("out.csv") == "a,b\n2,24\n3,36\n")
    unlink(workspace.path("r.csv"))
    #expect(try run(workspace).started == [])
    #expect(try workspace.read("r.csv") == "a\n2\n3\n")
    // An input that changed runs what depends on what changed.
    try workspace.write("a\n1\n2\n3\n4\n", "t.csv")
    #expect(try run(workspace).started == ["read", "left", "right", "join"])
    try workspace.edit("pipeline.yaml", "a > 1", "a > 1.5")
    #expect(try run(workspace).started == ["right"])
  }

  @Test func filesThatWereNotDeclaredCount() throws {
    let workspace = try workspace()
    try workspace.edit("pipeline.yaml", "    inputs: [t.csv]\n", "")
    #expect(try run(workspace).started.count == 4)
    #expect(try run(workspace).started == [])
    try workspace.write("a\n9\n", "t.csv")
    #expect(try run(workspace).started.first == "read")
  }

  @Test func damageIsMended() throws {
    let workspace = try workspace()
    _ = try run(workspace)
    let before = try workspace.read("out.csv")
    let objects = workspace.path(".kaizen/objects")
    for name in Path.entries(of: objects) { try writeText("x", to: objects + "/" + name) }
    for name in Path.entries(of: workspace.path(".kaizen/records")).prefix(1) {
      try workspace.write("{", ".kaizen/records/\(name)")
    }
    try workspace.write("a\n7\n", "r.csv")
    #expect(try run(workspace).started.count == 4)
    #expect(try workspace.read("out.csv") == before)
    let store = Store(root: workspace.path(".kaizen"))
    for name in Path.entries(of: objects) where name != "x" { #expect(store.isSound(name)) }
  }

  @Test func onlyWhatAsksForItIsTriedAgain() throws {
    let workspace = try workspace()
    let busy = Diagnostic(.transient, "busy")
    let twice = try Flaky(workspace.session(), ["left": [busy, busy]])
    let run = try run(workspace, twice)
    #expect(run.started.filter { $0 == "left" }.count == 3)
    #expect(run.result.outcomes.first { $0.step == "left" }?.attempts == 3)
    #expect(run.result.outcomes.allSatisfy { $0.error == nil })
    // Three times is once too often, and other errors are not tried again.
    for errors in [[busy, busy, busy], [Diagnostic(.io, "broken")]] {
      let workspace = try self.workspace()
      let run = try self.run(workspace, try Flaky(workspace.session(), ["left": errors]))
      #expect(run.started.filter { $0 == "left" }.count == errors.count)
      #expect(!run.started.contains("join"))
      let outcome = try #require(run.result.outcomes.first { $0.step == "left" })
      #expect(outcome.error?.code == errors[0].code)
      #expect(run.result.run.outcome(of: "left")?.kind == outcome.kind)
    }
  }

  @Test func aStepThatTakesTooLongIsEnded() throws {
    let workspace = try workspace()
    try workspace.edit("pipeline.yaml", "timeout: 1s", "timeout: 20ms")
    let executor = try Flaky(workspace.session())
    executor.endless = ["right"]
    let run = try run(workspace, executor)
    #expect(run.kinds.contains("right timeout"), "\(run.kinds)")
    #expect(!run.started.contains("join"))
    #expect(run.result.run.outcome(of: "right")?.error?.message.contains("20ms") == true)
  }

  @Test func aDeadHoldersLockIsTaken() throws {
    let workspace = try workspace()
    let path = workspace.path("lock")
    let held = try FileLock.acquire(path)
    #expect(try FileLock.acquire(path, waits: false) == nil)
    #expect(FileLock.isHeld(path))
    withExtendedLifetime(held) {}
    func hold() throws { _ = try FileLock.acquire(path + "2") }
    try hold()
    #expect(!FileLock.isHeld(path + "2"))
    #expect(try FileLock.acquire(path + "2", waits: false) != nil)
  }

  @Test func oldRunsAreRemovedWithWhatOnlyTheyNeed() throws {
    let workspace = try workspace()
    for k in ["2", "3", "4"] { _ = try run(workspace, k: k) }
    let store = Store(root: workspace.path(".kaizen"))
    #expect(store.runFolders.count == 3)
    let before = Path.entries(of: store.root + "/objects").count
    _ = try store.collect(keeping: 1)
    #expect(store.runFolders.count == 1)
    #expect(Path.entries(of: store.root + "/objects").count < before)
    #expect(try run(workspace, k: "4").started == [])
    #expect(try run(workspace, k: "2").started == ["left", "join"])
    let busy = try FileLock.acquire(store.root + "/locks/store", shared: true)
    let error = #expect(throws: Diagnostic.self) { try store.collect(keeping: 0) }
    #expect(error?.status == 75)
    withExtendedLifetime(busy) {}
  }

  @Test func aStepIsEnteredWithWhatItWasGiven() throws {
    let workspace = try workspace()
    try workspace.edit("pipeline.yaml", "a * $l", "a * $m")
    let run = try run(workspace, k: "5")
    #expect(run.kinds.last == "join unknown-name", "\(run.kinds)")
    let pipeline = try PipelineRun(path: workspace.path("pipeline.yaml"), arguments: [])
    // Other runs since do not change what is seen.
    _ = try self.run(workspace, k: "6")
    let step = try pipeline.attachedStep(nil, in: run.result.run)
    #expect(step.id == "join")
    let session = try pipeline.session(
      attachedTo: step, in: run.result.run, like: try workspace.session())
    #expect(session.state.bindings.keys.sorted() == ["k", "l"])
    try session.run("load \"r.csv\" as r")
    try session.run("o = r | derive b = a * $l")
    #expect(try session.frame(of: Name("o")).columns[1][0] == .int(60))
    #expect(session.state.variables["k"] == .int(5))
    #expect(throws: Diagnostic.self) { try pipeline.attachedStep("nix", in: run.result.run) }
  }

  @Test func theOrderKeepsChecksAndGatesBeforeWhatFollows() throws {
    func step(_ id: String, _ kind: String, _ needs: [String] = [], _ gives: [String] = [])
      -> PipelineSpec.Step
    {
      .init(
        id: id, kind: kind, program: "x = 1", needs: needs, gives: gives, inputs: [], outputs: [])
    }
    let spec = PipelineSpec(
      name: "p", source: "", root: ".", parameters: [],
      artifacts: [
        .init(name: "a", kind: .scalar(.int), step: "ra"),
        .init(name: "b", kind: .scalar(.int), step: "rb"),
        .init(name: "m", kind: .model, step: "fit"),
      ],
      steps: [
        step("ra", "read", [], ["a"]), step("rb", "read", [], ["b"]), step("ca", "check", ["ra.a"]),
        step("fit", "fit", ["ra.a"], ["m"]), step("eb", "export", ["rb.b"]),
        step("gate", "gate", ["fit.m"]), step("em", "export", ["fit.m"]),
      ])
    #expect(spec.dependencies(of: spec.steps[1]) == [])
    #expect(spec.dependencies(of: spec.steps[3]) == ["ra", "ca"])
    #expect(spec.dependencies(of: spec.steps[4]) == ["rb"])
    #expect(spec.dependencies(of: spec.steps[6]) == ["ca", "fit", "gate"])
    let graph = Graph(spec)
    #expect(graph.nodes[6].needs == [5])
    #expect(graph.lines().count == 7)
    #expect(graph.svg.contains("<rect") && graph.svg.hasSuffix("</svg>\n"))
  }

  @Test func lineageSaysWhatWasReadAndWritten() throws {
    let workspace = try workspace()
    let result = try run(workspace).result
    let events = try readText(result.run.events).split(separator: "\n")
      .map { try JSONValue.parse(String($0)) }
    #expect(events.count == 2 + 2 * 4)
    #expect(events.first?["eventType"] == .string("START"))
    #expect(events.last?["eventType"] == .string("COMPLETE"))
    let join = try #require(
      events.last { $0["job"]?["name"] == .string("p.join") })
    guard case .array(let inputs)? = join["inputs"], case .array(let outputs)? = join["outputs"]
    else {
      Issue.record("no lists")
      return
    }
    #expect(inputs.map { $0["name"] } == [.string("r.csv"), .string("left.l")])
    #expect(outputs.map { $0["name"] } == [.string("out.csv")])
    // Each column with what it was in what the step was given, also when nothing is run again.
    for _ in 0..<2 {
      let again = try run(workspace).result
      let events = try readText(again.run.events)
      #expect(events.contains("\"columnLineage\""))
      #expect(events.contains("\"name\": \"read.t\", \"field\": \"a\""))
      #expect(events.contains("\"name\": \"t.csv\", \"field\": \"a\""))
      // What comes from a value that was taken from data is not known, and is left out.
      #expect(!events.contains("\"b\": {\"inputFields\""))
    }
  }
}
