import Columnar
import Display
import Language
import Query

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `time` and `plan`, and `!`.
extension Session {
  func inspect(_ inspection: Statement.Inspection, _ statement: Statement) throws {
    switch inspection {
    case .time:
      lastReport = nil
      let start = monotonicSeconds()
      let typed = step.statement
      step.statement = statement
      try perform(statement)
      let seconds = monotonicSeconds() - start
      if step.isChange, !statement.verbs.contains(where: isLeft) {
        // What it bound is recorded without the time that it took.
        step.recording = .recorded
        try notify(.report(timing(seconds)))
      } else {
        step.statement = typed
        try show(.report(timing(seconds)))
      }
    case .plan:
      let pipeline: Pipeline
      switch statement.kind {
      case .pipeline(let shown): pipeline = shown
      case .bind(_, .pipeline(let bound)): pipeline = bound
      default:
        throw Diagnostic(.usage, "`plan` explains a pipeline", span: statement.span)
      }
      guard let plan = plan(of: try evaluate(pipeline)) else {
        throw Diagnostic(
          .usage, "`plan` explains a pipeline that gives rows", span: statement.span)
      }
      try show(
        .report(
          Report(kind: "plan", sections: [.text(plan.describe())])))
    }
  }

  private func isLeft(_ verb: String) -> Bool { catalog[verb]?.declaration.recording == .left }

  private func timing(_ seconds: Double) -> Report {
    var report = Report(kind: "time", facts: [Fact("seconds", .number(seconds))])
    if let operators = lastReport?.operators, !operators.isEmpty {
      report.sections.append(
        .table(
          ReportTable(
            key: "operators",
            columns: [
              ReportColumn("operator"), ReportColumn("rows_in", title: "rows in", .right),
              ReportColumn("rows_out", title: "rows out", .right),
              ReportColumn("bytes", .right), ReportColumn("seconds", title: "ms", .decimal),
            ],
            rows: operators.map {
              [
                .text($0.name), .int(Int64($0.rowsIn)), .int(Int64($0.rowsOut)),
                .int(Int64($0.bytes)), .shown(milliseconds($0.seconds), .number($0.seconds)),
              ]
            })))
    }
    report.footer = ["\(milliseconds(seconds)) ms · \(Workers.threadCount) threads"]
    return report
  }

  private func milliseconds(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10_000).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  func shell(_ text: String, span: Span) throws {
    if text.hasPrefix("!") {
      throw Diagnostic(
        .usage, "`!!` is not supported: nothing runs that cannot be read first", span: span,
        notes: [
          "Up brings back the last line, or the last that begins with what is typed; Ctrl-R searches"
        ])
    }
    guard allowsShell else {
      throw Diagnostic(
        .notAllowed, "`!` runs at the prompt only: a script or notebook has no shell", span: span)
    }
    fflush(nil)
    let status = system(text)
    if status == -1 {
      throw Diagnostic(.io, "the shell could not be started", span: span)
    }
    let code = (status >> 8) & 0xff
    if status != 0 {
      try show(.message(Message(text: "exit status \(code)", kind: "shell")))
    }
  }
}

/// Seconds of a clock that only runs forward, for durations.
package func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
