import Columnar
import Language

/// Plans over a source that is read in batches.
///
/// Operators that look at one row at a time run on each batch. Counting, the first and last rows,
/// the top and the distinct rows keep what they need of the batches before; aggregates keep the
/// columns that they read, as far as these fit the memory budget. All else runs on the rows together,
/// if they fit. What comes out is what the same plan gives in memory.
extension Execution {
  /// The rows of a plan over a streamed source; nil for any other, and for operators that run on the
  /// rows of their input.
  mutating func runStreamed(_ plan: LogicalPlan) throws -> Frame? {
    guard plan.streamedSource != nil else { return nil }
    if plan.isStreamed { return try collect(plan) }
    switch plan {
    case .count(let input, let name) where input.isStreamed:
      var count = 0
      try forEachBatch(input) {
        count += $0.rowCount
        return true
      }
      return Frame(names: [name], columns: [try .ints([Int64(count)])])
    case .take(let node) where node.keys.isEmpty && node.input.isStreamed:
      return try take(node.rows, of: node.input)
    case .top(let input, let keys, let count) where input.isStreamed:
      return try folded(input) { execution, rows in
        let frame = try rows.take(
          topRows(
            try execution.order(keys, rows), rowCount: rows.rowCount, count: count))
        return frame
      }
    case .distinct(let input, let names) where input.isStreamed:
      return try folded(input) { _, rows in
        let keys = names.isEmpty ? rows.columns : names.compactMap { rows[$0] }
        return try rows.take(distinctRows(keys, rowCount: rows.rowCount))
      }
    default: return nil
    }
  }

  /// Calls `body` with what each batch comes to, in order, until it returns false.
  mutating func forEachBatch(
    _ plan: LogicalPlan, _ body: (Frame) throws -> Bool
  ) throws {
    guard let source = plan.streamedSource, let table = source.stream else { return }
    let columns = plan.columnsOfSource
    let size = Self.batchSize(table, columns)
    Progress.shared.begin(source.label, unit: "rows", total: table.rowCount)
    defer { Progress.shared.end() }
    var total = ExecutionReport()
    var start = 0
    repeat {
      try Cancellation.check()
      let range = start..<min(start + size, table.rowCount)
      let rows = try table.rows(range, columns)
      var execution = Execution()
      execution.rowsBefore = total.operators.map(\.rowsIn)
      let frame = try execution.run(plan.over(.frame(rows, label: source.label)))
      total.add(batch: execution.report)
      let isWanted = try body(frame)
      Progress.shared.advance(range.count)
      start = range.upperBound
      if !isWanted { break }
    } while start < table.rowCount
    report.add(total)
  }

  /// Rows of a batch: a multiple of the parts that kernels work on, and few enough for the budget.
  private static func batchSize(_ table: StreamedTable, _ columns: [String]?) -> Int {
    if let size = table.batchSize { return max(size, 1) }
    let perPart = max(table.byteCount(rows: Workers.partSize, columns: columns), 1)
    return min(max(MemoryBudget.limit / 16 / perPart, 1), 8) * Workers.partSize
  }

  /// All rows of a plan, if they fit the budget.
  private mutating func collect(_ plan: LogicalPlan) throws -> Frame {
    var parts = FrameParts(plan)
    try forEachBatch(plan) {
      try parts.add($0)
      return true
    }
    return try parts.frame()
  }

  private mutating func take(
    _ rows: LogicalPlan.Take.Rows, of plan: LogicalPlan
  ) throws -> Frame {
    switch rows {
    case .range(let range):
      var parts = FrameParts(plan)
      var seen = 0
      try forEachBatch(plan) { batch in
        let wanted = range.clamped(to: seen..<seen + batch.rowCount)
        try parts.add(try batch.slice(wanted.lowerBound - seen..<wanted.upperBound - seen))
        seen += batch.rowCount
        // What is reported of rows must not depend on how the table is held.
        return seen < range.upperBound || plan.reportsRows
      }
      return try parts.frame()
    case .last(let count):
      return try folded(plan) { _, rows in
        try rows.slice(max(0, rows.rowCount - max(count, 0))..<rows.rowCount)
      }
    }
  }

  /// Applies `keep` to the rows kept of the batches before, followed by those of the next.
  private mutating func folded(
    _ plan: LogicalPlan, _ keep: (inout Execution, Frame) throws -> Frame
  ) throws -> Frame {
    var kept: Frame?
    var execution = Execution()
    try forEachBatch(plan) { batch in
      let next = try kept.map { try Frame.concatenate([$0, batch]) } ?? batch
      kept = try keep(&execution, next)
      return true
    }
    return kept ?? Frame(names: [], columns: [])
  }
}

extension Execution {
  /// Runs a plan whose rows come in batches and hands each on, in order.
  ///
  /// Throws what the plan and `body` throw, and `memory` where the plan is none that runs so.
  package static func stream(
    _ plan: LogicalPlan, _ body: (Frame) throws -> Void
  ) throws(Diagnostic) -> ExecutionReport {
    do {
      let plan = Rules.apply(Rules.all, to: plan).plan
      var execution = Execution()
      guard plan.isStreamed else {
        throw DataError(.memory, "the rows of this come all at once")
      }
      try execution.forEachBatch(plan) {
        try body($0)
        return true
      }
      return execution.report
    } catch {
      throw Diagnostic(error)
    }
  }

  /// An error of a batch with its row counted in all rows that the operator has seen.
  func placed(_ error: any Error) -> any Error {
    let place = report.operators.count
    guard place < rowsBefore.count, var failure = error as? DataError, let row = failure.row
    else { return error }
    failure.row = row + rowsBefore[place]
    return failure
  }
}

/// Rows that come in batches, put together at the end.
private struct FrameParts {
  private let plan: LogicalPlan
  private var frames: [Frame] = []
  private var bytes = 0

  init(_ plan: LogicalPlan) { self.plan = plan }

  /// Throws `memory` once the rows are more than the budget.
  mutating func add(_ frame: Frame) throws {
    frames.append(frame)
    bytes += frame.columns.reduce(0) { $0 + $1.valueBytes }
    guard bytes > MemoryBudget.limit, let table = plan.streamedSource?.stream else { return }
    let needed = max(bytes, table.byteCount(columns: plan.columnsOfSource ?? plan.schema.names))
    throw DataError(
      .memory,
      "this needs its rows in memory at once, about \(MemoryBudget.text(needed)), and the budget "
        + "is \(MemoryBudget.text(MemoryBudget.limit))",
      hints: [
        "keep fewer rows or columns first: filter …, select …",
        "set memory=\(MemoryBudget.next(needed))",
      ])
  }

  /// One column after the other, each batch's part given up once it is copied.
  mutating func frame() throws -> Frame {
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
