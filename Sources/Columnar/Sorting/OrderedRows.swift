/// Rows in the order of their packed keys, equal ones in their old order.
struct OrderedRows {
  let rows: Buffer<UInt32>
  /// The first of the packed numbers of each place.
  let numbers: Buffer<UInt64>
  /// Where another key begins, if further numbers had to decide; nil if the first did alone.
  private let refined: Bitmap?

  init(_ packing: KeyPacking) throws {
    let first = packing.numbers[0]
    let rowCount = packing.rowCount
    (numbers, rows) = try OrderedRows.sorted(first, rowCount: rowCount)
    if packing.numbers.count == 1 {
      refined = nil
      return
    }
    var isStart = try OrderedRows.changes(numbers)
    for number in packing.numbers.dropFirst() where isStart.setCount < rowCount {
      isStart = try OrderedRows.refine(rows, isStart, by: number)
    }
    refined = isStart
  }

  /// The packed numbers in order, if there is one a row.
  var ownNumbers: Buffer<UInt64>? { refined == nil ? numbers : nil }

  /// A bit for each place at which a key begins that differs from the one before.
  func starts() throws -> Bitmap {
    if let refined { return refined }
    return try OrderedRows.changes(numbers)
  }

  /// A bit for each place whose number differs from the one before.
  static func changes(_ numbers: Buffer<UInt64>) throws -> Bitmap {
    let count = numbers.count
    let words = try Buffer<UInt64>(count: Bitmap.wordCount(count))
    try Workers.run(parts: Workers.partCount(count)) { part in
      let range = Workers.part(part, of: count)
      let (numbers, words) = (numbers.base, words.base)
      for index in range.lowerBound >> 6..<Bitmap.wordCount(range.upperBound) {
        var word: UInt64 = index == 0 ? 1 : 0
        // SAFETY: the place lies within the numbers and has one before it.
        for place in max(index << 6, 1)..<min(index << 6 + 64, count) {
          word |= (numbers[place] == numbers[place - 1] ? 0 : 1) << UInt64(place & 63)
        }
        words[index] = word
      }
    }
    return Bitmap(words: words, count: count)
  }

  /// The numbers of all rows in order, with the rows.
  static func sorted(
    _ number: PackedNumber, rowCount: Int
  ) throws -> (numbers: Buffer<UInt64>, rows: Buffer<UInt32>) {
    let numbers = try Buffer<UInt64>(count: rowCount)
    let rows = try Buffer<UInt32>(count: rowCount)
    if rowCount <= 1 << 15 {
      number.pack(0..<rowCount, into: numbers.base)
      for row in 0..<rowCount { rows.base[row] = UInt32(truncatingIfNeeded: row) }
      try sort(numbers, rows, 0..<rowCount)
      return (numbers, rows)
    }
    let buckets = try RowBuckets(number, rowCount: rowCount)
    try numbers.populate()
    try rows.populate()
    try buckets.scatter(number, numbers: numbers, rows: rows)
    try Workers.run(parts: buckets.count) { bucket in
      let range = buckets.range(bucket)
      if range.count > 1 { try sort(numbers, rows, range) }
    }
    return (numbers, rows)
  }

  private static func sort(
    _ numbers: Buffer<UInt64>, _ rows: Buffer<UInt32>, _ range: Range<Int>
  ) throws {
    try withUnsafeTemporaryAllocation(of: UInt64.self, capacity: range.count) { otherNumbers in
      try withUnsafeTemporaryAllocation(of: UInt32.self, capacity: range.count) { otherRows in
        guard let otherNumbers = otherNumbers.baseAddress,
          let otherRows = otherRows.baseAddress
        else { return }
        // SAFETY: the range lies within the buffers, and no one else has it.
        let sort = RowSort(
          numbers: numbers.base + range.lowerBound, rows: rows.base + range.lowerBound,
          otherNumbers: otherNumbers, otherRows: otherRows)
        try sort.sort(0..<range.count)
      }
    }
  }

  /// Sorts the rows of each run of equal keys by a further number; returns where keys then begin.
  static func refine(
    _ rows: Buffer<UInt32>, _ isStart: Bitmap, by number: PackedNumber
  ) throws -> Bitmap {
    let count = rows.count
    if count - isStart.setCount < count / 32 { return try refineFew(rows, isStart, by: number) }
    let all = try number.packed(rowCount: count)
    let numbers = try Buffer<UInt64>(count: count)
    try Workers.run(parts: Workers.partCount(count)) { part in
      for place in Workers.part(part, of: count) {
        // SAFETY: the rows are those of the frame, each once.
        numbers.base[place] = all.base[Int(rows.base[place])]
      }
    }
    try Workers.run(parts: runPartCount(count)) { part in
      try forEachRun(isStart, part) { run in try sort(numbers, rows, run) }
    }
    return try isStart.or(try changes(numbers))
  }

  /// As `refine`, for few runs of more than a row: numbers are made for their rows alone.
  private static func refineFew(
    _ rows: Buffer<UInt32>, _ isStart: Bitmap, by number: PackedNumber
  ) throws -> Bitmap {
    let found = try Workers.map(parts: runPartCount(rows.count)) { part in
      var found: [Int] = []
      try forEachRun(isStart, part) { run in
        let own = try rows.slice(run)
        let numbers = try Buffer<UInt64>(count: run.count)
        for place in 0..<run.count {
          let row = Int(own.base[place])
          number.pack(row..<row + 1, into: numbers.base + place)
        }
        try sort(numbers, own, 0..<run.count)
        // SAFETY: runs do not overlap.
        (rows.base + run.lowerBound).update(from: own.base, count: run.count)
        for place in 1..<run.count where numbers.base[place] != numbers.base[place - 1] {
          found.append(run.lowerBound + place)
        }
      }
      return found
    }
    let starts = try Bitmap(repeating: false, count: rows.count)
    for place in found.joined() { starts.words.base[place >> 6] |= 1 << UInt64(place & 63) }
    return try isStart.or(starts)
  }

  private static let runPartSize = 8192

  private static func runPartCount(_ count: Int) -> Int {
    Workers.partCount(count, partSize: runPartSize)
  }

  /// Calls `body` with each run of more than a row that begins in a part.
  private static func forEachRun(
    _ isStart: Bitmap, _ part: Int, _ body: (Range<Int>) throws -> Void
  ) throws {
    let range = Workers.part(part, of: isStart.count, partSize: runPartSize)
    var start = isStart.next(from: range.lowerBound)
    while start < range.upperBound {
      let end = isStart.next(from: start + 1)
      if end - start > 1 { try body(start..<end) }
      start = end
    }
  }
}

extension Bitmap {
  /// The first set bit at or after `row`; the count if there is none.
  func next(from row: Int) -> Int {
    guard row < count else { return count }
    var index = row >> 6
    var word = words[index] & (~0 << UInt64(row & 63))
    while word == 0 {
      index += 1
      if index == words.count { return count }
      word = words[index]
    }
    return index << 6 + word.trailingZeroBitCount
  }
}
