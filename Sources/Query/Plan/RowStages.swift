import Columnar
import Language

extension LogicalPlan {
  /// Which rows of those with equal keys `dedupe` keeps.
  package enum Kept: String, Sendable, CaseIterable {
    /// One, whichever comes first as the rows stand.
    case any
    /// The first or last in the order asked for.
    case first, last
    /// None of several.
    case none
  }

  /// `dedupe`: one row of each combination of keys, or of all columns for none, in their old order.
  package func deduplicated(
    by keys: [Item], order: [SortKey], keep: Kept, span: Span, scope: Scope
  ) throws(Diagnostic) -> LogicalPlan {
    let scope = self.scope(scope, order: !order.isEmpty)
    var groups = try bindKeys(keys, in: scope, needingNames: false)
    if groups.isEmpty {
      groups = schema.fields.map {
        NamedExpr(name: $0.name, value: .column($0.name, type: $0.type))
      }
    }
    if keep == .first || keep == .last, !scope.isOrdered {
      throw Diagnostic(
        .type, "`keep=\(keep.rawValue)` depends on the order of rows, and none was asked for",
        span: span, label: "add a `sort` clause, or a `sort` stage before")
    }
    let plain = groups.compactMap { $0.value.columnName }
    if keep == .any, order.isEmpty, plain.count == groups.count {
      return .distinct(self, on: plain)
    }
    let sort = try bindOrder(order, in: scope)
    return .filter(
      Filter(input: self, condition: kept(keep, span), keys: groups, order: sort))
  }

  private func kept(_ keep: Kept, _ span: Span) -> TypedExpr {
    if keep == .none {
      let count = TypedExpr(
        .aggregate(AggregateCall(reduction: .count, arguments: [])), type: .int, span: span)
      return .apply(
        Operation("==", isTotal: true, kernel: Comparison.equal.apply),
        [count, .constant(.int(1), span: span)], type: .bool, span: span)
    }
    let hasNeighbour = TypedExpr(
      .window(WindowCall(function: .isInside(keep == .last ? -1 : 1), arguments: [])),
      type: .bool, span: span)
    return .apply(
      Operation("not", isTotal: true, kernel: Logic.not), [hasNeighbour], type: .bool, span: span)
  }

  /// Ways of `rank` to number rows.
  package enum RankMethod: String, Sendable, CaseIterable {
    /// One more than the rows before, peers alike.
    case min
    case dense
    /// From 0 to 1.
    case percent
    /// Peers in the order of the rows.
    case first
  }

  /// `rank`: a column with the place of each row in the order of `keys`; null where the first key
  /// is.
  package func ranked(
    by keys: [SortKey], groups: [Item], method: RankMethod, name: String, scope: Scope
  ) throws(Diagnostic) -> LogicalPlan {
    let scope = self.scope(scope, order: true)
    let groups = try bindKeys(groups, in: scope, needingNames: false)
    let order = try bindOrder(keys, in: scope)
    guard let first = order.first?.value else { return self }
    let span = first.span
    let value: TypedExpr
    switch method {
    case .min, .dense, .percent:
      let ranking: Ranking = method == .min ? .rank : method == .dense ? .dense : .percent
      value = TypedExpr(
        .window(WindowCall(function: .orderedRank(ranking), arguments: [first])),
        type: method == .percent ? .float : .int, span: span)
    case .first:
      let number = TypedExpr(
        .window(WindowCall(function: .rowNumber, arguments: [])), type: .int, span: span)
      let binder = Binder(scope: scope, allowance: [])
      value = TypedExpr(
        .choice(
          [
            TypedExpr.Arm(
              condition: binder.isNull(first, isNegated: true, span: span), value: number)
          ], otherwise: TypedExpr(.constant(.null), type: .int, span: span)), type: .int,
        span: span)
    }
    return .derive(
      Derive(
        input: self, items: [NamedExpr(name: name, value: value)], keys: groups, order: order,
        condition: nil))
  }
}
