import Columnar
import Display
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Looking at runs, and going into one of their steps.
extension PipelineRun {
  /// The step with an id. Throws `usage` with those there are.
  package func step(_ id: String) throws -> PipelineSpec.Step {
    if let step = spec.steps.first(where: { $0.id == id }) { return step }
    let ids = spec.steps.map(\.id)
    throw Diagnostic(
      .usage, "there is no step `\(id)`",
      label: nearest(id, among: ids).map { "did you mean `\($0)`?" },
      notes: ["steps: \(ids.joined(separator: ", "))"])
  }

  /// How the steps of a run stand.
  package func status(of run: RunFolder) -> Report {
    let recorded = run.recorded
    var status = "unknown"
    if case .string(let text)? = recorded?["status"] { status = text }
    let isLive = run.isLive
    if status == "running", !isLive { status = "died" }
    var isFirst = true
    let rows: [[Cell]] = spec.steps.map { step in
      guard let outcome = run.outcome(of: step.id) else {
        let state = isLive ? "waiting or running" : "not run"
        return [.text(step.id), .text(state), .empty, .empty]
      }
      var evidence = outcome.error?.message ?? ""
      if outcome.error != nil, isFirst {
        isFirst = false
      } else if outcome.error == nil {
        evidence = ""
      }
      return [
        .text(step.id), .text(outcome.kind),
        .int(Int64(outcome.error?.code.exitStatus ?? 0)), .text(evidence),
      ]
    }
    let table = ReportTable(
      key: "steps",
      columns: [
        ReportColumn("step"), ReportColumn("state"),
        ReportColumn("exit_status", title: "status", .right), ReportColumn("reason", title: ""),
      ], rows: rows)
    var facts = [Fact("run", .string(run.id)), Fact("status", .string(status))]
    if let parameters = recorded?["parameters"] { facts.append(Fact("parameters", parameters)) }
    var report = Report(
      kind: "status", title: ["\(spec.name) · run \(run.id) · \(status)"],
      sections: [.table(table)], facts: facts)
    if spec.steps.contains(where: { run.outcome(of: $0.id)?.error != nil }) {
      report.footer = ["kaizen pipeline attach \(Path.relative(path, to: Path.current))"]
    }
    return report
  }

  /// What each step of a run that has ended showed, in order.
  package func logs(of run: RunFolder) -> [(step: String, text: String)] {
    spec.steps.compactMap { step in
      let place = run.place(of: step.id)
      var text = (try? readText(place + "/log.txt")) ?? ""
      if let said = try? readText(place + "/stderr.txt"), text.isEmpty { text = said }
      if let error = run.outcome(of: step.id)?.error, !text.contains(error.message) {
        text += error.render(source: "") + "\n"
      }
      return text.isEmpty ? nil : (step.id, text)
    }
  }

  /// The step to go into: the one named, or the first that failed in a run. Throws `usage`.
  package func attachedStep(_ id: String?, in run: RunFolder) throws -> PipelineSpec.Step {
    if let id { return try step(id) }
    guard let failed = spec.steps.first(where: { run.outcome(of: $0.id)?.error != nil }) else {
      throw Diagnostic(
        .usage, "no step of run \(run.id) failed: name one with --step",
        notes: ["steps: \(spec.steps.map(\.id).joined(separator: ", "))"])
    }
    return failed
  }

  /// A session that has what a step of a run was given and nothing else, with the values that the
  /// parameters had in it. Throws `unknown-name` where the step was not begun.
  package func session(
    attachedTo step: PipelineSpec.Step, in run: RunFolder, like session: Session
  ) throws -> Session {
    guard let outcome = run.outcome(of: step.id) else {
      throw Diagnostic(.unknownName, "step \(step.id) was not begun in run \(run.id)")
    }
    guard outcome.needs.count == step.needs.count else {
      throw Diagnostic(
        .unknownName, "step \(step.id) had not been given what it needs in run \(run.id)",
        notes: outcome.error.map { [$0.message] } ?? [])
    }
    let worker = try worker(for: step, needs: outcome.needs, like: session)
    worker.files = FileAccess(base: root)
    if let values = run.recorded?.texts("parameters") {
      worker.declare(
        try parameters.map { declared in
          var parameter = declared
          if let literal = values.first(where: { $0.key == declared.name })?.value {
            parameter.value = try declared.read(literal)
          }
          return parameter
        })
    }
    return worker
  }

  /// What is said when a session opens on a step: how it ended, and its program.
  package func attachMessage(_ step: PipelineSpec.Step, in run: RunFolder) -> Message {
    let outcome = run.outcome(of: step.id)
    var lines = ["run \(run.id) · \(outcome?.kind ?? "not begun")"]
    if let error = outcome?.error { lines.append(error.message) }
    lines += step.program.split(separator: "\n").map { "  \($0)" }
    return Message(
      subject: step.id, text: lines.joined(separator: "\n"), kind: "attach",
      facts: [
        Fact("run", .string(run.id)), Fact("step", .string(step.id)),
        Fact("program", .string(step.program)),
      ])
  }

  /// Throws `pinned` unless the inputs are those that the pipeline was promoted with.
  package func requireLockedInputs() throws {
    let lock = try PipelineLock(in: folder)
    for input in lock.inputs {
      let now = try inputDigest(input.path)
      guard now == input.sha256 else {
        throw Diagnostic(
          now == nil ? .noSuchFile : .pinned,
          now == nil
            ? "input \(input.path) is missing"
            : "not comparable: input \(input.path) is not the one in pipeline.lock.json",
          notes: now.map { ["sha256 \($0.prefix(12))…, promoted with \(input.sha256.prefix(12))…"] }
            ?? [])
      }
    }
  }
}

/// Waits for an input of a pipeline, or its file, to change.
package struct InputWatch {
  private let files: [String]
  private var seen: [String]
  private let start = monotonicSeconds()

  /// The files as they are now.
  package init(_ pipeline: PipelineRun) {
    let written = Set(pipeline.spec.steps.flatMap(\.outputs))
    let inputs = pipeline.spec.steps.flatMap(\.inputs).uniqued.filter { !written.contains($0) }
    files =
      [pipeline.path] + inputs.map { Path.normalized(pipeline.root + "/" + $0) }
    seen = files.map(Self.state)
  }

  /// Returns when `every` seconds have passed since the watch began, or, without it, when a file has
  /// changed and then stayed as it is for half a second. Throws `cancelled`.
  package mutating func wait(every: Double?) throws {
    while true {
      try Cancellation.check()
      if let every {
        if monotonicSeconds() >= start + every { return }
      } else {
        let now = files.map(Self.state)
        if now != seen {
          var last = now
          repeat {
            last = files.map(Self.state)
            for _ in 0..<10 {
              try Cancellation.check()
              usleep(50_000)
            }
          } while last != files.map(Self.state)
          seen = last
          return
        }
      }
      usleep(50_000)
    }
  }

  /// Which file it is, its size and when it was written.
  private static func state(_ path: String) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { return "" }
    #if canImport(Glibc)
      let time = status.st_mtim
    #else
      let time = status.st_mtimespec
    #endif
    return "\(status.st_ino) \(status.st_size) \(time.tv_sec) \(time.tv_nsec)"
  }
}
