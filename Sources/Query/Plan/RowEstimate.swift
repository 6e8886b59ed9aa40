import Columnar
import Language

/// How many rows an operator is expected to give, and where the figure comes from.
package struct RowEstimate: Sendable {
  package var rows: Double
  /// Whether it is known and not estimated.
  package var isExact: Bool
  /// `range 1..5`, `3 distinct`, `default 1/3`; empty where the rows are those of the input.
  package var basis: String

  /// `≈ 1,024 rows (range 1..5)`
  var text: String {
    let count = Int(min(rows.rounded(), 1e15))
    return (isExact ? "" : "≈ ") + Diagnostic.grouped(count) + (count == 1 ? " row" : " rows")
      + (basis.isEmpty ? "" : " (\(basis))")
  }
}

extension LogicalPlan {
  /// The rows that are expected to come out; nil where a file has not been read.
  ///
  /// A filter's share follows from the ranges and numbers of distinct values of columns in memory,
  /// as if values were evenly spread and columns independent; where those say nothing, a third of
  /// the rows is taken to pass, or a tenth for `==`.
  package var estimate: RowEstimate? {
    switch self {
    case .source(let source):
      return source.rowCount.map { RowEstimate(rows: Double($0), isExact: true, basis: "") }
    case .filter(let node): return node.input.filteredEstimate(node.condition)
    case .count: return RowEstimate(rows: 1, isExact: true, basis: "")
    case .aggregate(let node):
      if node.keys.isEmpty { return RowEstimate(rows: 1, isExact: true, basis: "") }
      let input =
        node.condition.map { node.input.filteredEstimate($0) } ?? node.input.estimate
      return input?.limited(by: node.input.distinctLimit(of: node.keys.map(\.value)))
    case .distinct(let input, let names):
      let names = names.isEmpty ? schema.names : names
      return input.estimate?.limited(
        by: input.distinctLimit(
          of: names.compactMap { name in schema[name].map { .column(name, type: $0) } }))
    case .top(let input, _, let count): return input.estimate?.limited(to: count)
    case .take(let node):
      guard let input = node.input.estimate else { return nil }
      let count =
        switch node.rows {
        case .range(let range): range.count
        case .last(let count): count
        }
      guard !node.keys.isEmpty else { return input.limited(to: count) }
      guard let groups = node.input.distinctLimit(of: node.keys.map(\.value)) else {
        return RowEstimate(rows: input.rows, isExact: false, basis: "")
      }
      let rows = min(input.rows, groups.count * Double(count))
      return RowEstimate(rows: rows, isExact: false, basis: groups.basis)
    case .sample(let node):
      guard let input = node.input.estimate, node.keys.isEmpty else { return node.input.estimate }
      switch node.size {
      case .rows(let count): return input.limited(to: count)
      case .fraction(let share):
        return RowEstimate(rows: input.rows * share, isExact: input.isExact, basis: "")
      }
    case .append(let first, let second):
      guard let a = first.estimate, let b = second.estimate else { return nil }
      return RowEstimate(rows: a.rows + b.rows, isExact: a.isExact && b.isExact, basis: "")
    case .dropNull(let input, let names):
      guard let rows = input.estimate else { return nil }
      let columns = (names.isEmpty ? schema.names : names).map { input.statistics(of: $0) }
      let nulls = columns.map { $0?.nullCount ?? 0 }.max() ?? 0
      let isKnown = columns.allSatisfy { $0 != nil } && columns.count == 1 && rows.isExact
      return RowEstimate(
        rows: max(rows.rows - Double(nulls), 0), isExact: isKnown,
        basis: nulls > 0 ? "\(Diagnostic.grouped(nulls)) null" : "")
    case .join(let node): return node.estimate
    case .pivot(let node):
      if node.rows.isEmpty { return RowEstimate(rows: 1, isExact: true, basis: "") }
      return node.input.estimate.map {
        RowEstimate(rows: $0.rows, isExact: false, basis: "at most")
      }
    case .melt(let node):
      return node.input.estimate.map {
        RowEstimate(
          rows: $0.rows * Double(node.columns.count), isExact: $0.isExact, basis: "")
      }
    case .explode(let node):
      return node.input.estimate.map {
        RowEstimate(rows: $0.rows, isExact: false, basis: "at least")
      }
    default:
      guard var input = inputs.first?.estimate else { return nil }
      input.basis = ""
      return input
    }
  }

  private func filteredEstimate(_ condition: TypedExpr) -> RowEstimate? {
    guard let input = estimate else { return nil }
    let share = condition.selectivity(on: self, rows: input.rows)
    return RowEstimate(rows: input.rows * share.share, isExact: false, basis: share.basis)
  }

  /// How many combinations of values there can be, and how that is known; nil where it is not.
  private func distinctLimit(of keys: [TypedExpr]) -> (count: Double, basis: String)? {
    var product = 1.0
    for key in keys {
      guard let name = key.columnName, let known = statistics(of: name),
        let limit = known.distinctLimit
      else { return nil }
      product *= Double(limit + (known.nullCount > 0 ? 1 : 0))
    }
    return (product, "\(Diagnostic.grouped(Int(min(product, 1e15)))) combinations")
  }

