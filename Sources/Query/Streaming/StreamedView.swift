import Columnar
import Language

/// Plans over a streamed source that are shown or bound: they run once, for what is to be said of
/// their rows, and how many come out is known from then on.
extension LogicalPlan {
  /// A plan for the same rows that knows how many they are, and what running it has to say.
  ///
  /// Where rows are left out or values may be lost it reads the source once, keeping nothing but
  /// how many rows each batch gives; errors of data are thrown then. Throws `memory` where the plan
  /// is none that runs on batches.
  package func settled() throws(Diagnostic) -> (plan: LogicalPlan, report: ExecutionReport) {
    guard let source = streamedSource, let table = source.stream, isStreamed else {
      throw Diagnostic(DataError(.memory, "the rows of this come all at once"))
    }
    if keepsAllRows, !reportsRows { return (self, ExecutionReport()) }
    do {
      // What a column is computed for decides which may fail: none is left out that could.
      guard case .count(let counted, _) = Rules.apply(Rules.all, to: .count(self, as: "n")).plan,
        counted.isStreamed
      else { throw DataError(.memory, "the rows of this come all at once") }
      let size = table.batchRows(nil)
      var execution = Execution()
      var starts = [0]
      try execution.forEachBatch(counted, of: size) {
        starts.append(starts[starts.count - 1] + $0.rowCount)
        return true
      }
      let kept = StreamedView(plan: self, table: table, batchRows: size, starts: starts)
      let rows = try StreamedTable(schema: schema, rowCount: starts[starts.count - 1]) {
        try kept.rows($0, $1)
      }
      let view = LogicalPlan.source(Source(rows, label: source.label)).traced(lineage)
      return (view, execution.report)
    } catch {
      throw Diagnostic(error)
    }
  }
}

/// The rows of a plan by their numbers among those that come out.
private struct StreamedView: Sendable {
  let plan: LogicalPlan
  let table: StreamedTable
  /// Rows of the table in a batch.
  let batchRows: Int
  /// For each batch how many rows come out before it, and at the end how many there are.
  let starts: [Int]

  func rows(_ range: Range<Int>, _ columns: [String]?) throws -> Frame {
    let wanted = Rules.apply(Rules.all, to: columns.map { .project(plan, $0) } ?? plan).plan
    guard wanted.isStreamed else {
      throw DataError(.memory, "the rows of this come all at once")
    }
    let batches = starts.indices.dropLast().filter {
      starts[$0] < range.upperBound && starts[$0 + 1] > range.lowerBound
    }
    // An empty range still has columns.
    let frames = try (batches.isEmpty ? [0] : batches).map { batch in
      try Cancellation.check()
      let first = batch * batchRows
      let source = min(first, table.rowCount)..<min(first + batchRows, table.rowCount)
      let rows = try table.rows(source, wanted.columnsOfSource)
      var execution = Execution()
      let frame = try execution.run(wanted.over(.frame(rows, label: "")))
      let own = range.clamped(to: starts[batch]..<starts[batch + 1])
      return try frame.slice(own.lowerBound - starts[batch]..<own.upperBound - starts[batch])
    }
    return try Frame.concatenate(frames)
  }
}
