/// How many rows have each value of a column of few possible values: a slot a value.
///
/// Narrow integers and dictionary codes are counted where they lie. Null rows of integers all hold 0,
/// so they are counted as rows of it and taken off again at the end.
struct ValueTally: Sendable {
  /// The value that the first slot stands for; later slots follow it. Slots of texts are codes.
  let lowest: Int64
  /// Rows with each value, nulls left out.
  let counts: Buffer<Int>

  /// Nil for floats, for plain text, and where more values are possible than there may be slots.
  init?(_ column: Column) throws {
    let limit = Int(GroupNumbers.slotLimit(rowCount: column.count))
    switch column.storage {
    case .int8(let buffer):
      lowest = -128
      counts = try buffer.tally(-128, slotCount: 256)
    case .int16(let buffer):
      lowest = Int64(Int16.min)
      counts = try buffer.tally(lowest, slotCount: 1 << 16)
    case .int32(let buffer):
      guard let tally = try ValueTally(buffer, limit: limit) else { return nil }
      self = tally
    case .int64(let buffer):
      guard let tally = try ValueTally(buffer, limit: limit) else { return nil }
      self = tally
    case .dictionary(let codes, let dictionary):
      let slotCount = max(dictionary.count, 1)
      guard slotCount <= limit else { return nil }
      lowest = 0
      counts =
        switch codes {
        case .uint8(let buffer): try buffer.tally(0, slotCount: slotCount, column.validity)
        case .uint16(let buffer): try buffer.tally(0, slotCount: slotCount, column.validity)
        case .uint32(let buffer): try buffer.tally(0, slotCount: slotCount, column.validity)
        }
      return
    case .float, .text: return nil
    }
    if column.nullCount > 0 { counts.base[Int(-lowest)] -= column.nullCount }
  }

  private init?<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ buffer: Buffer<Element>, limit: Int
  ) throws {
    let bounds = try buffer.bounds()
    let (span, overflow) = bounds.upperBound.subtractingReportingOverflow(bounds.lowerBound)
    guard !overflow, span < limit else { return nil }
    lowest = bounds.lowerBound
    counts = try buffer.tally(lowest, slotCount: Int(span) + 1)
  }
}

extension Buffer where Element: FixedWidthInteger & Sendable {
  /// How often each of `slotCount` values from `lowest` on occurs in the rows that are set, which no
  /// element may leave.
  fileprivate func tally(
    _ lowest: Int64, slotCount: Int, _ validity: Bitmap? = nil
  ) throws -> Buffer<Int> {
    // Few slots are counted in four tables in turn: equal neighbours do not wait for one another.
    let laneCount = slotCount <= 4096 ? 4 : 1
    let partCount = Workers.partCount(count)
    let chunkCount = Swift.max(Swift.min(partCount, 16, count / slotCount), 1)
    let tableSize = slotCount * laneCount
    let tables = try Buffer<UInt32>(repeating: 0, count: chunkCount * tableSize)
    try Workers.run(parts: chunkCount) { chunk in
      // SAFETY: each chunk has tables of its own, and values lie within the slots.
      let table = tables.base + chunk * tableSize
      let source = base
      for part in partCount * chunk / chunkCount..<partCount * (chunk + 1) / chunkCount {
        try Cancellation.check()
        let range = Workers.part(part, of: count)
        @inline(__always) func slot(_ row: Int) -> Int {
          Int(truncatingIfNeeded: Int64(truncatingIfNeeded: source[row]) &- lowest)
        }
        if validity != nil {
          try forEachValidRow(validity, in: range) { row in table[slot(row)] &+= 1 }
          continue
        }
        var row = range.lowerBound
        if laneCount == 4 {
          let (second, third) = (table + slotCount, table + 2 * slotCount)
          let fourth = table + 3 * slotCount
          while row &+ 4 <= range.upperBound {
            table[slot(row)] &+= 1
            second[slot(row &+ 1)] &+= 1
            third[slot(row &+ 2)] &+= 1
            fourth[slot(row &+ 3)] &+= 1
            row &+= 4
          }
        }
        while row < range.upperBound {
          table[slot(row)] &+= 1
          row &+= 1
        }
      }
    }
    let counts = try Buffer<Int>(repeating: 0, count: slotCount)
    let step = 8192
    try Workers.run(parts: Workers.partCount(slotCount, partSize: step)) { part in
      let slots = Workers.part(part, of: slotCount, partSize: step)
      for table in 0..<chunkCount * laneCount {
        // SAFETY: each table has a count for each slot.
        let source = tables.base + table * slotCount
        for slot in slots { counts.base[slot] &+= Int(source[slot]) }
      }
    }
    return counts
  }
}

extension ValueTally {
  /// The keys, in the sense of `KeySource`, at `ranks` among the values in order; for integers.
  func keys(at ranks: [Int]) -> [UInt64] {
    var keys: [UInt64] = []
    var before = 0
    for slot in 0..<counts.count {
      before += counts.base[slot]
      while keys.count < ranks.count, ranks[keys.count] < before {
        keys.append(UInt64(bitPattern: lowest &+ Int64(slot)) ^ (1 << 63))
      }
    }
    return keys
  }
}
