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
  let parts = try Workers.map(parts: Workers.partCount(rowCount)) { part in
    var least = LeastNumbers(count: count)
    try first.forEachBlock(in: Workers.part(part, of: rowCount)) { rows, numbers in
      for place in 0..<rows.count {
        least.add(numbers[place], UInt32(truncatingIfNeeded: rows.lowerBound &+ place))
      }
    }
    return least
  }
  var least = LeastNumbers(count: count)
  for part in parts { for entry in part.entries { least.add(entry.key, entry.row) } }
  let sorted = least.sorted()
  if packing.numbers.count == 1 { return try Buffer(sorted.prefix(count).map(\.row)) }
  // The first number only tells which rows are in question: all up to the last one's.
  let limit = sorted[count - 1].key
  let isCandidate = try Buffer<UInt64>(count: Bitmap.wordCount(rowCount))
  try Workers.run(parts: Workers.partCount(rowCount)) { part in
    try first.forEachBlock(in: Workers.part(part, of: rowCount)) { rows, numbers in
      for start in stride(from: 0, to: rows.count, by: 64) {
        var word: UInt64 = 0
        for bit in 0..<min(64, rows.count - start) where numbers[start + bit] <= limit {
          word |= 1 << UInt64(bit)
        }
        isCandidate.base[(rows.lowerBound + start) >> 6] = word
      }
    }
  }
  let candidates = try Bitmap(words: isCandidate, count: rowCount).rows()
  let order = try sortedRows(
    try keys.map {
      SortColumn(column: try $0.column.take(candidates), isDescending: $0.isDescending)
    }, rowCount: candidates.count)
  return try candidates.gathered(order.slice(0..<count), absent: nil)
}

/// The least of the numbers seen so far, the lower row first among equals. Rows must ascend.
private struct LeastNumbers {
  private(set) var entries: [KeyedRow] = []
  private let count: Int
  /// No number from here on is among the least.
  private var limit = UInt64.max

  init(count: Int) {
    self.count = count
    entries.reserveCapacity(2 * count + 64)
  }

  @inline(__always)
  mutating func add(_ number: UInt64, _ row: UInt32) {
    if number < limit || entries.count < count { append(number, row) }
  }

  @inline(never)
  private mutating func append(_ number: UInt64, _ row: UInt32) {
    entries.append(KeyedRow(key: number, row: row))
    if entries.count >= 2 * count + 64 {
      entries = Array(sorted().prefix(count))
      limit = entries[count - 1].key
    }
  }

  func sorted() -> [KeyedRow] {
    entries.sorted { ($0.key, $0.row) < ($1.key, $1.row) }
  }
}

/// A row with its key.
struct KeyedRow: BitwiseCopyable, Sendable {
  var key: UInt64
  var row: UInt32
}
