/// Finds the number that sorting would put at `rank`, rearranging so that none before is greater
/// and none after is less.
///
/// SAFETY: `numbers` must hold `count` numbers, more than `rank`.
func selectNumber(
  _ numbers: UnsafeMutablePointer<UInt64>, count: Int, rank: Int
) -> UInt64 {
  var (low, high) = (0, count - 1)
  // Each round leaves a part of the range; when they do not shrink it as they should, sort.
  var rounds = 2 * (Int.bitWidth - count.leadingZeroBitCount) + 8
  while high - low > 24 {
    rounds -= 1
    if rounds == 0 { break }
    let pivot = medianOfThree(numbers[low], numbers[(low + high) / 2], numbers[high])
    var (left, right) = (low, high)
    while left <= right {
      while numbers[left] < pivot { left &+= 1 }
      while numbers[right] > pivot { right &-= 1 }
      if left <= right {
        (numbers[left], numbers[right]) = (numbers[right], numbers[left])
        left &+= 1
        right &-= 1
      }
    }
    if rank <= right {
      high = right
    } else if rank >= left {
      low = left
    } else {
      return numbers[rank]
    }
  }
  var rest = UnsafeMutableBufferPointer(start: numbers + low, count: high - low + 1)
  rest.sort()
  return numbers[rank]
}

private func medianOfThree(_ a: UInt64, _ b: UInt64, _ c: UInt64) -> UInt64 {
  max(min(a, b), min(max(a, b), c))
}

/// The numbers at some ranks, without sorting the others.
struct NumberSelection {
  private let map: BucketMap
  private let chunkCount: Int
  private let rowCount: Int
  private let counts: Buffer<UInt32>
  private let number: PackedNumber

  init(_ number: PackedNumber, rowCount: Int) throws {
    self.number = number
    self.rowCount = rowCount
    let bucketCount = 2048
    let map = try BucketMap(
      number, sample: number.sample(rowCount: rowCount), bucketCount: bucketCount)
    self.map = map
    let chunkCount = max(min(Workers.partCount(rowCount), 32), 1)
    self.chunkCount = chunkCount
    let counts = try Buffer<UInt32>(repeating: 0, count: chunkCount * bucketCount)
    self.counts = counts
    try Workers.run(parts: chunkCount) { chunk in
      let own = counts.base + chunk * bucketCount
      try number.forEachBlock(in: chunkRange(chunk, of: chunkCount, rowCount)) { rows, numbers in
        // SAFETY: buckets are below their number.
        for place in 0..<rows.count { own[map.bucket(numbers[place])] &+= 1 }
      }
    }
  }

  /// The numbers at `ranks`, which must ascend and lie below the row count.
  func numbers(at ranks: [Int]) throws -> [UInt64] {
    let bucketCount = map.bucketCount
    // Where each wanted bucket's numbers go, chunk by chunk; the others are passed over.
    let isWanted = try Buffer<Bool>(repeating: false, count: bucketCount)
    let next = try Buffer<Int>(repeating: 0, count: chunkCount * bucketCount)
    var ranges: [(start: Int, rank: Int, count: Int, ranks: [Int])] = []
    var (before, room, taken) = (0, 0, 0)
    for bucket in 0..<bucketCount {
      let size = (0..<chunkCount).reduce(0) { $0 + Int(counts[$1 * bucketCount + bucket]) }
      let own = ranks[taken...].prefix { $0 < before + size }
      if !own.isEmpty {
        isWanted.base[bucket] = true
        ranges.append((start: room, rank: before, count: size, ranks: Array(own)))
        taken += own.count
        for chunk in 0..<chunkCount {
          next.base[chunk * bucketCount + bucket] = room
          room += Int(counts[chunk * bucketCount + bucket])
        }
      }
      before += size
    }
    let wanted = try Buffer<UInt64>(count: room)
    let (map, number, rowCount, chunkCount) = (map, number, rowCount, chunkCount)
    try Workers.run(parts: chunkCount) { chunk in
      let own = next.base + chunk * bucketCount
      try number.forEachBlock(in: chunkRange(chunk, of: chunkCount, rowCount)) { rows, numbers in
        for place in 0..<rows.count {
          let bucket = map.bucket(numbers[place])
          if isWanted.base[bucket] {
            // SAFETY: the numbers of each chunk and bucket were counted.
            wanted.base[own[bucket]] = numbers[place]
            own[bucket] &+= 1
          }
        }
      }
    }
    var found: [UInt64] = []
    for range in ranges {
      var done = 0
      for rank in range.ranks {
        let place = rank - range.rank
        found.append(
          selectNumber(
            wanted.base + range.start + done, count: range.count - done, rank: place - done))
        // What comes before a rank is not looked at again; the same rank may be asked for twice.
        done = place
      }
    }
    return found
  }
}
