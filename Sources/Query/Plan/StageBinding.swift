import Columnar
import Language

extension LogicalPlan {
  /// The scope of a stage over this plan: `scope` with the columns and order that come out here.
  package func scope(_ scope: Scope, order: Bool = false) -> Scope {
    scope.with(schema: schema, isOrdered: isOrdered || order)
  }

  /// `filter`: the rows for which all conditions are true. Aggregates in them are of the groups
  /// that `keys` make.
  package func filtered(
    by conditions: [Expr], keys: [Item] = [], order: [SortKey] = [], scope: Scope
  ) throws(Diagnostic) -> LogicalPlan {
    var scope = self.scope(scope, order: !order.isEmpty)
    var plan = self
    let (groups, sort) = (
      try bindKeys(keys, in: scope, needingNames: false), try bindOrder(order, in: scope)
    )
    scope.orderTypes = sort.map(\.value.type)
    for condition in conditions {
      let bound = try bindCondition(condition, in: scope, allowing: [.aggregates, .windows])
      plan = .filter(Filter(input: plan, condition: bound, keys: groups, order: sort))
    }
    return plan
  }

  /// `derive`: columns computed from left to right, within groups and in an order where given.
  package func deriving(
    _ items: [Item], keys: [Item] = [], order: [SortKey] = [], condition: Expr? = nil,
    scope: Scope
  ) throws(Diagnostic) -> LogicalPlan {
    var scope = self.scope(scope, order: !order.isEmpty)
    let (groups, sort) = (
      try bindKeys(keys, in: scope, needingNames: false), try bindOrder(order, in: scope)
    )
    scope.orderTypes = sort.map(\.value.type)
    var filter: TypedExpr?
    if let condition { filter = try bindCondition(condition, in: scope) }
    var bound: [NamedExpr] = []
    for item in try expandedEach(items, scope.schema) {
      scope.placeholder = item.placeholder
      let name = try item.item.columnName()
      var value = try bind(
        item.item.value, in: scope, allowing: [.aggregates, .windows])
      if filter != nil, let existing = scope.schema[name.text] {
        // Rows that keep their value need a type that both fit.
        let type = value.type ?? existing
        guard let common = commonType(existing, type) else {
          throw Diagnostic(
            .type, "`\(name.text)` is \(existing.rawValue) and would become \(type.rawValue)",
            span: value.span, label: "other rows keep their value: give the result a new name")
        }
        value = Binder(scope: scope, allowance: []).converted(value, to: common)
      }
      bound.append(NamedExpr(name: name.text, value: value))
      scope.schema.set(name.text, value.type ?? .float)
    }
    return .derive(
      Derive(input: self, items: bound, keys: groups, order: sort, condition: filter))
  }

  /// `agg`: one row a group, or one in all.
  ///
  /// A key of `order` that reads columns of the result alone sorts the result, as in SQL; any other
  /// is what `first` and `last` go by. A name that is both is the input's where an item asks for an
  /// order.
  package func aggregated(
    _ items: [Item], keys: [Item] = [], order: [SortKey] = [], scope: Scope
  ) throws(Diagnostic) -> LogicalPlan {
    let bare = try aggregated(items, keys: keys, inOrder: [], scope: scope.with(isOrdered: true))
    let made = Set(bare.schema.names)
    let known = Set(schema.names)
    let goesByOrder = items.contains { $0.value.callsOrdered }
    let (above, below) = order.partitioned { (key: SortKey) -> Bool in
      let names = key.value.freeNames.map(\.text)
      return names.allSatisfy { made.contains($0) && !(goesByOrder && known.contains($0)) }
        && !names.isEmpty
    }
    let plan = try aggregated(items, keys: keys, inOrder: below, scope: scope)
    return above.isEmpty ? plan : try plan.sorted(by: above, scope: scope)
  }

