extension GroupNumbers {
  /// Finds the distinct keys of each chunk with a table that stays in the cache, then puts the
  /// keys in order; nil if there are too many for that.
  init?(hashed number: PackedNumber, rowCount: Int) throws {
    guard try HashGrouping.suits(number, rowCount: rowCount) else { return nil }
    let chunkCount = max(min(Workers.partCount(rowCount), 16), 1)
    let ids = try Buffer<UInt32>(count: rowCount)
    let tables = try Workers.map(parts: chunkCount) { chunk -> NumberTable? in
      var table = try NumberTable()
      var isFull = false
      try number.forEachBlock(in: chunkRange(chunk, of: chunkCount, rowCount)) { rows, numbers in
        if isFull { return }
        try table.insert(numbers, rows: rows, ids: ids.base + rows.lowerBound)
        isFull = table.count > HashGrouping.limit
      }
      return isFull ? nil : table
    }
    var starts: [Int] = []
    var total = 0
    for table in tables {
      guard let table else { return nil }
      starts.append(total)
      total += table.count
    }
    // The chunks' keys one after the other: sorted stably, equal ones begin with the lowest row.
    let numbers = try Buffer<UInt64>(count: total)
    let rows = try Buffer<UInt32>(count: total)
    for case (let table?, let start) in zip(tables, starts) {
      (numbers.base + start).update(from: table.numbers.base, count: table.count)
      (rows.base + start).update(from: table.firstRows.base, count: table.count)
    }
    let order = try OrderedRows.sorted(PackedNumber(numbers), rowCount: total)
    let map = try Buffer<UInt32>(count: total)
    let firstRows = try Buffer<UInt32>(count: total)
    var groupCount = 0
    for place in 0..<total {
      let entry = Int(order.rows.base[place])
      if place == 0 || order.numbers.base[place] != order.numbers.base[place - 1] {
        firstRows.base[groupCount] = rows.base[entry]
        groupCount += 1
      }
      map.base[entry] = UInt32(truncatingIfNeeded: groupCount - 1)
    }
    try Workers.run(parts: chunkCount) { [starts] chunk in
      let own = map.base + starts[chunk]
      for row in chunkRange(chunk, of: chunkCount, rowCount) {
        // SAFETY: a chunk's ids are below the number of its keys.
        ids.base[row] = own[Int(ids.base[row])]
      }
    }
    self.init(ids: ids, firstRows: try firstRows.slice(0..<groupCount))
  }
}

enum HashGrouping {
  /// A chunk with more distinct keys than this is better sorted.
  static let limit = 1 << 17

  /// Whether few of the keys of rows at even distances are distinct.
  static func suits(_ number: PackedNumber, rowCount: Int) throws -> Bool {
    let step = max(rowCount / 4096, 1)
    var table = try NumberTable()
    var id: UInt32 = 0
    var one: UInt64 = 0
    var row = 0
    var sampled = 0
    while row < rowCount {
      number.pack(row..<row + 1, into: &one)
      try table.insert(&one, rows: row..<row + 1, ids: &id)
      row += step
      sampled += 1
    }
    return table.count * 20 < sampled * 19
  }
}

/// Distinct numbers in order of first insertion, in an open-addressing table.
private struct NumberTable: Sendable {
  private(set) var count = 0
  /// The numbers and where each first occurred; `count` are in use.
  private(set) var numbers: Buffer<UInt64>
  private(set) var firstRows: Buffer<UInt32>
  /// A number's place plus 1, or 0 where free; four times as many as numbers fit.
  private var slots: Buffer<UInt32>

  init() throws {
    numbers = try Buffer(count: 1024)
    firstRows = try Buffer(count: 1024)
    slots = try Buffer(repeating: 0, count: 4096)
  }

  /// Inserts the numbers of `rows` and writes their places to `ids`.
  mutating func insert(
    _ new: UnsafeMutablePointer<UInt64>, rows: Range<Int>, ids: UnsafeMutablePointer<UInt32>
  ) throws {
    while count + rows.count > numbers.count { try grow() }
    // SAFETY: there is room for all of the numbers, and at most a quarter of the slots is taken.
    let (slots, known, firsts) = (slots.base, numbers.base, firstRows.base)
    let mask = self.slots.count - 1
    var count = count
    for place in 0..<rows.count {
      let number = new[place]
      var slot = NumberTable.hash(number) & mask
      while true {
        let entry = Int(slots[slot])
        if entry == 0 {
          known[count] = number
          firsts[count] = UInt32(truncatingIfNeeded: rows.lowerBound &+ place)
          ids[place] = UInt32(truncatingIfNeeded: count)
          count &+= 1
          slots[slot] = UInt32(truncatingIfNeeded: count)
          break
        }
        if known[entry &- 1] == number {
          ids[place] = UInt32(truncatingIfNeeded: entry &- 1)
          break
        }
        slot = (slot &+ 1) & mask
      }
    }
    self.count = count
  }

  private mutating func grow() throws {
    let capacity = numbers.count * 2
    let largerNumbers = try Buffer<UInt64>(count: capacity)
    let largerRows = try Buffer<UInt32>(count: capacity)
    largerNumbers.base.update(from: numbers.base, count: count)
    largerRows.base.update(from: firstRows.base, count: count)
    let largerSlots = try Buffer<UInt32>(repeating: 0, count: capacity * 4)
    let mask = largerSlots.count - 1
    for entry in 0..<count {
      var slot = NumberTable.hash(largerNumbers.base[entry]) & mask
      while largerSlots.base[slot] != 0 { slot = (slot + 1) & mask }
      largerSlots.base[slot] = UInt32(truncatingIfNeeded: entry + 1)
    }
    (numbers, firstRows, slots) = (largerNumbers, largerRows, largerSlots)
  }

  private static func hash(_ number: UInt64) -> Int {
    let product = number &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: (product ^ product >> 32) >> 4)
  }
}
