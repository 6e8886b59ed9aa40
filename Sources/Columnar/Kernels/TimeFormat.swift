/// A pattern of a date or datetime as text, in strftime's letters with English names.
package struct TimeFormat: Sendable {
  private enum Piece: Sendable, Hashable {
    case literal(UInt8)
    /// One of `Y m d H M S y j b B a A f`.
    case field(Character)
  }

  private let pieces: [Piece]

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]
  private static let weekdays = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  ]

  /// Throws `value` for a letter that is not known.
  package init(_ text: String) throws(DataError) {
    var pieces: [Piece] = []
    var rest = text[...]
    while let character = rest.popFirst() {
      guard character == "%" else {
        pieces += character.utf8.map { .literal($0) }
        continue
      }
      guard let letter = rest.popFirst() else {
        throw DataError(.invalidValue, "the format ends in a single %")
      }
      switch letter {
      case "%": pieces.append(.literal(UInt8(ascii: "%")))
      case "F": pieces += try TimeFormat("%Y-%m-%d").pieces
      case "T": pieces += try TimeFormat("%H:%M:%S").pieces
      case "e": pieces.append(.field("d"))
      case "Y", "m", "d", "H", "M", "S", "y", "j", "b", "B", "a", "A", "f":
        pieces.append(.field(letter))
      default: throw DataError(.invalidValue, "the format has an unknown part %\(letter)")
      }
    }
    self.pieces = pieces
  }

  /// Whether it holds a time of day, so that what it reads is a datetime.
  package var hasTime: Bool {
    pieces.contains { [.field("H"), .field("M"), .field("S"), .field("f")].contains($0) }
  }

  /// Texts of dates or datetimes.
  package func writing(_ type: DataType) -> Kernel {
    { v, context in
      let values = v[0].ints
      return try Texts.map(v, &context) { row, arena in
        let (days, time) =
          type == .datetime
          ? Calendar.split(values[row]) : (Int32(truncatingIfNeeded: values[row]), 0)
        return arena.copy(text(days, time).utf8)
      }
    }
  }

  private func text(_ days: Int32, _ time: Int64) -> String {
    let (year, month, day) = Calendar.date(days)
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value.magnitude)
      return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count))
        + digits
    }
    var bytes: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .literal(let byte): bytes.append(byte)
      case .field(let letter):
        let text =
          switch letter {
          case "Y": padded(year, 4)
          case "y": padded(((year % 100) + 100) % 100, 2)
          case "m": padded(month, 2)
          case "d": padded(day, 2)
          case "H": padded(Int(time / 3_600_000_000), 2)
          case "M": padded(Int(time / 60_000_000 % 60), 2)
          case "S": padded(Int(time / 1_000_000 % 60), 2)
          case "f": padded(Int(time % 1_000_000), 6)
          case "j": padded(Calendar.dayOfYear(days), 3)
          case "b": String(Self.months[month - 1].prefix(3))
          case "B": Self.months[month - 1]
          case "a": String(Self.weekdays[Calendar.weekday(days) - 1].prefix(3))
          default: Self.weekdays[Calendar.weekday(days) - 1]
          }
        bytes += Array(text.utf8)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Dates, or datetimes where the format has a time of day, read from texts; null and counted
  /// where a text does not match.
  package func reading(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let hasTime = hasTime
    return try Casts.parsed(v, &context) { text -> Int64? in
      guard let (days, time) = parse(text) else { return nil }
      if !hasTime { return Int64(days) }
      return Calendar.datetime(days).flatMap { midnight in
        let (value, overflow) = midnight.addingReportingOverflow(time)
        return overflow ? nil : value
      }
    } make: {
      .ints($0.map { $0 ?? 0 })
    }
  }

  /// The date and the microseconds since midnight; nil where the text does not match.
  package func parse(_ text: String) -> (days: Int32, microseconds: Int64)? {
    var rest = Array(text.utf8)[...]
    var (year, month, day) = (1970, 1, 1)
    var dayOfYear: Int?
    var time: Int64 = 0
    func number(_ width: Int, exactly: Bool = false) -> Int? {
      var value = 0
      var digits = 0
      while digits < width, let byte = rest.first, byte &- 0x30 <= 9 {
        value = value * 10 + Int(byte - 0x30)
        digits += 1
        rest = rest.dropFirst()
      }
      if digits == 0 || (exactly && digits < width) { return nil }
      return value
    }
    func name(_ names: [String], short: Bool) -> Int? {
      for (index, name) in names.enumerated() {
        let wanted = Array((short ? String(name.prefix(3)) : name).lowercased().utf8)
        if rest.prefix(wanted.count).map({ $0 | 0x20 }) == wanted {
          rest = rest.dropFirst(wanted.count)
          return index + 1
        }
      }
      return nil
    }
    for piece in pieces {
      switch piece {
      case .literal(let byte):
        guard rest.first == byte else { return nil }
        rest = rest.dropFirst()
      case .field(let letter):
        var value: Int?
        switch letter {
        case "Y":
          value = number(4, exactly: true)
          year = value ?? 0
        case "y":
          value = number(2, exactly: true)
          // As POSIX does: 69 to 99 are of the 20th century.
          year = (value ?? 0) + ((value ?? 0) >= 69 ? 1900 : 2000)
        case "m":
          value = number(2)
          month = value ?? 0
        case "d":
          value = number(2)
          day = value ?? 0
        case "j":
          value = number(3)
          dayOfYear = value
        case "b", "B":
          value = name(Self.months, short: letter == "b")
          month = value ?? 0
        case "a", "A": value = name(Self.weekdays, short: letter == "a")
        case "f":
          let before = rest.count
          value = number(6)
          var fraction = Int64(value ?? 0)
          for _ in before - rest.count..<6 { fraction *= 10 }
          time += fraction
        default:
          value = number(2)
          guard let found = value, found < (letter == "H" ? 24 : 60) else { return nil }
          let size: Int64 =
            letter == "H" ? 3_600_000_000 : letter == "M" ? 60_000_000 : 1_000_000
          time += Int64(found) * size
        }
        if value == nil { return nil }
      }
    }
    guard rest.isEmpty else { return nil }
    if let dayOfYear {
      guard (1...(Calendar.isLeap(year: year) ? 366 : 365)).contains(dayOfYear),
        let first = Calendar.days(year: year, month: 1, day: 1)
      else { return nil }
      return (first + Int32(dayOfYear - 1), time)
    }
    return Calendar.days(year: year, month: month, day: day).map { ($0, time) }
  }
}
