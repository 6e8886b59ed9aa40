/// Groups with the values of their aggregates.
package struct GroupedValues: Sendable {
  package let groupCount: Int
  /// The keys' columns, a row a group, in the order of the keys, null last.
  package let keys: [Column]
  /// The items' columns.
  package let values: [Column]
}

/// One row a group of equal `keys`, with the values of `items`; without keys one row in all. Rows
/// that are not set in `mask` take no part.
///
/// All items are computed in one pass where their groups' states have a fixed size. Which way is
/// taken depends on the keys, and on how much memory their states would take: slots where few values
/// could occur for so many rows, a hash table where few of many occur, else sorting; results are the
/// same bits with each way and any number of threads.
/// Throws `GroupFailure` where a sum does not fit 64 bits.
package func aggregate(
  _ items: [GroupItem], by keys: [Column], where mask: Bitmap? = nil, rowCount: Int
) throws -> GroupedValues {
  try RowLimit.check(rowCount)
  if let mask, items.contains(where: { !$0.hasState }) {
    return try filtered(items, keys, mask)
  }
  // Coded once for all that looks at them; of the rows of a mask, once these are put together.
  let keys = mask == nil ? try keys.map { try $0.dictionaryEncoded() } : keys
  if let slots = try SlotKeys(
    keys, rowCount: rowCount, limit: slotLimit(items, mask?.setCount ?? rowCount))
  {
    return try bySlots(items, slots, keys, mask, rowCount)
  }
  if let mask { return try bySelection(items, keys, mask) }
  if items.allSatisfy(\.hasState), let sorted = try SortedGroups(keys, rowCount: rowCount) {
    return try bySorting(items, sorted, keys)
  }
  let grouping = try Grouping(keys: keys, rowCount: rowCount)
  let values = try naming(keys, of: grouping.firstRows) { try reduce(items, by: grouping) }
  return GroupedValues(
    groupCount: grouping.groupCount, keys: try keys.map { try $0.take(grouping.firstRows) },
    values: values)
}

/// How many slots are worth it for so many rows: more where states are all that there is to fill.
private func slotLimit(_ items: [GroupItem], _ rowCount: Int) throws -> Int {
  guard items.allSatisfy(\.hasState) else { return SlotKeys.limit }
  var state = GroupState()
  for item in items { _ = try state.add(item) }
  return SlotKeys.limit(rowCount: rowCount, stride: state.stride)
}

private func bySorting(
  _ items: [GroupItem], _ sorted: SortedGroups, _ keys: [Column]
) throws -> GroupedValues {
  var state = GroupState()
  let forms = try items.map { try state.add($0) }
  let groupCount = sorted.groupCount
  let keyColumns = try sorted.columns(keys)
  let values = try naming(keyColumns, of: nil) {
    try columns(of: items, forms, groupCount) { results in
      try SegmentAggregation(sorted.segments, state, groupCount: groupCount).run {
        for result in results { try result.fill($0, $1, $2) }
      }
    } rest: {
      try .whole(rowCount: 0)
    }
  }
  return GroupedValues(groupCount: groupCount, keys: keyColumns, values: values)
}

/// Only the rows of `mask`, which are put together.
private func filtered(
  _ items: [GroupItem], _ keys: [Column], _ mask: Bitmap
) throws -> GroupedValues {
  let rows = try mask.rows()
  let items = try items.map { item in
    try GroupItem(
      item.reduction, try item.arguments.map { try $0.takeChecked(rows, hasNone: false) })
  }
  return try aggregate(
    items, by: try keys.map { try $0.takeChecked(rows, hasNone: false) }, rowCount: rows.count)
}

