import Columnar
import Language

extension LogicalPlan {
  /// Values of rows spread over columns: one row for each combination of `rows`, one column for
  /// each cell.
  package struct Pivot: Sendable {
    /// A column that comes out: the values of `item` in the rows of one combination of keys.
    package struct Cell: Sendable {
      package var name: String
      /// The place of the combination in `values`.
      package var key: Int
      package var item: String
      package var type: DataType
    }

    /// One row for each combination of rows and keys, in the order of the rows.
    package var input: LogicalPlan
    package var rows: [String]
    package var keys: [String]
    /// The combinations of keys, each with a value for every key.
    package var values: [[Scalar]]
    package var cells: [Cell]
    /// What stands where a combination does not occur; null if not given.
    package var fill: Scalar
    package var span: Span
  }

  /// Columns put one below the other: a row for each row and column.
  package struct Melt: Sendable {
    package var input: LogicalPlan
    package var columns: [String]
    /// The column that holds the names.
    package var name: String
    /// The column that holds the values, and their type.
    package var value: String
    package var type: DataType

    /// Columns that are not melted.
    var kept: [Schema.Field] { input.schema.fields.filter { !columns.contains($0.name) } }
  }
}

extension LogicalPlan.Pivot {
  /// A pivot makes no more columns than this.
  package static let columnLimit = 1_000

  var schema: Schema {
    let known = input.schema
    return Schema(
      rows.compactMap { name in known[name].map { Schema.Field(name: name, type: $0) } }
        + cells.map { Schema.Field(name: $0.name, type: $0.type) })
  }

  /// `n, mean_fare by borough rows payment · 5 columns`
  var detail: String {
    var items: [String] = []
    for cell in cells where !items.contains(cell.item) { items.append(cell.item) }
    let by = keys.map { Suggestion.written($0) }.joined(separator: ", ")
    let left = rows.map { Suggestion.written($0) }.joined(separator: ", ")
    return items.joined(separator: ", ") + " by " + by + (rows.isEmpty ? "" : " rows " + left)
      + " · \(cells.count) columns"
  }
}

extension LogicalPlan.Melt {
  var schema: Schema {
    Schema(
      kept + [
        Schema.Field(name: name, type: .text), Schema.Field(name: value, type: type),
      ])
  }
}
