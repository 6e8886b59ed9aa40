/// The first `count` rows of `sortedRows`, or all if there are fewer, without sorting the rest.
package func topRows(
  _ keys: [SortColumn], rowCount: Int, count: Int
) throws -> Buffer<UInt32> {
  let count = min(max(count, 0), rowCount)
  let packing = try KeyPacking(keys, rowCount: rowCount)
  if count > rowCount / 16 || count > 1 << 16 {
    return try OrderedRows(packing).rows.slice(0..<count)
  }
  if count == 0 { return try Buffer<UInt32>(count: 0) }
  let first = packing.numbers[0]
  // As many of some rows do not exceed the limit, so none that does is among the first of all.
  let sample = try Buffer(first.sample(rowCount: rowCount, size: max(8192, 4 * count)))
  let limit = selectNumber(sample.base, count: sample.count, rank: count - 1)
  let isAlone = packing.numbers.count == 1
  let candidates = try Candidates(
    first, limit: limit, rowCount: rowCount, equals: isAlone ? count : nil)
  if isAlone {
    return try Buffer(
      candidates.entries.sorted { ($0.key, $0.row) < ($1.key, $1.row) }.prefix(count).map(\.row))
  }
  // The first number only tells which rows are in question; all keys decide between them.
  let rows = try Buffer(candidates.entries.map(\.row))
  let order = try sortedRows(
    try keys.map {
      SortColumn(column: try $0.column.take(rows), isDescending: $0.isDescending)
    }, rowCount: rows.count)
  return try rows.gathered(order.slice(0..<count), absent: nil)
}

/// The rows whose number does not exceed a limit, ascending.
private struct Candidates {
  private(set) var entries: [KeyedRow] = []

  /// With `equals`, no more than so many rows of a part, its first ones, have the limit itself.
  init(_ number: PackedNumber, limit: UInt64, rowCount: Int, equals: Int?) throws {
    let floats = number.floatScan(limit)
    let parts = try Workers.map(parts: Workers.partCount(rowCount)) { part in
      var found: [KeyedRow] = []
      var equalCount = 0
      func add(_ number: UInt64, _ row: Int) {
        if number == limit {
          equalCount += 1
          if let equals, equalCount > equals { return }
        }
        found.append(KeyedRow(key: number, row: UInt32(truncatingIfNeeded: row)))
      }
      let range = Workers.part(part, of: rowCount)
      if let floats {
        try floats.forEachCandidate(in: range) { row in
          var one: UInt64 = 0
          number.pack(row..<row + 1, into: &one)
          if one <= limit { add(one, row) }
        }
      } else {
        try number.forEachBlock(in: range) { rows, numbers in
          for place in 0..<rows.count where numbers[place] <= limit {
            add(numbers[place], rows.lowerBound + place)
          }
        }
      }
      return found
    }
    entries.reserveCapacity(parts.reduce(0) { $0 + $1.count })
    for part in parts { entries += part }
  }
}

/// Floats that may be among the first, found by comparing them eight at a time where they lie.
struct FloatScan: Sendable {
  let values: Buffer<Double>
  let threshold: Double
  let isDescending: Bool

  /// Calls `body` with each row of `range` that lies on the threshold or before it, ascending.
  func forEachCandidate(in range: Range<Int>, _ body: (Int) -> Void) throws {
    let raw = UnsafeRawPointer(values.base)
    let threshold = SIMD8(repeating: threshold)
    var row = range.lowerBound
    while row < range.upperBound {
      try Cancellation.check()
      let end = min(row + 16_384, range.upperBound)
      while row &+ 64 <= end {
        var nearest = raw.loadUnaligned(fromByteOffset: row &* 8, as: SIMD8<Double>.self)
        // SAFETY: the rows lie within the values.
        for eight in 1..<8 {
          let next = raw.loadUnaligned(
            fromByteOffset: (row &+ eight &* 8) &* 8, as: SIMD8<Double>.self)
          nearest =
            isDescending
            ? next.replacing(with: nearest, where: nearest .> next)
            : next.replacing(with: nearest, where: nearest .< next)
        }
        let extreme = isDescending ? nearest.max() : nearest.min()
        if isDescending ? extreme >= threshold[0] : extreme <= threshold[0] {
          check(row..<row + 64, body)
        }
        row &+= 64
      }
      check(row..<end, body)
      row = end
    }
  }

  private func check(_ rows: Range<Int>, _ body: (Int) -> Void) {
    for row in rows {
      let value = values.base[row]
      if isDescending ? value >= threshold : value <= threshold { body(row) }
    }
  }
}

/// A row with its key.
struct KeyedRow: BitwiseCopyable, Sendable {
  var key: UInt64
  var row: UInt32
}