/// Only the rows of `mask`, of which the keys alone are put together: parts are those of all rows,
/// as they are by slots.
private func bySelection(
  _ items: [GroupItem], _ keys: [Column], _ mask: Bitmap
) throws -> GroupedValues {
  let selected = try SelectedGroups(keys, mask: mask, rowCount: mask.count)
  var state = GroupState()
  let forms = try items.map { try state.add($0) }
  let grouping = selected.grouping
  let values = try naming(selected.keys, of: nil) {
    try columns(of: items, forms, grouping.groupCount) { results in
      let limit = SlotKeys.limit(rowCount: grouping.rowCount, stride: state.stride)
      if grouping.groupCount <= limit {
        let slots = SlotKeys(
          ids: try selected.ids(rowCount: mask.count), slotCount: grouping.groupCount)
        let states = try SlotAggregation(slots, state, mask: mask, rowCount: mask.count).states()
        let stride = UInt32(state.stride)
        let offsets = try Buffer((0..<UInt32(grouping.groupCount)).map { $0 * stride })
        for result in results {
          try result.fill(0..<grouping.groupCount, states.base, offsets.base)
        }
        return
      }
      let segments = try grouping.segments
      let rows = try selected.rows.gathered(segments.rows, absent: nil)
      try SegmentAggregation(
        GroupSegments(rows: rows, starts: segments.starts), state,
        groupCount: grouping.groupCount
      ).run {
        for result in results { try result.fill($0, $1, $2) }
      }
    } rest: {
      try .whole(rowCount: 0)
    }
  }
  return GroupedValues(groupCount: grouping.groupCount, keys: selected.keys, values: values)
}

/// The groups of the rows of a mask.
struct SelectedGroups {
  /// Of the selected rows alone.
  let grouping: Grouping
  /// The selected rows.
  let rows: Buffer<UInt32>
  /// The keys' columns, a row a group.
  let keys: [Column]

  init(_ keys: [Column], mask: Bitmap, rowCount: Int) throws {
    rows = try mask.rows()
    let selected = try keys.map { [rows] in try $0.takeChecked(rows, hasNone: false) }
    let grouping = try Grouping(keys: selected, rowCount: rows.count)
    self.grouping = grouping
    self.keys = try selected.map { try $0.take(grouping.firstRows) }
  }

  /// The group of each of `rowCount` rows; 0 of those that are not selected.
  func ids(rowCount: Int) throws -> Buffer<UInt32> {
    let own = try grouping.ids
    let ids = try Buffer<UInt32>(repeating: 0, count: rowCount)
    try Workers.run(parts: Workers.partCount(rows.count)) { part in
      for place in Workers.part(part, of: rows.count) {
        // SAFETY: the rows are those of a mask of that many.
        ids.base[Int(rows.base[place])] = own.base[place]
      }
    }
    return ids
  }
}

private func bySlots(
  _ items: [GroupItem], _ slots: SlotKeys, _ keys: [Column], _ mask: Bitmap?, _ rowCount: Int
) throws -> GroupedValues {
  var state = GroupState()
  let forms = try items.map { try state.add($0) }
  let states = try SlotAggregation(slots, state, mask: mask, rowCount: rowCount).states()
  let stride = state.stride
  let groups = try slots.inKeyOrder(occurringIn: states, stride: stride)
  let groupCount = groups.count
  let keyColumns = try slots.columns(groups)
  let values = try naming(keyColumns, of: nil) {
    try columns(of: items, forms, groupCount) { results in
      let offsets = try groups.converted { $0 &* UInt32(truncatingIfNeeded: stride) }
      let size = 16_384
      try Workers.run(parts: Workers.partCount(groupCount, partSize: size)) { part in
        let range = Workers.part(part, of: groupCount, partSize: size)
        for result in results {
          try result.fill(range, states.base, offsets.base + range.lowerBound)
        }
      }
    } rest: {
      try slots.grouping(groups, rowCount: rowCount)
    }
  }
  return GroupedValues(groupCount: groupCount, keys: keyColumns, values: values)
}

/// Gives a failure the keys of its group: those in the row of `rows`, or in that of its number.
private func naming<Result>(
  _ keys: [Column], of rows: Buffer<UInt32>?, _ body: () throws -> Result
) throws -> Result {
  do {
    return try body()
  } catch var failure as GroupFailure {
    let row = rows.map { Int($0[failure.group]) } ?? failure.group
    failure.keys = keys.map { $0[row] }
    throw failure
  }
}

/// The values of each item for the groups of `grouping`, in one pass where that is possible.
package func reduce(_ items: [GroupItem], by grouping: Grouping) throws -> [Column] {
  for item in items {
    for column in item.arguments { precondition(column.count == grouping.rowCount) }
  }
  let groupCount = grouping.groupCount
  var state = GroupState()
  let forms = try items.map { try state.add($0) }
  return try columns(of: items, forms, groupCount) { results in
    let limit = SlotKeys.limit(rowCount: grouping.rowCount, stride: state.stride)
    if groupCount <= limit {
      let slots =
        grouping.isKeyless
        ? SlotKeys() : SlotKeys(ids: try grouping.ids, slotCount: groupCount)
      let states = try SlotAggregation(slots, state, mask: nil, rowCount: grouping.rowCount)
        .states()
      let stride = UInt32(state.stride)
      let offsets = try Buffer((0..<UInt32(groupCount)).map { $0 * stride })
      for result in results { try result.fill(0..<groupCount, states.base, offsets.base) }
    } else {
      try SegmentAggregation(grouping.segments, state, groupCount: groupCount).run {
        for result in results { try result.fill($0, $1, $2) }
      }
    }
  } rest: {
    grouping
  }
}

