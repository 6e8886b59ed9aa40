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
      if let absent {
        for index in range {
          let row = places[index]
          target[index] = row == noRow ? absent : source[Int(row)]
        }
      } else {
        for index in range { target[index] = source[Int(places[index])] }
      }
    }
    return gathered
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
        for bit in 0..<min(64, range.upperBound - index) where rows.base[index + bit] != noRow {
          word |= 1 << UInt64(bit)
        }
        present.base[index >> 6] = word
        index += 64
      }
    }
    return Bitmap(words: present, count: rows.count)
  }
}

extension TextStorage {
  /// The texts at `rows`, which must be in bounds; empty where a row is `noRow`.
  func gathered(_ rows: Buffer<UInt32>) throws -> TextStorage {
    let parts = Workers.partCount(rows.count)
    var starts = try Workers.map(parts: parts) { part in
      var total = 0
      for index in Workers.part(part, of: rows.count) {
        // SAFETY: the caller has checked every row against the count.
        let row = rows.base[index]
        if row != noRow { total += offsets.base[Int(row) + 1] - offsets.base[Int(row)] }
      }
      return total
    }
    var total = 0
    for part in 0..<parts { (starts[part], total) = (total, total + starts[part]) }
    let newOffsets = try Buffer<Int>(count: rows.count + 1)
    let newBytes = try Buffer<UInt8>(count: total)
    newOffsets.base[rows.count] = total
    try Workers.run(parts: parts) { [starts] part in
      var offset = starts[part]
      for index in Workers.part(part, of: rows.count) {
        newOffsets.base[index] = offset
        let row = rows.base[index]
        if row == noRow { continue }
        // SAFETY: the lengths were added up above, so that every copy fits.
        let start = offsets.base[Int(row)]
        let length = offsets.base[Int(row) + 1] - start
        (newBytes.base + offset).update(from: bytes.base + start, count: length)
        offset += length
      }
    }
    return TextStorage(offsets: newOffsets, bytes: newBytes)
  }
}
