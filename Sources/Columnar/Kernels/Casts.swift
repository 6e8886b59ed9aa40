/// Conversions between types over batches.
package enum Casts {
  /// Ints from floats, cut toward zero; null and counted where they do not fit.
  package static func intFromFloat(
    _ v: [Vector], _ context: inout KernelContext
  ) throws -> Vector {
    let values = v[0].floats
    var validity = v[0].validity
    var result = [Int64](repeating: 0, count: context.count)
    for row in 0..<context.count where Validity.isSet(validity, row) {
      if let whole = Int64(exactly: values[row].rounded(.towardZero)) {
        result[row] = whole
      } else {
        Validity.clear(&validity, row, count: context.count)
        context.notes.nullsFromRange += 1
      }
    }
    return Vector(.ints(result), validity: validity)
  }

  package static func ints(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    Vector(.ints(v[0].ints), validity: v[0].validity)
  }

  package static func floats(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    Vector(.floats(v[0].floats), validity: v[0].validity)
  }

  /// True where a number is not 0.
  package static func boolFromNumber(
    _ v: [Vector], _ context: inout KernelContext
  ) throws -> Vector {
    Vector(
      .bools(elementwise(v[0].floats, context.count) { $0 != 0 ? 1 : 0 }),
      validity: v[0].validity)
  }

  package static func intFromText(
    _ v: [Vector], _ context: inout KernelContext
  ) throws -> Vector {
    try parsed(v, &context) {
      Int64($0)
    } make: {
      .ints($0.map { $0 ?? 0 })
    }
  }

  package static func floatFromText(
    _ v: [Vector], _ context: inout KernelContext
  ) throws -> Vector {
    try parsed(v, &context) { text -> Double? in
      // Not what Swift reads beyond decimal numbers: hexadecimal, `nan`, `infinity`.
      guard text.utf8.allSatisfy({ isNumeric($0) }), let value = Double(text), value.isFinite
      else { return nil }
      return value
    } make: {
      .floats($0.map { $0 ?? 0 })
    }
  }

  private static func isNumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }

  package static func boolFromText(
    _ v: [Vector], _ context: inout KernelContext
  ) throws -> Vector {
    try parsed(v, &context) { text -> UInt8? in
      switch text.lowercased() {
      case "true", "yes", "t", "y", "1": 1
      case "false", "no", "f", "n", "0": 0
      default: nil
      }
    } make: {
      .bools($0.map { $0 ?? 0 })
    }
  }

  package static func dateFromText(
    _ v: [Vector], _ context: inout KernelContext
  ) throws -> Vector {
    try parsed(v, &context) { text -> Int64? in
      if let days = Calendar.parseDate(text) { return Int64(days) }
      return Calendar.parseDatetime(text).map { Int64(Calendar.split($0.microseconds).days) }
    } make: {
      .ints($0.map { $0 ?? 0 })
    }
  }

  package static func datetimeFromText(
    _ v: [Vector], _ context: inout KernelContext
  ) throws -> Vector {
    try parsed(v, &context) { text -> Int64? in
      if let days = Calendar.parseDate(text) { return Calendar.datetime(days) }
      return Calendar.parseDatetime(text)?.microseconds
    } make: {
      .ints($0.map { $0 ?? 0 })
    }
  }

  /// Reads each valid text, without white space around it; null and counted where `read` fails.
  package static func parsed<Value>(
    _ v: [Vector], _ context: inout KernelContext, _ read: (String) -> Value?,
    make: ([Value?]) -> Vector.Values
  ) throws -> Vector {
    let texts = v[0].texts
    var validity = v[0].validity
    var result = [Value?](repeating: nil, count: context.count)
    for row in 0..<context.count where Validity.isSet(validity, row) {
      var view = texts.views[row][...]
      while let first = view.first, first == 0x20 || first == 0x09 { view = view.dropFirst() }
      while let last = view.last, last == 0x20 || last == 0x09 { view = view.dropLast() }
      result[row] = read(String(decoding: view, as: UTF8.self))
      if result[row] == nil {
        Validity.clear(&validity, row, count: context.count)
        context.notes.nullsFromText += 1
      }
    }
    return Vector(make(result), validity: validity)
  }

  /// Texts of values of `type`, as they would be written in a line.
  package static func text(from type: DataType) -> Kernel {
    { v, context in
      if type == .text { return v[0] }
      let vector = v[0]
      let (ints, floats, bools) = (
        type == .float || type == .bool ? [] : vector.ints, type == .float ? vector.floats : [],
        type == .bool ? vector.bools : []
      )
      return try Texts.map([Vector(vector.values, validity: vector.validity)], &context) {
        row, arena in
        let text =
          switch type {
          case .int: String(ints[row])
          case .float: Casts.text(floats[row])
          case .bool: bools[row] != 0 ? "true" : "false"
          case .date: Calendar.text(date: Int32(truncatingIfNeeded: ints[row]))
          case .datetime: Calendar.text(datetime: ints[row])
          case .duration: Casts.text(duration: ints[row])
          case .text: ""
          }
        return arena.copy(text.utf8)
      }
    }
  }

  /// The shortest text that reads back as `value`, without `.0` behind whole numbers.
  package static func text(_ value: Double) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// A duration as a literal: `1d 2h 30min`; `0s` for none.
  package static func text(duration microseconds: Int64) -> String {
    var rest = microseconds.magnitude
    var parts: [String] = []
    let units: [(String, UInt64)] = [
      ("d", 86_400_000_000), ("h", 3_600_000_000), ("min", 60_000_000), ("s", 1_000_000),
      ("ms", 1000), ("us", 1),
    ]
    for (unit, size) in units where rest >= size {
      parts.append("\(rest / size)\(unit)")
      rest %= size
    }
    if parts.isEmpty { return "0s" }
    return (microseconds < 0 ? "-" : "") + parts.joined(separator: " ")
  }

  /// Midnights of dates.
  package static func datetimeFromDate(
    _ v: [Vector], _ context: inout KernelContext
  ) throws -> Vector {
    let values = v[0].ints
    var result = [Int64](repeating: 0, count: context.count)
    for row in 0..<context.count {
      let days = Int32(truncatingIfNeeded: values[row])
      if let midnight = Calendar.datetime(days) {
        result[row] = midnight
      } else if !v[0].isNull(row) {
        throw DataError(
          .overflow, "\(Calendar.text(date: days)) is out of the range of datetimes",
          row: context.firstRow + row)
      }
    }
    return Vector(.ints(result), validity: v[0].validity)
  }

  package static func dateFromDatetime(
    _ v: [Vector], _ context: inout KernelContext
  ) throws -> Vector {
    Vector(
      .ints(elementwise(v[0].ints, context.count) { Int64(Calendar.split($0).days) }),
      validity: v[0].validity)
  }
}
