import Columnar
import Language

/// What a `pivot` asks for.
package struct PivotRequest: Sendable {
  /// The aggregates that fill the cells.
  package var items: [Item]
  /// What becomes columns.
  package var keys: [Item]
  /// What stays rows.
  package var rows: [Item]
  /// The values of the one key that become columns; nil for all that occur.
  package var values: [Scalar]?
  package var valuesSpan: Span?
  package var fill: Scalar
  package var span: Span

  package init(
    items: [Item], keys: [Item], rows: [Item], values: [Scalar]?, valuesSpan: Span?,
    fill: Scalar, span: Span
  ) {
    self.items = items
    self.keys = keys
    self.rows = rows
    self.values = values
    self.valuesSpan = valuesSpan
    self.fill = fill
    self.span = span
  }
}

extension LogicalPlan {
  /// `pivot`: aggregates of each combination of rows and keys, the keys spread over columns.
  ///
  /// Without `values` the plan runs up to here, to see which values there are.
  package func pivoted(_ request: PivotRequest, scope: Scope) throws -> LogicalPlan {
    let grouped = try aggregated(request.items, keys: request.rows + request.keys, scope: scope)
    guard case .aggregate(let node) = grouped else { return grouped }
    let names = node.keys.map(\.name)
    let keys = Array(names.suffix(try boundKeys(request.keys, scope: scope).count))
    let rows = Array(names.prefix(names.count - keys.count))
    var input = grouped
    let values: [[Scalar]]
    if let wanted = request.values {
      guard keys.count == 1, let type = grouped.schema[keys[0]] else {
        throw Diagnostic(
          .arguments, "`values` are those of one key, and there are \(keys.count)",
          span: request.valuesSpan)
      }
      values = try wanted.map { [try request.checked($0, fits: type, of: keys[0])] }
    } else {
      let (frame, report) = try Execution.run(grouped)
      var source = Source(frame, label: "groups")
      source.report = report
      input = .source(source)
      values = try frame.combinations(of: keys)
    }
    let cells = try request.cells(node.items, values)
    var taken = Set(rows)
    for cell in cells where !taken.insert(cell.name).inserted {
      throw Diagnostic(
        .duplicateName, "there would be two columns `\(cell.name)`", span: request.span,
        label: "rename a key, or derive other values")
    }
    if request.fill != .null {
      for item in node.items {
        let type = item.value.type ?? .float
        _ = try request.checked(request.fill, fits: type, of: item.name, option: "fill")
      }
    }
    return .pivot(
      Pivot(
        input: input, rows: rows, keys: keys, values: values, cells: cells, fill: request.fill,
        span: request.span))
  }

  /// `melt`: the columns that `items` select below one another, their names in the column `name`.
  package func melted(
    _ items: [Item], name: Name, value: Name, span: Span
  ) throws(Diagnostic) -> LogicalPlan {
    let schema = schema
    let columns = items.isEmpty ? schema.names : try resolveSelection(items, schema: schema)
    guard !columns.isEmpty else {
      throw Diagnostic(.arguments, "there is no column left to melt", span: span)
    }
    var type: DataType? = columns.first.flatMap { schema[$0] }
    for column in columns {
      type = type.flatMap { known in schema[column].flatMap { commonType(known, $0) } }
    }
    let node = Melt(
      input: self, columns: columns, name: name.text, value: value.text, type: type ?? .text)
    for made in [name, value] {
      if node.kept.contains(where: { $0.name == made.text }) {
        throw Diagnostic(
          .duplicateName, "there is a column `\(made.text)` already", span: made.span,
          label: "name others: into NAME, VALUE")
      }
    }
    guard name.text != value.text else {
      throw Diagnostic(
        .duplicateName, "names and values need two columns", span: value.span)
    }
    return .melt(node)
  }
}

extension PivotRequest {
  /// The columns of each combination, and in it of each item.
  fileprivate func cells(
    _ items: [NamedExpr], _ values: [[Scalar]]
  ) throws -> [LogicalPlan.Pivot.Cell] {
    let count = JoinSize.product(values.count, items.count)
    guard count <= LogicalPlan.Pivot.columnLimit else {
      throw Diagnostic(
        .arguments,
        "this pivot would make \(Diagnostic.grouped(count)) columns, more than "
          + Diagnostic.grouped(LogicalPlan.Pivot.columnLimit), span: span,
        notes: ["values=[…] chooses some; `agg … by` gives them as rows"])
    }
    return values.indices.flatMap { key in
      items.map { item in
        let value = values[key].map(\.header).joined(separator: "_")
        return LogicalPlan.Pivot.Cell(
          name: items.count == 1 ? value : "\(item.name)_\(value)", key: key, item: item.name,
          type: item.value.type ?? .float)
      }
    }
  }

  /// The value if it is one of `type`, as a float where that is asked for.
  fileprivate func checked(
    _ value: Scalar, fits type: DataType, of name: String, option: String = "values"
  ) throws -> Scalar {
    switch (value, type) {
    case (.null, _): return value
    case (.int(let number), .float):
      if let float = Double(exactly: number) { return .float(float) }
    case (let value, let type) where value.type == type:
      if case .duration(let length) = value, length.months != 0 { break }
      return value
    default: break
    }
    throw Diagnostic(
      .type, "`\(name)` is \(type.rawValue), and `\(option)` has \(value.literal)",
      span: valuesSpan ?? span)
  }
}

extension Scalar {
  /// The value as the name of a column.
  fileprivate var header: String {
    switch self {
    case .null: "null"
    case .text(""): "(empty)"
    default: dataText
    }
  }
}

extension Frame {
  /// The distinct combinations of some columns' values, in their order, null last.
  fileprivate func combinations(of names: [String]) throws -> [[Scalar]] {
    let columns = names.compactMap { self[$0] }
    if rowCount == 0 { return [] }
    let grouping = try Grouping(keys: columns, rowCount: rowCount)
    return grouping.firstRows.map { row in columns.map { $0[Int(row)] } }
  }
}
