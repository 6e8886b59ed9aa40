import Columnar

/// A format of dates and times as `strptime` writes them: `%d.%m.%Y %H:%M`.
///
/// Directives: `%Y %y %m %d %b %B %j %H %I %p %M %S %f %z %F %T %%`. Numbers may have fewer digits
/// than usual; month names are English, in any case; a two-digit year below 69 is in the 2000s.
package struct DatePattern: Sendable {
  private enum Part: Sendable {
    case literal(UInt8)
    case directive(UInt8)
  }

  private let parts: [Part]

  /// Throws `value` for a directive that there is none of.
  package init(_ format: String) throws {
    var parts: [Part] = []
    var bytes = Array(format.utf8)[...]
    while let byte = bytes.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        parts.append(.literal(byte))
        continue
      }
      let directive = bytes.popFirst() ?? 0
      switch directive {
      case UInt8(ascii: "%"): parts.append(.literal(directive))
      case UInt8(ascii: "F"): parts += try DatePattern("%Y-%m-%d").parts
      case UInt8(ascii: "T"): parts += try DatePattern("%H:%M:%S").parts
      case _ where "YymdbBjHIpMSfz".utf8.contains(directive): parts.append(.directive(directive))
      default:
        throw DataError(
          .invalidValue, "unknown directive in the date format \"\(format)\"",
          hints: ["directives: %Y %y %m %d %b %B %j %H %I %p %M %S %f %z %F %T %%"])
      }
    }
    self.parts = parts
  }

  /// The datetime that `text` stands for, with the offset taken off; nil if it does not match.
  package func parse(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    var fields = Fields()
    var place = 0
    for part in parts {
      switch part {
      case .literal(let byte):
        guard place < text.count, text[place] == byte else { return nil }
        place += 1
      case .directive(let directive):
        guard fields.read(directive, text, &place) else { return nil }
      }
    }
    return place == text.count ? fields.datetime : nil
  }
}

private struct Fields {
  var year = 1970
  var month = 1
  var day = 1
  var dayOfYear: Int?
  var hour = 0
  var isAfternoon: Bool?
  var minute = 0
  var second = 0
  var microsecond = 0
  var offsetMinutes = 0

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ].map { Array($0.utf8) }

  /// Reads what a directive stands for and moves past it.
  mutating func read(
    _ directive: UInt8, _ text: UnsafeBufferPointer<UInt8>, _ place: inout Int
  ) -> Bool {
    func number(_ width: Int, _ range: ClosedRange<Int>) -> Int? {
      var value = 0
      var digits = 0
      while digits < width, place < text.count, text[place] &- 0x30 <= 9 {
        value = value * 10 + Int(text[place] &- 0x30)
        digits += 1
        place += 1
      }
      return digits > 0 && range.contains(value) ? value : nil
    }
    func set(_ field: inout Int, _ value: Int?) -> Bool {
      guard let value else { return false }
      field = value
      return true
    }
    switch directive {
    case UInt8(ascii: "Y"): return set(&year, number(4, 0...9999))
    case UInt8(ascii: "y"):
      return set(&year, number(2, 0...99).map { $0 + ($0 < 69 ? 2000 : 1900) })
    case UInt8(ascii: "m"): return set(&month, number(2, 1...12))
    case UInt8(ascii: "d"): return set(&day, number(2, 1...31))
    case UInt8(ascii: "H"): return set(&hour, number(2, 0...23))
    case UInt8(ascii: "I"): return set(&hour, number(2, 1...12))
    case UInt8(ascii: "M"): return set(&minute, number(2, 0...59))
    case UInt8(ascii: "S"): return set(&second, number(2, 0...59))
    case UInt8(ascii: "j"):
      dayOfYear = number(3, 1...366)
      return dayOfYear != nil
    case UInt8(ascii: "f"):
      let start = place
      guard var value = number(6, 0...999_999) else { return false }
      for _ in place - start..<6 { value *= 10 }
      microsecond = value
      return true
    case UInt8(ascii: "p"):
      guard place + 2 <= text.count, text[place + 1] | 0x20 == UInt8(ascii: "m") else {
        return false
      }
      let letter = text[place] | 0x20
      guard letter == UInt8(ascii: "a") || letter == UInt8(ascii: "p") else { return false }
      isAfternoon = letter == UInt8(ascii: "p")
      place += 2
      return true
    case UInt8(ascii: "z"): return readOffset(text, &place)
    default: return readMonthName(text, &place)
    }
  }

  private mutating func readOffset(
    _ text: UnsafeBufferPointer<UInt8>, _ place: inout Int
  ) -> Bool {
    guard place < text.count else { return false }
    let sign = text[place]
    if sign == UInt8(ascii: "Z") {
      place += 1
      return true
    }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return false }
    var digits: [Int] = []
    var end = place + 1
    while end < text.count, digits.count < 4 {
      let digit = text[end] &- 0x30
      if digit > 9 {
        guard text[end] == UInt8(ascii: ":"), digits.count == 2 else { break }
      } else {
        digits.append(Int(digit))
      }
      end += 1
    }
    guard digits.count == 4, digits[0] * 10 + digits[1] < 24, digits[2] < 6 else { return false }
    let minutes = (digits[0] * 10 + digits[1]) * 60 + digits[2] * 10 + digits[3]
    offsetMinutes = sign == UInt8(ascii: "-") ? -minutes : minutes
    place = end
    return true
  }

  /// A month's name, whole or its first three letters.
  private mutating func readMonthName(
    _ text: UnsafeBufferPointer<UInt8>, _ place: inout Int
  ) -> Bool {
    for (index, name) in Self.months.enumerated() {
      for length in [name.count, 3] where place + length <= text.count {
        if (0..<length).allSatisfy({ text[place + $0] | 0x20 == name[$0] }) {
          month = index + 1
          place += length
          return true
        }
      }
    }
    return false
  }

  var datetime: Int64? {
    var days: Int32?
    if let dayOfYear {
      guard dayOfYear <= (Calendar.isLeap(year: year) ? 366 : 365) else { return nil }
      days = Calendar.days(year: year, month: 1, day: 1).map { $0 + Int32(dayOfYear - 1) }
    } else {
      days = Calendar.days(year: year, month: month, day: day)
    }
    guard let days else { return nil }
    var hour = hour
    if let isAfternoon {
      guard hour <= 12 else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    let minutes = Int64(days) * 1440 + Int64(hour * 60 + minute - offsetMinutes)
    return (minutes * 60 + Int64(second)) * 1_000_000 + Int64(microsecond)
  }
}
