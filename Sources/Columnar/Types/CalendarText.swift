extension Calendar {
  /// Bytes that the longest text of a date or datetime takes.
  package static let maximumTextLength = 32

  /// A date as ISO text, `2024-03-01`; a year beyond 0...9999 has a sign.
  package static func text(date days: Int32) -> String {
    String(unsafeUninitializedCapacity: maximumTextLength) { buffer in
      write(date: days, to: buffer.baseAddress!)
    }
  }

  /// A datetime as ISO text, `2024-03-01T08:30:00`, with a fraction only where there is one.
  package static func text(datetime: Int64) -> String {
    String(unsafeUninitializedCapacity: maximumTextLength) { buffer in
      write(datetime: datetime, to: buffer.baseAddress!)
    }
  }

  /// Writes the text of a date and returns its length.
  ///
  /// SAFETY: `target` has room for `maximumTextLength` bytes.
  package static func write(date days: Int32, to target: UnsafeMutablePointer<UInt8>) -> Int {
    let (year, month, day) = date(days)
    var length = 0
    var width = 4
    if year < 0 || year > 9999 {
      target[0] = year < 0 ? 0x2D : 0x2B
      length = 1
      var rest = Int(year.magnitude) / 10_000
      while rest > 0 {
        width += 1
        rest /= 10
      }
    }
    put(Int(year.magnitude), width: width, at: target + length)
    length += width
    target[length] = 0x2D
    put(month, width: 2, at: target + length + 1)
    target[length + 3] = 0x2D
    put(day, width: 2, at: target + length + 4)
    return length + 6
  }

  /// Writes the text of a datetime and returns its length.
  ///
  /// SAFETY: `target` has room for `maximumTextLength` bytes.
  package static func write(
    datetime: Int64, to target: UnsafeMutablePointer<UInt8>
  ) -> Int {
    let (days, time) = split(datetime)
    var length = write(date: days, to: target)
    let seconds = Int(time / 1_000_000)
    target[length] = 0x54
    put(seconds / 3600, width: 2, at: target + length + 1)
    target[length + 3] = 0x3A
    put(seconds / 60 % 60, width: 2, at: target + length + 4)
    target[length + 6] = 0x3A
    put(seconds % 60, width: 2, at: target + length + 7)
    length += 9
    var fraction = Int(time % 1_000_000)
    if fraction > 0 {
      var width = 6
      while fraction % 10 == 0 {
        fraction /= 10
        width -= 1
      }
      target[length] = 0x2E
      put(fraction, width: width, at: target + length + 1)
      length += 1 + width
    }
    return length
  }

  private static func put(_ value: Int, width: Int, at target: UnsafeMutablePointer<UInt8>) {
    var value = value
    for place in stride(from: width - 1, through: 0, by: -1) {
      target[place] = 0x30 + UInt8(truncatingIfNeeded: value % 10)
      value /= 10
    }
  }
}
