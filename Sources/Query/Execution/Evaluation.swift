import Columnar
import Language

extension TypedExpr {
  /// The values for all rows of `frame`, and what became null on the way.
  ///
  /// Runs over fixed parts in parallel; the result is the same bits with any number of threads.
  /// Throws `overflow` and other errors of data with the row.
  package func evaluate(on frame: Frame) throws -> (column: Column, notes: EvaluationNotes) {
    try evaluate(on: frame, isLifting: true)
  }

  func evaluate(
    on frame: Frame, isLifting: Bool
  ) throws -> (column: Column, notes: EvaluationNotes) {
    let type = self.type ?? .float
    let rows = frame.rowCount
    let program = try Program(self, on: frame, isLifting: isLifting)
    if case .column(let column) = program { return (column, EvaluationNotes()) }
    if case .table(let table) = program, let column = try table.textColumn() {
      return (column, EvaluationNotes())
    }
    if isLifting, case .apply = program, let node = FusedNode(self, on: frame) {
      let notes = SharedNotes()
      let column = try node.column(type: type, count: rows) {
        try program.run($0, noting: notes)
      }
      if let column { return (column, notes.total) }
    }
    let target = try ColumnTarget(type: type, count: rows)
    let parts = try Workers.map(parts: Workers.partCount(rows)) { part in
      let range = Workers.part(part, of: rows)
      var builder = PartBuilder(target, rows: range)
      var notes = EvaluationNotes()
      var start = range.lowerBound
      while start < range.upperBound {
        try Cancellation.check()
        let batch = start..<min(start + Vector.batchSize, range.upperBound)
        var context = KernelContext(firstRow: start, count: batch.count)
        builder.append(try program.run(batch, &context), rows: batch.count)
        notes += context.notes
        start = batch.upperBound
      }
      return (builder: builder, notes: notes)
    }
    var notes = EvaluationNotes()
    for part in parts { notes += part.notes }
    let column = try PartBuilder.column(parts.map(\.builder), target)
    return (column, notes)
  }

  /// Which rows of `frame` the condition holds for, how many it does not and how many are null.
  package func evaluateMask(on frame: Frame) throws -> (mask: RowMask, notes: EvaluationNotes) {
    if let condition = try FusedCondition(self, on: frame) {
      // Only a batch that is out of the ordinary needs the kernels.
      let notes = SharedNotes()
      let mask = try condition.mask(count: frame.rowCount) {
        try Program(self, on: frame).run($0, noting: notes)
      }
      if let mask { return (mask, notes.total) }
    }
    let (column, notes) = try evaluate(on: frame)
    return (try Bitmap.mask(column), notes)
  }

  /// The constant it comes to, if it depends on no row; otherwise the expression itself.
  var folded: TypedExpr {
    switch kind {
    case .apply(let operation, _) where Functions.isVolatile(operation.name): return self
    case .apply, .and, .or, .choice: break
    default: return self
    }
    var isConstant = true
    for child in children where child.constant == nil { isConstant = false }
    guard isConstant, let type else { return self }
    for child in children {
      // Months get lost in a column.
      if case .constant(.duration(let length)) = child.kind, length.months != 0 { return self }
    }
    let one = Frame(names: [], columns: [], rowCount: 1)
    // What fails or is noted stays as it is, to fail with a place or be counted when it runs.
    guard let result = try? evaluate(on: one, isLifting: false), result.notes.isEmpty
    else { return self }
    return TypedExpr(.constant(result.column[0]), type: type, span: span)
  }
}

/// The value of an expression that reads no columns. Throws a diagnostic where it does, or fails.
package func evaluateScalar(_ expression: Expr, scope: Scope) throws(Diagnostic) -> Scalar {
  let bound = try bind(expression, in: scope.with(schema: Schema([])))
  if let constant = bound.constant { return constant }
  do {
    let one = Frame(names: [], columns: [], rowCount: 1)
    return try bound.evaluate(on: one).column[0]
  } catch {
    var diagnostic = Diagnostic(error, span: expression.span)
    // There is but one row.
    if var failure = error as? DataError {
      failure.row = nil
      diagnostic = Diagnostic(failure, span: expression.span)
    }
    throw diagnostic
  }
}

extension EntryTable {
  /// A table for an expression that reads dictionary-coded columns only and does something with
  /// them: one with fewer entries than rows, or a few with far fewer combinations of entries. Nil for
  /// any other, or where a combination fails or is noted: then rows decide.
  init?(lifting expression: TypedExpr, on frame: Frame) throws {
    if expression.columnName != nil || expression.constant != nil { return nil }
    let columns = expression.columns
    let sources = columns.compactMap { frame[$0] }
    guard (1...4).contains(columns.count), sources.count == columns.count,
      let count = EntryTable.combinationCount(
        sources, limit: columns.count == 1 ? frame.rowCount : frame.rowCount / 8),
      !expression.readsOtherRows
    else { return nil }
    let combined = Frame(
      names: columns, columns: try EntryTable.combinations(sources), rowCount: count)
    guard let result = try? expression.evaluate(on: combined, isLifting: false),
      result.notes.isEmpty
    else {
      try Cancellation.check()
      return nil
    }
    try self.init(sources: sources, results: result.column)
  }
}
