import Columnar
import Language

/// An expression with the name of the column it makes.
package struct NamedExpr: Sendable {
  package var name: String
  package var value: TypedExpr

  package init(name: String, value: TypedExpr) {
    self.name = name
    self.value = value
  }
}

/// An expression to sort by.
package struct OrderKey: Sendable {
  package var value: TypedExpr
  package var isDescending: Bool

  package init(value: TypedExpr, isDescending: Bool = false) {
    self.value = value
    self.isDescending = isDescending
  }
}

/// What a pipeline does to its rows, as a tree: each operator holds its input.
package indirect enum LogicalPlan: Sendable {
  case source(Source)
  case filter(Filter)
  case derive(Derive)
  /// The columns of these names, in this order.
  case project(LogicalPlan, [String])
  case rename(LogicalPlan, [Renaming])
  case aggregate(Aggregate)
  case sort(LogicalPlan, [OrderKey])
  /// The first rows of the input sorted.
  case top(LogicalPlan, [OrderKey], Int)
  case take(Take)
  case sample(Sample)
  /// The first row of each distinct combination of the columns named, or of all.
  case distinct(LogicalPlan, on: [String])
  /// The rows without a null in the columns named.
  case dropNull(LogicalPlan, in: [String])
  /// One row with the number of rows.
  case count(LogicalPlan, as: String)
  case append(LogicalPlan, LogicalPlan)
  case join(Join)
  case pivot(Pivot)
  case melt(Melt)
  case explode(Explode)

  /// Where rows come from: a bound frame, or a file that is read when the plan runs.
  package struct Source: Sendable {
    /// What it is called in descriptions: `trips`, `trips.csv`.
    package var label: String
    package var schema: Schema
    /// Nil where it is not known before reading.
    package var rowCount: Int?
    /// Whether the rows are in an order that was asked for.
    package var isOrdered: Bool
    /// Whether reading only some columns is cheaper than reading all.
    package var readsColumns: Bool
    /// What running the plan that made a frame in memory has to say.
    package var report = ExecutionReport()
    /// Where its columns and rows come from; nil where nobody asked.
    package var lineage: FrameLineage?
    /// The rows, with these columns, or with all for nil.
    package var read: @Sendable (_ columns: [String]?) throws -> Frame
    /// The rows in batches, where all of them may be more than memory holds.
    package var stream: StreamedTable?

    /// A source that reads a file when the plan runs, and must then find `schema` there.
    package init(
      label: String, schema: Schema, rowCount: Int? = nil,
      read: @escaping @Sendable (_ columns: [String]?) throws -> Frame
    ) {
      self.label = label
      self.schema = schema
      self.rowCount = rowCount
      isOrdered = false
      readsColumns = true
      self.read = read
    }

    /// A frame in memory.
    package init(_ frame: Frame, label: String, isOrdered: Bool = false) {
      self.label = label
      schema = frame.schema
      rowCount = frame.rowCount
      self.isOrdered = isOrdered
      readsColumns = false
      read = { columns in columns.map { frame.projected($0) } ?? frame }
    }
  }

  package struct Filter: Sendable {
    package var input: LogicalPlan
    package var condition: TypedExpr
    /// Aggregates in the condition are of these groups.
    package var keys: [NamedExpr]
    /// The order that windows in the condition go by.
    package var order: [OrderKey]
  }

  package struct Derive: Sendable {
    package var input: LogicalPlan
    /// From left to right: each sees the columns made before it.
    package var items: [NamedExpr]
    package var keys: [NamedExpr]
    package var order: [OrderKey]
    /// Other rows keep their value, or get null in a new column.
    package var condition: TypedExpr?
  }

  package struct Renaming: Sendable, Hashable {
    package var old: String
    package var new: String

    package init(old: String, new: String) {
      self.old = old
      self.new = new
    }
  }

  package struct Aggregate: Sendable {
    package var input: LogicalPlan
    package var keys: [NamedExpr]
    package var items: [NamedExpr]
    /// The order that `first` and `last` go by, where it is not the input's.
    package var order: [OrderKey]
    /// Only the rows for which it holds; it depends on each row alone.
    package var condition: TypedExpr?
  }

  package struct Take: Sendable {
    package enum Rows: Sendable, Hashable {
      /// Counted from 0; the upper bound may be beyond the last row.
      case range(Range<Int>)
      case last(Int)
    }

    package var input: LogicalPlan
    package var rows: Rows
    /// Within each group.
    package var keys: [NamedExpr]
    /// The order of the rows, where it is not the input's; only with keys.
    package var order: [OrderKey] = []
  }

  package struct Sample: Sendable {
    package enum Size: Sendable, Hashable {
      case rows(Int)
      /// Of all rows, rounded to the nearest.
      case fraction(Double)
    }

    package var input: LogicalPlan
    package var size: Size
    package var seed: UInt64
    package var keys: [NamedExpr]
  }
}

