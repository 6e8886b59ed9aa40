import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A CSV reader that is slow and plain: one field at a time, every rule written out once.
package struct CSVOracle {
  package struct Field {
    package var text: String
    package var isQuoted: Bool
  }

  package let names: [String]
  package let types: [DataType]
  package let columns: [[Scalar]]

  private static let words: Set<String> = [
    "NA", "N/A", "NaN", "null", "None", "-", ".", "?", "nan", "NAN", "NULL", "Null", "n/a", "none",
    "#N/A", "na",
  ]

  /// Reads text with a header whose records are known to be well formed.
  package init(_ bytes: [UInt8], delimiter: UInt8 = UInt8(ascii: ",")) {
    var records = Self.records(bytes, delimiter)
    names = records.removeFirst().map(\.text)
    let width = names.count
    if width > 1 {
      while let last = records.last, last.count == 1, last[0].text.isEmpty, !last[0].isQuoted {
        records.removeLast()
      }
    }
    var types: [DataType?] = []
    var decided = Set<String>()
    for column in 0..<width {
      let fields = records.map { $0[column] }
      let type = Self.type(fields)
      types.append(type)
      guard type != nil, type != .text else { continue }
      for field in fields {
        let word = Self.trimmed(field.text)
        if Self.words.contains(word) { decided.insert(word) }
      }
    }
    self.types = types.map { $0 ?? .text }
    let found = self.types
    columns = (0..<width).map { column in
      records.map { Self.value($0[column], found[column], decided) }
    }
  }

  private static func records(_ bytes: [UInt8], _ delimiter: UInt8) -> [[Field]] {
    var records: [[Field]] = []
    var record: [Field] = []
    var field: [UInt8] = []
    var isQuoted = false
    var isInside = false
    var place = 0
    func endField() {
      record.append(Field(text: String(decoding: field, as: UTF8.self), isQuoted: isQuoted))
      field = []
      isQuoted = false
    }
    while place < bytes.count {
      let byte = bytes[place]
      let next = place + 1 < bytes.count ? bytes[place + 1] : 0x0A
      if isInside {
        if byte == 0x22, next == 0x22 {
          field.append(byte)
          place += 1
        } else if byte == 0x22 {
          isInside = false
        } else {
          field.append(byte)
        }
      } else if byte == 0x22, field.isEmpty, !isQuoted {
        isInside = true
        isQuoted = true
      } else if byte == delimiter {
        endField()
      } else if byte == 0x0A {
        endField()
        records.append(record)
        record = []
      } else if byte == 0x0D, next == 0x0A {
        // Part of the line's end.
      } else {
        field.append(byte)
      }
      place += 1
    }
    if !field.isEmpty || isQuoted || !record.isEmpty {
      endField()
      records.append(record)
    }
    return records
  }

  private static func trimmed(_ text: String) -> String {
    var bytes = Array(text.utf8)[...]
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The type of a column; nil where it has no value.
  private static func type(_ fields: [Field]) -> DataType? {
    let values = fields.map { trimmed($0.text) }.filter { !$0.isEmpty && !words.contains($0) }
    if values.isEmpty { return nil }
    if values.allSatisfy({ Int64($0) != nil && !hasLeadingZero($0) }) { return .int }
    if values.allSatisfy({ float($0) != nil && !hasLeadingZero($0) }),
      values.contains(where: { !isInteger($0) })
    {
      return .float
    }
    if values.allSatisfy({ bool($0) != nil }) { return .bool }
    if values.allSatisfy({ Calendar.parseDate($0) != nil }) { return .date }
    if values.allSatisfy({
      Calendar.parseDate($0) != nil || Calendar.parseDatetime($0) != nil
    }) {
      return .datetime
    }
    return .text
  }

  private static func isInteger(_ text: String) -> Bool {
    let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
    return !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  private static func hasLeadingZero(_ text: String) -> Bool {
    let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
    return isInteger(text) && digits.utf8.count > 1 && digits.hasPrefix("0")
  }

  private static func bool(_ text: String) -> Bool? {
    ["true": true, "True": true, "TRUE": true, "false": false, "False": false, "FALSE": false][text]
  }

  /// The float of a decimal by the C library.
  package static func float(_ text: String) -> Double? {
    let lower = text.lowercased()
    let isNumber = lower.utf8.allSatisfy {
      (0x30...0x39).contains($0) || "+-.e".utf8.contains($0)
    }
    let body = lower.hasPrefix("-") || lower.hasPrefix("+") ? String(lower.dropFirst()) : lower
    guard isNumber || body == "inf" || body == "infinity" else { return nil }
    return text.withCString { start in
      var end: UnsafeMutablePointer<CChar>?
      let value = strtod(start, &end)
      return end.map { $0 == start + strlen(start) && $0 != start } == true ? value : nil
    }
  }

  private static func value(_ field: Field, _ type: DataType, _ decided: Set<String>) -> Scalar {
    if type == .text {
      if field.isQuoted { return .text(field.text) }
      return field.text.isEmpty || decided.contains(field.text) ? .null : .text(field.text)
    }
    let text = trimmed(field.text)
    if text.isEmpty || words.contains(text) { return .null }
    switch type {
    case .int: return Int64(text).map { .int($0) } ?? .null
    case .float: return float(text).map { .float($0) } ?? .null
    case .bool: return bool(text).map { .bool($0) } ?? .null
    case .date: return Calendar.parseDate(text).map { .date($0) } ?? .null
    default:
      if let moment = Calendar.parseDatetime(text) { return .datetime(moment.microseconds) }
      return Calendar.parseDate(text).flatMap { Calendar.datetime($0) }.map { .datetime($0) }
        ?? .null
    }
  }
}
