/// Rows dealt to buckets by their packed numbers, so that each bucket can be sorted in the cache.
struct RowBuckets: Sendable {
  private let map: BucketMap
  private let chunkCount: Int
  private let rowCount: Int
  /// The bucket of each row.
  private let bucketOfRow: Buffer<UInt16>
  /// Chunk after chunk, where its rows of each bucket begin.
  private let starts: Buffer<UInt32>
  private let bucketStarts: [Int]

  var count: Int { map.bucketCount }

  /// The places of the rows of a bucket.
  func range(_ bucket: Int) -> Range<Int> { bucketStarts[bucket]..<bucketStarts[bucket + 1] }

  init(_ number: PackedNumber, rowCount: Int) throws {
    self.rowCount = rowCount
    let bucketCount = RowBuckets.bucketCount(rowCount)
    let map = try BucketMap(
      number, sample: number.sample(rowCount: rowCount), bucketCount: bucketCount)
    self.map = map
    let chunkCount = min(Workers.partCount(rowCount), 32)
    self.chunkCount = chunkCount
    let bucketOfRow = try Buffer<UInt16>(count: rowCount)
    self.bucketOfRow = bucketOfRow
    let starts = try Buffer<UInt32>(repeating: 0, count: chunkCount * bucketCount)
    self.starts = starts
    try Workers.run(parts: chunkCount) { chunk in
      let counts = starts.base + chunk * bucketCount
      try number.forEachBlock(in: chunkRange(chunk, of: chunkCount, rowCount)) { rows, numbers in
        // SAFETY: the rows lie within the buffer; buckets are below their number.
        let target = bucketOfRow.base + rows.lowerBound
        for place in 0..<rows.count {
          let bucket = map.bucket(numbers[place])
          target[place] = UInt16(truncatingIfNeeded: bucket)
          counts[bucket] &+= 1
        }
      }
    }
    var bucketStarts = [0]
    var total: UInt32 = 0
    for bucket in 0..<bucketCount {
      for chunk in 0..<chunkCount {
        let size = starts.base[chunk * bucketCount + bucket]
        starts.base[chunk * bucketCount + bucket] = total
        total += size
      }
      bucketStarts.append(Int(total))
    }
    self.bucketStarts = bucketStarts
  }

  /// Writes the numbers and rows of each bucket to its places, rows ascending. Once only.
  func scatter(
    _ number: PackedNumber, numbers: Buffer<UInt64>, rows: Buffer<UInt32>
  ) throws {
    try Workers.run(parts: chunkCount) { chunk in
      let next = starts.base + chunk * map.bucketCount
      try number.forEachBlock(in: chunkRange(chunk, of: chunkCount, rowCount)) { block, packed in
        // SAFETY: the places of each chunk and bucket were counted.
        let buckets = bucketOfRow.base + block.lowerBound
        let (numbers, rows) = (numbers.base, rows.base)
        for place in 0..<block.count {
          let bucket = Int(buckets[place])
          let target = Int(next[bucket])
          next[bucket] &+= 1
          numbers[target] = packed[place]
          rows[target] = UInt32(truncatingIfNeeded: block.lowerBound &+ place)
        }
      }
    }
  }

  /// So many that a bucket fits the second-level cache, and few enough to write to all at once.
  private static func bucketCount(_ rowCount: Int) -> Int {
    var count = 64
    while count < 2048, count * 4096 < rowCount { count *= 2 }
    return count
  }
}
