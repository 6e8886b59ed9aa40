/// Aggregates by groups of rows that come batch by batch, as those of a table that does not fit
/// memory: `add` each batch, then `finish`.
///
/// Of each batch only its groups' states are kept, which later ones are merged into. Every batch
/// but the last must have a multiple of `AggregationPart.size` rows; then the results are the same
/// bits as those of `aggregate` on all rows at once, provided that `narrow` says of the arguments
/// what is true of them in all batches.
package struct GroupedAggregator {
  /// A reduction of arguments, which are named by their places among a batch's.
  package struct Item: Sendable {
    let reduction: Reduction
    let arguments: [Int]

    package init(_ reduction: Reduction, _ arguments: [Int]) {
      self.reduction = reduction
      self.arguments = arguments
    }
  }

  private let items: [Item]
  private let narrow: [Bool]
  private var known: Groups?
  private var isClosed = false

  /// The groups seen so far.
  fileprivate struct Groups {
    var count: Int
    var keys: [Column]
    var state: GroupState
    /// The groups' states, one after the other.
    var states: Buffer<UInt64>
    var items: [GroupItem]
    var forms: [StateResult]
    /// The values of items that are rows of the batches, by the item's place.
    var chosen: [Int: Column]
  }

  /// `narrow` says of each argument whether all its integers fit 16 bits: then sums of squares and
  /// products are exact.
  package init(_ items: [Item], narrow: [Bool]) {
    self.items = items
    self.narrow = narrow
  }

  /// Whether a state of fixed size gives the reduction, so that batches can be merged. Medians,
  /// quantiles, modes and counts of distinct values need all values at once.
  package static func merges(_ reduction: Reduction) -> Bool {
    switch reduction {
    case .median, .quantile, .countDistinct, .nth, .mode: false
    default: true
    }
  }

  /// Takes in the rows of a batch that are set in `mask`, all for nil.
  ///
  /// The arguments and keys must have `rowCount` rows and the types of the first batch's. Throws
  /// `value` where an argument that was said to be narrow is not, where a reduction does not merge,
  /// and after a batch that ended within a part.
  package mutating func add(
    _ arguments: [Column], by keys: [Column], where mask: Bitmap? = nil, rowCount: Int
  ) throws {
    if isClosed { throw DataError(.invalidValue, "a batch follows one that was not full") }
    isClosed = rowCount % AggregationPart.size != 0
    for part in 0..<max(AggregationPart.count(rowCount), 1) {
      let rows = AggregationPart.rows(part, of: rowCount)
      let isAll = rows.count == rowCount
      let next = try groups(
        isAll ? arguments : arguments.map { try $0.slice(rows) },
        isAll ? keys : keys.map { try $0.slice(rows) },
        try mask.map { isAll ? $0 : try $0.slice(rows) }, rows.count)
      known = try known.map { try merged($0, next) } ?? next
    }
  }

  /// The groups of all batches with their values. Throws `GroupFailure` where a sum does not fit 64
  /// bits, `value` if there was no batch.
  package func finish() throws -> GroupedValues {
    guard let known else { throw DataError(.invalidValue, "there are no batches") }
    let results = try known.items.indices.map { place in
      try GroupResults(
        known.items[place], at: place, known.forms[place], groupCount: known.count)
    }
    do {
      try known.fill(results.enumerated().filter { known.chosen[$0.offset] == nil }.map(\.element))
    } catch var failure as GroupFailure {
      failure.keys = known.keys.map { $0[failure.group] }
      throw failure
    }
    let values = try results.enumerated().map { place, result in
      try known.chosen[place] ?? result.column()
    }
    return GroupedValues(groupCount: known.count, keys: known.keys, values: values)
  }

  /// The groups of one part.
  private func groups(
    _ arguments: [Column], _ keys: [Column], _ mask: Bitmap?, _ rowCount: Int
  ) throws -> Groups {
    let arguments = try arguments.enumerated().map { place, column in
      try column.uniform(isNarrow: narrow[place], rowCount: rowCount)
    }
    let items = try items.map { try GroupItem($0.reduction, $0.arguments.map { arguments[$0] }) }
    var state = GroupState()
    let forms = try items.map { item in
      guard let form = try state.add(item) else {
        throw DataError(.invalidValue, "the \(item.reduction.name) needs all rows at once")
      }
      return form
    }
    let (count, keyColumns, states) = try groupStates(state, by: keys, where: mask, rowCount)
    var groups = Groups(
      count: count, keys: keyColumns, state: state, states: states, items: items, forms: forms,
      chosen: [:])
    var chosen: [(place: Int, result: GroupResults)] = []
    for (place, item) in items.enumerated() where item.choosesRow {
      chosen.append(
        (place, try GroupResults(item, at: place, forms[place], groupCount: count)))
    }
    try groups.fill(chosen.map(\.result))
    for (place, result) in chosen { groups.chosen[place] = try result.column() }
    return groups
  }

  private func merged(_ first: Groups, _ next: Groups) throws -> Groups {
    let rowCount = first.count + next.count
    let keys = try zip(first.keys, next.keys).map { try Column.concatenate([$0, $1]) }
    let grouping = try Grouping(keys: keys, rowCount: rowCount)
    let ids = try grouping.ids
    let stride = first.state.stride
    let merging = StateMerge(first.state)
    let states = try Buffer<UInt64>(repeating: 0, count: grouping.groupCount * stride)
    for row in 0..<rowCount {
      if row & 4095 == 0 { try Cancellation.check() }
      // SAFETY: ids are below the number of groups, and both sides have states of that stride.
      let target = states.base + Int(ids.base[row]) * stride
      let source =
        row < first.count
        ? first.states.base + row * stride : next.states.base + (row - first.count) * stride
      merging.merge(source, into: target, count: 1)
    }
    var merged = next
    merged.count = grouping.groupCount
    merged.keys = try keys.map { grouping.rowCount == 0 ? $0 : try $0.take(grouping.firstRows) }
    merged.states = states
    for (place, column) in next.chosen {
      guard let before = first.chosen[place] else { continue }
      merged.chosen[place] = try reduce(
        next.items[place].reduction, [Column.concatenate([before, column])], by: grouping)
    }
    return merged
  }
}

