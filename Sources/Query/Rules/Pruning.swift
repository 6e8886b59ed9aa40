import Columnar

/// Leaves out columns that nothing above asks for, down to the readers.
enum Pruning {
  static func prune(_ plan: LogicalPlan) -> (plan: LogicalPlan, removed: Bool) {
    var removed = false
    return (prune(plan, nil, &removed), removed)
  }

  /// `needed` is nil where all columns are.
  private static func prune(
    _ plan: LogicalPlan, _ needed: Set<String>?, _ removed: inout Bool
  ) -> LogicalPlan {
    switch plan {
    case .source(let source):
      guard let needed else { return plan }
      let kept = source.schema.names.filter { needed.contains($0) }
      // At least one column: a reader must find out how many rows there are.
      let names = kept.isEmpty ? Array(source.schema.names.prefix(1)) : kept
      if names.count == source.schema.names.count { return plan }
      removed = true
      return .project(plan, names)
    case .filter(var node):
      node.input = prune(
        node.input, needed?.union(node.condition.columns).union(columns(node.keys, node.order)),
        &removed)
      return .filter(node)
    case .derive(var node):
      if let needed {
        var below = needed.union(columns(node.keys, node.order))
        for name in node.condition?.columns ?? [] { below.insert(name) }
        // From right to left: an item that later items do not read and nobody asks for is dropped
        // if that changes no report. With a condition a column keeps its old values as well.
        var items: [NamedExpr] = []
        for item in node.items.reversed() {
          if !below.contains(item.name), item.value.isTotal {
            removed = true
            continue
          }
          if node.condition == nil { below.remove(item.name) }
          below.formUnion(columns(node.keys, node.order))
          below.formUnion(item.value.columns)
          items.insert(item, at: 0)
        }
        node.items = items
        node.input = prune(node.input, below, &removed)
        return items.isEmpty ? node.input : .derive(node)
      }
      node.input = prune(node.input, nil, &removed)
      return .derive(node)
    case .project(let input, let names):
      let kept = needed.map { needed in names.filter { needed.contains($0) } } ?? names
      // A frame without columns still has rows; keep one to count them by.
      let used = kept.isEmpty ? Array(names.prefix(1)) : kept
      if used.count < names.count { removed = true }
      if case .source = input { return .project(input, used) }
      return .project(prune(input, Set(used), &removed), used)
    case .rename(let input, let renamings):
      guard let needed else { return .rename(prune(input, nil, &removed), renamings) }
      let below = needed.map { name in renamings.first { $0.new == name }?.old ?? name }
      let used = renamings.filter { needed.contains($0.new) }
      return .rename(prune(input, Set(below), &removed), used)
    case .aggregate(var node):
      var below = columns(node.keys, node.order)
      for item in node.items { below.formUnion(item.value.columns) }
      below.formUnion(node.condition?.columns ?? [])
      node.input = prune(node.input, below, &removed)
      return .aggregate(node)
    case .sort(let input, let keys):
      return .sort(prune(input, needed?.union(columns([], keys)), &removed), keys)
    case .top(let input, let keys, let count):
      return .top(prune(input, needed?.union(columns([], keys)), &removed), keys, count)
    case .take(var node):
      node.input = prune(node.input, needed?.union(columns(node.keys, node.order)), &removed)
      return .take(node)
    case .sample(var node):
      node.input = prune(node.input, needed?.union(columns(node.keys, [])), &removed)
      return .sample(node)
    case .distinct(let input, let names):
      let below = names.isEmpty ? nil : needed?.union(names)
      return .distinct(prune(input, below, &removed), on: names)
    case .dropNull(let input, let names):
      let below = names.isEmpty ? nil : needed?.union(names)
      return .dropNull(prune(input, below, &removed), in: names)
    case .count(let input, let name):
      return .count(prune(input, [], &removed), as: name)
    case .append(let first, let second):
      return .append(prune(first, needed, &removed), prune(second, needed, &removed))
    case .join(var node):
      if let needed {
        let kept = node.columns.filter { needed.contains($0.name) }
        if kept.count < node.columns.count { removed = true }
        node.columns = kept
      }
      let needs = node.needs
      node.left = prune(node.left, needs.left, &removed)
      node.right = prune(node.right, needs.right, &removed)
      return .join(node)
    case .pivot(var node):
      if let needed {
        let kept = node.cells.filter { needed.contains($0.name) }
        if kept.count < node.cells.count { removed = true }
        node.cells = kept
      }
      node.input = prune(node.input, nil, &removed)
      return .pivot(node)
    case .melt(var node):
      let kept = Set(node.kept.map(\.name))
      node.input = prune(
        node.input, needed.map { $0.intersection(kept).union(node.columns) }, &removed)
      return .melt(node)
    case .explode(var node):
      let made = Set([node.item.name, node.place].compactMap(\.self))
      node.input = prune(
        node.input, needed.map { $0.subtracting(made).union(node.item.value.columns) }, &removed)
      return .explode(node)
    }
  }

  private static func columns(_ keys: [NamedExpr], _ order: [OrderKey]) -> Set<String> {
    var names: Set<String> = []
    for key in keys { names.formUnion(key.value.columns) }
    for key in order { names.formUnion(key.value.columns) }
    return names
  }
}
