/// Aggregates rows that have been put in order of their groups, for many groups.
///
/// A range of groups at a time has states that stay in the cache. Rows of a group that belong to
/// different parts of the frame have states of their own, which are merged in order: the same bits
/// come out as by slots.
struct SegmentAggregation {
  let segments: GroupSegments
  let groupCount: Int
  private let update: StateUpdate
  private let merging: StateMerge
  private let stride: Int
  /// A multiple of 64, so that ranges have words of bitmaps of their own.
  private static let groupsAtOnce = 1024

  init(_ segments: GroupSegments, _ state: GroupState, groupCount: Int) throws {
    self.segments = segments
    self.groupCount = groupCount
    stride = state.stride
    update = try StateUpdate(state, groupCount: SegmentAggregation.groupsAtOnce)
    merging = StateMerge(state)
  }

  /// Takes a range of groups, their states, and the first word of each.
  typealias Sink =
    @Sendable (Range<Int>, UnsafePointer<UInt64>, UnsafePointer<UInt32>) throws -> Void

  /// Calls `sink` with ranges of groups, on several threads.
  func run(_ sink: Sink) throws {
    let size = SegmentAggregation.groupsAtOnce
    try Workers.run(parts: Workers.partCount(groupCount, partSize: size)) { part in
      try run(Workers.part(part, of: groupCount, partSize: size), sink)
    }
  }

  private func run(_ groups: Range<Int>, _ sink: Sink) throws {
    let (rows, starts) = (segments.rows.base, segments.starts.base)
    let places = Int(starts[groups.lowerBound])..<Int(starts[groups.upperBound])
    // How many states the groups need: one for each part that has rows of them.
    var runs = 0
    for group in groups {
      runs += 1
      let range = segments.range(group)
      if range.count < 2 { continue }
      if rows[range.upperBound - 1] / partSize == rows[range.lowerBound] / partSize { continue }
      for place in range.dropFirst() where rows[place] / partSize != rows[place - 1] / partSize {
        runs += 1
      }
    }
    let states = try Buffer<UInt64>(repeating: 0, count: runs * stride)
    let room = BlockRoom()
    try forEachBlock(groups, places, room) { update.add($0, to: states.base, room) }
    if update.needsDeviations {
      update.center(states.base, count: runs)
      try forEachBlock(groups, places, room) { update.addDeviations($0, to: states.base, room) }
      update.finishDeviations(states.base, count: runs)
    }
    try withUnsafeTemporaryAllocation(of: UInt32.self, capacity: groups.count) { offsets in
      guard let offsets = offsets.baseAddress else { return }
      merge(groups, states.base, offsets)
      try sink(groups, states.base, offsets)
    }
  }

  /// Merges each group's states into its first, whose offset is written.
  private func merge(
    _ groups: Range<Int>, _ states: UnsafeMutablePointer<UInt64>,
    _ offsets: UnsafeMutablePointer<UInt32>
  ) {
    let rows = segments.rows.base
    var run = 0
    for group in groups {
      let first = run
      offsets[group - groups.lowerBound] = UInt32(first * stride)
      run += 1
      let range = segments.range(group)
      if range.count < 2 { continue }
      if rows[range.upperBound - 1] / partSize == rows[range.lowerBound] / partSize { continue }
      for place in range.dropFirst() where rows[place] / partSize != rows[place - 1] / partSize {
        merging.merge(states + run * stride, into: states + first * stride, count: 1)
        run += 1
      }
    }
  }

  @inline(__always)
  private func forEachBlock(
    _ groups: Range<Int>, _ places: Range<Int>, _ room: BlockRoom, _ body: (RowBlock) -> Void
  ) throws {
    // SAFETY: blocks lie within the places, and runs are counted as the states were.
    let (rows, starts) = (segments.rows.base, segments.starts.base)
    var group = groups.lowerBound
    var end = Int(starts[group + 1])
    var part = rows[min(places.lowerBound, segments.rows.count - 1)] / partSize
    var offset: UInt32 = 0
    var start = places.lowerBound
    while start < places.upperBound {
      try Cancellation.check()
      let count = min(RowBlock.size, places.upperBound - start)
      for place in 0..<count {
        let row = rows[start &+ place]
        let rowPart = row / partSize
        while start &+ place == end {
          group &+= 1
          end = Int(starts[group + 1])
          part = rowPart
          offset &+= UInt32(truncatingIfNeeded: stride)
        }
        if rowPart != part {
          part = rowPart
          offset &+= UInt32(truncatingIfNeeded: stride)
        }
        room.offsets[place] = offset
      }
      body(
        RowBlock(
          count: count, first: 0, rows: UnsafePointer(rows + start),
          offsets: UnsafePointer(room.offsets), next: (UnsafeRawPointer(rows + start + count), 4)))
      start += count
    }
  }
}

/// The rows of a part.
private let partSize = UInt32(AggregationPart.size)
