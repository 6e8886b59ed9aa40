import Columnar

/// Why a column that looks like numbers is text.
enum TextReason {
  static func reason(
    _ column: Column, dialect: CSVDialect
  ) -> LoadReport.KeptAsText.Reason? {
    var hasLeadingZeros = false
    var hasLarge = false
    var hasComma = false
    var hasValue = false
    func isNumber(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
      guard let start = text.baseAddress, text.count > 0 else { return false }
      hasValue = true
      if NumberParsing.int(start, text.count) != nil { return true }
      if let scan = DecimalScan(start, text.count, point: 0x2E) {
        if scan.isInteger, scan.hasLeadingZero { hasLeadingZeros = true }
        if scan.isInteger, !scan.hasLeadingZero { hasLarge = true }
        return true
      }
      if !dialect.usesDecimalComma, dialect.delimiter != 0x2C,
        DecimalScan(start, text.count, point: 0x2C) != nil
      {
        hasComma = true
        return true
      }
      return false
    }
    switch column.storage {
    case .dictionary(_, let dictionary):
      for entry in 0..<dictionary.count where !isNumber(dictionary.entries.utf8(entry)) {
        return nil
      }
    case .text(let text):
      for row in 0..<text.count where !column.isNull(row) && !isNumber(text.utf8(row)) {
        return nil
      }
    default:
      return nil
    }
    if !hasValue { return nil }
    if hasComma { return .decimalComma }
    if hasLeadingZeros { return .leadingZeros }
    return hasLarge ? .tooLarge : nil
  }
}

/// The few values of a text column that keep it from being of another type.
struct MinorityValues {
  /// The type of the others.
  let type: DataType
  let count: Int
  let valueCount: Int
  let firstRow: Int

  /// Of so many values one may be of another kind.
  private static let share = 20
  private static let sampleSize = 1000

  /// Nil where there are none, or too many. A column is looked at whole only where most of a sample
  /// is not text. Throws `cancelled`.
  static func find(_ column: Column, _ classifier: FieldClassifier) throws -> MinorityValues? {
    switch column.storage {
    case .dictionary(let codes, let dictionary):
      let classes = try self.classes(dictionary.entries, classifier) { _ in false }
      guard let classes else { return nil }
      return try find(column) { classes[codes[$0]] }
    case .text(let texts):
      let classes = try self.classes(texts, classifier) { column.isNull($0) }
      guard let classes else { return nil }
      return try find(column) { classes[$0] }
    default: return nil
    }
  }

  /// The kind of each text; nil if most of the first are text.
  private static func classes(
    _ texts: TextStorage, _ classifier: FieldClassifier, isNull: (Int) -> Bool
  ) throws -> [ValueClasses]? {
    var classes: [ValueClasses] = []
    var plain = 0
    for entry in 0..<texts.count {
      if entry & 4095 == 0 { try Cancellation.check() }
      // Texts may be read some bytes past their end, as fields of a file.
      let text = texts.utf8(entry)
      guard let start = text.baseAddress, !isNull(entry) else {
        classes.append([])
        continue
      }
      let kind = classifier.classes(
        FieldContent(start: start, count: text.count, isQuoted: false))
      if kind.type == .text { plain += 1 }
      if entry == sampleSize - 1 || entry == texts.count - 1, plain * 2 > entry + 1 { return nil }
      classes.append(kind)
    }
    return classes
  }

  private static func find(
    _ column: Column, _ kind: (Int) -> ValueClasses
  ) throws -> MinorityValues? {
    /// Types that one column can hold together.
    func family(_ type: DataType?) -> Int? {
      switch type {
      case .int, .float: 0
      case .date, .datetime: 1
      case .bool: 2
      default: nil
      }
    }
    var counts = [0, 0, 0]
    var classes: [ValueClasses] = [[], [], []]
    var valueCount = 0
    for row in 0..<column.count {
      if row & 4095 == 0 { try Cancellation.check() }
      if column.isNull(row) { continue }
      valueCount += 1
      let kinds = kind(row)
      guard let place = family(kinds.type) else { continue }
      counts[place] += 1
      classes[place].formUnion(kinds)
    }
    guard let best = counts.indices.max(by: { counts[$0] < counts[$1] }),
      let type = classes[best].type
    else { return nil }
    let count = valueCount - counts[best]
    guard count > 0, counts[best] >= 2, count == 1 || count * share <= valueCount else {
      return nil
    }
    for row in 0..<column.count {
      if row & 4095 == 0 { try Cancellation.check() }
      if !column.isNull(row), family(kind(row).type) != best {
        return MinorityValues(type: type, count: count, valueCount: valueCount, firstRow: row)
      }
    }
    return nil
  }
}
