/// Key columns packed into one unsigned integer a row, whose order is the order of the keys.
///
/// Each column gives a digit: its key less the smallest one, or, where it descends, the largest
/// key less its own; null is one more than the largest digit, so that it comes last both ways. The
/// digits are the places of a number in mixed radix, the first column's the highest. Columns whose
/// digits do not fit 64 bits together are first replaced by the numbers of their groups.
struct KeyPacking: Sendable {
  /// Adds the digits of `rows` to the numbers, `packed[0]` belonging to the first of them.
  typealias Packer = @Sendable (_ rows: Range<Int>, _ packed: UnsafeMutablePointer<UInt64>) -> Void

  /// Rows packed at a time, so that the numbers stay in the first-level cache.
  static let blockSize = 2048

  private var packers: [Packer] = []
  /// No number is larger.
  private(set) var maximum: UInt64 = 0
  let rowCount: Int

  init(_ keys: [SortColumn], rowCount: Int) throws {
    try RowLimit.check(rowCount)
    self.rowCount = rowCount
    for key in keys {
      precondition(key.column.count == rowCount)
      var next = try KeyDigit(key)
      if try append(next) { continue }
      if maximum > UInt64(UInt32.max) {
        // The numbers so far are replaced by their dense ranks.
        let ranks = try denseRanks()
        packers = []
        maximum = 0
        let column = try Column(ranks: ranks, validity: nil)
        _ = try append(KeyDigit(SortColumn(column: column, isDescending: false)))
        if try append(next) { continue }
      }
      next = try KeyDigit(try key.compressed())
      let fits = try append(next)
      precondition(fits)
    }
  }

  /// Appends the digit; returns false, unchanged, if the numbers would not fit 64 bits.
  private mutating func append(_ digit: KeyDigit) throws -> Bool {
    guard let largest = digit.maximum else { return false }
    if packers.isEmpty {
      maximum = largest
      packers.append(try digit.packer(radix: 0))
      return true
    }
    let (radix, radixOverflow) = largest.addingReportingOverflow(1)
    let (shifted, shiftOverflow) = maximum.multipliedReportingOverflow(by: radix)
    let (sum, sumOverflow) = shifted.addingReportingOverflow(largest)
    if radixOverflow || shiftOverflow || sumOverflow { return false }
    maximum = sum
    packers.append(try digit.packer(radix: radix))
    return true
  }

  /// Calls `body` with blocks of consecutive rows of `range` and their numbers.
  func forEachBlock(
    in range: Range<Int>, _ body: (Range<Int>, UnsafeMutablePointer<UInt64>) throws -> Void
  ) throws {
    try withUnsafeTemporaryAllocation(of: UInt64.self, capacity: KeyPacking.blockSize) { block in
      guard let packed = block.baseAddress else { return }
      var start = range.lowerBound
      while start < range.upperBound {
        let rows = start..<min(start + KeyPacking.blockSize, range.upperBound)
        // SAFETY: the block is as long as the rows; with no keys every number is 0.
        packed.initialize(repeating: 0, count: rows.count)
        for packer in packers { packer(rows, packed) }
        try body(rows, packed)
        start = rows.upperBound
      }
    }
  }

  /// The numbers of all rows.
  func packed() throws -> Buffer<UInt64> {
    let numbers = try Buffer<UInt64>(count: rowCount)
    try Workers.run(parts: Workers.partCount(rowCount)) { part in
      let range = Workers.part(part, of: rowCount)
      var start = range.lowerBound
      while start < range.upperBound {
        let rows = start..<min(start + KeyPacking.blockSize, range.upperBound)
        // SAFETY: the rows lie within the buffer.
        let packed = numbers.base + start
        packed.initialize(repeating: 0, count: rows.count)
        for packer in packers { packer(rows, packed) }
        start = rows.upperBound
      }
    }
    return numbers
  }

  /// For each row the number of distinct packed keys that are less than its own.
  private func denseRanks() throws -> Buffer<UInt32> { try GroupNumbers(self).ids }
}

