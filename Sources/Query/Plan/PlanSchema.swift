import Columnar

extension LogicalPlan {
  /// Names and types of the columns that come out.
  package var schema: Schema {
    switch self {
    case .source(let source): return source.schema
    case .filter(let node): return node.input.schema
    case .take(let node): return node.input.schema
    case .sample(let node): return node.input.schema
    case .sort(let input, _), .top(let input, _, _), .distinct(let input, _),
      .dropNull(let input, _):
      return input.schema
    case .derive(let node):
      var schema = node.input.schema
      for item in node.items { schema.set(item.name, item.value.type ?? .float) }
      return schema
    case .project(let input, let names):
      let schema = input.schema
      return Schema(
        names.compactMap { name in
          schema[name].map { Schema.Field(name: name, type: $0) }
        })
    case .rename(let input, let renamings):
      var schema = input.schema
      let old = schema.names
      for renaming in renamings {
        if let index = old.firstIndex(of: renaming.old) {
          schema.fields[index].name = renaming.new
        }
      }
      return schema
    case .aggregate(let node):
      return Schema(
        (node.keys + node.items).map {
          Schema.Field(name: $0.name, type: $0.value.type ?? .float)
        })
    case .count(_, let name): return Schema([Schema.Field(name: name, type: .int)])
    case .append(let first, let second): return Schema.union(first.schema, second.schema)
    case .join(let node): return node.schema
    case .pivot(let node): return node.schema
    case .melt(let node): return node.schema
    case .explode(let node): return node.schema
    }
  }

  /// Whether the rows come out in an order that was asked for, as `lag` and `first` need.
  package var isOrdered: Bool {
    switch self {
    case .source(let source): source.isOrdered
    case .sort, .top: true
    case .take(let node) where !node.order.isEmpty: true
    case .aggregate, .count, .append, .pivot: false
    case .join(let node): node.keepsLeftOrder && node.left.isOrdered
    default: inputs.allSatisfy(\.isOrdered)
    }
  }

  /// No more rows than these come out; nil where a file has not been read.
  package var maximumRowCount: Int? {
    switch self {
    case .source(let source): return source.rowCount
    case .top(let input, _, let count): return input.maximumRowCount.map { min($0, count) }
    case .take(let node) where node.keys.isEmpty:
      let limit =
        switch node.rows {
        case .range(let range): range.count
        case .last(let count): count
        }
      return node.input.maximumRowCount.map { min($0, limit) }
    case .sample(let node) where node.keys.isEmpty:
      switch node.size {
      case .rows(let count): return node.input.maximumRowCount.map { min($0, count) }
      case .fraction(let share):
        return node.input.maximumRowCount.map { Int((Double($0) * share).rounded()) }
      }
    case .aggregate(let node) where node.keys.isEmpty: return 1
    case .count: return 1
    case .append(let first, let second):
      guard let a = first.maximumRowCount, let b = second.maximumRowCount else { return nil }
      let (sum, overflow) = a.addingReportingOverflow(b)
      return overflow ? nil : sum
    case .join(let node): return node.maximumRowCount
    case .pivot(let node) where node.rows.isEmpty: return 1
    case .melt(let node):
      return node.input.maximumRowCount.map { JoinSize.product($0, node.columns.count) }
    case .explode: return nil
    default: return inputs.first?.maximumRowCount
    }
  }
}

extension Schema {
  /// Changes the type of a column, or adds one at the end.
  package mutating func set(_ name: String, _ type: DataType) {
    if let index = index(of: name) {
      fields[index].type = type
    } else {
      fields.append(Field(name: name, type: type))
    }
  }

  /// The columns of both; where types differ, the one that both fit.
  static func union(_ first: Schema, _ second: Schema) -> Schema {
    var schema = first
    for field in second.fields {
      let known = first[field.name]
      schema.set(field.name, known.flatMap { commonType($0, field.type) } ?? field.type)
    }
    return schema
  }
}

/// The type that values of both fit without loss; nil if there is none.
package func commonType(_ a: DataType, _ b: DataType) -> DataType? {
  switch (a, b) {
  case (.int, .float), (.float, .int): .float
  case (.date, .datetime), (.datetime, .date): .datetime
  default: a == b ? a : nil
  }
}
