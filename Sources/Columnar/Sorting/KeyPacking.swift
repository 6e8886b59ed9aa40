/// Key columns packed into unsigned integers, whose order is the order of the keys.
///
/// Each column gives a digit: its key less the smallest one, or, where it descends, the largest
/// key less its own; null is one more than the largest digit, so that it comes last both ways. The
/// digits are the places of a number in mixed radix, the first column's the highest. Where they do
/// not fit 64 bits together, further numbers follow, which decide between equal ones. What room is
/// left in a number tells roughly which place the next digit has, so that few are equal.
struct KeyPacking: Sendable {
  /// The numbers in the order in which they decide; at least one.
  private(set) var numbers: [PackedNumber] = []
  let rowCount: Int
  /// How many bits of the first number lie below the digit of the first key, where they are what
  /// a second key's digit left them; 0 where there is that digit alone. Nil if it holds more digits.
  private(set) var bitsBelowFirst: Int?

  init(_ keys: [SortColumn], rowCount: Int) throws {
    try RowLimit.check(rowCount)
    self.rowCount = rowCount
    for key in keys {
      precondition(key.column.count == rowCount)
      let digit = try KeyDigit(key)
      if digit.maximum != nil {
        try append(digit)
      } else {
        // All 64 bits are taken, and there are nulls: whether a row is null decides first.
        let flags = try key.column.nullFlags()
        try append(try KeyDigit(SortColumn(column: flags)))
        try append(digit.withoutNulls())
      }
    }
    if numbers.isEmpty { numbers.append(PackedNumber()) }
  }

  /// Numbers that are packed already.
  init(_ number: PackedNumber, rowCount: Int) {
    numbers = [number]
    self.rowCount = rowCount
  }

  private mutating func append(_ digit: KeyDigit) throws {
    if var last = numbers.popLast() {
      let fits = try last.append(digit)
      if !fits {
        let bits = try last.appendLeading(digit)
        if numbers.isEmpty, bitsBelowFirst == 0 { bitsBelowFirst = bits }
      } else if numbers.isEmpty {
        bitsBelowFirst = nil
      }
      numbers.append(last)
      if fits { return }
    } else {
      bitsBelowFirst = 0
    }
    var next = PackedNumber()
    let fits = try next.append(digit)
    precondition(fits)
    numbers.append(next)
  }
}

/// A column to sort by.
package struct SortColumn: Sendable {
  package let column: Column
  package let isDescending: Bool

  package init(column: Column, isDescending: Bool = false) {
    self.column = column
    self.isDescending = isDescending
  }
}

/// Digits of one or more columns in one unsigned integer a row.
struct PackedNumber: Sendable {
  /// Adds a column's digits of `rows` to the numbers, `packed[0]` belonging to the first of them.
  typealias Packer<Number> = @Sendable (Range<Int>, UnsafeMutablePointer<Number>) -> Void

  /// Rows packed at a time, so that the numbers stay in the first-level cache.
  static let blockSize = 2048

  private var packers: [Packer<UInt64>] = []
  private var narrowPackers: [Packer<UInt32>] = []
  /// No number is larger.
  private(set) var maximum: UInt64 = 0
  /// How a number becomes a float of the same order; nil unless it is one float column's digit.
  private(set) var floatDigit: FloatDigit?
  /// The floats behind the numbers, where there is one column of them without a null.
  private var floats: Buffer<Double>?

  init() {}

  /// A search for the rows whose number is `limit` or less; nil unless the numbers are floats.
  func floatScan(_ limit: UInt64) -> FloatScan? {
    guard let floats, let floatDigit else { return nil }
    let value = floatDigit.value(limit)
    return FloatScan(
      values: floats, threshold: floatDigit.isDescending ? -value : value,
      isDescending: floatDigit.isDescending)
  }

  /// Numbers that are there already, less `lowest`; then none of them is above `maximum`, where that
  /// is given.
  init(_ numbers: Buffer<UInt64>, lowest: UInt64 = 0, maximum: UInt64? = nil) {
    self.maximum = maximum ?? numbers.max().map { $0 - lowest } ?? 0
    // SAFETY: the rows lie within the numbers.
    packers.append { rows, packed in
      let own = numbers.base + rows.lowerBound
      for place in 0..<rows.count { packed[place] = own[place] &- lowest }
    }
    narrowPackers.append { rows, packed in
      let own = numbers.base + rows.lowerBound
      for place in 0..<rows.count {
        packed[place] = UInt32(truncatingIfNeeded: own[place] &- lowest)
      }
    }
  }

