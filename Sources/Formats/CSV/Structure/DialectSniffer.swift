import Columnar

/// Finds how a file separates fields, and whether it begins with names, from its first records.
struct DialectSniffer {
  private let options: CSVOptions
  private let sample: [UInt8]
  /// Whether the sample ends where the file does.
  private let isWhole: Bool
  private let words = NullWords()

  init(_ options: CSVOptions, sample: [UInt8], isWhole: Bool) {
    self.options = options
    self.sample = sample
    self.isWhole = isWhole
  }

  private static let candidates = [",", ";", "\t", "|"].map { UInt8(ascii: $0) }

  func dialect(isCompressed: Bool) -> CSVDialect {
    var dialect = CSVDialect(
      delimiter: options.delimiter ?? 0x2C, quote: options.quote, hasHeader: true,
      usesDecimalComma: options.usesDecimalComma ?? false, isCompressed: isCompressed)
    if options.delimiter == nil {
      dialect.delimiter = delimiter(dialect)
    }
    if options.usesDecimalComma == nil { dialect.usesDecimalComma = usesDecimalComma(dialect) }
    dialect.hasHeader = options.hasHeader ?? hasHeader(dialect)
    return dialect
  }

  private func delimiter(_ dialect: CSVDialect) -> UInt8 {
    struct Score: Comparable {
      /// The share of records that have as many fields as the first.
      var consistency: Double
      /// The share of fields that are not text.
      var typedShare: Double
      var fieldCount: Int

      static func < (left: Score, right: Score) -> Bool {
        (left.consistency, left.typedShare, left.fieldCount)
          < (right.consistency, right.typedShare, right.fieldCount)
      }
    }
    func score(_ delimiter: UInt8) -> Score? {
      var trial = dialect
      trial.delimiter = delimiter
      // Most candidates do not even occur.
      guard let only = self.records(trial, limit: 1).first, only.count > 1 else { return nil }
      let records = self.records(trial, limit: 100)
      guard let first = records.first, first.count > 1 else { return nil }
      let same = records.filter { $0.count == first.count }.count
      let fields = records.joined()
      let typed = fields.filter { isTyped($0, dialect: trial) || $0.isEmpty }.count
      return Score(
        consistency: Double(same) / Double(records.count),
        typedShare: Double(typed) / Double(max(1, fields.count)), fieldCount: first.count)
    }
    var best: (delimiter: UInt8, score: Score)?
    for candidate in Self.candidates {
      // Decimal commas rule the comma out.
      if options.usesDecimalComma == true && candidate == 0x2C { continue }
      guard let score = score(candidate) else { continue }
      if best == nil || best!.score < score { best = (candidate, score) }
    }
    if let best { return best.delimiter }
    if let space = score(0x20), space.consistency == 1 { return 0x20 }
    return options.usesDecimalComma == true ? 0x3B : 0x2C
  }

  /// Whether numbers are written `1,5`: some are, none is written with a point, and not all of them
  /// could be thousands as `1,234`.
  private func usesDecimalComma(_ dialect: CSVDialect) -> Bool {
    guard dialect.delimiter != 0x2C else { return false }
    var hasComma = false
    for field in records(dialect, limit: 100).joined() {
      let padded = field + [UInt8](repeating: 0, count: 16)
      let isPointed = padded.withUnsafeBufferPointer { buffer in
        field.contains(0x2E) && DecimalScan(buffer.baseAddress!, field.count, point: 0x2E) != nil
      }
      if isPointed { return false }
      guard let comma = field.firstIndex(of: 0x2C), field.count - comma != 4, comma > 0 else {
        continue
      }
      hasComma =
        hasComma
        || padded.withUnsafeBufferPointer {
          DecimalScan($0.baseAddress!, field.count, point: 0x2C) != nil
        }
    }
    return hasComma
  }

  /// A first line is names unless one of its fields is a value of a narrower type than text, while
  /// no column says otherwise; years in a row are names.
  private func hasHeader(_ dialect: CSVDialect) -> Bool {
    let records = self.records(dialect, limit: 100)
    guard let first = records.first else { return true }
    let typed = first.filter { isTyped($0, dialect: dialect) }
    if typed.isEmpty { return true }
    let years = typed.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
    if typed.count > 1, years.count == typed.count,
      years.allSatisfy({ (1800...2200).contains($0) }),
      zip(years, years.dropFirst()).allSatisfy({ $1 - $0 == years[1] - years[0] && $1 != $0 })
    {
      return true
    }
    for (column, field) in first.enumerated() where !isTyped(field, dialect: dialect) {
      let below = records.dropFirst().compactMap { column < $0.count ? $0[column] : nil }
        .filter { !$0.isEmpty }
      if !field.isEmpty, !below.isEmpty, below.allSatisfy({ isTyped($0, dialect: dialect) }) {
        return true
      }
    }
    return false
  }

  private func isTyped(_ field: [UInt8], dialect: CSVDialect) -> Bool {
    let classifier = FieldClassifier(
      words: words, point: dialect.usesDecimalComma ? 0x2C : 0x2E)
    // A field can be read some bytes past its end.
    let padded = field + [UInt8](repeating: 0, count: 16)
    let classes = padded.withUnsafeBufferPointer { buffer in
      classifier.classes(
        FieldContent(start: buffer.baseAddress!, count: field.count, isQuoted: false))
    }
    return !classes.isEmpty && classes.type != .text
  }

  /// The fields of the first records that are whole, blank lines left out.
  func records(_ dialect: CSVDialect, limit: Int) -> [[[UInt8]]] {
    var records: [[[UInt8]]] = []
    var record: [[UInt8]] = []
    var field: [UInt8] = []
    var scanner = RecordScanner(dialect)
    func endRecord() {
      if field.last == 0x0D { field.removeLast() }
      record.append(Self.unquoted(field, dialect.quote))
      if record.count > 1 || !record[0].isEmpty { records.append(record) }
      record = []
      field = []
    }
    for (place, byte) in sample.enumerated() {
      switch scanner.step(byte, next: place + 1 < sample.count ? sample[place + 1] : 0) {
      case .delimiter:
        record.append(Self.unquoted(field, dialect.quote))
        field = []
      case .newline:
        endRecord()
        if records.count == limit { return records }
      case .content, .strayQuote, .textAfterQuote:
        field.append(byte)
      }
    }
    if isWhole || records.isEmpty, !field.isEmpty || !record.isEmpty { endRecord() }
    return records
  }

  /// A field without quotes and without blanks around it.
  private static func unquoted(_ field: [UInt8], _ quote: UInt8?) -> [UInt8] {
    var content = field[...]
    if let quote, content.count >= 2, content.first == quote, content.last == quote {
      var result: [UInt8] = []
      var isSecond = false
      for byte in content.dropFirst().dropLast() {
        if byte == quote, !isSecond {
          isSecond = true
          continue
        }
        isSecond = false
        result.append(byte)
      }
      content = result[...]
    }
    func isBlank(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x09 }
    while isBlank(content.first) { content.removeFirst() }
    while isBlank(content.last) { content.removeLast() }
    return Array(content)
  }
}
