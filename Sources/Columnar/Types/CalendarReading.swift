extension Calendar {
  /// A datetime as it was read.
  package struct ParsedDatetime: Sendable, Hashable {
    /// Microseconds since 1970-01-01T00:00, in UTC if the text had an offset.
    package var microseconds: Int64
    /// Whether the text ended in `Z` or an offset as `+02:00`.
    package var hasOffset: Bool

    package init(microseconds: Int64, hasOffset: Bool) {
      self.microseconds = microseconds
      self.hasOffset = hasOffset
    }
  }

  /// The days of an ISO date, `2024-03-01`; nil if it is none. Years beyond four digits have a sign.
  package static func parseDate(_ text: UnsafeBufferPointer<UInt8>) -> Int32? {
    var reader = FieldReader(text)
    guard let days = reader.date(), reader.isAtEnd else { return nil }
    return days
  }

  /// An ISO datetime: a date, `T` or a space, then `08:30`, `08:30:00` or `08:30:00.123456`, then
  /// maybe `Z` or an offset (`+02:00`, `+0200`, `+02`). Nil if it is none.
  ///
  /// Fractions may have up to nine digits; what is below a microsecond must be zero, so that nothing
  /// is rounded away. A leap second is none of the calendar's seconds, so it is not accepted.
  package static func parseDatetime(_ text: UnsafeBufferPointer<UInt8>) -> ParsedDatetime? {
    var reader = FieldReader(text)
    guard let days = reader.date(), reader.take("T") || reader.take(" ") || reader.take("t"),
      let time = reader.time()
    else { return nil }
    var offset: Int64?
    if reader.take("Z") || reader.take("z") {
      offset = 0
    } else if !reader.isAtEnd {
      guard let read = reader.offset() else { return nil }
      offset = read
    }
    guard reader.isAtEnd else { return nil }
    // The midnight of the first day may lie before the first datetime.
    let wide = Int128(days) * Int128(microsecondsPerDay) + Int128(time) - Int128(offset ?? 0)
    guard let microseconds = Int64(exactly: wide) else { return nil }
    return ParsedDatetime(microseconds: microseconds, hasOffset: offset != nil)
  }

  package static func parseDate(_ text: String) -> Int32? {
    var text = text
    return text.withUTF8 { parseDate($0) }
  }

  package static func parseDatetime(_ text: String) -> ParsedDatetime? {
    var text = text
    return text.withUTF8 { parseDatetime($0) }
  }
}

/// Reads the parts of ISO text from left to right.
private struct FieldReader {
  let text: UnsafeBufferPointer<UInt8>
  var position = 0

  init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

  var isAtEnd: Bool { position == text.count }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < text.count, UInt32(text[position]) == character.value else { return false }
    position += 1
    return true
  }

  /// A number of exactly `width` digits.
  mutating func digits(_ width: Int) -> Int? {
    guard text.count - position >= width else { return nil }
    var value = 0
    for _ in 0..<width {
      let digit = text[position] &- 0x30
      if digit > 9 { return nil }
      value = value * 10 + Int(digit)
      position += 1
    }
    return value
  }

  mutating func date() -> Int32? {
    guard let year = year(), take("-"), let month = digits(2), take("-"), let day = digits(2)
    else { return nil }
    return Calendar.days(year: year, month: month, day: day)
  }

  private mutating func year() -> Int? {
    let isNegative = take("-")
    guard isNegative || take("+") else { return digits(4) }
    var width = 0
    while position + width < text.count, text[position + width] &- 0x30 <= 9 { width += 1 }
    guard (4...7).contains(width), let value = digits(width) else { return nil }
    return isNegative ? -value : value
  }

  /// A time of day in microseconds.
  mutating func time() -> Int64? {
    guard let hour = digits(2), hour < 24, take(":"), let minute = digits(2), minute < 60
    else { return nil }
    var total = Int64(hour * 3600 + minute * 60) * 1_000_000
    guard take(":") else { return total }
    guard let second = digits(2), second < 60 else { return nil }
    total += Int64(second) * 1_000_000
    guard take(".") || take(",") else { return total }
    var width = 0
    var fraction: Int64 = 0
    while position < text.count, text[position] &- 0x30 <= 9 {
      let digit = Int64(text[position] &- 0x30)
      if width < 6 { fraction = fraction * 10 + digit } else if digit != 0 { return nil }
      width += 1
      position += 1
    }
    guard (1...9).contains(width) else { return nil }
    for _ in min(width, 6)..<6 { fraction *= 10 }
    return total + fraction
  }

  /// An offset from UTC in microseconds.
  mutating func offset() -> Int64? {
    let isNegative = take("-")
    guard isNegative || take("+"), let hours = digits(2), hours < 24 else { return nil }
    var minutes = 0
    if !isAtEnd {
      _ = take(":")
      guard let read = digits(2), read < 60 else { return nil }
      minutes = read
    }
    let total = Int64(hours * 60 + minutes) * 60_000_000
    return isNegative ? -total : total
  }
}