/// The items' columns: those with states by `fill`, the others from the groups' rows.
private func columns(
  of items: [GroupItem], _ forms: [StateResult?], _ groupCount: Int,
  fill: ([GroupResults]) throws -> Void, rest grouping: () throws -> Grouping
) throws -> [Column] {
  let results = try zip(items.indices, forms).map { place, form in
    try form.map {
      try GroupResults(
        items[place], at: place, $0, groupCount: groupCount, rowLimit: Int(noRow))
    }
  }
  let known = results.compactMap { $0 }
  if !known.isEmpty { try fill(known) }
  var groups: Grouping?
  var quantiles = GroupQuantiles(items)
  return try zip(items, results).map { item, result in
    if let result { return try result.column() }
    let made = try groups ?? grouping()
    groups = made
    switch item.reduction {
    case .mode:
      return try item.arguments[0].takeOrNull(ValueRuns(item.arguments[0], by: made).modes())
    case .joined(let separator):
      return try item.arguments[0].joined(by: made, separator: separator)
    case .nth(let number):
      return try item.arguments[0].takeOrNull(made.rows(at: number))
    case .countDistinct:
      if made.isWhole {
        return try .ints([Int64(item.arguments[0].distinctValueCount())])
      }
      if let bits = try DistinctBits(item.arguments[0], by: made) { return try bits.counts() }
      return try ValueRuns(item.arguments[0], by: made).distinctCounts()
    case .quantile(let probability):
      return try quantiles.column(item.arguments[0], probability, by: made)
    default: return try quantiles.column(item.arguments[0], 0.5, by: made)
    }
  }
}

extension GroupItem {
  /// Whether a state of fixed size gives its value.
  fileprivate var hasState: Bool {
    switch reduction {
    case .median, .quantile, .countDistinct, .nth, .mode, .joined: false
    default: true
    }
  }
}

extension Grouping {
  /// The row at a place of each group, counted from 1, or from -1 at the end; `noRow` where the group
  /// has no such row.
  fileprivate func rows(at number: Int) throws -> Buffer<UInt32> {
    let rows = try Buffer<UInt32>(repeating: noRow, count: groupCount)
    let segments = try segments
    for group in 0..<groupCount {
      let range = segments.range(group)
      let (place, overflow) =
        number > 0
        ? range.lowerBound.addingReportingOverflow(number - 1)
        : range.upperBound.addingReportingOverflow(number)
      if !overflow, number != 0, range.contains(place) { rows.base[group] = segments.rows[place] }
    }
    return rows
  }
}

extension SlotKeys {
  /// The groups in `slots`, numbered in that order, as a grouping of the rows.
  func grouping(_ slots: Buffer<UInt32>, rowCount: Int) throws -> Grouping {
    if digits.isEmpty { return try .whole(rowCount: rowCount) }
    let numbers = try Buffer<UInt32>(repeating: 0, count: slotCount)
    for (group, slot) in slots.enumerated() { numbers.base[Int(slot)] = UInt32(group) }
    let ids = try Buffer<UInt32>(count: rowCount)
    try Workers.run(parts: Workers.partCount(rowCount)) { part in
      let rows = Workers.part(part, of: rowCount)
      // SAFETY: the part lies within the ids; slots are below their number.
      let own = ids.base + rows.lowerBound
      fill(rows, stride: 1, into: own)
      for place in 0..<rows.count { own[place] = numbers.base[Int(own[place])] }
    }
    let firstRows = try Buffer<UInt32>(repeating: noRow, count: slots.count)
    var missing = slots.count
    for row in 0..<rowCount where missing > 0 {
      let group = Int(ids.base[row])
      if firstRows.base[group] == noRow {
        firstRows.base[group] = UInt32(row)
        missing -= 1
      }
    }
    return Grouping(ids: ids, firstRows: firstRows)
  }
}
