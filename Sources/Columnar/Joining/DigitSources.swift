/// Whole numbers less the lowest of them.
///
/// SAFETY, here and below: rows asked for must be in bounds. The buffers are never written and kept
/// alive here; their bases are at hand so that loops do not look them up again.
struct IntegerDigits<Element: FixedWidthInteger & BitwiseCopyable & Sendable>: DigitSource,
  @unchecked Sendable
{
  private let buffer: Buffer<Element>
  private let base: UnsafeMutablePointer<Element>
  private let lowest: UInt64

  init(_ buffer: Buffer<Element>, lowest: Int64) {
    self.buffer = buffer
    base = buffer.base
    self.lowest = UInt64(bitPattern: lowest)
  }

  func digit(_ row: Int) -> UInt64 {
    UInt64(bitPattern: Int64(truncatingIfNeeded: base[row])) &- lowest
  }
}

/// Moments less the lowest day, in days; those not at midnight are no key.
struct MidnightDigits<Element: FixedWidthInteger & BitwiseCopyable & Sendable>: DigitSource,
  @unchecked Sendable
{
  private let buffer: Buffer<Element>
  private let base: UnsafeMutablePointer<Element>
  private let lowest: UInt64

  init(_ buffer: Buffer<Element>, lowest: Int64) {
    self.buffer = buffer
    base = buffer.base
    self.lowest = UInt64(bitPattern: lowest)
  }

  func digit(_ row: Int) -> UInt64 {
    let (day, rest) = Int64(truncatingIfNeeded: base[row])
      .quotientAndRemainder(dividingBy: Calendar.microsecondsPerDay)
    return rest == 0 ? UInt64(bitPattern: day) &- lowest : noKey
  }
}

/// Floats less minus infinity, in their order.
struct FloatDigits: DigitSource, @unchecked Sendable {
  static let maximum = FloatKeys.key(.infinity) - FloatKeys.key(-.infinity)

  private let buffer: Buffer<Double>
  private let base: UnsafeMutablePointer<Double>
  private let lowest = FloatKeys.key(-.infinity)

  init(_ buffer: Buffer<Double>) {
    self.buffer = buffer
    base = buffer.base
  }

  func digit(_ row: Int) -> UInt64 { FloatKeys.key(base[row]) &- lowest }
}

/// Floats as whole numbers less the lowest of the other side; others are no key.
struct WholeFloatDigits: DigitSource, @unchecked Sendable {
  private let buffer: Buffer<Double>
  private let base: UnsafeMutablePointer<Double>
  private let lowest: UInt64

  init(_ buffer: Buffer<Double>, lowest: Int64) {
    self.buffer = buffer
    base = buffer.base
    self.lowest = UInt64(bitPattern: lowest)
  }

  func digit(_ row: Int) -> UInt64 {
    guard let whole = Int64(exactly: base[row]) else { return noKey }
    return UInt64(bitPattern: whole) &- lowest
  }
}

/// Half of digits that take 64 bits.
struct HalfDigits<Source: DigitSource>: DigitSource {
  let source: Source
  let shift: UInt64

  func digit(_ row: Int) -> UInt64 { source.digit(row) &>> shift & 0xffff_ffff }
}

/// Codes of a dictionary, in those of the other side where a map is given.
struct CodeDigits<Code: FixedWidthInteger & BitwiseCopyable & Sendable>: DigitSource,
  @unchecked Sendable
{
  private let codes: Buffer<Code>
  private let base: UnsafeMutablePointer<Code>

  init(_ codes: Buffer<Code>) {
    self.codes = codes
    base = codes.base
  }

  func digit(_ row: Int) -> UInt64 { UInt64(truncatingIfNeeded: base[row]) }
}

/// Codes of one dictionary by what a map makes of them; `noRow` is no key.
///
/// SAFETY: the map must be as long as the dictionary, and have one element at least.
struct MappedCodeDigits<Code: FixedWidthInteger & BitwiseCopyable & Sendable>: DigitSource,
  @unchecked Sendable
{
  private let codes: Buffer<Code>
  private let map: Buffer<UInt32>
  private let base: UnsafeMutablePointer<Code>
  private let mapBase: UnsafeMutablePointer<UInt32>

  init(_ codes: Buffer<Code>, map: Buffer<UInt32>) {
    self.codes = codes
    self.map = map
    base = codes.base
    mapBase = map.base
  }

  func digit(_ row: Int) -> UInt64 {
    UInt64(mapBase[Int(truncatingIfNeeded: base[row])])
  }
}

/// Numbers that are there already; `noRow` is no key.
struct NumberDigits: DigitSource, @unchecked Sendable {
  private let numbers: Buffer<UInt32>
  private let base: UnsafeMutablePointer<UInt32>

  init(_ numbers: Buffer<UInt32>) {
    self.numbers = numbers
    base = numbers.base
  }

  func digit(_ row: Int) -> UInt64 { UInt64(base[row]) }
}

/// The rows themselves.
struct RowDigits: DigitSource {
  func digit(_ row: Int) -> UInt64 { UInt64(truncatingIfNeeded: row) }
}