  /// What is known of a column as it comes out here: that of the frame it is from, whose values no
  /// operator between changes.
  func statistics(of name: String) -> ColumnStatistics? {
    switch self {
    case .source(let source):
      guard !source.readsColumns, let column = try? source.read([name])[name] else { return nil }
      return try? ColumnStatistics(column)
    case .derive(let node) where node.items.contains { $0.name == name }: return nil
    case .aggregate(let node):
      guard let key = node.keys.first(where: { $0.name == name })?.value.columnName else {
        return nil
      }
      return node.input.statistics(of: key)
    case .rename(let input, let renamings):
      return input.statistics(of: renamings.first { $0.new == name }?.old ?? name)
    case .join(let node):
      // Only the left side's columns come out with no values but their own.
      guard node.keepsLeftOrder,
        let column = node.columns.first(where: { $0.name == name }), column.source == .left(name)
      else { return nil }
      return node.left.statistics(of: name)
    case .append, .count, .pivot, .melt, .explode: return nil
    default: return inputs.first?.statistics(of: name)
    }
  }
}

extension RowEstimate {
  fileprivate func limited(to count: Int) -> RowEstimate {
    RowEstimate(rows: min(rows, Double(count)), isExact: isExact, basis: "")
  }

  /// No more rows than groups; where those are not known, the input's rows are all there is to say.
  fileprivate func limited(by groups: (count: Double, basis: String)?) -> RowEstimate {
    guard let groups else { return RowEstimate(rows: rows, isExact: false, basis: "at most") }
    if groups.count < rows {
      return RowEstimate(rows: groups.count, isExact: false, basis: groups.basis)
    }
    return RowEstimate(rows: rows, isExact: false, basis: "at most")
  }
}

extension TypedExpr {
  /// The share of rows for which it is expected to hold, and how that is known.
  fileprivate func selectivity(
    on plan: LogicalPlan, rows: Double
  ) -> (share: Double, basis: String) {
    switch kind {
    case .constant(.bool(let value)): return (value ? 1 : 0, "constant")
    case .constant: return (0, "constant")
    case .and(let left, let right):
      let (a, b) = (left.selectivity(on: plan, rows: rows), right.selectivity(on: plan, rows: rows))
      return (a.share * b.share, Self.joined(a.basis, b.basis))
    case .or(let left, let right):
      let (a, b) = (left.selectivity(on: plan, rows: rows), right.selectivity(on: plan, rows: rows))
      return (a.share + b.share - a.share * b.share, Self.joined(a.basis, b.basis))
    case .apply(let operation, let arguments):
      if operation.name == "not", arguments.count == 1 {
        let inner = arguments[0].selectivity(on: plan, rows: rows)
        return (1 - inner.share, inner.basis)
      }
      if arguments.count == 1, let name = arguments[0].columnName,
        let known = plan.statistics(of: name), rows > 0
      {
        let nulls = min(Double(known.nullCount) / rows, 1)
        let basis = "\(Diagnostic.grouped(known.nullCount)) null"
        if operation.name == "is null" { return (nulls, basis) }
        if operation.name == "is not null" { return (1 - nulls, basis) }
      }
      if arguments.count == 2,
        let share = Self.comparison(operation.name, arguments[0], arguments[1], plan)
      {
        return share
      }
      return operation.name == "==" ? (0.1, "default 1/10") : (1.0 / 3, "default 1/3")
    default: return (1.0 / 3, "default 1/3")
    }
  }

  private static func joined(_ first: String, _ second: String) -> String {
    first == second ? first : "\(first); \(second)"
  }

  /// The share for a column compared with a constant; nil where nothing is known of the column.
  private static func comparison(
    _ symbol: String, _ left: TypedExpr, _ right: TypedExpr, _ plan: LogicalPlan
  ) -> (share: Double, basis: String)? {
    guard let name = left.plainColumn else {
      let turned = ["<": ">", ">": "<", "<=": ">=", ">=": "<="]
      guard right.plainColumn != nil, left.constant != nil else { return nil }
      return comparison(turned[symbol] ?? symbol, right, left, plan)
    }
    guard let constant = right.constant, let known = plan.statistics(of: name) else { return nil }
    if symbol == "==" || symbol == "!=" {
      guard let distinct = known.distinctLimit else { return nil }
      let share = 1 / Double(max(distinct, 1))
      return (symbol == "==" ? share : 1 - share, "\(Diagnostic.grouped(distinct)) distinct")
    }
    guard let bounds = known.bounds, let value = constant.place else { return nil }
    let (low, high) = (Double(bounds.lowerBound), Double(bounds.upperBound))
    let below: Double
    switch symbol {
    case "<", ">=": below = (value - low) / (high - low + 1)
    case "<=", ">": below = (value - low + 1) / (high - low + 1)
    default: return nil
    }
    let share = max(0, min(1, below))
    let type = plan.schema[name] ?? .int
    return (
      symbol.hasPrefix("<") ? share : 1 - share,
      "range \(bounds.lowerBound.shown(type))..\(bounds.upperBound.shown(type))"
    )
  }

  /// The column it is, be it as a wider type.
  private var plainColumn: String? {
    if case .apply(let operation, let arguments) = kind, arguments.count == 1,
      operation.name == "float" || operation.name == "datetime"
    {
      return arguments[0].columnName
    }
    return columnName
  }
}

extension Scalar {
  /// Where it lies among a column's integers.
  fileprivate var place: Double? {
    switch self {
    case .date(let days): Double(days)
    case .datetime(let microseconds): Double(microseconds)
    case .duration(let length): length.months == 0 ? Double(length.microseconds) : nil
    default: number
    }
  }
}

extension Int64 {
  fileprivate func shown(_ type: DataType) -> String {
    switch type {
    case .date: Scalar.date(Int32(truncatingIfNeeded: self)).literal
    case .datetime: Scalar.datetime(self).literal
    case .duration: Scalar.duration(Columnar.Duration(microseconds: self)).literal
    default: Diagnostic.grouped(Int(self))
    }
  }
}
