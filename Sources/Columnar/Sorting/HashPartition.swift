/// Rows dealt by a hash of their numbers to partitions whose tables stay in the cache: for telling
/// apart about as many numbers as there are rows.
struct HashPartition {
  private static let partitionBits = 11
  private static let partitionCount = 1 << partitionBits
  private static let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// Partition after partition, each in the order of the rows.
  private let numbers: Buffer<UInt64>
  let rows: Buffer<UInt32>
  /// Where each partition begins, and at the end the number of rows.
  private let starts: Buffer<UInt32>

  /// Without rows where only the numbers matter.
  init(_ number: PackedNumber, rowCount: Int, keepsRows: Bool = true) throws {
    let count = HashPartition.partitionCount
    let chunkCount = max(min(Workers.partCount(rowCount), 32), 1)
    let places = try BucketPlaces(chunks: chunkCount, buckets: count)
    try Workers.run(parts: chunkCount) { chunk in
      // SAFETY: partitions are below their number.
      let own = places.own(chunk)
      try number.forEachBlock(in: chunkRange(chunk, of: chunkCount, rowCount)) { block, packed in
        for place in 0..<block.count { own[HashPartition.partition(packed[place])] &+= 1 }
      }
    }
    starts = try places.addUp()
    let numbers = try Buffer<UInt64>(count: rowCount)
    let rows = try Buffer<UInt32>(count: keepsRows ? rowCount : 0)
    (self.numbers, self.rows) = (numbers, rows)
    try numbers.populate()
    try rows.populate()
    try Workers.run(parts: chunkCount) { chunk in
      let next = places.own(chunk)
      try number.forEachBlock(in: chunkRange(chunk, of: chunkCount, rowCount)) { block, packed in
        // SAFETY: the places of each chunk and partition were counted.
        let (numbers, rows) = (numbers.base, rows.base)
        for place in 0..<block.count {
          let partition = HashPartition.partition(packed[place])
          let target = Int(next[partition])
          next[partition] &+= 1
          numbers[target] = packed[place]
          if keepsRows { rows[target] = UInt32(truncatingIfNeeded: block.lowerBound &+ place) }
        }
      }
    }
  }

  @inline(__always)
  private static func partition(_ number: UInt64) -> Int {
    Int(truncatingIfNeeded: mixed(number) &>> UInt64(64 - partitionBits))
  }

  /// High bits that depend on all bits.
  @inline(__always)
  private static func mixed(_ number: UInt64) -> UInt64 {
    let product = number &* multiplier
    return (product ^ product &>> 32) &* multiplier
  }

  /// Calls `body` with the place, among those of all rows, of the first row of each number, in
  /// parts and no given order; returns how many there are.
  func forEachFirst(_ body: @Sendable (Int) -> Void) throws -> Int {
    let counts = try Workers.map(parts: HashPartition.partitionCount) { partition in
      let range = Int(starts[partition])..<Int(starts[partition + 1])
      if range.isEmpty { return 0 }
      var slotCount = 64
      while slotCount < 2 * range.count { slotCount *= 2 }
      return try withUnsafeTemporaryAllocation(of: UInt32.self, capacity: slotCount) { slots in
        guard let slots = slots.baseAddress else { return 0 }
        slots.initialize(repeating: 0, count: slotCount)
        let mask = slotCount - 1
        var found = 0
        // SAFETY: slots hold places of the partition plus 1, and at most half of them is taken.
        let known = numbers.base + range.lowerBound
        for place in 0..<range.count {
          if place & 16_383 == 0 { try Cancellation.check() }
          let number = known[place]
          var slot = Int(truncatingIfNeeded: HashPartition.mixed(number) &>> 20) & mask
          while slots[slot] != 0, known[Int(slots[slot]) &- 1] != number {
            slot = (slot &+ 1) & mask
          }
          if slots[slot] == 0 {
            slots[slot] = UInt32(truncatingIfNeeded: place &+ 1)
            found &+= 1
            body(range.lowerBound &+ place)
          }
        }
        return found
      }
    }
    return counts.reduce(0, +)
  }
}

extension Column {
  /// How many distinct values there are; null is none.
  package func distinctValueCount() throws -> Int {
    let coded = try dictionaryEncoded()
    if let count = try ValuePresence.count(coded) { return count }
    guard let packed = try coded.packedKeys() else {
      let present = try validity.map { try filter($0) } ?? self
      return try Column(type: type, storage: present.storage).distinctValueCount()
    }
    let partition = try HashPartition(packed.number, rowCount: count, keepsRows: false)
    return try partition.forEachFirst { _ in } - (nullCount > 0 ? 1 : 0)
  }
}
