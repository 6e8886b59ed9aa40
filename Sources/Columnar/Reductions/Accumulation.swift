/// What is known of a group's values so far.
protocol Accumulator: BitwiseCopyable, Sendable {
  associatedtype Value
  init()
  mutating func add(_ value: Value)
  /// Takes in what a later part of the rows gave.
  mutating func merge(_ next: Self)
}

/// Values by row, some of which depend on the row's group.
///
/// SAFETY: the rows and groups asked for must be in bounds.
protocol RowValues: Sendable {
  associatedtype Value
  func value(_ row: Int, group: Int) -> Value
}

/// Accumulates each group's valid rows.
///
/// Rows are cut into chunks whose number depends on the rows and groups alone; each gives partial
/// results, which merge in order. Where groups are too many for that, each group's rows are taken
/// one after the other.
func accumulate<State: Accumulator, Values: RowValues>(
  _ type: State.Type, _ values: Values, validity: Bitmap?, by grouping: Grouping
) throws -> Buffer<State> where State.Value == Values.Value {
  let groupCount = grouping.groupCount
  let rowCount = grouping.rowCount
  if groupCount == 1 { return try accumulateWhole(type, values, validity: validity, rowCount) }
  // Many groups' states are slow to set up and to merge.
  let chunkCount = min(
    Workers.partCount(rowCount), groupCount > 1 << 15 ? 8 : 32, rowCount / max(groupCount * 4, 1))
  if chunkCount < 4, rowCount > 4 * Workers.partSize {
    return try accumulateSegments(type, values, validity: validity, by: grouping)
  }
  let chunks = max(chunkCount, 1)
  let ids = try grouping.ids
  let states = try Buffer<State>(repeating: State(), count: chunks * groupCount)
  try Workers.run(parts: chunks) { chunk in
    // SAFETY: each chunk has states of its own; ids are below the number of groups.
    let own = states.base + chunk * groupCount
    let ids = ids.base
    try forEachValidRow(validity, in: chunkRange(chunk, of: chunks, rowCount)) { row in
      let group = Int(ids[row])
      own[group].add(values.value(row, group: group))
    }
  }
  if chunks == 1 { return states }
  let merged = try Buffer<State>(count: groupCount)
  let partSize = 8192
  try Workers.run(parts: Workers.partCount(groupCount, partSize: partSize)) { part in
    for group in Workers.part(part, of: groupCount, partSize: partSize) {
      // SAFETY: states of all chunks for a group below the number of groups.
      var state = states.base[group]
      for chunk in 1..<chunks { state.merge(states.base[chunk * groupCount + group]) }
      merged.base[group] = state
    }
  }
  return merged
}

/// Parts of `Workers.partSize` rows, merged in order.
private func accumulateWhole<State: Accumulator, Values: RowValues>(
  _ type: State.Type, _ values: Values, validity: Bitmap?, _ rowCount: Int
) throws -> Buffer<State> where State.Value == Values.Value {
  let parts = try Workers.map(parts: Workers.partCount(rowCount)) { part in
    var state = State()
    try forEachValidRow(validity, in: Workers.part(part, of: rowCount)) { row in
      state.add(values.value(row, group: 0))
    }
    return state
  }
  var state = parts.first ?? State()
  for part in parts.dropFirst() { state.merge(part) }
  return try Buffer([state])
}

private func accumulateSegments<State: Accumulator, Values: RowValues>(
  _ type: State.Type, _ values: Values, validity: Bitmap?, by grouping: Grouping
) throws -> Buffer<State> where State.Value == Values.Value {
  let groupCount = grouping.groupCount
  let segments = try grouping.segments
  let states = try Buffer<State>(count: groupCount)
  let partSize = 4096
  try Workers.run(parts: Workers.partCount(groupCount, partSize: partSize)) { part in
    let rows = segments.rows.base
    for group in Workers.part(part, of: groupCount, partSize: partSize) {
      var state = State()
      for index in segments.range(group) {
        // SAFETY: the segments hold each row of the frame once.
        let row = Int(rows[index])
        if let validity, validity.words.base[row >> 6] >> UInt64(row & 63) & 1 == 0 { continue }
        state.add(values.value(row, group: group))
      }
      states.base[group] = state
    }
  }
  return states
}

/// The rows of chunk `chunk` of `chunks`; chunks begin at multiples of 64 rows.
func chunkRange(_ chunk: Int, of chunks: Int, _ rowCount: Int) -> Range<Int> {
  let words = Bitmap.wordCount(rowCount)
  return words * chunk / chunks * 64..<min(rowCount, words * (chunk + 1) / chunks * 64)
}

/// Calls `body` with each row of `range` that is set, ascending; polls for cancellation.
/// `range` must begin at a multiple of 64 rows and lie within `validity`.
@inline(__always)
func forEachValidRow(
  _ validity: Bitmap?, in range: Range<Int>, _ body: (Int) -> Void
) throws {
  var row = range.lowerBound
  while row < range.upperBound {
    try Cancellation.check()
    let end = min(row + 16_384, range.upperBound)
    guard let validity else {
      while row < end {
        body(row)
        row &+= 1
      }
      continue
    }
    while row < end {
      let last = min(row + 64, end)
      // SAFETY: the range lies within the bitmap.
      var word = validity.words.base[row >> 6]
      if word == ~0, last - row == 64 {
        while row < last {
          body(row)
          row &+= 1
        }
        continue
      }
      while word != 0 {
        let place = row &+ word.trailingZeroBitCount
        if place >= last { break }
        body(place)
        word &= word &- 1
      }
      row = last
    }
  }
}
