/// What the ordered distinct values of a column tell, null left out.
struct DistinctValues {
  let count: Int
  let minimum: Scalar
  let maximum: Scalar
  /// Quantiles 0.25, 0.5 and 0.75; of no meaning for texts and bools.
  let quartiles: (Scalar, Scalar, Scalar)
  /// The most frequent first, the lesser value first among equals.
  let mostFrequent: [ColumnSummary.Frequency]

  init(_ column: Column, frequentCount: Int) throws {
    let coded = try column.dictionaryEncoded()
    guard let packed = try coded.packedKeys() else {
      // No number is left for null, so the nulls are left out.
      let present = try column.validity.map { try column.filter($0) } ?? column
      self = try DistinctValues(
        Column(type: present.type, storage: present.storage), frequentCount: frequentCount)
      return
    }
    let valid = column.count - column.nullCount
    let places = [0.25, 0.5, 0.75].map { QuantilePlace($0, count: max(valid, 1)) }
    let frequent: MostFrequent
    let keyAtRank: (Int) -> UInt64
    if let slots = try SlotCounts(packed.number, rowCount: column.count) {
      var all = MostFrequent(limit: frequentCount)
      // Null's slot is the last.
      for slot in 0..<slots.counts.count - (column.nullCount > 0 ? 1 : 0) {
        let size = Int(slots.counts.base[slot])
        if size > 0 { all.add(UInt64(slot), size) }
      }
      frequent = all
      keyAtRank = { rank in
        var before = 0
        for (slot, size) in slots.counts.enumerated() {
          before += Int(size)
          if rank < before { return UInt64(slot) }
        }
        return 0
      }
    } else {
      let sorted = try SortedNumbers(packed.number, rowCount: column.count)
      let parts = try sorted.mapRuns(
        upTo: valid, initial: MostFrequent(limit: frequentCount)
      ) { $0.add($1, $2) }
      frequent = parts.reduce(into: MostFrequent(limit: frequentCount)) { $0.merge($1) }
      keyAtRank = { sorted.numbers[$0] }
    }
    count = frequent.distinctCount
    guard valid > 0 else {
      (minimum, maximum, quartiles, mostFrequent) = (.null, .null, (.null, .null, .null), [])
      return
    }
    let lowest = packed.lowest
    let ends = [lowest &+ keyAtRank(0), lowest &+ keyAtRank(valid - 1)]
    let values = try coded.values(
      ofKeys: ends + frequent.entries.map { lowest &+ $0.number }, lastIsNull: false)
    (minimum, maximum) = (values[0], values[1])
    mostFrequent = frequent.entries.enumerated().map {
      ColumnSummary.Frequency(value: values[$0 + 2], count: $1.size)
    }
    let interpolation = KeyInterpolation(isFloat: column.type == .float)
    let quantiles = places.map {
      interpolation.scalar(
        lowest &+ keyAtRank($0.lower), lowest &+ keyAtRank($0.upper), $0.fraction,
        type: column.type)
    }
    quartiles = (quantiles[0], quantiles[1], quantiles[2])
  }
}

/// The most frequent of ascending numbers, and how many there were.
private struct MostFrequent: Sendable {
  struct Entry: Sendable {
    let number: UInt64
    let size: Int
  }

  private let limit: Int
  private(set) var distinctCount = 0
  private(set) var entries: [Entry] = []
  /// The size a number must exceed to be among them.
  private var least = 0

  init(limit: Int) { self.limit = limit }

  @inline(__always)
  mutating func add(_ number: UInt64, _ size: Int) {
    distinctCount &+= 1
    if size > least { insert(Entry(number: number, size: size)) }
  }

  mutating func merge(_ next: MostFrequent) {
    for entry in next.entries where entry.size > least { insert(entry) }
    distinctCount += next.distinctCount
  }

  private mutating func insert(_ entry: Entry) {
    if limit == 0 { return }
    let place = entries.firstIndex { $0.size < entry.size } ?? entries.count
    entries.insert(entry, at: place)
    if entries.count > limit { entries.removeLast() }
    if entries.count == limit { least = entries[limit - 1].size }
  }
}