extension GroupedAggregator.Groups {
  fileprivate func fill(_ results: [GroupResults]) throws {
    let stride = UInt32(state.stride)
    let offsets = try Buffer((0..<UInt32(count)).map { $0 * stride })
    for result in results { try result.fill(0..<count, states.base, offsets.base) }
  }
}

extension GroupItem {
  /// Whether its value is that of a row, and text, whose keys mean nothing in another batch.
  fileprivate var choosesRow: Bool {
    switch reduction {
    case .first, .last: true
    case .min, .max: type == .text
    default: false
    }
  }
}

extension Column {
  /// The column in a form that depends on its type and `isNarrow` alone, with a validity.
  fileprivate func uniform(isNarrow: Bool, rowCount: Int) throws -> Column {
    let validity = try validity ?? Bitmap(repeating: true, count: rowCount)
    let uniform: Storage
    switch storage {
    case .float, .dictionary: uniform = storage
    case .text: uniform = try dictionaryEncoded().storage
    case .int8(let buffer):
      uniform = isNarrow ? .int16(try buffer.converted()) : .int64(try buffer.converted())
    case .int16(let buffer): uniform = isNarrow ? storage : .int64(try buffer.converted())
    case .int32(let buffer): uniform = .int64(try buffer.converted())
    case .int64: uniform = storage
    }
    if isNarrow, case .int64 = uniform {
      throw DataError(.invalidValue, "an argument that was said to be narrow is not")
    }
    return Column(type: type, storage: uniform, alwaysValid: validity)
  }
}
