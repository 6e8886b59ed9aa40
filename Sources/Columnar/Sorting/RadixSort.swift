/// Rows in the order of their packed keys, and the keys in that order.
struct SortedKeys {
  let keys: Buffer<UInt64>
  let rows: Buffer<UInt32>

  /// Sorts stably. No key may be larger than `maximum`.
  init(_ keys: Buffer<UInt64>, maximum: UInt64) throws {
    let count = keys.count
    var source = (keys: try keys.slice(0..<count), rows: try Buffer<UInt32>(count: count))
    if source.keys === keys { source.keys = try Buffer(keys) }
    var target = (keys: try Buffer<UInt64>(count: count), rows: try Buffer<UInt32>(count: count))
    for row in 0..<count { source.rows.base[row] = UInt32(truncatingIfNeeded: row) }
    var shift: UInt64 = 0
    while shift < 64, maximum >> shift != 0 {
      try Cancellation.check()
      var starts = [Int](repeating: 0, count: 257)
      for key in source.keys.elements { starts[Int(key >> shift & 255) + 1] += 1 }
      for digit in 0..<256 { starts[digit + 1] += starts[digit] }
      for index in 0..<count {
        let key = source.keys.base[index]
        let digit = Int(key >> shift & 255)
        // SAFETY: each digit's places were counted.
        target.keys.base[starts[digit]] = key
        target.rows.base[starts[digit]] = source.rows.base[index]
        starts[digit] += 1
      }
      swap(&source, &target)
      shift += 8
    }
    self.keys = source.keys
    rows = source.rows
  }
}
