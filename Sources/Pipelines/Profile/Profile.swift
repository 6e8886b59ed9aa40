import Columnar
import Display
import Language
import Notebooks

/// What exploration saw of the tables that a pipeline reads: proposed checks, and the profile that
/// later data can be held against.
struct Profile {
  private let tables: [TableProfile]
  private let source: String
  /// The pipeline's folder as seen from the notebook's.
  private let folder: String

  /// Looks at all columns of each table, in sessions like `session`.
  init(_ promotion: Promotion, like session: Session) throws {
    source = promotion.spec.source
    folder = promotion.place
    tables = try promotion.sources.map { try TableProfile($0.name, $0.frame, like: session) }
  }

  /// `checks.kz`: lines to be reviewed and taken into the notebook. They hold for the data that was
  /// there.
  var checks: String {
    var lines = [
      "# Proposed from the data that \(source) read when it was promoted. Review them, and take into",
      "# the notebook what must hold of other data, too: a check there stops the pipeline, exit status",
      "# 5, and so does drift from what the data looked like, exit status 7.",
    ]
    for table in tables {
      let name = Language.print(Expr(.name(table.name), Span(0, 0)))
      lines.append("check \(name): count() >= \(max(1, table.rows / 2))")
      for column in table.columns {
        lines.append(
          "check \(name): \(Self.conditions(column, rows: table.rows).joined(separator: ", "))")
      }
      let file = Path.normalized(folder + "/" + Self.fileName)
      lines.append("drift \(name) against \(Scalar.text(file).literal)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func conditions(_ column: ColumnProfile, rows: Int) -> [String] {
    let quoted = Language.print(Expr(.name(column.name), Span(0, 0)))
    var conditions: [String] = []
    if column.nulls == 0 {
      conditions.append("null_rate(\(quoted)) == 0")
    } else {
      // Twice as many as there were.
      let share = min(1, 2 * Double(column.nulls) / Double(max(1, rows)))
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
    return conditions
  }

  static let fileName = "profile.json"

  /// `profile.json`: the baseline for drift.
  var json: String { TableProfile.text(tables, source: source) }
}
