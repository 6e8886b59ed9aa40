import Columnar
import Language

/// Plans over a source that is read in batches.
///
/// Operators that look at one row at a time run on each batch. Counting, aggregates, the first and
/// last rows, the top and the distinct rows keep what they need of the batches before. All else runs
/// on the rows together, if they fit the memory budget. What comes out is what the same plan gives in
/// memory.
extension Execution {
  /// The rows of a plan over a streamed source; nil for any other, and for operators that run on the
  /// rows of their input.
  mutating func runStreamed(_ plan: LogicalPlan) throws -> Frame? {
    guard plan.streamedSource != nil else { return nil }
    if plan.isStreamed { return try collect(plan) }
    let clock = ContinuousClock()
    let start = clock.now
    let before = report.operators.count
    guard let frame = try runOverBatches(plan) else { return nil }
    // Its own share is what the operators below it did not take.
    let inner = report.operators.dropFirst(before).reduce(0) { $0 + $1.seconds }
    let rowsIn = report.operators.last?.rowsOut ?? 0
    note(plan, rowsIn: rowsIn, frame, start.duration(to: clock.now), apartFrom: inner)
    return frame
  }

  private mutating func runOverBatches(_ plan: LogicalPlan) throws -> Frame? {
    switch plan {
    case .count(let input, let name) where input.isStreamed:
      var count = 0
      try forEachBatch(input) {
        count += $0.rowCount
        return true
      }
      return Frame(names: [name], columns: [try .ints([Int64(count)])])
    case .aggregate(let node): return try aggregateStreamed(node)
    case .take(let node) where node.keys.isEmpty && node.input.isStreamed:
      return try take(node.rows, of: node.input)
    case .top(let input, let keys, let count) where input.isStreamed:
      return try top(count, by: keys, of: input)
    case .distinct(let input, let names) where input.isStreamed:
      return try folded(input) {
        $0
      } keeping: { rows in
        let keys = names.isEmpty ? rows.columns : names.compactMap { rows[$0] }
        return try rows.take(distinctRows(keys, rowCount: rows.rowCount))
      }
    default: return nil
    }
  }

  /// Calls `body` with what each batch comes to, in order, until it returns false. `size` is how many
  /// rows of the source a batch has.
  mutating func forEachBatch(
    _ plan: LogicalPlan, of size: Int? = nil, _ body: (Frame) throws -> Bool
  ) throws {
    guard let source = plan.streamedSource, let table = source.stream else { return }
    let columns = plan.columnsOfSource
    let size = size ?? table.batchRows(columns)
    Progress.shared.begin(source.label, unit: "rows", total: table.rowCount)
    defer { Progress.shared.end() }
    var total = ExecutionReport()
    var start = 0
    let clock = ContinuousClock()
    repeat {
      try Cancellation.check()
      let range = start..<min(start + size, table.rowCount)
      let began = clock.now
      let rows = try table.rows(range, columns)
      let reading = began.duration(to: clock.now)
      var execution = Execution()
      execution.rowsBefore = total.operators.map(\.rowsIn)
      let frame = try execution.run(plan.over(.frame(rows, label: source.label)))
      execution.report.noteReading(reading)
      total.add(batch: execution.report)
      let isWanted = try body(frame)
      Progress.shared.advance(range.count)
      start = range.upperBound
      if !isWanted { break }
    } while start < table.rowCount
    report.add(total)
  }

  /// Calls `body` with the rows of the plan, a multiple of `size` at a time but for the last, until
  /// it returns false.
  mutating func forEachBatch(
    _ plan: LogicalPlan, multipleOf size: Int, _ body: (Frame) throws -> Bool
  ) throws {
    var batches = RowBatches(of: size)
    var isWanted = true
    try forEachBatch(plan) { rows in
      isWanted = try batches.add(rows, body)
      return isWanted
    }
    if isWanted { try batches.finish(body) }
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
      var parts = FrameParts(plan, isWhole: false)
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
      return try folded(plan) {
        $0
      } keeping: { rows in
        try rows.slice(max(0, rows.rowCount - max(count, 0))..<rows.rowCount)
      }
    }
  }

  /// The first rows in the order of `keys`, whose values are computed once for each row.
  private mutating func top(
    _ count: Int, by keys: [OrderKey], of plan: LogicalPlan
  ) throws -> Frame {
    var execution = Execution()
    var total = ExecutionReport()
    var seen = 0
    let names = plan.schema.names
    // A name that begins with NUL is no user's.
    let keyNames = keys.indices.map { "\0\($0)" }
    let rows = try folded(plan) { batch in
      execution.report = ExecutionReport()
      execution.rowsBefore = [seen]
      seen += batch.rowCount
      var extended = batch
      for (name, key) in zip(keyNames, keys) {
        extended = extended.setting(name, try execution.evaluate(key.value, batch))
      }
      total.add(batch: execution.report)
      return extended
    } keeping: { rows in
      let order = zip(keyNames, keys).compactMap { name, key in
        rows[name].map { SortColumn(column: $0, isDescending: key.isDescending) }
      }
      return try rows.take(topRows(order, rowCount: rows.rowCount, count: count))
    }
    report.add(total)
    return rows.projected(names)
  }

  /// Applies `keep` to the rows kept of the batches before, followed by those of the next as
  /// `prepare` makes them.
  private mutating func folded(
    _ plan: LogicalPlan, _ prepare: (Frame) throws -> Frame,
    keeping keep: (Frame) throws -> Frame
  ) throws -> Frame {
    var kept: Frame?
    try forEachBatch(plan) { batch in
      let batch = try prepare(batch)
      kept = try keep(try kept.map { try Frame.concatenate([$0, batch]) } ?? batch)
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
