/// Where each chunk of rows writes what it has for each bucket, when bucket follows bucket, and chunk
/// follows chunk within each: so what is written has the order of the rows in every bucket.
///
/// A first pass over the rows counts, `addUp` makes places of the counts, and a second pass takes
/// them, one after the other.
struct BucketPlaces: Sendable {
  let chunkCount: Int
  private let bucketCount: Int
  private let places: Buffer<UInt32>

  init(chunks: Int, buckets: Int) throws {
    (chunkCount, bucketCount) = (chunks, buckets)
    places = try Buffer(repeating: 0, count: chunks * buckets)
  }

  /// A chunk's counts by bucket, and after `addUp` its next places. Only one thread may have them.
  func own(_ chunk: Int) -> UnsafeMutablePointer<UInt32> {
    precondition(chunk < chunkCount)
    return places.base + chunk * bucketCount
  }

  /// Makes places of the counts, all of which must fit 32 bits together. Returns where each bucket
  /// begins, and at the end how many places there are.
  func addUp() throws -> Buffer<UInt32> {
    let starts = try Buffer<UInt32>(count: bucketCount + 1)
    var total: UInt32 = 0
    for bucket in 0..<bucketCount {
      if bucket & 0xFFFF == 0 { try Cancellation.check() }
      starts.base[bucket] = total
      // SAFETY: each chunk has a place for each bucket.
      for chunk in 0..<chunkCount {
        let place = places.base + (chunk * bucketCount + bucket)
        (place.pointee, total) = (total, total &+ place.pointee)
      }
    }
    starts.base[bucketCount] = total
    return starts
  }
}
