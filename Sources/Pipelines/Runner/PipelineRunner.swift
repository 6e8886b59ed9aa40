import Columnar
import Display
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs the steps of a pipeline, each as soon as those before it are done, several at once.
package struct PipelineRunner {
  package let pipeline: PipelineRun
  package let executor: any StepExecutor
  /// How many steps may run at once.
  package var jobs = 1
  /// Seconds before the first repetition of a step that asks for one; each further wait is twice as
  /// long.
  package var backoff = 1.0
  /// Told of each step that has ended, and of each that is to be tried again.
  package var onStep: (StepOutcome) -> Void = { _ in }
  package var onRetry: (_ step: String, _ error: Diagnostic, _ seconds: Double) -> Void = {
    _, _, _ in
  }

  package init(_ pipeline: PipelineRun, executor: any StepExecutor) {
    self.pipeline = pipeline
    self.executor = executor
  }

  /// What a run came to.
  package struct Result: Sendable {
    package var run: RunFolder
    /// In the order of the steps; those that were not begun are not there.
    package var outcomes: [StepOutcome]
    package var seconds: Double
  }

  private struct Running {
    var step: PipelineSpec.Step
    var execution: any StepExecution
    var deadline: Double?
    var attempt: Int
  }

  private struct State {
    var outcomes: [String: StepOutcome] = [:]
    var records: [String: StepRecord] = [:]
    var running: [Running] = []
    /// Steps to be tried again, when, and for which time.
    var waiting: [(step: PipelineSpec.Step, at: Double, attempt: Int)] = []
    var hasFailed: Bool { outcomes.values.contains { $0.error != nil } }
  }

  /// Runs all steps. After a step has failed those that run are let finish and no other is begun.
  /// Throws `cancelled`, and where the store cannot be written; how steps ended is in the result.
  package func run() throws -> Result {
    let start = monotonicSeconds()
    for secret in pipeline.parameters.compactMap(\.asSecret)
    where pipeline.spec.steps.contains(where: { $0.program.names(secret.name) }) {
      _ = try secret.value()
    }
    guard
      let use = try FileLock.acquire(pipeline.store.useLock, shared: true),  // gc waits for us
      let (run, lock) = try begin()
    else { throw Diagnostic(.io, "the store cannot be locked") }
    defer { withExtendedLifetime((use, lock)) {} }
    var lineage = Lineage(pipeline, run)
    try lineage.began()
    Progress.shared.begin(
      "pipeline \(pipeline.spec.name)", unit: "steps", total: pipeline.spec.steps.count)
    defer { Progress.shared.end() }
    var state = State()
    do {
      while try advance(&state, run, &lineage) { usleep(state.running.isEmpty ? 1_000 : 4_000) }
    } catch {
      halt(&state)
      try? write(run, state, status: "stopped", start: start)
      throw error
    }
    let failure = ordered(state).first { $0.error != nil }?.error
    try lineage.ended(failure)
    try write(run, state, status: failure == nil ? "done" : "failed", start: start)
    return Result(run: run, outcomes: ordered(state), seconds: monotonicSeconds() - start)
  }

  private func ordered(_ state: State) -> [StepOutcome] {
    pipeline.spec.steps.compactMap { state.outcomes[$0.id] }
  }

  private func begin() throws -> (RunFolder, FileLock)? {
    for _ in 0..<100 {
      let run = RunFolder(id: RunFolder.newID(), in: pipeline.store)
      if Path.exists(run.path) { continue }
      guard let lock = try FileLock.acquire(run.lock, waits: false) else { continue }
      try write(run, State(), status: "running", start: monotonicSeconds())
      return (run, lock)
    }
    return nil
  }

  /// Starts what can be started and takes in what has ended. Returns whether there is more to do.
  private func advance(_ state: inout State, _ run: RunFolder, _ lineage: inout Lineage) throws
    -> Bool
  {
    try Cancellation.check()
    let now = monotonicSeconds()
    if !state.hasFailed {
      for (place, retry) in state.waiting.enumerated().reversed() where retry.at <= now {
        state.waiting.remove(at: place)
        try start(retry.step, attempt: retry.attempt, &state, run, &lineage)
      }
      for step in pipeline.spec.steps where state.running.count < jobs && isReady(step, state) {
        try start(step, attempt: 1, &state, run, &lineage)
        if state.hasFailed { break }
      }
    } else {
      state.waiting = []
    }
    for (place, running) in state.running.enumerated().reversed() {
      var ended = try running.execution.poll()
      if ended == nil, let deadline = running.deadline, now > deadline {
        ended = try expire(running)
      }
      guard var outcome = ended else { continue }
      outcome.attempts = running.attempt
      state.running.remove(at: place)
      if let error = outcome.error, error.code == .transient,
        running.attempt <= running.step.retries
      {
        let wait = backoff * Double(1 << min(running.attempt - 1, 10))
        onRetry(running.step.id, error, wait)
        state.waiting.append((running.step, now + wait, running.attempt + 1))
        continue
      }
      try take(outcome, &state, run, &lineage)
    }
    return !state.running.isEmpty || !state.waiting.isEmpty
      || (!state.hasFailed && state.outcomes.count < pipeline.spec.steps.count)
  }

  private func isReady(_ step: PipelineSpec.Step, _ state: State) -> Bool {
    state.outcomes[step.id] == nil && !state.running.contains { $0.step.id == step.id }
      && !state.waiting.contains { $0.step.id == step.id }
      && pipeline.spec.dependencies(of: step).allSatisfy { state.outcomes[$0] != nil }
  }

  private func start(
    _ step: PipelineSpec.Step, attempt: Int, _ state: inout State, _ run: RunFolder,
    _ lineage: inout Lineage
  ) throws {
    let needs = try pipeline.needs(of: step, state.records)
    let key = try pipeline.key(of: step, needs: needs)
    // What has been done before need not be started.
    if let record = try pipeline.soundRecord(key) {
      try pipeline.restoreOutputs(record)
      var outcome = StepOutcome(step: step.id, seconds: 0)
      outcome.isReused = true
      (outcome.key, outcome.needs, outcome.record) = (key, needs, record)
      try pipeline.write(
        outcome, log: "nothing it depends on has changed: taken from the store\n", run: run)
      try take(outcome, &state, run, &lineage)
      return
    }
    let execution = try executor.start(step, needs: needs, of: pipeline, in: run)
    state.running.append(
      Running(
        step: step, execution: execution,
        deadline: step.timeout.map { monotonicSeconds() + $0 }, attempt: attempt))
  }

  private func take(
    _ outcome: StepOutcome, _ state: inout State, _ run: RunFolder, _ lineage: inout Lineage
  ) throws {
    state.outcomes[outcome.step] = outcome
    state.records[outcome.step] = outcome.record
    // A step that could not say how it ended, or was tried again, is said here.
    try pipeline.write(outcome, log: nil, run: run)
    try lineage.ended(outcome)
    try write(run, state, status: "running", start: nil)
    Progress.shared.advance(1)
    onStep(outcome)
  }

  /// Ends a step that has had its time.
  private func expire(_ running: Running) throws -> StepOutcome {
    running.execution.stop(atOnce: true)
    while try running.execution.poll() == nil { usleep(1_000) }
    let seconds = running.step.timeout ?? 0
    return StepOutcome(
      step: running.step.id, seconds: seconds,
      error: Diagnostic(
        .timeout, "step \(running.step.id) took longer than its \(Seconds.text(seconds))",
        notes: ["in step \(running.step.id)"]))
  }

  /// Ends what runs: as Ctrl-C does, and after two seconds at once.
  private func halt(_ state: inout State) {
    for running in state.running { running.execution.stop(atOnce: false) }
    let end = monotonicSeconds() + 2
    while !state.running.isEmpty {
      state.running.removeAll { ((try? $0.execution.poll()) ?? nil) != nil }
      if monotonicSeconds() > end {
        for running in state.running { running.execution.stop(atOnce: true) }
      }
      usleep(2_000)
    }
  }

  private func write(_ run: RunFolder, _ state: State, status: String, start: Double?) throws {
    var facts = [
      Fact("kaizen", .int(1)), Fact("run", .string(run.id)),
      Fact("pipeline", .string(pipeline.spec.name)), Fact("status", .string(status)),
      Fact(
        "parameters", .object(pipeline.parameters.literals.map { Fact($0.name, .string($0.value)) })
      ),
      Fact(
        "steps",
        .array(
          ordered(state).map { outcome in
            .object([
              Fact("id", .string(outcome.step)), Fact("kind", .string(outcome.kind)),
              Fact("seconds", .number(outcome.seconds)),
              Fact("attempts", .int(Int64(outcome.attempts))),
              Fact("key", outcome.key.map { .string($0) } ?? .null),
            ])
          })),
    ]
    if status != "running", let start {
      facts.append(Fact("seconds", .number(monotonicSeconds() - start)))
    }
    try writeText(JSONValue.object(facts).indentedText + "\n", to: run.summary)
  }
}

/// Spans of time in pipeline files.
package enum Seconds {
  private static let units: [(name: String, seconds: Double)] = [
    ("ms", 0.001), ("min", 60), ("s", 1), ("h", 3600), ("d", 86_400),
  ]

  /// The seconds of `90s`, `10min`, `2h` or `1d`; nil for anything else and what is not above 0.
  package static func parse(_ text: String) -> Double? {
    for unit in units where text.hasSuffix(unit.name) {
      guard let number = Double(text.dropLast(unit.name.count)), number.isFinite, number > 0,
        number * unit.seconds < 1e9
      else { continue }
      return number * unit.seconds
    }
    return nil
  }

  /// `10min`
  package static func text(_ seconds: Double) -> String {
    let unit = units.filter {
      $0.seconds <= seconds && (seconds / $0.seconds).rounded() * $0.seconds == seconds
    }
    .max { $0.seconds < $1.seconds }
    guard let unit else { return "\(seconds)s" }
    return "\(Int(seconds / unit.seconds))\(unit.name)"
  }
}
