import CMemory

/// The row number that stands for no row.
package let noRow = UInt32.max

extension Buffer {
  /// The elements at `rows`, which must be in bounds; `absent` where a row is `noRow`.
  func gathered(
    _ rows: Buffer<UInt32>, absent: Element?
  ) throws -> Buffer<Element> where Element: Sendable {
    let gathered = try Buffer(count: rows.count)
    try Workers.run(parts: Workers.partCount(rows.count)) { part in
      let range = Workers.part(part, of: rows.count)
      // SAFETY: the caller has checked every row against the count.
      let (source, places, target) = (base, rows.base, gathered.base)
      if let absent, count > 0 {
        for index in range {
          // Without a branch: the first element is read and left aside.
          let row = places[index]
          let value = source[row == noRow ? 0 : Int(row)]
          target[index] = row == noRow ? absent : value
        }
      } else if let absent {
        for index in range { target[index] = absent }
      } else {
        gather(places + range.lowerBound, range.count, to: target + range.lowerBound)
      }
    }
    return gathered
  }

  /// Writes the elements at `count` rows.
  ///
  /// Rows in no order are asked for long before their turn, if the elements are beyond the cache.
  /// SAFETY: the rows must be in bounds, and the target have room.
  @inline(__always)
  func gather(
    _ rows: UnsafePointer<UInt32>, _ count: Int, to target: UnsafeMutablePointer<Element>
  ) {
    let source = base
    let ahead = 96
    var first = 0
    if self.count * MemoryLayout<Element>.stride > 1 << 20, count > ahead, rows.haveNoOrder {
      first = count &- ahead
      for index in 0..<first {
        kz_prefetch_far(source + Int(rows[index &+ ahead]))
        target[index] = source[Int(rows[index])]
      }
    }
    for index in first..<count { target[index] = source[Int(rows[index])] }
  }
}

extension UnsafePointer<UInt32> {
  /// Whether the first 16 rows go down more than once.
  fileprivate var haveNoOrder: Bool {
    var descents = 0
    for place in 1..<16 where self[place] < self[place - 1] { descents += 1 }
    return descents > 1
  }
}

extension Bitmap {
  /// The bits at `rows`, which must be in bounds; 0 where a row is `noRow`.
  func gathered(_ rows: Buffer<UInt32>) throws -> Bitmap {
    let gathered = try Buffer<UInt64>(count: Bitmap.wordCount(rows.count))
    try Workers.run(parts: Workers.partCount(rows.count)) { part in
      let range = Workers.part(part, of: rows.count)
      let (source, places) = (words.base, rows.base)
      var index = range.lowerBound
      while index < range.upperBound {
        var word: UInt64 = 0
        for bit in 0..<min(64, range.upperBound - index) {
          // SAFETY: the caller has checked every row against the count.
          let row = places[index + bit]
          if row == noRow { continue }
          word |= (source[Int(row >> 6)] >> UInt64(row & 63) & 1) << UInt64(bit)
        }
        gathered.base[index >> 6] = word
        index += 64
      }
    }
    return Bitmap(words: gathered, count: rows.count)
  }

  /// The bits set where a row is not `noRow`.
  static func present(_ rows: Buffer<UInt32>) throws -> Bitmap {
    let present = try Buffer<UInt64>(count: wordCount(rows.count))
    try Workers.run(parts: Workers.partCount(rows.count)) { part in
      let range = Workers.part(part, of: rows.count)
      var index = range.lowerBound
      while index < range.upperBound {
        var word: UInt64 = 0
        // SAFETY: the places lie within the rows.
        let places = rows.base + index
        for bit in 0..<min(64, range.upperBound - index) {
          word |= (places[bit] == noRow ? 0 : 1) &<< UInt64(bit)
        }
        present.base[index >> 6] = word
        index += 64
      }
    }
    return Bitmap(words: present, count: rows.count)
  }
}
