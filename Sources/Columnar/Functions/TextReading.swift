/// Numbers and durations read from texts that hold more than a plain number.
extension Casts {
  /// Durations as a line writes them (`1d 2h 30min`), as clocks do (`01:30`, `1:02:03.5`) or as
  /// ISO 8601 (`PT1H30M`); null and counted for other texts, months and years among them, whose
  /// length varies.
  package static func durationFromText(
    _ v: [Vector], _ context: inout KernelContext
  ) throws -> Vector {
    try parsed(v, &context) { text -> Int64? in
      if let iso = Array(text.utf8).withUnsafeBufferPointer({ DurationText.parse($0) }) {
        return iso
      }
      return text.contains(":") ? clock(text) : literal(text)
    } make: {
      .ints($0.map { $0 ?? 0 })
    }
  }

  private static let units: [(name: String, size: Double)] = [
    ("us", 1), ("ms", 1e3), ("s", 1e6), ("min", 6e7), ("h", 3.6e9), ("d", 8.64e10),
    ("w", 6.048e11),
  ]

  /// `-1d 2h`: each unit once or more, in any order.
  private static func literal(_ text: String) -> Int64? {
    let isNegative = text.hasPrefix("-")
    var rest = (isNegative ? text.dropFirst() : text[...]).utf8
    var total = 0.0
    var isEmpty = true
    while true {
      rest = rest.drop { $0 == 0x20 }
      if rest.isEmpty { break }
      let number = rest.prefix { $0 &- 0x30 <= 9 || $0 == UInt8(ascii: ".") }
      rest = rest[number.endIndex...]
      let name = rest.prefix { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
      rest = rest[name.endIndex...]
      guard let amount = Double(String(decoding: number, as: UTF8.self)),
        let unit = units.first(where: { $0.name == String(decoding: name, as: UTF8.self) })
      else { return nil }
      total += amount * unit.size
      isEmpty = false
    }
    return isEmpty ? nil : Int64(exactly: (isNegative ? -total : total).rounded())
  }

  /// Hours, minutes and, where given, seconds with a fraction.
  private static func clock(_ text: String) -> Int64? {
    let isNegative = text.hasPrefix("-")
    let parts = (isNegative ? text.dropFirst() : text[...]).split(
      separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3,
      parts.allSatisfy({ $0.utf8.first.map { $0 &- 0x30 <= 9 } ?? false }),
      let hours = UInt32(parts[0]), let minutes = UInt32(parts[1]), minutes < 60,
      let seconds = parts.count == 3 ? Double(parts[2]) : 0, seconds < 60,
      parts.count < 3 || parts[2].utf8.allSatisfy({ $0 &- 0x30 <= 9 || $0 == UInt8(ascii: ".") })
    else { return nil }
    let whole = (Int64(hours) * 60 + Int64(minutes)) * 60_000_000 + Int64((seconds * 1e6).rounded())
    return isNegative ? -whole : whole
  }

  /// The first number inside each text: digits with commas between thousands and a decimal point,
  /// an exponent, a minus in front; a percent sign behind it divides by 100. Null and counted
  /// where there is none.
  package static func numberWithinText(
    _ v: [Vector], _ context: inout KernelContext
  ) throws -> Vector {
    try parsed(v, &context) {
      number(in: Array($0.utf8))
    } make: {
      .floats($0.map { $0 ?? 0 })
    }
  }

  private static func number(in text: [UInt8]) -> Double? {
    func isDigit(_ place: Int) -> Bool { text.indices.contains(place) && text[place] &- 0x30 <= 9 }
    let point = UInt8(ascii: ".")
    guard
      let first = text.indices.first(where: {
        isDigit($0) || text[$0] == point && isDigit($0 + 1)
      })
    else { return nil }
    var digits: [UInt8] = []
    // A minus counts in front of the number or of its sign of money.
    let sign = text[..<first].last { $0 < 0x80 && $0 != 0x20 && $0 != UInt8(ascii: "$") }
    if sign == UInt8(ascii: "-") { digits.append(UInt8(ascii: "-")) }
    var place = first
    var hasPoint = false
    while place < text.count {
      if isDigit(place) {
        digits.append(text[place])
      } else if text[place] == point, !hasPoint, isDigit(place + 1) {
        hasPoint = true
        digits.append(point)
      } else if text[place] == UInt8(ascii: ","), !hasPoint,
        (1...3).allSatisfy({ isDigit(place + $0) }), !isDigit(place + 4)
      {
        // A comma between thousands.
      } else {
        break
      }
      place += 1
    }
    if place + 1 < text.count, text[place] | 0x20 == UInt8(ascii: "e") {
      let signed = text[place + 1] == UInt8(ascii: "-") || text[place + 1] == UInt8(ascii: "+")
      if isDigit(place + (signed ? 2 : 1)) {
        digits += text[place...place + 1]
        place += 2
        while isDigit(place) {
          digits.append(text[place])
          place += 1
        }
      }
    }
    guard let value = Double(String(decoding: digits, as: UTF8.self)), value.isFinite else {
      return nil
    }
    return place < text.count && text[place] == UInt8(ascii: "%") ? value / 100 : value
  }
}
