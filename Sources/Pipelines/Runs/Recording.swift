import Columnar
import Display
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A run that is going on and will be recorded when it has ended.
package struct RunRecorder {
  package var run: RunRecord
  private let start = monotonicSeconds()
  private let processorStart = RunRecorder.processorSeconds

  /// `kind` is `replay` or `pipeline`; `path` is that of the notebook or pipeline, absolute.
  package init(_ kind: String, path: String) {
    run = RunRecord(kind: kind, name: Path.stem(path), path: path, started: Timestamp.now)
  }

  /// Records the run in the database at `path`, ended now by `error` or done, and returns its number.
  package mutating func finish(_ error: (any Error)?, in path: String) throws -> Int64 {
    run.seconds = monotonicSeconds() - start
    run.processorSeconds = max(0, Self.processorSeconds - processorStart)
    switch error {
    case nil: run.status = "done"
    case let diagnostic as Diagnostic: run.status = diagnostic.code.rawValue
    case let error as DataError: run.status = Diagnostic(error, span: nil).code.rawValue
    default: run.status = Diagnostic.Code.io.rawValue
    }
    return try RunHistory(path: path).add(run)
  }

  /// What a replay used and gave; the cells' code is told apart by id.
  package mutating func add(_ replay: Replay, _ session: Session) {
    for (name, value) in replay.parameters.literals {
      run.facts.append(.init(.parameter, name, value))
    }
    for (index, cell) in replay.notebook.cells.enumerated() {
      run.facts.append(.init(.code, cell.cell.id ?? "cell \(index + 1)", digest(cell.cell.code)))
    }
    var written: Set<String> = []
    for step in session.steps {
      for file in step.inputs.uniqued where !written.contains(file) {
        guard let sha256 = (try? digest(ofFile: file))?.sha256 else { continue }
        run.facts.append(.init(.input, Path.relative(file, to: replay.folder), sha256))
      }
      written.formUnion(step.exports)
    }
    for file in written.sorted() {
      guard let place = try? session.files.readable(file),
        let sha256 = (try? digest(ofFile: place))?.sha256
      else { continue }
      run.facts.append(.init(.artifact, Path.relative(file, to: replay.folder), sha256))
    }
    addMetrics(session.steps.flatMap(\.outputs).flatMap(\.metrics))
  }

  /// What a pipeline run used and gave.
  package mutating func add(_ pipeline: PipelineRun, _ result: PipelineRunner.Result) {
    for (name, value) in pipeline.parameters.literals {
      run.facts.append(.init(.parameter, name, value))
    }
    for step in pipeline.spec.steps {
      run.facts.append(.init(.code, step.id, digest(step.program)))
    }
    var metrics: [(name: String, value: Double)] = []
    for outcome in result.outcomes {
      guard let record = outcome.record else { continue }
      for input in record.inputs { run.facts.append(.init(.input, input.path, input.sha256)) }
      for output in record.outputs {
        run.facts.append(.init(.artifact, output.path, output.object))
      }
      for artifact in record.artifacts {
        run.facts.append(.init(.artifact, "\(outcome.step).\(artifact.name)", artifact.object))
      }
      metrics += record.metrics
    }
    // A file that one step wrote and another read is no input of the whole.
    let written = Set(run.facts(.artifact).map(\.name))
    run.facts.removeAll { $0.kind == .input && written.contains($0.name) }
    addMetrics(metrics)
  }

  /// The second metric of a name is `auc#2`.
  private mutating func addMetrics(_ metrics: [(name: String, value: Double)]) {
    var counts: [String: Int] = [:]
    for metric in metrics {
      counts[metric.name, default: 0] += 1
      let count = counts[metric.name] ?? 1
      run.facts.append(
        .init(
          .metric, count == 1 ? metric.name : "\(metric.name)#\(count)", "\(metric.value)",
          number: metric.value.isFinite ? metric.value : nil))
    }
  }

  /// Seconds that processors have worked for this program and those it has waited for.
  private static var processorSeconds: Double {
    // RUSAGE_SELF and RUSAGE_CHILDREN, which are of different types from system to system.
    [Int32(0), -1].reduce(0) { total, who in
      var usage = rusage()
      getrusage(who, &usage)
      let times = [usage.ru_utime, usage.ru_stime]
      return total + times.reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6 }
    }
  }
}

extension Output {
  /// The metrics that an evaluation or a gate shows, by name.
  package var metrics: [(name: String, value: Double)] {
    guard case .report(let report) = self else { return [] }
    var facts = report.facts
    if report.kind == "gate" {
      guard case .object(let metrics)? = facts.first(where: { $0.key == "metrics" })?.value else {
        return []
      }
      facts = metrics
    } else if report.kind == "drift" {
      facts = facts.filter { $0.key == "max_psi" }
    } else if report.kind != "evaluation" {
      return []
    }
    return facts.compactMap { fact in
      if case .number(let value) = fact.value { (fact.key, value) } else { nil }
    }
  }
}
