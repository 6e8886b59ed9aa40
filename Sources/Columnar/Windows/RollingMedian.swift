/// Medians of windows, in stretches of places whose windows together hold about twice as many
/// values as one of them: the values of a stretch are ranked once, and a tree counts the ranks that
/// are in the window. Linear but for the logarithm of the window's width.
struct RollingMedian: Sendable {
  let numbers: Buffer<Double>
  let validity: PlaceValidity
  let minimum: Int

  func run(
    _ extents: some Extents, into results: Buffer<Double>, in partitions: Partitions
  ) throws {
    try partitions.forEach { places in
      var room = try Room(count: 4096)
      var place = places.lowerBound
      while place < places.upperBound {
        try Cancellation.check()
        let base = extents.lower(place, in: places)
        let width = max(extents.upper(place) - base, 1024)
        var end = place + 1
        while end < places.upperBound, extents.upper(end) - base <= 2 * width { end += 1 }
        let values = base..<max(extents.upper(end - 1), base)
        if room.count < values.count { room = try Room(count: values.count) }
        let tree = RankTree(try ranked(values, room), counts: room.counts.base)
        var (start, last) = (base, base)
        for place in place..<end {
          let (lower, upper) = (extents.lower(place, in: places), extents.upper(place))
          while last < upper {
            if validity.isSet(last) { tree.add(1, Int(room.ranks.base[last - base])) }
            last += 1
          }
          while start < lower {
            if validity.isSet(start) { tree.add(-1, Int(room.ranks.base[start - base])) }
            start += 1
          }
          results.base[place] = median(tree, room)
        }
        place = end
      }
    }
  }

  /// Sorts the values of the places and notes the rank of each, ties in the order of the places;
  /// returns how many there are.
  private func ranked(_ places: Range<Int>, _ room: Room) throws -> Int {
    var count = 0
    for place in places where validity.isSet(place) {
      // SAFETY: the room holds as many values as there are places.
      room.keys.base[count] = FloatKeys.key(numbers.base[place])
      room.offsets.base[count] = UInt32(truncatingIfNeeded: place - places.lowerBound)
      count += 1
    }
    let sort = RowSort(
      numbers: room.keys.base, rows: room.offsets.base, otherNumbers: room.otherKeys.base,
      otherRows: room.otherOffsets.base)
    try sort.sort(0..<count)
    for rank in 0..<count {
      room.ranks.base[Int(room.offsets.base[rank])] = UInt32(truncatingIfNeeded: rank)
    }
    return count
  }

  private func median(_ tree: RankTree, _ room: Room) -> Double {
    let count = tree.total
    if count == 0 || count < minimum { return .nan }
    let lower = FloatKeys.value(room.keys.base[tree.rank((count - 1) / 2)])
    if count & 1 == 1 { return lower }
    let upper = FloatKeys.value(room.keys.base[tree.rank(count / 2)])
    if lower == upper { return lower }
    let difference = upper - lower
    return difference.isFinite ? lower + difference / 2 : lower / 2 + upper / 2
  }

  /// Memory for one stretch.
  private struct Room {
    let count: Int
    let keys: Buffer<UInt64>
    let otherKeys: Buffer<UInt64>
    let offsets: Buffer<UInt32>
    let otherOffsets: Buffer<UInt32>
    let ranks: Buffer<UInt32>
    let counts: Buffer<Int32>

    init(count: Int) throws {
      self.count = count
      keys = try Buffer(count: count)
      otherKeys = try Buffer(count: count)
      offsets = try Buffer(count: count)
      otherOffsets = try Buffer(count: count)
      ranks = try Buffer(count: count)
      counts = try Buffer(count: count + 2)
    }
  }
}

/// Which of the ranks below a number are present: a binary indexed tree (Fenwick 1994).
///
/// SAFETY: `counts` must have room for one more than the ranks, and one for the total, and outlive
/// the tree; ranks must be below their number.
private struct RankTree {
  private let size: Int
  private let top: Int
  private let counts: UnsafeMutablePointer<Int32>

  init(_ size: Int, counts: UnsafeMutablePointer<Int32>) {
    self.size = size
    self.counts = counts
    top = size == 0 ? 0 : 1 << (Int.bitWidth - 1 - size.leadingZeroBitCount)
    counts.initialize(repeating: 0, count: size + 2)
  }

  /// How many ranks are present; kept behind the tree.
  var total: Int { Int(counts[size + 1]) }

  func add(_ change: Int32, _ rank: Int) {
    counts[size + 1] &+= change
    var index = rank + 1
    while index <= size {
      counts[index] &+= change
      index += index & -index
    }
  }

  /// The rank that has `before` present ranks before it; there must be more than that.
  func rank(_ before: Int) -> Int {
    var index = 0
    var rest = Int32(truncatingIfNeeded: before)
    var step = top
    while step > 0 {
      if index + step <= size, counts[index + step] <= rest {
        index += step
        rest -= counts[index]
      }
      step >>= 1
    }
    return index
  }
}