  private func aggregated(
    _ items: [Item], keys: [Item], inOrder order: [SortKey], scope: Scope
  ) throws(Diagnostic) -> LogicalPlan {
    let scope = self.scope(scope, order: !order.isEmpty || scope.isOrdered)
    let (groups, sort) = (try bindKeys(keys, in: scope), try bindOrder(order, in: scope))
    let plainKeys = Set(groups.compactMap { $0.value.columnName })
    var taken = Set(groups.map(\.name))
    var bound: [NamedExpr] = []
    for item in items {
      let expanded = try item.value.expandingSelector(schema: schema)
      if let expanded, let name = item.name, expanded.count != 1 {
        throw Diagnostic(
          .usage, "one name is given for \(expanded.count) columns", span: name.span,
          label: "without it they are named for their columns")
      }
      for value in expanded ?? [item.value] {
        let single = Item(name: item.name, value: value)
        let name = try single.columnName()
        let typed = try bind(value, in: scope, allowing: .aggregates)
        if let loose = typed.columnOutsideAggregates(except: plainKeys) {
          throw notAggregated(loose)
        }
        guard taken.insert(name.text).inserted else {
          throw Diagnostic(
            .duplicateName, "there are two columns `\(name.text)`", span: name.span,
            label: "give one another name: `name = …`")
        }
        bound.append(NamedExpr(name: name.text, value: typed))
      }
    }
    return .aggregate(Aggregate(input: self, keys: groups, items: bound, order: sort))
  }

  private func notAggregated(_ column: TypedExpr) -> Diagnostic {
    let name = column.columnName ?? ""
    var hints = ["count() counts rows"]
    if schema[name]?.isNumeric == true { hints = ["mean(\(name))"] }
    return Diagnostic(
      .type, "`\(name)` has many values in a group", span: column.span,
      label: "put it into an aggregate or behind `by`", hints: hints)
  }

  /// `sort`.
  package func sorted(
    by keys: [SortKey], scope: Scope
  ) throws(Diagnostic) -> LogicalPlan {
    .sort(self, try bindOrder(keys, in: self.scope(scope)))
  }

  /// `select` and `drop -x`: the columns that selectors pick.
  package func selecting(_ items: [Item]) throws(Diagnostic) -> LogicalPlan {
    let names = try resolveSelection(items, schema: schema)
    guard !names.isEmpty else { throw noColumnLeft(items) }
    return .project(self, names)
  }

  /// The error for a selection that would leave a frame without columns.
  package func noColumnLeft(_ items: [Item]) -> Diagnostic {
    let spans = items.map(\.value.span)
    return Diagnostic(
      .unknownColumn, "no column would be left",
      span: spans.dropFirst().reduce(spans.first) { $0?.joined(with: $1) },
      notes: [Suggestion.listing(schema.names)])
  }

  /// `rename old -> new`.
  package func renaming(_ items: [Item]) throws(Diagnostic) -> LogicalPlan {
    var renamings: [Renaming] = []
    for item in items {
      guard case .name(let old) = item.value.kind, let new = item.renamed else {
        throw Diagnostic(
          .usage, "`rename` takes pairs of names", span: item.value.span, label: "old -> new")
      }
      guard schema[old] != nil else {
        throw Scope(schema: schema).unknownColumn(old, span: item.value.span)
      }
      if renamings.contains(where: { $0.old == old }) {
        throw Diagnostic(
          .duplicateName, "`\(old)` is renamed twice", span: item.value.span)
      }
      renamings.append(Renaming(old: old, new: new.text))
    }
    let result = LogicalPlan.rename(self, renamings)
    var seen: Set<String> = []
    for name in result.schema.names where !seen.insert(name).inserted {
      throw Diagnostic(
        .duplicateName, "there would be two columns `\(name)`",
        span: items.first { $0.renamed?.text == name }?.renamed?.span)
    }
    return result
  }

  /// `append`: the rows of both, columns matched by name.
  package func appending(_ other: LogicalPlan, span: Span) throws(Diagnostic) -> LogicalPlan {
    for field in other.schema.fields {
      guard let type = schema[field.name], commonType(type, field.type) == nil else { continue }
      throw Diagnostic(
        .type,
        "`\(field.name)` is \(type.rawValue) in one frame and \(field.type.rawValue) in the other",
        span: span)
    }
    return .append(self, other)
  }

