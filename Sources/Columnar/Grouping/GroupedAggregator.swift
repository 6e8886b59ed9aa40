/// Aggregates by groups of rows that come batch by batch, as those of a table that does not fit
/// memory: `add` each batch, then `finish`.
///
/// Of each batch only its groups' states are kept, merged into those of the batches before, part by
/// part. Every batch but the last must have a multiple of `AggregationPart.size` rows; then the
/// results are the same bits as those of `aggregate` on all rows at once, provided that `narrow`
/// says of the arguments what is true of them in all batches.
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
  private var texts = KeyTexts()
  private var isClosed = false

  /// The groups seen so far, in order of first appearance.
  fileprivate struct Groups {
    var count = 0
    /// Text as the codes it has in `texts`.
    var keys: [Column] = []
    let stride: Int
    /// The groups' states, one after the other.
    var states: Buffer<UInt64>
    /// The items and how their values follow from a state, where they do.
    let items: [GroupItem]
    let forms: [StateResult?]
    /// The values of items that are those of a row, by the item's place.
    var chosen: [Int: Column] = [:]
  }

  /// Rows of a batch but the last: a multiple of this.
  package static var partSize: Int { AggregationPart.size }

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
    case .median, .quantile, .countDistinct, .nth, .mode, .joined: false
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
    let arguments = try arguments.enumerated().map { place, column in
      try column.uniform(isNarrow: narrow[place], rowCount: rowCount)
    }
    var state = GroupState()
    let items = try items.map { try GroupItem($0.reduction, $0.arguments.map { arguments[$0] }) }
    let forms = try items.map { item -> StateResult? in
      if item.choosesRow { return nil }
      guard let form = try state.add(item) else {
        throw DataError(.invalidValue, "the \(item.reduction.name) needs all rows at once")
      }
      return form
    }
    var groups =
      try known
      ?? Groups(
        stride: state.stride, states: try Buffer(count: 0), items: try items.map { try $0.typed },
        forms: forms)
    defer { known = groups }
    let keys = try texts.coded(keys, where: mask)
    // Where the combinations that could occur are few, no row's group is written down.
    if forms.allSatisfy({ $0 != nil }), let slots = try SlotKeys(keys, rowCount: rowCount) {
      let aggregation = try SlotAggregation(slots, state, mask: mask, rowCount: rowCount)
      let states = try aggregation.partStates()
      let occurring = try aggregation.occurring(in: states)
      let places = try groups.take(try slots.columns(occurring), count: occurring.count)
      try aggregation.merge(
        states, of: occurring, into: groups.states,
        at: places.ids.slice(places.known..<places.ids.count))
      return
    }
    let batch = try BatchGroups(keys, mask, rowCount)
    let places = try groups.take(batch.keys, count: batch.grouping.groupCount)
    let aggregation = try SlotAggregation(batch.slots, state, mask: mask, rowCount: rowCount)
    let own = try places.ids.slice(places.known..<places.ids.count)
    try aggregation.merge(into: groups.states, at: own)
    for (place, item) in items.enumerated() where item.choosesRow {
      let values = try reduce(
        item.reduction, [try batch.selected(item.arguments[0])], by: batch.grouping)
      groups.chosen[place] =
        try groups.chosen[place].map {
          try reduce(item.reduction, [Column.concatenate([$0, values])], by: places.grouping)
        } ?? reduce(item.reduction, [values], by: places.grouping)
    }
  }

  /// The groups of all batches with their values, in the order of their keys. Throws `GroupFailure`
  /// where a sum does not fit 64 bits, `value` if there was no batch.
  package func finish() throws -> GroupedValues {
    guard let known else { throw DataError(.invalidValue, "there are no batches") }
    let decoded = try texts.decoded(known.keys)
    let order = try Grouping(keys: decoded, rowCount: known.count).firstRows
    let keys = try decoded.map { try $0.take(order) }
    let stride = UInt32(known.stride)
    let offsets = try order.converted { $0 &* stride }
    let values = try known.items.indices.map { place -> Column in
      if let chosen = known.chosen[place] { return try chosen.take(order) }
      guard let form = known.forms[place] else {
        throw DataError(.invalidValue, "an aggregate without a state")
      }
      // Batches may come to more rows than a frame has.
      let results = try GroupResults(
        known.items[place], at: place, form, groupCount: known.count, rowLimit: .max)
      do {
        try results.fill(0..<known.count, known.states.base, offsets.base)
      } catch var failure as GroupFailure {
        failure.keys = keys.map { $0[failure.group] }
        throw failure
      }
      return try results.column()
    }
    return GroupedValues(groupCount: known.count, keys: keys, values: values)
  }
}

/// The groups of a batch's rows.
private struct BatchGroups {
  /// Of the rows that take part.
  let grouping: Grouping
  /// The group of each row of the batch.
  let slots: SlotKeys
  /// The keys' columns, a row a group.
  let keys: [Column]
  private let rows: Buffer<UInt32>?

  init(_ keys: [Column], _ mask: Bitmap?, _ rowCount: Int) throws {
    if let mask {
      let selected = try SelectedGroups(keys, mask: mask, rowCount: rowCount)
      (grouping, self.keys, rows) = (selected.grouping, selected.keys, selected.rows)
      slots =
        keys.isEmpty
        ? SlotKeys()
        : SlotKeys(
          ids: try selected.ids(rowCount: rowCount), slotCount: selected.grouping.groupCount)
    } else {
      let grouping = try Grouping(keys: keys, rowCount: rowCount)
      self.grouping = grouping
      self.keys = try keys.map { try $0.take(grouping.firstRows) }
      rows = nil
      slots =
        keys.isEmpty
        ? SlotKeys() : SlotKeys(ids: try grouping.ids, slotCount: grouping.groupCount)
    }
  }

  /// The values of the rows that take part.
  func selected(_ column: Column) throws -> Column {
    try rows.map { try column.takeChecked($0, hasNone: false) } ?? column
  }
}

extension GroupedAggregator.Groups {
  /// Makes room for `count` groups of a batch, which have these keys. Returns how many were known,
  /// and the numbers of these and, behind them, of the batch's.
  fileprivate mutating func take(
    _ new: [Column], count newCount: Int
  ) throws -> (known: Int, ids: Buffer<UInt32>, grouping: Grouping) {
    let known = count
    let all =
      known == 0
      ? new : try zip(keys, new).map { try Column.concatenate([$0, $1]) }
    let rowCount = known + newCount
    let grouping = try Grouping(keys: all, rowCount: rowCount, order: .firstAppearance)
    count = grouping.groupCount
    keys = try all.map { try $0.take(grouping.firstRows) }
    let grown = try Buffer<UInt64>(repeating: 0, count: count * stride)
    // SAFETY: the groups that were known keep their numbers.
    grown.base.update(from: states.base, count: known * stride)
    states = grown
    return (known, try grouping.ids, grouping)
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

  /// The item without the values of its arguments.
  fileprivate var typed: GroupItem {
    get throws { try GroupItem(reduction, arguments.map { try $0.slice(0..<0) }) }
  }
}

extension Column {
  /// The column in a form that depends on its type and `isNarrow` alone, with a validity of its own.
  fileprivate func uniform(isNarrow: Bool, rowCount: Int) throws -> Column {
    // Where columns share one, as it happens in some batches, states would have other fields.
    let validity =
      try validity.map { Bitmap(words: try Buffer($0.words.elements), count: rowCount) }
      ?? Bitmap(repeating: true, count: rowCount)
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