/// A column to sort by.
package struct SortColumn: Sendable {
  package let column: Column
  package let isDescending: Bool

  package init(column: Column, isDescending: Bool = false) {
    self.column = column
    self.isDescending = isDescending
  }

  /// A key of the same order whose digits fit 33 bits.
  fileprivate func compressed() throws -> SortColumn {
    let plain = Column(type: column.type, storage: column.storage)
    let packing = try KeyPacking([SortColumn(column: plain)], rowCount: column.count)
    let ranks = try GroupNumbers(packing).ids
    return SortColumn(
      column: try Column(ranks: ranks, validity: column.validity), isDescending: isDescending)
  }
}

extension Column {
  /// Ranks as ints.
  fileprivate init(ranks: Buffer<UInt32>, validity: Bitmap?) throws {
    let wide: Buffer<Int64> = try ranks.converted()
    self.init(type: .int, storage: .int64(wide), validity: validity)
  }
}

/// How a column's key becomes a digit.
private struct KeyDigit {
  let key: SortColumn
  let lowest: UInt64
  let highest: UInt64
  /// The largest digit, which is null's where there are nulls; nil if it does not fit 64 bits.
  let maximum: UInt64?

  init(_ key: SortColumn) throws {
    self.key = SortColumn(
      column: try key.column.dictionaryEncoded(), isDescending: key.isDescending)
    let range = try self.key.column.visitKeys(KeyBounds(rowCount: key.column.count))
    lowest = range.lowest
    highest = range.highest
    let span = highest - lowest
    let (withNull, overflow) = span.addingReportingOverflow(1)
    maximum = key.column.nullCount == 0 ? span : overflow ? nil : withNull
  }

  /// Multiplies by `radix`, or sets where that is 0, and adds the digit.
  func packer(radix: UInt64) throws -> KeyPacking.Packer {
    struct Maker: KeyVisitor {
      let digit: KeyDigit
      let radix: UInt64

      func visit(_ source: some KeySource) -> KeyPacking.Packer {
        digitPacker(
          source, validity: digit.key.column.validity, lowest: digit.lowest,
          highest: digit.highest, isDescending: digit.key.isDescending, radix: radix)
      }
    }
    return try key.column.visitKeys(Maker(digit: self, radix: radix))
  }
}

/// The smallest and the largest key of a column; 0 and 0 without rows.
struct KeyBounds: KeyVisitor {
  let rowCount: Int

  func visit<Source: KeySource>(_ source: Source) throws -> KeyRange {
    let rowCount = rowCount
    let parts: [KeyRange] = try Workers.map(parts: Workers.partCount(rowCount)) { part in
      var lowest = UInt64.max
      var highest: UInt64 = 0
      for row in Workers.part(part, of: rowCount) {
        let key = source.key(row)
        lowest = min(lowest, key)
        highest = max(highest, key)
      }
      return KeyRange(lowest: lowest, highest: highest)
    }
    guard let lowest = parts.map(\.lowest).min(), let highest = parts.map(\.highest).max() else {
      return KeyRange(lowest: 0, highest: 0)
    }
    return KeyRange(lowest: lowest, highest: highest)
  }
}

/// The smallest and the largest of some keys.
struct KeyRange: Sendable {
  let lowest: UInt64
  let highest: UInt64
}

private func digitPacker(
  _ source: some KeySource, validity: Bitmap?, lowest: UInt64, highest: UInt64,
  isDescending: Bool, radix: UInt64
) -> KeyPacking.Packer {
  { rows, packed in
    let first = rows.lowerBound
    // SAFETY: the rows lie within the column, and `packed` is as long as they are.
    if let validity {
      let null = highest - lowest + 1
      for row in rows {
        let isValid = validity.words.base[row >> 6] >> UInt64(row & 63) & 1 == 1
        let key = source.key(row)
        let digit = isValid ? (isDescending ? highest &- key : key &- lowest) : null
        packed[row - first] = packed[row - first] &* radix &+ digit
      }
    } else if isDescending {
      for row in rows {
        packed[row - first] = packed[row - first] &* radix &+ (highest &- source.key(row))
      }
    } else {
      for row in rows {
        packed[row - first] = packed[row - first] &* radix &+ (source.key(row) &- lowest)
      }
    }
  }
}
