import Columnar
import Language

/// Runs plans.
package struct Execution {
  var report = ExecutionReport()
  /// How many rows each operator, by its place in the report, has seen in batches before this one.
  var rowsBefore: [Int] = []
  /// The rows of its input that a stage works on, where a condition leaves some out: what errors of
  /// data count.
  var rowsInStage: Buffer<UInt32>?

  /// The rows that come out of `plan`, after the rules have been applied.
  package static func run(
    _ plan: LogicalPlan, applying rules: [Rule] = Rules.all
  ) throws(Diagnostic) -> (frame: Frame, report: ExecutionReport) {
    do {
      return try run(Rules.apply(rules, to: plan).plan)
    } catch {
      throw Diagnostic(error)
    }
  }

  /// Runs the plan that `bind` makes, and where a file turns out to have other types than those it
  /// was bound to, the plan that `bind` makes of these.
  ///
  /// `bind` is first called with nil, for types from a first look at the file.
  package static func run(
    binding bind: (Schema?) throws(Diagnostic) -> LogicalPlan
  ) throws(Diagnostic) -> (frame: Frame, report: ExecutionReport) {
    var schema: Schema?
    do {
      for _ in 0..<2 {
        do {
          return try run(Rules.apply(Rules.all, to: try bind(schema)).plan)
        } catch let change as SchemaChanged {
          schema = change.schema
        }
      }
      return try run(Rules.apply(Rules.all, to: try bind(schema)).plan)
    } catch {
      throw Diagnostic(error)
    }
  }

  private static func run(
    _ plan: LogicalPlan
  ) throws -> (frame: Frame, report: ExecutionReport) {
    var execution = Execution()
    let frame = try execution.run(plan)
    return (frame, execution.report)
  }

  mutating func run(_ plan: LogicalPlan) throws -> Frame {
    if let frame = try runStreamed(plan) { return frame }
    let counted = plan.countedFilter
    var inputs: [Frame] = []
    for input in counted.map({ [$0.filter.input] }) ?? plan.inputs {
      if plan.isReadOfColumns { break }
      inputs.append(try run(input))
    }
    try Cancellation.check()
    // A short step would only cost the telling.
    let rows = inputs.reduce(0) { $0 + $1.rowCount }
    let isLong = rows >= 1 << 17
    if isLong { Progress.shared.begin(plan.operatorName, passesOver: rows) }
    defer { if isLong { Progress.shared.end() } }
    let clock = ContinuousClock()
    let start = clock.now
    let frame: Frame
    if let counted {
      // A filter that is only counted makes no rows.
      let mask = try mask(counted.filter, inputs[0])
      frame = Frame(names: [counted.name], columns: [try .ints([Int64(mask.selectedCount)])])
    } else {
      frame = try step(plan, inputs)
    }
    note(plan, rowsIn: rows, frame, start.duration(to: clock.now))
    return frame
  }

  mutating func note(
    _ plan: LogicalPlan, rowsIn: Int, _ frame: Frame, _ time: Swift.Duration,
    apartFrom inner: Double = 0
  ) {
    let seconds = max(time.seconds - inner, 0)
    report.operators.append(
      ExecutionReport.Operator(
        name: plan.operatorName, detail: plan.operatorDetail, rowsIn: rowsIn,
        rowsOut: frame.rowCount, bytes: frame.byteCount, seconds: seconds))
  }

  private mutating func step(_ plan: LogicalPlan, _ inputs: [Frame]) throws -> Frame {
    let input = inputs.first ?? Frame(names: [], columns: [])
    switch plan {
    case .source(let source):
      let frame = try source.read(nil)
      guard frame.schema == source.schema else { throw SchemaChanged(schema: frame.schema) }
      report.add(source.report)
      return frame
    case .filter(let node):
      let mask = try mask(node, input)
      return mask.selectedCount == input.rowCount ? input : try input.filter(mask.selected)
    case .derive(let node): return try derive(node, input)
    case .project(.source(let source), let names) where source.readsColumns:
      return try read(source, names)
    case .project(_, let names): return input.projected(names)
    case .rename(_, let renamings):
      let names = input.names.map { name in
        renamings.first { $0.old == name }?.new ?? name
      }
      return Frame(
        names: names, columns: input.columns, rowCount: input.rowCount, origin: input.origin)
    case .aggregate(let node): return try aggregate(node, input)
    case .sort(_, let keys):
      return try input.sorted(by: order(keys, input))
    case .top(_, let keys, let count):
      return try input.top(count, by: order(keys, input))
    case .take(let node): return try take(node, input)
    case .sample(let node): return try sample(node, input)
    case .distinct(_, let names):
      let keys = names.isEmpty ? input.columns : names.compactMap { input[$0] }
      return try input.take(distinctRows(keys, rowCount: input.rowCount))
    case .dropNull(_, let names):
      let columns = names.isEmpty ? input.columns : names.compactMap { input[$0] }
      guard let valid = try columns.reduce(nil, { try Bitmap.intersection($0, $1.validity) })
      else { return input }
      report.rowsWithNull += input.rowCount - valid.setCount
      return try input.filter(valid)
    case .count(_, let name):
      return Frame(names: [name], columns: [try .ints([Int64(input.rowCount)])])
    case .append: return try append(inputs)
    case .pivot(let node): return try pivot(node, input)
    case .melt(let node): return try melt(node, input)
    case .explode(let node): return try explode(node, input)
    case .join(let node):
      return try join(node, input, inputs.count > 1 ? inputs[1] : input)
    }
  }

  private func read(_ source: LogicalPlan.Source, _ names: [String]) throws -> Frame {
    let frame = try source.read(names).projected(names)
    let wanted = Schema(
      names.compactMap { name in
        source.schema[name].map { Schema.Field(name: name, type: $0) }
      })
    guard frame.schema == wanted else {
      var schema = source.schema
      for field in frame.schema.fields { schema.set(field.name, field.type) }
      throw SchemaChanged(schema: schema)
    }
    return frame
  }

  /// The values of an expression; errors of data get its place in the line.
  mutating func evaluate(_ expression: TypedExpr, _ frame: Frame) throws -> Column {
    do {
      let (column, notes) = try expression.evaluate(on: frame)
      report.notes += notes
      return column
    } catch {
      throw located(error, expression.span, frame)
    }
  }

  /// An error about a row of `frame` at a place in the line, the row counted among those that came
  /// into the stage; with its line in the file that it was read from, where that is known.
  func located(_ error: any Error, _ span: Span, _ frame: Frame) -> Diagnostic {
    guard var failure = error as? DataError, let row = failure.row, failure.file == nil else {
      return Diagnostic(placed(error), span: span)
    }
    if let place = frame.origin?.place(of: row) {
      failure.file = place.file
      failure.line = place.line
    }
    if let rows = rowsInStage, row < rows.count { failure.row = Int(rows[row]) }
    return Diagnostic(placed(failure), span: span)
  }

  mutating func order(_ keys: [OrderKey], _ frame: Frame) throws -> [SortColumn] {
    try keys.map {
      SortColumn(column: try evaluate($0.value, frame), isDescending: $0.isDescending)
    }
  }

  /// The groups that `keys` make; all rows in one where there are none.
  mutating func grouping(
    _ keys: [NamedExpr], _ frame: Frame, order: Grouping.Order = .key
  ) throws -> Grouping {
    try Grouping(
      keys: try keys.map { try evaluate($0.value, frame) }, rowCount: frame.rowCount,
      order: order)
  }

  private mutating func mask(_ node: LogicalPlan.Filter, _ frame: Frame) throws -> RowMask {
    guard node.condition.readsOtherRows else { return try mask(node.condition, frame) }
    let column = try broadcast(
      node.condition, frame, try groups(node.keys, node.order, frame))
    let mask = try Bitmap.mask(column)
    note(node.condition, mask, frame)
    return mask
  }

  /// The rows for which a condition holds that depends on each row alone.
  mutating func mask(_ condition: TypedExpr, _ frame: Frame) throws -> RowMask {
    do {
      let (mask, notes) = try condition.evaluateMask(on: frame)
      report.notes += notes
      note(condition, mask, frame)
      return mask
    } catch {
      throw located(error, condition.span, frame)
    }
  }

  private mutating func note(_ condition: TypedExpr, _ mask: RowMask, _ frame: Frame) {
    report.filters.append(
      ExecutionReport.FilterCounts(
        span: condition.span, rows: frame.rowCount, falseCount: mask.falseCount,
        nullCount: mask.nullCount))
  }
}

extension Swift.Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

/// A file whose columns or types are not those the plan was bound to.
struct SchemaChanged: Error {
  /// What is there.
  let schema: Schema
}

extension LogicalPlan {
  /// The filter whose rows this operator counts and nothing more.
  var countedFilter: (filter: Filter, name: String)? {
    if case .count(.filter(let node), let name) = self { return (node, name) }
    return nil
  }
}
