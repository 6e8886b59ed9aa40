/// Where the columns and rows of a plan come from: known from the operators, not from data.
extension LogicalPlan {
  /// The lineage, from that of its sources on.
  package var lineage: FrameLineage {
    switch self {
    case .source(let source): return source.lineage ?? .unknown
    case .filter(let node):
      var lineage = node.input.lineage
      lineage.decide(node.condition.columns, .filter)
      if node.condition.readsOtherRows { lineage.decide(columns(node.keys, node.order), .window) }
      return lineage
    case .derive(let node): return node.lineage
    case .project(let input, let names):
      let lineage = input.lineage
      return FrameLineage(
        columns: lineage.columns.filter { names.contains($0.key) }, rows: lineage.rows)
    case .rename(let input, let renamings):
      let lineage = input.lineage
      var renamed = lineage
      for renaming in renamings { renamed.columns[renaming.old] = nil }
      for renaming in renamings { renamed.columns[renaming.new] = lineage.columns[renaming.old] }
      return renamed
    case .aggregate(let node): return node.lineage
    case .sort(let input, let keys), .top(let input, let keys, _):
      var lineage = input.lineage
      lineage.decide(columns([], keys), .sort)
      return lineage
    case .take(let node):
      var lineage = node.input.lineage
      lineage.decide(columns([], node.order), .sort)
      lineage.decide(columns(node.keys, []), .group)
      return lineage
    case .sample(let node):
      var lineage = node.input.lineage
      lineage.decide(columns(node.keys, []), .group)
      return lineage
    case .distinct(let input, let names):
      var lineage = input.lineage
      lineage.decide(names.isEmpty ? input.schema.names : names, .filter)
      return lineage
    case .dropNull(let input, let names):
      var lineage = input.lineage
      lineage.decide(names.isEmpty ? input.schema.names : names, .filter)
      return lineage
    case .count(let input, let name):
      return FrameLineage(columns: [name: [:]], rows: input.lineage.rows)
    case .append(let first, let second): return first.lineage.appended(second.lineage, schema.names)
    case .join(let node): return node.lineage
    case .pivot(let node): return node.lineage
    case .melt(let node): return node.lineage
    case .explode(let node):
      var lineage = node.input.lineage
      let uses = node.item.value.uses(.init(.transformation))
      let origins = lineage.origins(of: uses)
      lineage.decide(uses.map(\.column), .filter)
      lineage.columns[node.item.name] = origins
      if let place = node.place { lineage.columns[place] = origins }
      return lineage
    }
  }

  private func columns(_ keys: [NamedExpr], _ order: [OrderKey]) -> [String] {
    (keys.map(\.value) + order.map(\.value)).flatMap(\.columns)
  }

  /// The plan with the lineage of its source, if it is one.
  package func traced(_ lineage: FrameLineage?) -> LogicalPlan {
    guard case .source(var source) = self else { return self }
    source.lineage = lineage
    return .source(source)
  }
}

extension FrameLineage {
  /// Of these rows and those of `other` below them.
  fileprivate func appended(_ other: FrameLineage, _ names: [String]) -> FrameLineage {
    var both = FrameLineage()
    for name in names {
      guard var origins = columns[name], let more = other.columns[name] else { continue }
      origins.add(more)
      both.columns[name] = origins
    }
    if var origins = rows, let more = other.rows {
      origins.add(more)
      both.rows = origins
    }
    return both
  }
}

extension LogicalPlan.Derive {
  fileprivate var lineage: FrameLineage {
    var lineage = input.lineage
    for item in items {
      var uses = item.value.uses()
      if item.value.readsOtherRows {
        let others = keys.map(\.value) + order.map(\.value)
        uses += others.flatMap(\.columns).map { ($0, .init(.window)) }
      }
      if let condition {
        uses += condition.columns.map { ($0, .init(.conditional)) }
        // Other rows keep their value, where the column was there before.
        if input.schema[item.name] != nil { uses.append((item.name, .init(.transformation))) }
      }
      lineage.columns[item.name] = lineage.origins(of: uses)
    }
    return lineage
  }
}

extension LogicalPlan.Aggregate {
  fileprivate var lineage: FrameLineage {
    let before = input.lineage
    var lineage = FrameLineage(rows: before.rows)
    for key in keys { lineage.columns[key.name] = before.origins(of: key.value.uses()) }
    for item in items {
      var uses = item.value.uses()
      uses += order.flatMap(\.value.columns).map { ($0, .init(.sort)) }
      if let condition { uses += condition.columns.map { ($0, .init(.conditional)) } }
      lineage.columns[item.name] = before.origins(of: uses)
    }
    var rows = before
    rows.decide(keys.flatMap(\.value.columns), .group)
    if let condition { rows.decide(condition.columns, .filter) }
    lineage.rows = rows.rows
    return lineage
  }
}

extension LogicalPlan.Join {
  fileprivate var lineage: FrameLineage {
    let (first, second) = (left.lineage, right.lineage)
    var lineage = FrameLineage()
    for column in columns {
      switch column.source {
      case .left(let name): lineage.columns[column.name] = first.columns[name]
      case .right(let name): lineage.columns[column.name] = second.columns[name]
      case .key(let number) where keys.indices.contains(number):
        guard var origins = first.columns[keys[number].left],
          let others = second.columns[keys[number].right]
        else { continue }
        // Where there is a left row its key stands.
        if case .matching(let kind) = kind, kind.keepsRight { origins.add(others) }
        lineage.columns[column.name] = origins
      case .key: break
      }
    }
    var (before, after) = (first, second)
    before.decide(keys.map(\.left), .join)
    after.decide(keys.map(\.right), .join)
    if var rows = before.rows, let more = after.rows {
      rows.add(more)
      lineage.rows = rows
    }
    return lineage
  }
}

extension LogicalPlan.Pivot {
  fileprivate var lineage: FrameLineage {
    let before = input.lineage
    var lineage = FrameLineage(rows: before.rows)
    for row in rows { lineage.columns[row] = before.columns[row] }
    for cell in cells {
      lineage.columns[cell.name] = before.origins(
        of: [(cell.item, .init(.identity))] + keys.map { ($0, .init(.conditional)) })
    }
    return lineage
  }
}

extension LogicalPlan.Melt {
  fileprivate var lineage: FrameLineage {
    let before = input.lineage
    var lineage = FrameLineage(rows: before.rows)
    for field in kept { lineage.columns[field.name] = before.columns[field.name] }
    lineage.columns[name] = [:]
    lineage.columns[value] = before.origins(of: columns.map { ($0, .init(.transformation)) })
    return lineage
  }
}
