import Columnar
import Display
import Language
import Notebooks
import Query

/// Measures of the rows that share the values of keys: what `bar`, `line` and `heatmap` draw.
struct MeasuredKeys {
  /// The keys of each group of rows, in their order, null last.
  let keys: [Column]
  /// A column a measure, a value a group.
  let measures: [Column]
  /// How many rows of data each group has.
  let rowCounts: [Int]

  /// The measures of the rows of `frame` by `keys`, columns of its length. Throws where a measure is
  /// no aggregate.
  init(_ measures: [Item], by keys: [Column], of frame: Frame, _ call: Call) throws {
    var frame = frame
    // Names that no file or line gives.
    let names = keys.indices.map { "\u{1F}key \($0)" }
    frame = Frame(
      names: frame.names + names, columns: frame.columns + keys, rowCount: frame.rowCount)
    let span = call.stage.verb.span
    let named = measures.enumerated().map { number, item in
      Item(name: Name("\u{1F}measure \(number)"), value: item.value)
    }
    let count = Item(
      name: Name("\u{1F}rows"), value: Expr(.call(function: Name("count"), arguments: []), span))
    let plan = try LogicalPlan.frame(frame, label: "frame").aggregated(
      named + [count], keys: names.map { Item(value: Expr(.name($0), span)) },
      scope: call.scope(frame.schema))
    let result = try Execution.run(plan).frame
    self.keys = names.compactMap { result[$0] }
    self.measures = named.compactMap { $0.name.flatMap { result[$0.text] } }
    let counts = result["\u{1F}rows"]
    rowCounts = (0..<result.rowCount).map { row in
      counts?[row].number.flatMap { Int(exactly: $0) } ?? 0
    }
  }
}

extension Call {
  /// The items behind `over`. Throws unless there are as many as `range` says.
  func overItems(_ range: ClosedRange<Int>, _ example: String) throws -> [Item] {
    guard let items = preposition("over"), range.contains(items.count) else {
      var error = misuse("`\(verb)` needs `over`, as \(example)")
      error.correction = correction(keyCount: range.lowerBound)
      throw error
    }
    return items
  }

  /// What columns alone probably ask for: as many as there are keys, how many rows of each there are;
  /// two for one key, the second over the first, as in other languages.
  private func correction(keyCount: Int) -> Diagnostic.Correction? {
    var names: [String] = []
    for item in items {
      guard case .name = item.value.kind, item.name == nil else { return nil }
      names.append(Language.print(item.value))
    }
    guard preposition("over") == nil, let first = items.first, let last = items.last else {
      return nil
    }
    let span = Span(first.value.span.start, last.value.span.end)
    if names.count == keyCount {
      return Diagnostic.Correction(span, "count() over \(names.joined(separator: ", "))")
    }
    guard keyCount == 1, names.count == 2 else { return nil }
    return Diagnostic.Correction(span, "\(names[1]) over \(names[0])")
  }

  /// Whether an item is an aggregate, as `mean(fare)`, and not a column or an expression of columns.
  func isAggregate(_ item: Item, _ schema: Schema) throws -> Bool {
    try bind(item.value, in: scope(schema).ordered, allowing: [.aggregates]).readsOtherRows
  }

  /// What an item is called on an axis.
  func label(_ item: Item) -> String { item.name?.text ?? Language.print(item.value) }

  /// A measure as floats in units of its axis, null where it has none. Throws for text.
  func numbers(
    _ column: Column, _ item: Item, _ kind: String
  ) throws -> [Double?] {
    if column.type == .text { throw notANumber(label(item), .text, item, kind) }
    let numbers = try column.numbers()
    return (0..<column.count).map { column.isNull($0) ? nil : numbers[$0] }
  }
}

extension Scope {
  /// The same names, where aggregates that go by an order may stand.
  fileprivate var ordered: Scope { with(schema: schema, isOrdered: true) }
}

extension Scalar {
  /// The value as the label of a category.
  var label: String { isNull ? "null" : text }
}