  /// Appends the digit; returns false, unchanged, if the numbers would not fit 64 bits.
  ///
  /// The digit takes the place of one in `wideRadix` where that is given, which must be above it.
  mutating func append(_ digit: KeyDigit, radix wideRadix: UInt64? = nil) throws -> Bool {
    guard let largest = digit.maximum else { return false }
    if packers.isEmpty {
      maximum = largest
      try packers.append(digit.packer(radix: 0))
      try narrowPackers.append(digit.packer(radix: 0))
      floatDigit = digit.floatDigit
      floats = digit.floats
      return true
    }
    let (radix, radixOverflow) = (wideRadix.map { $0 - 1 } ?? largest)
      .addingReportingOverflow(1)
    let (shifted, shiftOverflow) = maximum.multipliedReportingOverflow(by: radix)
    let (sum, sumOverflow) = shifted.addingReportingOverflow(largest)
    if radixOverflow || shiftOverflow || sumOverflow { return false }
    maximum = sum
    (floatDigit, floats) = (nil, nil)
    try packers.append(digit.packer(radix: radix))
    try narrowPackers.append(digit.packer(radix: UInt32(truncatingIfNeeded: radix)))
    return true
  }

  /// Appends what tells as much of the digit's order as there is room for, if there is much, and
  /// returns how many bits that takes.
  ///
  /// A whole digit must decide afterwards. The numbers no longer fit 32 bits.
  mutating func appendLeading(_ digit: KeyDigit) throws -> Int {
    guard maximum < .max, !packers.isEmpty else { return 0 }
    let bits = UInt64.bitWidth - 1 - (UInt64.max / (maximum + 1)).leadingZeroBitCount
    guard bits >= 8 else { return 0 }
    maximum = maximum << UInt64(bits) | (1 << UInt64(bits) - 1)
    (floatDigit, floats) = (nil, nil)
    try packers.append(digit.leadingPacker(bits: bits))
    return bits
  }

  /// Writes the numbers of `rows`.
  func pack(_ rows: Range<Int>, into packed: UnsafeMutablePointer<UInt64>) {
    if packers.isEmpty { packed.initialize(repeating: 0, count: rows.count) }
    for packer in packers { packer(rows, packed) }
  }

  /// Writes the numbers of `rows`, which must fit 32 bits.
  func pack(_ rows: Range<Int>, into packed: UnsafeMutablePointer<UInt32>) {
    if packers.isEmpty { packed.initialize(repeating: 0, count: rows.count) }
    for packer in narrowPackers { packer(rows, packed) }
  }

  /// Calls `body` with blocks of consecutive rows of `range` and their numbers.
  @inline(__always)
  func forEachBlock(
    in range: Range<Int>, _ body: (Range<Int>, UnsafeMutablePointer<UInt64>) throws -> Void
  ) throws {
    try withUnsafeTemporaryAllocation(
      of: UInt64.self, capacity: PackedNumber.blockSize
    ) { block in
      guard let packed = block.baseAddress else { return }
      var start = range.lowerBound
      while start < range.upperBound {
        try Cancellation.check()
        let rows = start..<min(start + PackedNumber.blockSize, range.upperBound)
        // SAFETY: the block is as long as the rows.
        pack(rows, into: packed)
        try body(rows, packed)
        start = rows.upperBound
      }
    }
  }

  /// The numbers of all of `rowCount` rows.
  func packed(rowCount: Int) throws -> Buffer<UInt64> {
    let numbers = try Buffer<UInt64>(count: rowCount)
    try Workers.run(parts: Workers.partCount(rowCount)) { part in
      let range = Workers.part(part, of: rowCount)
      var start = range.lowerBound
      while start < range.upperBound {
        let rows = start..<min(start + PackedNumber.blockSize, range.upperBound)
        // SAFETY: the rows lie within the buffer.
        pack(rows, into: numbers.base + start)
        start = rows.upperBound
      }
    }
    return numbers
  }
}

/// The float behind a digit.
struct FloatDigit: Sendable {
  let lowest: UInt64
  let highest: UInt64
  let isDescending: Bool

  /// A float in the order of the digits; anything for null's digit.
  func value(_ digit: UInt64) -> Double {
    isDescending ? -FloatKeys.value(highest &- digit) : FloatKeys.value(lowest &+ digit)
  }
}
