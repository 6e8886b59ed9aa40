/// Stands for a row whose key is null or is none of the other side's.
let noKey = UInt64.max

/// The keys of one side's rows as unsigned integers; equal keys have equal numbers on both sides.
struct KeyNumbers: Sendable {
  /// Writes or extends the numbers of `rows`, `numbers[0]` belonging to the first of them.
  typealias Packer = @Sendable (Range<Int>, UnsafeMutablePointer<UInt64>) -> Void

  /// Rows packed at a time, so that the numbers stay in the first-level cache.
  static let blockSize = 1024

  private(set) var packers: [Packer] = []

  mutating func append(_ packer: @escaping Packer) { packers.append(packer) }

  /// Calls `body` with blocks of consecutive rows of `range` and their numbers; polls for
  /// cancellation.
  @inline(__always)
  func forEachBlock(
    in range: Range<Int>, _ body: (Range<Int>, UnsafeMutablePointer<UInt64>) throws -> Void
  ) throws {
    try withUnsafeTemporaryAllocation(of: UInt64.self, capacity: KeyNumbers.blockSize) { block in
      guard let numbers = block.baseAddress else { return }
      var start = range.lowerBound
      while start < range.upperBound {
        try Cancellation.check()
        let rows = start..<min(start + KeyNumbers.blockSize, range.upperBound)
        // SAFETY: the block is at least as long as the rows.
        for packer in packers { packer(rows, numbers) }
        try body(rows, numbers)
        start = rows.upperBound
      }
    }
  }
}

/// The keys of two tables as numbers of one range.
struct JoinNumbers: Sendable {
  var left = KeyNumbers()
  var right = KeyNumbers()
  /// No number but `noKey` is larger.
  private(set) var maximum: UInt64 = 0

  /// Appends a key's digit as the lowest place of the numbers; false, unchanged, if they would not
  /// fit below `noKey`.
  mutating func append(_ digit: JoinDigit) -> Bool {
    guard digit.maximum < noKey else { return false }
    if left.packers.isEmpty {
      maximum = digit.maximum
      left.append(digit.left(0))
      right.append(digit.right(0))
      return true
    }
    let radix = digit.maximum + 1
    let (shifted, shiftOverflow) = maximum.multipliedReportingOverflow(by: radix)
    let (sum, sumOverflow) = shifted.addingReportingOverflow(digit.maximum)
    if shiftOverflow || sumOverflow || sum == noKey { return false }
    maximum = sum
    left.append(digit.left(radix))
    right.append(digit.right(radix))
    return true
  }
}

/// One key's share of the numbers, on either side: the largest digit, and what packs digits behind
/// those already packed, given their radix, or as the first where that is 0.
struct JoinDigit: Sendable {
  let maximum: UInt64
  let left: @Sendable (UInt64) -> KeyNumbers.Packer
  let right: @Sendable (UInt64) -> KeyNumbers.Packer

  init(maximum: UInt64, left: DigitPacker, right: DigitPacker) {
    self.maximum = maximum
    self.left = { left.whole($0, maximum) }
    self.right = { right.whole($0, maximum) }
  }

  /// Half of digits that take 64 bits: the upper one for a shift of 32, the lower for one of 0.
  init(half shift: UInt64, left: DigitPacker, right: DigitPacker) {
    maximum = 0xffff_ffff
    self.left = { left.half($0, shift) }
    self.right = { right.half($0, shift) }
  }
}

/// What packs the digits of one side's rows. Made where the type of the source is known, so that
/// its loops are compiled for it.
struct DigitPacker: Sendable {
  /// For a radix and the largest digit.
  let whole: @Sendable (UInt64, UInt64) -> KeyNumbers.Packer
  /// For a radix and the half's shift.
  let half: @Sendable (UInt64, UInt64) -> KeyNumbers.Packer

  init(_ source: some DigitSource, _ validity: Bitmap?) {
    whole = { source.packer(radix: $0, maximum: $1, validity) }
    half = {
      HalfDigits(source: source, shift: $1).packer(radix: $0, maximum: 0xffff_ffff, validity)
    }
  }
}

/// Reads the digits of rows; one above the key's maximum is of no key.
protocol DigitSource: Sendable {
  func digit(_ row: Int) -> UInt64
}

extension DigitSource {
  /// Multiplies what is packed by `radix`, or sets where that is 0, and adds the digits. Null and
  /// digits above `maximum` make it `noKey`.
  func packer(radix: UInt64, maximum: UInt64, _ validity: Bitmap?) -> KeyNumbers.Packer {
    // SAFETY: whoever packs asks for rows of the column only, and for as many numbers.
    guard let validity else {
      if radix == 0 {
        return { rows, numbers in
          for row in rows {
            let digit = digit(row)
            numbers[row &- rows.lowerBound] = digit <= maximum ? digit : noKey
          }
        }
      }
      return { rows, numbers in
        for row in rows {
          let (digit, high) = (digit(row), numbers[row &- rows.lowerBound])
          let isKey = digit <= maximum && high != noKey
          numbers[row &- rows.lowerBound] = isKey ? high &* radix &+ digit : noKey
        }
      }
    }
    return { rows, numbers in
      for row in rows {
        let isValid = validity.words.base[row >> 6] >> UInt64(row & 63) & 1 == 1
        let digit = digit(row)
        let high = radix == 0 ? 0 : numbers[row &- rows.lowerBound]
        let isKey = isValid && digit <= maximum && high != noKey
        numbers[row &- rows.lowerBound] = isKey ? high &* radix &+ digit : noKey
      }
    }
  }
}
