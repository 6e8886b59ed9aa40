import Columnar
import Display
import Language
import Notebooks

/// What exploration saw of the tables that a pipeline reads: proposed checks, and the profile that
/// later data can be held against.
struct Profile {
  private struct ColumnProfile {
    var name: String
    var type: DataType
    var nulls: Int
    var distinct: Int64?
    /// Statistics by name; none where there is no value.
    var statistics: [(name: String, value: Scalar)] = []
    /// The most frequent values, with how often they occur.
    var values: [(value: String, count: Int64)] = []
  }

  private struct Table {
    var name: String
    var rows: Int
    var columns: [ColumnProfile]
  }

  private var tables: [Table] = []
  private let source: String

  /// Looks at all columns of each table, in sessions like `session`.
  init(_ promotion: Promotion, like session: Session) throws {
    source = promotion.spec.source
    for (name, frame) in promotion.sources {
      let worker = session.fresh()
      worker.onOutput = { _ in }
      worker.bind("t", to: .frame(frame))
      let columns = try zip(frame.names, frame.columns).map { name, column in
        try Cancellation.check()
        return try Self.look(name, column, in: worker)
      }
      tables.append(Table(name: name, rows: frame.rowCount, columns: columns))
    }
  }

  private static func look(
    _ name: String, _ column: Column, in worker: Session
  ) throws -> ColumnProfile {
    let quoted = Language.print(Expr(.name(name), Span(0, 0)))
    var profile = ColumnProfile(name: name, type: column.type, nulls: column.nullCount)
    func row(_ items: [String]) throws -> [Scalar] {
      try worker.run("a = t | agg \(items.joined(separator: ", "))")
      let frame = try worker.frame(of: Name("a"))
      return frame.rowCount == 1 ? frame.columns.map { $0[0] } : []
    }
    if column.nullCount == column.count { return profile }
    switch column.type {
    case .int, .float:
      let names = ["min", "max", "mean", "sd", "q05", "q50", "q95"]
      let values = try row([
        "a1 = min(\(quoted))", "a2 = max(\(quoted))", "a3 = mean(\(quoted))", "a4 = sd(\(quoted))",
        "a5 = quantile(\(quoted), 0.05)", "a6 = quantile(\(quoted), 0.5)",
        "a7 = quantile(\(quoted), 0.95)",
      ])
      profile.statistics = Array(zip(names, values)).map { (name: $0.0, value: $0.1) }
    case .date, .datetime:
      let values = try row(["a1 = min(\(quoted))", "a2 = max(\(quoted))"])
      profile.statistics = Array(zip(["min", "max"], values)).map { (name: $0.0, value: $0.1) }
    case .text, .bool:
      if case .int(let count)? = try row(["a1 = count_distinct(\(quoted))"]).first {
        profile.distinct = count
      }
      try worker.run("b = t | filter \(quoted) is not null | agg a1 = count() by a0 = \(quoted)")
      try worker.run("b |= sort -a1, a0 | head 50")
      let frame = try worker.frame(of: Name("b"))
      if let keys = frame["a0"], let counts = frame["a1"] {
        for index in 0..<frame.rowCount {
          guard case .int(let count) = counts[index] else { continue }
          profile.values.append((keys[index].literal, count))
        }
      }
    case .duration: break
    }
    return profile
  }

  /// `checks.kz`: lines to be reviewed and taken into the notebook. They hold for the data that was
  /// there.
  var checks: String {
    var lines = [
      "# Proposed from the data that \(source) read when it was promoted. Review them, and take into",
      "# the notebook what must hold of other data, too: a check there stops the pipeline.",
    ]
    for table in tables {
      let name = Language.print(Expr(.name(table.name), Span(0, 0)))
      lines.append("check \(name): count() >= \(max(1, table.rows / 2))")
      for column in table.columns {
        let quoted = Language.print(Expr(.name(column.name), Span(0, 0)))
        var conditions: [String] = []
        if column.nulls == 0 {
          conditions.append("null_rate(\(quoted)) == 0")
        } else {
          // Twice as many as there were.
          let share = min(1, 2 * Double(column.nulls) / Double(max(1, table.rows)))
          conditions.append("null_rate(\(quoted)) <= \((share * 1000).rounded(.up) / 1000)")
        }
        for (name, value) in column.statistics where !value.isNull {
          if name == "min" { conditions.append("\(quoted) >= \(value.literal)") }
          if name == "max" { conditions.append("\(quoted) <= \(value.literal)") }
        }
        if let distinct = column.distinct, distinct <= 20, Int(distinct) == column.values.count,
          column.type == .text
        {
          let values = column.values.map(\.value).sorted().joined(separator: ", ")
          conditions.append("\(quoted) in [\(values)]")
        }
        lines.append("check \(name): \(conditions.joined(separator: ", "))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// `profile.json`: the baseline for drift.
  var json: String {
    JSONValue.object([
      Fact("kaizen", .int(1)), Fact("source", .string(source)),
      Fact(
        "tables",
        .array(
          tables.map { table in
            .object([
              Fact("name", .string(table.name)), Fact("rows", .int(Int64(table.rows))),
              Fact("columns", .array(table.columns.map(Self.json))),
            ])
          })),
    ]).indentedText + "\n"
  }

  private static func json(_ column: ColumnProfile) -> JSONValue {
    var facts = [
      Fact("name", .string(column.name)), Fact("type", .string(column.type.rawValue)),
      Fact("nulls", .int(Int64(column.nulls))),
    ]
    for (name, value) in column.statistics { facts.append(Fact(name, JSONValue(value))) }
    if let distinct = column.distinct { facts.append(Fact("distinct", .int(distinct))) }
    if !column.values.isEmpty {
      facts.append(
        Fact(
          "values",
          .array(
            column.values.map {
              .object([Fact("value", .string($0.value)), Fact("count", .int($0.count))])
            })))
    }
    return .object(facts)
  }
}