  /// The plan's rows grouped by `items`: each a name, `name = expression` or a selector.
  package func boundKeys(_ items: [Item], scope: Scope) throws(Diagnostic) -> [NamedExpr] {
    try bindKeys(items, in: self.scope(scope), needingNames: false)
  }

  /// The keys that `items` are. Those that become columns need a name.
  func bindKeys(
    _ items: [Item], in scope: Scope, needingNames: Bool = true
  ) throws(Diagnostic) -> [NamedExpr] {
    var keys: [NamedExpr] = []
    for item in items {
      if item.name == nil, isSelector(item.value) {
        for name in try resolveSelection([Item(value: item.value)], schema: schema) {
          guard let type = schema[name] else { continue }
          keys.append(NamedExpr(name: name, value: .column(name, type: type)))
        }
        continue
      }
      if item.name == nil { try refuseConstant(item.value, among: scope.schema.names) }
      let name =
        needingNames
        ? try item.columnName().text : item.name?.text ?? Language.print(item.value)
      keys.append(NamedExpr(name: name, value: try bind(item.value, in: scope)))
    }
    var seen: Set<String> = []
    for (index, key) in keys.enumerated() where !seen.insert(key.name).inserted {
      throw Diagnostic(
        .duplicateName, "there are two keys `\(key.name)`",
        span: index < items.count ? items[index].value.span : items.last?.value.span)
    }
    return keys
  }

  func bindOrder(
    _ keys: [SortKey], in scope: Scope
  ) throws(Diagnostic) -> [OrderKey] {
    var order: [OrderKey] = []
    for key in keys {
      try refuseConstant(key.value, among: scope.schema.names)
      order.append(
        OrderKey(value: try bind(key.value, in: scope), isDescending: key.isDescending))
    }
    return order
  }

  /// Items with `each(selector) = …` written out, with the column that `_` stands for.
  private func expandedEach(
    _ items: [Item], _ schema: Schema
  ) throws(Diagnostic) -> [(item: Item, placeholder: String?)] {
    var expanded: [(Item, String?)] = []
    for item in items {
      guard let selector = item.each else {
        if let parts = try item.value.expandingSelector(schema: schema), item.name == nil {
          for part in parts { expanded.append((Item(value: part), nil)) }
        } else {
          expanded.append((item, nil))
        }
        continue
      }
      for name in try resolveSelection([Item(value: selector)], schema: schema) {
        expanded.append((Item(name: Name(name, selector.span), value: item.value), name))
      }
    }
    return expanded
  }
}

/// Throws `type` where an expression that should read columns is a text in quotes: most of the time
/// the name of a column, which stands without.
package func refuseConstant(_ expression: Expr, among names: [String]) throws(Diagnostic) {
  guard case .text(let text) = expression.kind else { return }
  let column = names.contains(text) ? Language.print(Expr(.name(text), expression.span)) : nil
  throw Diagnostic(
    .type, "\"\(text)\" is text, the same in every row", span: expression.span,
    label: column.map { "did you mean `\($0.filter { $0 != "`" })`?" }
      ?? "a column's name stands without quotes",
    hints: column.map { $0.hasPrefix("`") ? [$0] : [] } ?? [])
}

extension Expr {
  /// Whether it calls an aggregate that goes by an order.
  fileprivate var callsOrdered: Bool {
    var found = false
    forEachPart { part in
      if case .call(let function, _) = part.kind,
        ["first", "last", "nth", "string_agg"].contains(function.text)
      {
        found = true
      }
    }
    return found
  }
}

extension Array {
  /// The elements for which `condition` holds, and the others.
  fileprivate func partitioned(by condition: (Element) -> Bool) -> ([Element], [Element]) {
    (filter(condition), filter { !condition($0) })
  }
}

extension TypedExpr {
  /// The first column that is read row by row, not inside an aggregate, and is none of `keys`.
  package func columnOutsideAggregates(except keys: Set<String>) -> TypedExpr? {
    switch kind {
    case .aggregate: return nil
    case .column(let name): return keys.contains(name) ? nil : self
    default:
      for child in children {
        if let found = child.columnOutsideAggregates(except: keys) { return found }
      }
      return nil
    }
  }
}
