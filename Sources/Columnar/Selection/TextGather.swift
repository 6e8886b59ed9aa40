extension TextStorage {
  /// The texts at `rows`, which must be in bounds; empty where a row is `noRow`.
  ///
  /// Rows that follow one another lie behind one another, and are copied in one piece.
  func gathered(_ rows: Buffer<UInt32>) throws -> TextStorage {
    let parts = Workers.partCount(rows.count)
    var starts = try Workers.map(parts: parts) { part in
      var total = 0
      try forEachRun(of: rows, in: Workers.part(part, of: rows.count)) { row, range in
        // SAFETY: the caller has checked every row against the count.
        total += offsets.base[row + range.count] - offsets.base[row]
      }
      return total
    }
    var total = 0
    for part in 0..<parts { (starts[part], total) = (total, total + starts[part]) }
    let newOffsets = try Buffer<Int>(count: rows.count + 1)
    let newBytes = try Buffer<UInt8>(count: total)
    newOffsets.base[rows.count] = total
    try Workers.run(parts: parts) { [starts, total] part in
      let (from, to) = (offsets.base, newOffsets.base)
      let range = Workers.part(part, of: rows.count)
      let end = part + 1 < parts ? starts[part + 1] : total
      var offset = starts[part]
      var filled = range.lowerBound
      try forEachRun(of: rows, in: range) { row, run in
        // SAFETY: the lengths were added up above, so that every copy fits; a whole vector is
        // written only where the part has room for it.
        while filled < run.lowerBound {
          to[filled] = offset
          filled &+= 1
        }
        let start = from[row]
        for place in 0..<run.count { to[filled &+ place] = offset &+ (from[row &+ place] &- start) }
        filled = run.upperBound
        let length = from[row &+ run.count] &- start
        let (source, target) = (bytes.base + start, newBytes.base + offset)
        if length <= 16, offset &+ 16 <= end {
          UnsafeMutableRawPointer(target).storeBytes(
            of: UnsafeRawPointer(source).loadUnaligned(as: SIMD16<UInt8>.self),
            as: SIMD16<UInt8>.self)
        } else {
          target.update(from: source, count: length)
        }
        offset &+= length
      }
      while filled < range.upperBound {
        to[filled] = offset
        filled &+= 1
      }
    }
    return TextStorage(offsets: newOffsets, bytes: newBytes)
  }

  /// Calls `body` with the first of each run of rows that follow one another, and with the places
  /// where the run stands in `rows`; `noRow` is passed over.
  @inline(__always)
  private func forEachRun(
    of rows: Buffer<UInt32>, in range: Range<Int>, _ body: (Int, Range<Int>) -> Void
  ) throws {
    // SAFETY: the range lies within the rows.
    let places = rows.base
    var place = range.lowerBound
    var checked = place
    while place < range.upperBound {
      if place &- checked > 16_384 {
        try Cancellation.check()
        checked = place
      }
      let row = places[place]
      if row == noRow {
        place &+= 1
        continue
      }
      let start = place
      repeat {
        place &+= 1
      } while place < range.upperBound
        && places[place] == row &+ UInt32(truncatingIfNeeded: place &- start)
        && places[place] != noRow
      body(Int(row), start..<place)
    }
  }
}