extension LogicalPlan {
  package static func frame(_ frame: Frame, label: String, isOrdered: Bool = false) -> LogicalPlan {
    .source(Source(frame, label: label, isOrdered: isOrdered))
  }

  package static func take(
    _ input: LogicalPlan, _ rows: Take.Rows, by keys: [NamedExpr] = []
  ) -> LogicalPlan {
    .take(Take(input: input, rows: rows, keys: keys))
  }

  package static func sample(
    _ input: LogicalPlan, _ size: Sample.Size, seed: UInt64, by keys: [NamedExpr] = []
  ) -> LogicalPlan {
    .sample(Sample(input: input, size: size, seed: seed, keys: keys))
  }

  package static func filter(_ input: LogicalPlan, _ condition: TypedExpr) -> LogicalPlan {
    .filter(Filter(input: input, condition: condition, keys: [], order: []))
  }

  /// The operators whose rows it works on.
  package var inputs: [LogicalPlan] {
    switch self {
    case .source: []
    case .filter(let node): [node.input]
    case .derive(let node): [node.input]
    case .aggregate(let node): [node.input]
    case .take(let node): [node.input]
    case .sample(let node): [node.input]
    case .project(let input, _), .rename(let input, _), .sort(let input, _),
      .top(let input, _, _), .distinct(let input, _), .dropNull(let input, _),
      .count(let input, _):
      [input]
    case .append(let first, let second): [first, second]
    case .join(let node): [node.left, node.right]
    case .pivot(let node): [node.input]
    case .melt(let node): [node.input]
    case .explode(let node): [node.input]
    }
  }

  /// The operator over other inputs, as many as it has.
  package func with(inputs: [LogicalPlan]) -> LogicalPlan {
    guard let input = inputs.first else { return self }
    switch self {
    case .source: return self
    case .filter(var node):
      node.input = input
      return .filter(node)
    case .derive(var node):
      node.input = input
      return .derive(node)
    case .aggregate(var node):
      node.input = input
      return .aggregate(node)
    case .take(var node):
      node.input = input
      return .take(node)
    case .sample(var node):
      node.input = input
      return .sample(node)
    case .project(_, let names): return .project(input, names)
    case .rename(_, let names): return .rename(input, names)
    case .sort(_, let keys): return .sort(input, keys)
    case .top(_, let keys, let count): return .top(input, keys, count)
    case .distinct(_, let names): return .distinct(input, on: names)
    case .dropNull(_, let names): return .dropNull(input, in: names)
    case .count(_, let name): return .count(input, as: name)
    case .append: return .append(input, inputs.count > 1 ? inputs[1] : input)
    case .join(var node):
      node.left = input
      node.right = inputs.count > 1 ? inputs[1] : input
      return .join(node)
    case .pivot(var node):
      node.input = input
      return .pivot(node)
    case .melt(var node):
      node.input = input
      return .melt(node)
    case .explode(var node):
      node.input = input
      return .explode(node)
    }
  }
}

extension Frame {
  /// The columns of these names that exist, in this order.
  package func projected(_ names: [String]) -> Frame {
    let known = names.filter { index(of: $0) != nil }
    return Frame(
      names: known, columns: known.compactMap { self[$0] }, rowCount: rowCount,
      origin: origin)
  }
}
