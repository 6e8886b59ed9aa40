/// Eight bytes at `text`, the first lowest.
@inline(__always)
func loadWord(_ text: UnsafePointer<UInt8>) -> UInt64 {
  UnsafeRawPointer(text).loadUnaligned(as: UInt64.self).littleEndian
}

/// The number that eight digits 0...9 make, the lowest byte the most significant.
@inline(__always)
func combineDigits(_ digits: UInt64) -> UInt64 {
  let pairs = (digits &* 10) &+ (digits &>> 8)
  return
    (((pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064)
    &+ (((pairs &>> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001)) &>> 32
}

/// Non-zero if any byte is more than 9.
@inline(__always)
func nonDigits(_ digits: UInt64) -> UInt64 {
  (digits | (digits &+ 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080
}

/// The smallest and largest of the values met.
struct ValueRange {
  var lower = Int64.max
  var upper = Int64.min

  /// The narrowest integers that hold the range and 0.
  var layout: ColumnPiece.Layout {
    let lower = min(self.lower, 0)
    let upper = max(self.upper, 0)
    if lower >= Int8.min, upper <= Int8.max { return .int8 }
    if lower >= Int16.min, upper <= Int16.max { return .int16 }
    if lower >= Int32.min, upper <= Int32.max { return .int32 }
    return .int64
  }
}

/// Columns of plain unsigned integers without nulls, a field in a few nanoseconds: the digits are
/// loaded as if right-aligned, there are no branches, and one sticky flag says whether the whole
/// batch was of that kind.
enum IntegerKernels {
  /// Fields of one to four digits. False if any is something else.
  static func upToFourDigits(
    _ batch: FieldBatch, _ values: UnsafeMutablePointer<Int32>, _ range: inout ValueRange
  ) -> Bool {
    let text = UnsafeRawPointer(batch.text)
    let starts = batch.starts
    let ends = batch.ends
    var errors: UInt32 = 0
    var lower = Int32.max
    var upper = Int32.min
    var slot = 0
    for row in 0..<batch.count {
      let end = ends[slot]
      let count = end &- starts[slot] &- 1
      slot &+= batch.stride
      let word = text.loadUnaligned(
        fromByteOffset: Int(truncatingIfNeeded: end) &- 4, as: UInt32.self
      ).littleEndian
      let shift = 32 &- 8 &* count
      let digits = (word ^ 0x3030_3030) & (~0 &<< shift)
      errors |= (digits | (digits &+ 0x7676_7676)) & 0x8080_8080
      errors |= (count &- 1) &>> 2
      // A leading zero: the first of several digits is 0.
      errors |= (digits &>> shift) & 0xFF == 0 && count > 1 ? 1 : 0
      let pairs = (digits &* 10) &+ (digits &>> 8)
      let value = Int32(
        truncatingIfNeeded: ((pairs & 0x00FF_00FF) &* 0x0064_0001) &>> 16)
      lower = min(lower, value)
      upper = max(upper, value)
      values[row] = value
    }
    range = ValueRange(lower: Int64(lower), upper: Int64(upper))
    return errors == 0
  }

  /// Fields of one to eight digits. False if any is something else.
  static func upToEightDigits(
    _ batch: FieldBatch, _ values: UnsafeMutablePointer<Int32>, _ range: inout ValueRange
  ) -> Bool {
    let text = batch.text
    let starts = batch.starts
    let ends = batch.ends
    var errors: UInt64 = 0
    var lower = Int32.max
    var upper = Int32.min
    var slot = 0
    for row in 0..<batch.count {
      let end = ends[slot]
      let count = UInt64(truncatingIfNeeded: end &- starts[slot] &- 1)
      slot &+= batch.stride
      let shift = 64 &- 8 &* count
      let digits =
        (loadWord(text + (Int(truncatingIfNeeded: end) &- 8)) ^ 0x3030_3030_3030_3030)
        & (~0 &<< shift)
      errors |= nonDigits(digits)
      errors |= (count &- 1) &>> 3
      errors |= (digits &>> shift) & 0xFF == 0 && count > 1 ? 1 : 0
      let value = Int32(truncatingIfNeeded: combineDigits(digits))
      lower = min(lower, value)
      upper = max(upper, value)
      values[row] = value
    }
    range = ValueRange(lower: Int64(lower), upper: Int64(upper))
    return errors == 0
  }

  /// The value of a field of one to eight digits without leading zeros; nil for anything else.
  @inline(__always)
  static func shortValue(_ text: UnsafePointer<UInt8>, _ count: Int) -> Int64? {
    guard count &- 1 < 8, count > 0 else { return nil }
    let shift = 64 &- 8 &* UInt64(truncatingIfNeeded: count)
    let digits = (loadWord(text + (count &- 8)) ^ 0x3030_3030_3030_3030) & (~0 &<< shift)
    if nonDigits(digits) != 0 || (count > 1 && text[0] == 0x30) { return nil }
    return Int64(truncatingIfNeeded: combineDigits(digits))
  }
}
