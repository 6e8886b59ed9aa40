import Columnar
import Formats

/// Rows that are read in batches when they are needed, since all of them may not fit into memory.
package struct StreamedTable: Sendable {
  package let schema: Schema
  package let rowCount: Int
  /// Bytes that a row takes in memory, by column, as the first rows have them.
  package let bytesPerRow: [String: Double]
  /// Rows of a batch; nil leaves it to the budget.
  package let batchSize: Int?
  /// The rows in a range with the named columns, all for nil.
  package let rows: @Sendable (_ range: Range<Int>, _ columns: [String]?) throws -> Frame

  package init(
    schema: Schema, rowCount: Int, batchSize: Int? = nil,
    rows: @escaping @Sendable (Range<Int>, [String]?) throws -> Frame
  ) throws {
    self.schema = schema
    self.rowCount = rowCount
    self.batchSize = batchSize
    self.rows = rows
    let sample = try rows(0..<min(rowCount, Workers.partSize), nil)
    var widths: [String: Double] = [:]
    for (name, column) in zip(sample.names, sample.columns) {
      widths[name] = Double(column.byteCount) / Double(max(sample.rowCount, 1))
    }
    bytesPerRow = widths
  }

  /// Rows of a batch of some columns: few enough for the budget, and if possible a multiple of the
  /// parts that aggregates are cut into.
  func batchRows(_ columns: [String]?) -> Int {
    if let batchSize { return max(batchSize, 1) }
    let room = MemoryBudget.limit / 8
    for size in [GroupedAggregator.partSize, Workers.partSize] {
      let count = room / max(byteCount(rows: size, columns: columns), 1)
      if count > 0 { return min(count, size == Workers.partSize ? 15 : 8) * size }
    }
    return Workers.partSize
  }

  /// About how many bytes so many rows of some columns take.
  package func byteCount(rows: Int? = nil, columns: [String]? = nil) -> Int {
    let width = (columns ?? schema.names).reduce(0) { $0 + (bytesPerRow[$1] ?? 8) }
    return Int(exactly: (width * Double(rows ?? rowCount)).rounded()) ?? .max
  }
}

extension LogicalPlan.Source {
  /// A table that is read in batches. Where an operator needs all rows at once they are read if they
  /// fit the memory budget; else it is an error that names what they would take.
  package init(_ table: StreamedTable, label: String) {
    self.init(label: label, schema: table.schema, rowCount: table.rowCount) { columns in
      throw DataError(.memory, "the rows of a streamed frame are read in batches")
    }
    stream = table
  }
}

extension LogicalPlan {
  /// The streamed source that it works on, through operators of one input; nil where there is none.
  package var streamedSource: Source? {
    if case .source(let source) = self { return source.stream == nil ? nil : source }
    let inputs = inputs
    return inputs.count == 1 ? inputs[0].streamedSource : nil
  }

  /// Whether each row that comes out depends on one row of a streamed source: such a plan is bound as
  /// it is and runs batch by batch.
  package var isStreamed: Bool { streamedSource != nil && isRowByRow }

  /// Whether all operators up to the source look at one row at a time.
  private var isRowByRow: Bool {
    switch self {
    case .source: return true
    case .filter(let node):
      return !node.condition.readsOtherRows && node.input.isRowByRow
    case .derive(let node):
      return node.isRowwise && !(node.condition?.readsOtherRows ?? false)
        && !node.items.contains { $0.value.isNumbered } && node.input.isRowByRow
    case .project(let input, _), .rename(let input, _), .dropNull(let input, _):
      return input.isRowByRow
    default: return false
    }
  }

  /// Whether the footer of a result says something of the rows that it looks at.
  var reportsRows: Bool {
    switch self {
    case .source: false
    case .project(let input, _), .rename(let input, _): input.reportsRows
    case .derive(let node):
      !node.items.allSatisfy(\.value.isTotal) || !(node.condition?.isTotal ?? true)
        || node.input.reportsRows
    default: true
    }
  }

  /// Whether it has as many rows as its source.
  package var keepsAllRows: Bool {
    switch self {
    case .source: true
    case .derive(let node): node.input.keepsAllRows
    case .project(let input, _), .rename(let input, _): input.keepsAllRows
    default: false
    }
  }

  /// The same operators over another source.
  func over(_ source: LogicalPlan) -> LogicalPlan {
    if case .source = self { return source }
    return with(inputs: inputs.map { $0.over(source) })
  }

  /// The columns that its source must give; nil for all.
  var columnsOfSource: [String]? {
    switch self {
    case .project(.source, let names): return names
    case .source: return nil
    default: return inputs.first?.columnsOfSource
    }
  }
}

extension TypedExpr {
  /// Whether the value depends on the row's number or is drawn at random.
  var isNumbered: Bool {
    if case .apply(let operation, _) = kind, Functions.isVolatile(operation.name) { return true }
    return children.contains { $0.isNumbered }
  }
}
