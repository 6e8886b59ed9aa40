import Columnar

/// Rows that come in batches, put together at the end.
struct FrameParts {
  private let plan: LogicalPlan
  private var frames: [Frame] = []
  private var bytes = 0
  /// Where it is known how many rows there will be, each batch is copied to its place at once.
  private var columns: ColumnCollectors?

  private struct ColumnCollectors {
    var names: [String]
    var collectors: [ColumnCollector]
    var rowCount = 0
  }

  /// `isWhole` says that all rows of the plan will come.
  init(_ plan: LogicalPlan, isWhole: Bool = true) {
    self.plan = plan
    if isWhole, plan.keepsAllRows, let count = plan.streamedSource?.rowCount {
      columns = ColumnCollectors(
        names: plan.schema.names,
        collectors: plan.schema.fields.map { ColumnCollector($0.type, count: count) })
    }
  }

  /// Throws `memory` once the rows are more than the budget.
  mutating func add(_ frame: Frame) throws {
    guard columns != nil else {
      bytes += frame.columns.reduce(0) { $0 + $1.valueBytes }
      if bytes > MemoryBudget.limit { throw tooMany() }
      frames.append(frame)
      return
    }
    columns?.rowCount += frame.rowCount
    // What is collected counts as it is kept: plain text of few values as codes.
    bytes = 0
    for (place, column) in frame.columns.enumerated() {
      do {
        try columns?.collectors[place].append(column)
      } catch let error as DataError where error.code == .memory {
        throw tooMany()
      }
      bytes += columns?.collectors[place].held.reduce(0) { $0 + $1.valueBytes } ?? 0
    }
    if bytes > MemoryBudget.limit { throw tooMany() }
  }

  /// The rows. One column after the other, each batch's part given up once it is copied.
  mutating func frame() throws -> Frame {
    if var collected = columns {
      columns = nil
      let whole = try collected.collectors.indices.map { place in
        let column = try collected.collectors[place].column()
        collected.collectors[place] = ColumnCollector(column.type, count: 0)
        return column
      }
      return Frame(names: collected.names, columns: whole, rowCount: collected.rowCount)
    }
    guard let first = frames.first else { return Frame(names: [], columns: []) }
    let rowCount = frames.reduce(0) { $0 + $1.rowCount }
    if frames.count == 1 { return first }
    var pieces = first.columns.indices.map { index in frames.map { $0.columns[index] } }
    frames = []
    var columns: [Column] = []
    for index in pieces.indices {
      let whole = try Column.concatenate(pieces[index])
      pieces[index] = []
      columns.append(whole)
    }
    return Frame(names: first.names, columns: columns, rowCount: rowCount)
  }

  private func tooMany() -> DataError {
    let names = plan.columnsOfSource ?? plan.schema.names
    let needed = max(bytes, plan.streamedSource?.stream?.byteCount(columns: names) ?? 0)
    return DataError(
      .memory,
      "this needs its rows in memory at once, about \(MemoryBudget.text(needed)), and the budget "
        + "is \(MemoryBudget.text(MemoryBudget.limit))",
      hints: [
        "keep fewer rows or columns first: filter …, select …",
        "set memory=\(MemoryBudget.next(needed))",
      ])
  }
}

extension Column {
  /// Bytes of the values alone, without a dictionary, which batches may share.
  fileprivate var valueBytes: Int {
    guard case .dictionary(let codes, _) = storage else { return byteCount }
    let width =
      switch codes {
      case .uint8: 1
      case .uint16: 2
      case .uint32: 4
      }
    return width * count
  }
}
