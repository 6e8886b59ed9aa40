import Columnar
import Display
import Language
import Notebooks

/// What a table looked like, column by column: what later ones are held against.
package struct TableProfile: Sendable {
  package var name: String
  package var rows: Int
  package var columns: [ColumnProfile]

  /// Looks at all columns of a table, in a session like `session`.
  package init(_ name: String, _ frame: Frame, like session: Session) throws {
    self.name = name
    rows = frame.rowCount
    let worker = Self.worker(frame, like: session)
    columns = try zip(frame.names, frame.columns).map { name, column in
      try Cancellation.check()
      return try ColumnProfile(name, column, in: worker)
    }
  }

  /// A session in which the table is bound as `t`.
  package static func worker(_ frame: Frame, like session: Session) -> Session {
    let worker = session.fresh()
    worker.onOutput = { _ in }
    worker.bind("t", to: .frame(frame))
    return worker
  }

  var json: JSONValue {
    .object([
      Fact("name", .string(name)), Fact("rows", .int(Int64(rows))),
      Fact("columns", .array(columns.map(\.json))),
    ])
  }

  private init?(_ json: JSONValue) {
    guard case .string(let name)? = json["name"], case .int(let rows)? = json["rows"],
      rows >= 0, rows < 1 << 50, case .array(let list)? = json["columns"]
    else { return nil }
    self.name = name
    self.rows = Int(rows)
    columns = list.compactMap { ColumnProfile($0) }
    guard columns.count == list.count else { return nil }
  }

  /// The text of a file of profiles of the tables that `source` read.
  package static func text(_ tables: [TableProfile], source: String) -> String {
    JSONValue.object([
      Fact("kaizen", .int(1)), Fact("source", .string(source)),
      Fact("tables", .array(tables.map(\.json))),
    ]).indentedText + "\n"
  }

  /// The profiles in a file, which messages call `file`. Throws `corrupt` for what is none.
  package static func read(_ text: String, file: String) throws -> [TableProfile] {
    guard let root = try? JSONValue.parse(text), root["kaizen"] == .int(1),
      case .array(let list)? = root["tables"]
    else {
      throw Diagnostic(
        .corrupt, "\(file) is no profile of tables",
        hints: ["drift t to \(Scalar.text(file).literal)"])
    }
    let tables = list.compactMap { TableProfile($0) }
    guard tables.count == list.count else {
      throw Diagnostic(
        .corrupt, "\(file) is damaged: table \(tables.count + 1) in it cannot be read",
        hints: ["drift t to \(Scalar.text(file).literal)"])
    }
    return tables
  }
}
