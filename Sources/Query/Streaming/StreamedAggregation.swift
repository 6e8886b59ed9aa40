import Columnar
import Language

/// Aggregates over rows that come in batches: of each batch only its groups' states are kept.
extension Execution {
  /// The rows of an aggregate over a streamed plan; nil where it needs all values at once, as medians
  /// do, or goes by an order of its own.
  mutating func aggregateStreamed(_ node: LogicalPlan.Aggregate) throws -> Frame? {
    let (items, calls) = node.itemsOverCalls
    guard node.input.isStreamed, node.isRowwise,
      calls.allSatisfy({ GroupedAggregator.merges($0.call.reduction) })
    else { return nil }
    let arguments = StreamedArguments(calls)
    // Whether all integers of an argument fit 16 bits, which decides how its products are added up,
    // is known at the end: it is assumed until a batch says otherwise.
    var narrow = arguments.haveProducts
    while true {
      do {
        return try aggregateBatches(node, items, calls, arguments, narrow)
      } catch let argument as WideArgument {
        narrow[argument.place] = false
      } catch let failure as GroupFailure {
        throw overflow(calls[failure.item], failure, node.keys.map(\.name))
      }
    }
  }

  private mutating func aggregateBatches(
    _ node: LogicalPlan.Aggregate, _ items: [NamedExpr], _ calls: [CallSlots.Aggregate],
    _ arguments: StreamedArguments, _ narrow: [Bool]
  ) throws -> Frame {
    var aggregator = GroupedAggregator(arguments.items, narrow: narrow)
    var execution = Execution()
    var total = ExecutionReport()
    var seen = 0
    let known = report
    do {
      try forEachBatch(node.input, multipleOf: GroupedAggregator.partSize) { batch in
        execution.report = ExecutionReport()
        execution.rowsBefore = [seen]
        let mask = try node.condition.map { try execution.mask($0, batch).selected }
        let keys = try node.keys.map { try execution.evaluate($0.value, batch) }
        let columns = try arguments.expressions.map { try execution.evaluate($0, batch) }
        for (place, column) in columns.enumerated() where narrow[place] && !column.isNarrow {
          throw WideArgument(place: place)
        }
        try aggregator.add(columns, by: keys, where: mask, rowCount: batch.rowCount)
        total.add(batch: execution.report)
        seen += batch.rowCount
        return true
      }
    } catch let argument as WideArgument {
      report = known
      throw argument
    }
    report.add(total)
    return try rows(of: aggregator.finish(), node, items, calls)
  }
}

/// An argument with integers beyond 16 bits.
private struct WideArgument: Error {
  let place: Int
}

/// The arguments of aggregates, each different one once.
private struct StreamedArguments {
  private(set) var expressions: [TypedExpr] = []
  private(set) var items: [GroupedAggregator.Item] = []
  /// Whether sums of products of the argument are asked for.
  private(set) var haveProducts: [Bool] = []

  init(_ calls: [CallSlots.Aggregate]) {
    for call in calls {
      let places = call.call.arguments.map { place(of: $0) }
      items.append(GroupedAggregator.Item(call.call.reduction, places))
      switch call.call.reduction {
      case .variance, .standardDeviation, .correlation, .covariance:
        for place in places where expressions[place].type != .float { haveProducts[place] = true }
      default: break
      }
    }
  }

  private mutating func place(of expression: TypedExpr) -> Int {
    if let known = expressions.firstIndex(where: { $0.isSame(as: expression) }) { return known }
    expressions.append(expression)
    haveProducts.append(false)
    return expressions.count - 1
  }
}

extension LogicalPlan.Aggregate {
  /// Whether its keys and arguments depend on each row alone, and not on the row's number.
  fileprivate var isRowwise: Bool {
    guard order.isEmpty else { return false }
    let parts = keys.map(\.value) + (condition.map { [$0] } ?? [])
    return !parts.contains { $0.readsOtherRows || $0.isNumbered }
      && !items.contains { $0.value.isNumbered }
  }
}

extension Column {
  /// Whether its values lie in at most 16 bits.
  fileprivate var isNarrow: Bool {
    switch storage {
    case .int8, .int16: true
    default: false
    }
  }
}
