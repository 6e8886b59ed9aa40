/// Rows dealt to buckets by their packed numbers, so that each bucket can be sorted in the cache.
struct RowBuckets: Sendable {
  private let map: BucketMap
  private let rowCount: Int
  /// The bucket of each row.
  private let bucketOfRow: Buffer<UInt16>
  private let places: BucketPlaces
  /// Where each bucket begins, and at the end the number of rows.
  private let starts: Buffer<UInt32>

  var count: Int { map.bucketCount }

  /// The places of the rows of a bucket.
  func range(_ bucket: Int) -> Range<Int> { Int(starts[bucket])..<Int(starts[bucket + 1]) }

  init(_ number: PackedNumber, rowCount: Int) throws {
    self.rowCount = rowCount
    let bucketCount = RowBuckets.bucketCount(rowCount)
    let map = try BucketMap(
      number, sample: number.sample(rowCount: rowCount), bucketCount: bucketCount)
    self.map = map
    let chunkCount = min(Workers.partCount(rowCount), 32)
    let bucketOfRow = try Buffer<UInt16>(count: rowCount)
    self.bucketOfRow = bucketOfRow
    let places = try BucketPlaces(chunks: chunkCount, buckets: bucketCount)
    self.places = places
    try Workers.run(parts: chunkCount) { chunk in
      let counts = places.own(chunk)
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
    starts = try places.addUp()
  }

  /// Writes the numbers and rows of each bucket to its places, rows ascending. Once only.
  func scatter(
    _ number: PackedNumber, numbers: Buffer<UInt64>, rows: Buffer<UInt32>
  ) throws {
    let chunkCount = places.chunkCount
    try Workers.run(parts: chunkCount) { chunk in
      let next = places.own(chunk)
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
