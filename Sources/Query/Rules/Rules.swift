import Columnar

/// A rewriting of a plan that keeps what comes out.
package struct Rule: Sendable {
  /// What it did, for `plan`: `filter below derive`.
  package let name: String
  /// The operator rewritten, or nil where the rule does not apply to it.
  let rewrite: @Sendable (LogicalPlan) -> LogicalPlan?
}

/// The rules of the planner, in the order in which they are tried.
package enum Rules {
  package static let all: [Rule] = [
    filterBelowSort, filterBelowProject, filterBelowRename, filterBelowDerive,
    takeBelowProject, takeBelowRename, takeBelowDerive, takeOverSort, takeOfGroupsOverSort,
    countOfSameRows,
    filterIntoAggregate, projectOverProject, unusedColumns,
  ]

  /// The plan after the rules, and the names of those that did something.
  package static func apply(
    _ rules: [Rule], to plan: LogicalPlan
  ) -> (plan: LogicalPlan, applied: [String]) {
    var applied: [String] = []
    var plan = plan
    for _ in 0..<passLimit {
      var changed = false
      plan = rewrite(plan, rules) { name in
        changed = true
        if !applied.contains(name) { applied.append(name) }
      }
      if !changed { break }
    }
    guard rules.contains(where: { $0.name == unusedColumns.name }) else { return (plan, applied) }
    let pruned = Pruning.prune(plan)
    if pruned.removed { applied.append(unusedColumns.name) }
    return (pruned.plan, applied)
  }

  /// Each pass moves an operator at least one place, and plans are a few stages long.
  private static let passLimit = 64

  private static func rewrite(
    _ plan: LogicalPlan, _ rules: [Rule], _ note: (String) -> Void
  ) -> LogicalPlan {
    var plan = plan.with(inputs: plan.inputs.map { rewrite($0, rules, note) })
    for rule in rules {
      if let better = rule.rewrite(plan) {
        note(rule.name)
        plan = better
      }
    }
    return plan
  }

  private static let filterBelowSort = Rule(name: "filter below sort") { plan in
    guard case .filter(var filter) = plan, !filter.condition.readsOtherRows,
      case .sort(let input, let keys) = filter.input
    else { return nil }
    filter.input = input
    return .sort(.filter(filter), keys)
  }

  private static let filterBelowProject = Rule(name: "filter below select") { plan in
    guard case .filter(var filter) = plan, !filter.condition.readsOtherRows,
      case .project(let input, let names) = filter.input
    else { return nil }
    filter.input = input
    return .project(.filter(filter), names)
  }

  private static let filterBelowRename = Rule(name: "filter below rename") { plan in
    guard case .filter(var filter) = plan, !filter.condition.readsOtherRows,
      case .rename(let input, let renamings) = filter.input
    else { return nil }
    filter.condition = filter.condition.substituting(undoing(renamings, input.schema))
    filter.input = input
    return .rename(.filter(filter), renamings)
  }

  /// The columns before a rename, by the names they have after it.
  private static func undoing(
    _ renamings: [LogicalPlan.Renaming], _ schema: Schema
  ) -> [String: TypedExpr] {
    var columns: [String: TypedExpr] = [:]
    for renaming in renamings {
      if let type = schema[renaming.old] {
        columns[renaming.new] = .column(renaming.old, type: type)
      }
    }
    return columns
  }

  /// Legal where the derived columns depend on their own row alone and are not asked about. Only
  /// those that cannot fail or be noted: what is reported must not depend on a later stage.
  private static let filterBelowDerive = Rule(name: "filter below derive") { plan in
    guard case .filter(var filter) = plan, !filter.condition.readsOtherRows,
      case .derive(var derive) = filter.input, derive.isRowwise,
      derive.items.allSatisfy(\.value.isTotal), derive.condition?.isTotal ?? true,
      Set(derive.items.map(\.name)).isDisjoint(with: filter.condition.columns)
    else { return nil }
    filter.input = derive.input
    derive.input = .filter(filter)
    return .derive(derive)
  }

  private static let takeBelowProject = Rule(name: "take below select") { plan in
    guard case .take(var take) = plan, take.keys.isEmpty,
      case .project(let input, let names) = take.input
    else { return nil }
    take.input = input
    return .project(.take(take), names)
  }

  private static let takeBelowRename = Rule(name: "take below rename") { plan in
    guard case .take(var take) = plan, take.keys.isEmpty,
      case .rename(let input, let renamings) = take.input
    else { return nil }
    take.input = input
    return .rename(.take(take), renamings)
  }

  private static let takeBelowDerive = Rule(name: "take below derive") { plan in
    guard case .take(var take) = plan, take.keys.isEmpty, case .derive(var derive) = take.input,
      derive.isRowwise, derive.items.allSatisfy(\.value.isTotal),
      derive.condition?.isTotal ?? true
    else { return nil }
    take.input = derive.input
    derive.input = .take(take)
    return .derive(derive)
  }

  private static let takeOverSort = Rule(name: "take and sort as top rows") { plan in
    guard case .take(let take) = plan, take.keys.isEmpty, case .range(let range) = take.rows,
      range.lowerBound == 0, case .sort(let input, let keys) = take.input
    else { return nil }
    return .top(input, keys, range.upperBound)
  }

  /// Each group then keeps its first rows only, instead of all rows being sorted.
  private static let takeOfGroupsOverSort = Rule(name: "sort into take by") { plan in
    guard case .take(var take) = plan, !take.keys.isEmpty, take.order.isEmpty,
      case .range = take.rows, case .sort(let input, let keys) = take.input,
      take.keys.allSatisfy(\.value.isTotal)
    else { return nil }
    take.order = keys
    take.input = input
    return .take(take)
  }

  private static let countOfSameRows = Rule(name: "count without sort or derive") { plan in
    guard case .count(let input, let name) = plan else { return nil }
    switch input {
    case .sort(let inner, _), .project(let inner, _), .rename(let inner, _):
      return .count(inner, as: name)
    case .derive(let derive)
    where derive.isRowwise && derive.items.allSatisfy(\.value.isTotal)
      && (derive.condition?.isTotal ?? true):
      return .count(derive.input, as: name)
    default: return nil
    }
  }

  /// The rows need not be gathered where keys and arguments may as well be computed for all of them:
  /// where they can neither fail nor be noted.
  private static let filterIntoAggregate = Rule(name: "filter into agg") { plan in
    guard case .aggregate(var aggregate) = plan, aggregate.condition == nil,
      aggregate.order.isEmpty, case .filter(let filter) = aggregate.input,
      !filter.condition.readsOtherRows,
      aggregate.keys.allSatisfy(\.value.isTotal),
      aggregate.items.allSatisfy(\.value.hasTotalArguments)
    else { return nil }
    aggregate.condition = filter.condition
    aggregate.input = filter.input
    return .aggregate(aggregate)
  }

  private static let projectOverProject = Rule(name: "select over select") { plan in
    guard case .project(.project(let input, _), let names) = plan else { return nil }
    return .project(input, names)
  }

  /// Applied once, from the top, as it needs to know what is used above.
  private static let unusedColumns = Rule(name: "unused columns left out") { _ in nil }
}

extension LogicalPlan.Derive {
  /// Whether each row's values depend on that row alone.
  var isRowwise: Bool { items.allSatisfy { !$0.value.readsOtherRows } }
}

extension TypedExpr {
  /// Whether what its aggregates reduce can neither fail nor turn a value into null.
  fileprivate var hasTotalArguments: Bool {
    var total = true
    visit { part in
      if case .aggregate(let call) = part.kind, !call.arguments.allSatisfy(\.isTotal) {
        total = false
      }
    }
    return total
  }
}
