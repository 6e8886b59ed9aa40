import Columnar
import Language

extension LogicalPlan {
  /// The plan as a tree, last operator first, each with what it works on and how many rows are
  /// expected to come out; then the rules that shaped it.
  package func describe(applying rules: [Rule] = Rules.all) -> [String] {
    let (plan, applied) = Rules.apply(rules, to: self)
    var lines: [(text: String, rows: String)] = []
    plan.describe(depth: 0, into: &lines)
    let width = min(lines.map(\.text.count).max() ?? 0, 56)
    var result = lines.map { line in
      line.rows.isEmpty
        ? line.text
        : line.text + String(repeating: " ", count: max(0, width - line.text.count)) + "  "
          + line.rows
    }
    if !applied.isEmpty { result.append("rules: " + applied.joined(separator: ", ")) }
    return result
  }

  private func describe(depth: Int, into lines: inout [(text: String, rows: String)]) {
    let indent = depth == 0 ? "" : String(repeating: "  ", count: depth - 1) + "└ "
    let detail = operatorDetail
    let text = indent + operatorName + (detail.isEmpty ? "" : " " + detail)
    let rows = estimate?.text ?? ""
    lines.append((text, rows))
    if isReadOfColumns { return }
    for input in inputs { input.describe(depth: depth + 1, into: &lines) }
  }

  /// The verb that asks for this operator.
  package var operatorName: String {
    switch self {
    case .source(let source): source.readsColumns ? "read" : "frame"
    case .filter: "filter"
    case .derive: "derive"
    case .project: isReadOfColumns ? "read" : "select"
    case .rename: "rename"
    case .aggregate: "agg"
    case .sort: "sort"
    case .top: "top"
    case .take: "take"
    case .sample: "sample"
    case .distinct: "distinct"
    case .dropNull: "dropnull"
    case .count: "count"
    case .append: "append"
    case .join: "join"
    case .pivot: "pivot"
    case .melt: "melt"
    case .explode: "explode"
    }
  }

  /// What the operator works with.
  package var operatorDetail: String {
    switch self {
    case .source(let source):
      return "\(source.label) · \(source.schema.fields.count) columns"
    case .filter(let node):
      return node.condition.description + Self.by(node.keys, node.order)
    case .derive(let node):
      return Self.list(node.items) + Self.by(node.keys, node.order)
        + (node.condition.map { " where \($0.description)" } ?? "")
    case .project(.source(let source), let names) where source.readsColumns:
      return "\(source.label) · \(Self.shortened(names))"
    case .project(_, let names): return Self.shortened(names)
    case .rename(_, let renamings):
      return renamings.map { "\($0.old) -> \($0.new)" }.joined(separator: ", ")
    case .aggregate(let node):
      return Self.list(node.items) + Self.by(node.keys, node.order)
        + (node.condition.map { " where \($0.description)" } ?? "")
    case .sort(_, let keys): return Self.order(keys)
    case .top(_, let keys, let count):
      return "\(Diagnostic.grouped(count)) by \(Self.order(keys))"
    case .take(let node):
      let rows =
        switch node.rows {
        case .range(let range) where range.lowerBound == 0: "\(range.upperBound)"
        case .range(let range): "\(range.lowerBound + 1)..\(range.upperBound)"
        case .last(let count): "last \(count)"
        }
      return rows + Self.by(node.keys, node.order)
    case .sample(let node):
      let size =
        switch node.size {
        case .rows(let count): "\(count)"
        case .fraction(let share): Casts.text(share * 100) + "%"
        }
      return "\(size) seed=\(node.seed)" + Self.by(node.keys, [])
    case .distinct(_, let names), .dropNull(_, let names): return Self.shortened(names)
    case .join(let node): return node.detail
    case .pivot(let node): return node.detail
    case .melt(let node):
      return Self.shortened(node.columns) + " into \(node.name), \(node.value)"
    case .explode(let node): return Self.list([node.item])
    case .count, .append: return ""
    }
  }

  /// Whether this is a choice of a file's columns, which one reading does.
  var isReadOfColumns: Bool {
    if case .project(.source(let source), _) = self { return source.readsColumns }
    return false
  }

  private static func shortened(_ names: [String]) -> String {
    names.count <= 6
      ? names.joined(separator: ", ")
      : names.prefix(5).joined(separator: ", ") + ", … (\(names.count))"
  }

  private static func list(_ items: [NamedExpr]) -> String {
    items.map { item in
      item.value.columnName == item.name ? item.name : "\(item.name) = \(item.value.description)"
    }.joined(separator: ", ")
  }

  private static func by(_ keys: [NamedExpr], _ order: [OrderKey]) -> String {
    (keys.isEmpty ? "" : " by " + list(keys)) + (order.isEmpty ? "" : " sort " + self.order(order))
  }

  private static func order(_ keys: [OrderKey]) -> String {
    keys.map { ($0.isDescending ? "-" : "") + $0.value.description }.joined(separator: ", ")
  }
}
