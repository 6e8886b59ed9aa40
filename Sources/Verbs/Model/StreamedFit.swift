import Columnar
import Language
import Modeling
import Notebooks
import Query

/// Models of rows that come in batches.
extension FitVerb {
  /// The model of a streamed plan; nil for a formula that needs all rows at once.
  func streamedModel(_ plan: LogicalPlan, in session: Session) throws -> FittedModel? {
    let (plan, report) = try plan.settled()
    session.lastReport = report
    guard let rowCount = plan.streamedSource?.rowCount else { return nil }
    // The first rows tell names and types.
    let first = try Execution.run(.take(plan, .range(0..<1))).frame
    let terms = try FormulaTerms(formula, call: call, frame: first)
    let names = [FormulaTerms.responseKey] + terms.formula.distinctParts.map(\.name)
    let expressions = names.compactMap { terms.expressions[$0] }
    guard expressions.count == names.count, !expressions.contains(where: \.readsOtherRows) else {
      return nil
    }
    let used = Set(expressions.flatMap(\.columns))
    let needed = plan.schema.names.filter(used.contains)
    let input = LogicalPlan.project(
      plan, needed.isEmpty ? Array(plan.schema.names.prefix(1)) : needed)
    let streamed = StreamedFormula(terms.formula, rowCount: rowCount) { body in
      var batches = RowBatches(of: StreamedFormula.batchRows)
      var seen = 0
      func hand(_ rows: Frame) throws -> Bool {
        try body(rows.columns)
        return true
      }
      _ = try Execution.stream(input) { batch in
        let columns = try expressions.map { expression in
          do {
            return try expression.evaluate(on: batch).column
          } catch var error as DataError {
            error.row = error.row.map { $0 + seen }
            throw error
          }
        }
        seen += batch.rowCount
        let rows = Frame(names: names, columns: columns, rowCount: batch.rowCount)
        _ = try batches.add(try rows.complete(), hand)
      }
      try batches.finish(hand)
    }
    guard let streamed else { return nil }
    do {
      switch kind {
      case .ols:
        return try LinearRegression.fit(streamed, standardErrors: try standardErrors())
      case .logit:
        return try LogisticRegression.fit(streamed, levels: try levels(expressions[0], input))
      }
    } catch let error as DataError {
      throw Diagnostic(error, span: formula.span)
    } catch var error as Diagnostic {
      // Thrown while rows were handed on, where nothing is known of the line.
      error.span = error.span ?? formula.span
      throw error
    }
  }
}

extension FitVerb {
  /// Each value of an expression once; of very many, more than any response may have.
  private func levels(_ expression: TypedExpr, _ input: LogicalPlan) throws -> Column {
    var known: Column?
    _ = try Execution.stream(input) { batch in
      if let known, known.count > 10_000 { return }
      let values = try expression.evaluate(on: batch).column
      let all = try known.map { try Column.concatenate([$0, values]) } ?? values
      let rows = try distinctRows([all], rowCount: all.count)
      known = try all.take(try Buffer(rows.elements.prefix(20_000)))
    }
    return try known ?? Column.scalars([], type: expression.type ?? .bool)
  }
}

extension Frame {
  /// The rows that have a value in every column.
  fileprivate func complete() throws -> Frame {
    guard let valid = try columns.reduce(nil, { try Bitmap.intersection($0, $1.validity) }) else {
      return self
    }
    return try filter(valid)
  }
}
