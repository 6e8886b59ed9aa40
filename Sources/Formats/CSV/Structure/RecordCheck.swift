/// Looks at records a byte at a time to say what is wrong with them.
struct RecordCheck {
  let text: UnsafePointer<UInt8>
  let range: Range<Int>
  let fileOffset: Int
  let dialect: CSVDialect
  let columnCount: Int

  /// Throws where a byte is not UTF-8, or is zero, as far as such bytes may be there.
  func characters(hasHighBytes: Bool, mayHaveNUL: Bool) throws {
    if mayHaveNUL {
      for place in range where text[place] == 0 {
        throw CSVFailure(offset: fileOffset + place, reason: .nul)
      }
    }
    if hasHighBytes,
      let invalid = UTF8Validation.firstInvalid(text + range.lowerBound, range.count)
    {
      let place = range.lowerBound + invalid
      throw CSVFailure(offset: fileOffset + place, reason: .invalidUTF8(text[place]))
    }
  }

  /// Throws for the first record that is not as it should be; otherwise, or once it has seen
  /// `rowLimit` good ones, returns how many there are.
  func firstFailure(rowLimit: Int) throws -> Int {
    var scanner = RecordScanner(dialect)
    var rows = 0
    var fields = 1
    var recordStart = range.lowerBound
    var fieldStart = range.lowerBound
    for place in range {
      if rows == rowLimit { return rows }
      let next: UInt8 = place + 1 < range.upperBound ? text[place + 1] : 0x0A
      switch scanner.step(text[place], next: next) {
      case .content: continue
      case .delimiter:
        fields += 1
        fieldStart = place + 1
      case .newline:
        if fields != columnCount { throw ragged(recordStart..<place, fields) }
        rows += 1
        fields = 1
        recordStart = place + 1
        fieldStart = place + 1
      case .strayQuote:
        throw CSVFailure(offset: fileOffset + place, reason: .strayQuote)
      case .textAfterQuote:
        throw CSVFailure(offset: fileOffset + fieldStart, reason: .textAfterQuote)
      }
    }
    if recordStart < range.upperBound, scanner.state != .quoted {
      // The file's last line has no newline.
      if fields != columnCount { throw ragged(recordStart..<range.upperBound, fields) }
      rows += 1
    }
    return rows
  }

  private func ragged(_ record: Range<Int>, _ fields: Int) -> CSVFailure {
    let isBlank = record.allSatisfy { text[$0] == 0x0D || text[$0] == 0x20 }
    return CSVFailure(
      offset: fileOffset + record.lowerBound,
      reason: isBlank ? .blankLine : .ragged(expected: columnCount, found: fields))
  }

  /// The last quote that opened a field.
  var lastOpeningQuote: Int {
    var scanner = RecordScanner(dialect)
    var last = range.lowerBound
    for place in range {
      let isStart = scanner.state == .fieldStart
      _ = scanner.step(text[place], next: 0)
      if isStart, scanner.state == .quoted { last = place }
    }
    return last
  }
}
