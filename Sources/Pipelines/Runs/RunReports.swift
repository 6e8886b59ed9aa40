import Display
import Notebooks

/// What is shown of recorded runs.
package enum RunReports {
  /// A line a run; with `metric` its value, else the first metrics that each has.
  package static func list(_ runs: [RunRecord], metric: String? = nil) -> Report {
    let rows: [[Cell]] = runs.map { run in
      let metrics = run.facts(.metric)
      let shown: Cell
      if let metric, let value = metrics.first(where: { $0.name == metric })?.number {
        shown = .number(value, .significant(6))
      } else {
        shown = pairs(metrics, shown: 3)
      }
      return [
        .int(run.id), .text(run.kind), .text(run.name), .text(day(run.started)),
        .number(run.seconds, .decimals(2)), .text(run.status), shown,
        pairs(run.facts(.parameter)),
      ]
    }
    let table = ReportTable(
      key: "runs",
      columns: [
        ReportColumn("run", .right), ReportColumn("kind", title: ""), ReportColumn("name"),
        ReportColumn("started", droppable: 3), ReportColumn("seconds", title: "s", .decimal),
        ReportColumn("status"), ReportColumn("metric", title: metric ?? "metrics"),
        ReportColumn("parameters", droppable: 2),
      ], rows: rows)
    if runs.isEmpty {
      return Report(kind: "runs", sections: [.text(["no run has been recorded yet"])])
    }
    return Report(kind: "runs", sections: [.table(table)])
  }

  /// All that is known of a run.
  package static func show(_ run: RunRecord) -> Report {
    let table = ReportTable(
      key: "facts",
      columns: [ReportColumn("kind", title: ""), ReportColumn("name"), ReportColumn("value")],
      rows: RunRecord.Fact.Kind.allCases.flatMap { kind in
        run.facts(kind).map {
          [.text(kind.rawValue), .text($0.name), .shown(short($0), json($0))]
        }
      })
    return Report(
      kind: "run",
      title: [
        "run \(run.id) · \(run.kind) \(run.name) · \(run.status)",
        "\(run.path) · \(run.started) · kaizen \(run.version)",
      ], sections: [.table(table)],
      footer: [
        "\(seconds(run.seconds)) s · \(seconds(run.processorSeconds)) s of processors"
      ],
      facts: [
        Fact("run", .int(run.id)), Fact("status", .string(run.status)),
        Fact("path", .string(run.path)), Fact("started", .string(run.started)),
        Fact("seconds", .number(run.seconds)),
        Fact("processor_seconds", .number(run.processorSeconds)),
        Fact("version", .string(run.version)),
      ])
  }

  /// What differs between two runs: what went into them, and what came out.
  package static func compare(_ left: RunRecord, _ right: RunRecord) -> Report {
    var causes = [("version", left.version, right.version), ("notebook", left.path, right.path)]
      .filter { $0.1 != $0.2 }.map { name, before, after -> [Cell] in
        [.text(name), .empty, .text(before), .text(after)]
      }
    for kind in [RunRecord.Fact.Kind.parameter, .input, .code] {
      causes += rows(kind, left, right)
    }
    var results: [[Cell]] = []
    if left.status != right.status {
      results.append([.text("status"), .empty, .text(left.status), .text(right.status)])
    }
    for kind in [RunRecord.Fact.Kind.metric, .artifact] { results += rows(kind, left, right) }
    func table(_ key: String, _ title: String, _ rows: [[Cell]]) -> Report.Section {
      .table(
        ReportTable(
          key: key,
          columns: [
            ReportColumn("kind", title: title), ReportColumn("name", title: ""),
            ReportColumn("before", title: "run \(left.id)"),
            ReportColumn("after", title: "run \(right.id)"),
          ], rows: rows))
    }
    var sections: [Report.Section] = []
    if !causes.isEmpty { sections.append(table("causes", "went in", causes)) }
    if !results.isEmpty { sections.append(table("results", "came out", results)) }
    let footer =
      causes.isEmpty && results.isEmpty
      ? "the same went in and came out"
      : "\(causes.count) difference\(causes.count == 1 ? "" : "s") in what went in, "
        + "\(results.count) in what came out"
    return Report(
      kind: "comparison", sections: sections, footer: [footer],
      facts: [Fact("before", .int(left.id)), Fact("after", .int(right.id))])
  }

  private static func rows(
    _ kind: RunRecord.Fact.Kind, _ left: RunRecord, _ right: RunRecord
  ) -> [[Cell]] {
    let (before, after) = (left.facts(kind), right.facts(kind))
    return (before.map(\.name) + after.map(\.name)).uniqued.compactMap { name in
      let old = before.first { $0.name == name }
      let new = after.first { $0.name == name }
      if old?.text == new?.text { return nil }
      func cell(_ fact: RunRecord.Fact?) -> Cell {
        fact.map { .shown(short($0), json($0)) } ?? .shown("–", .null)
      }
      return [.text(kind.rawValue), .text(name), cell(old), cell(new)]
    }
  }

  /// A digest by its first twelve digits, a metric with six.
  private static func short(_ fact: RunRecord.Fact) -> String {
    switch fact.kind {
    case .metric: fact.number.map { NumberFormat.significant(6).text($0) } ?? fact.text
    case .input, .code, .artifact: String(fact.text.prefix(12))
    case .parameter: fact.text
    }
  }

  /// Names with values, the first few of them on the screen; programs get all, metrics as numbers.
  private static func pairs(_ facts: [RunRecord.Fact], shown count: Int = .max) -> Cell {
    .shown(
      facts.prefix(count).map { "\($0.name) \(short($0))" }.joined(separator: " · "),
      .object(facts.map { Fact($0.name, json($0)) }))
  }

  private static func json(_ fact: RunRecord.Fact) -> JSONValue {
    fact.number.map { .number($0) } ?? .string(fact.text)
  }

  private static func day(_ time: String) -> String {
    String(time.prefix(16)).replacing("T", with: " ")
  }

  private static func seconds(_ value: Double) -> String { NumberFormat.decimals(2).text(value) }
}
