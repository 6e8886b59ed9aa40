import Columnar

/// A file whose dialect and names are known, ready to be read.
struct CSVFile {
  let source: ByteSource
  let dialect: CSVDialect
  let header: CSVHeader
  /// Where the records lie.
  let data: Range<Int>
  let isPart: Bool

  private static let sampleSize = 64 << 10
  private static let longestHeader = 64 << 20

  /// Looks at the beginning of `source`. Throws where it is not text.
  init(_ source: ByteSource, options: CSVOptions, isCompressed: Bool, isPart: Bool) throws {
    self.source = source
    var start = 0
    var sample = try source.bytes(Self.sampleSize, at: 0)
    try Self.checkIsText(sample, source)
    if sample.starts(with: [0xEF, 0xBB, 0xBF]) {
      start = 3
      sample.removeFirst(3)
    }
    var isWhole = sample.count == source.count - start
    var sniffer = DialectSniffer(options, sample: sample, isWhole: isWhole && !isPart)
    var dialect = sniffer.dialect(isCompressed: isCompressed)
    // A header may be longer than the sample.
    while !isWhole, Self.firstRecordEnd(sample, dialect) == nil,
      sample.count < Self.longestHeader
    {
      sample = try source.bytes(sample.count * 4, at: start)
      isWhole = sample.count == source.count - start
      sniffer = DialectSniffer(options, sample: sample, isWhole: isWhole && !isPart)
      dialect = sniffer.dialect(isCompressed: isCompressed)
    }
    if !sample.contains(0x0A), let place = sample.firstIndex(of: 0x0D), place + 1 < sample.count {
      throw DataError(
        .format, "\(source.name): lines end in carriage returns alone", file: source.name, line: 1,
        hints: ["tr '\\r' '\\n' < \(source.name) > lines.csv converts it"])
    }
    // Blank lines before the first record are not records.
    var blank = 0
    while blank < sample.count, sample[blank] == 0x0A || sample[blank] == 0x0D { blank += 1 }
    guard blank < sample.count else {
      throw DataError(.emptyFile, "\(source.name) has only blank lines", file: source.name)
    }
    let first = Array(sample[blank...])
    start += blank
    let fields = try Self.firstFields(first, dialect, source, at: start)
    self.dialect = dialect
    self.isPart = isPart
    header = dialect.hasHeader ? CSVHeader(fields: fields) : CSVHeader(count: fields.count)
    let end = isPart ? source.count : try Self.end(of: source, from: start, fields.count)
    if dialect.hasHeader {
      let length = Self.firstRecordEnd(first, dialect) ?? first.count
      data = min(start + length, max(end, start))..<max(end, min(start + length, end))
    } else {
      data = start..<max(end, start)
    }
  }

  private static func checkIsText(_ sample: [UInt8], _ source: ByteSource) throws {
    func fail(_ what: String, _ hints: [String] = []) -> DataError {
      DataError(.notText, "\(source.name) is \(what)", file: source.name, hints: hints)
    }
    let magic: [([UInt8], String)] = [
      ([0x50, 0x4B, 0x03, 0x04], "a zip archive or spreadsheet, not a text file"),
      (Array("PAR1".utf8), "a Parquet file, not a text file"),
      (Array("%PDF-".utf8), "a PDF, not a text file"),
      ([0x89, 0x50, 0x4E, 0x47], "a PNG image, not a text file"),
      ([0x28, 0xB5, 0x2F, 0xFD], "compressed by zstd"),
      ([0x42, 0x5A, 0x68], "compressed by bzip2"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed by xz"),
    ]
    for (bytes, what) in magic where sample.starts(with: bytes) {
      throw fail(
        what,
        what.hasPrefix("compressed") ? ["unpack it first; gzip is read as it is"] : [])
    }
    if sample.starts(with: [0xFF, 0xFE]) || sample.starts(with: [0xFE, 0xFF]) {
      throw fail(
        "UTF-16, not UTF-8", ["iconv -f UTF-16 -t UTF-8 \(source.name) > utf8.csv converts it"])
    }
    if sample.contains(0) { throw fail("not a text file: it holds zero bytes") }
  }

  /// The length of the first record with its newline; nil if the sample does not hold it whole.
  private static func firstRecordEnd(_ sample: [UInt8], _ dialect: CSVDialect) -> Int? {
    var scanner = RecordScanner(dialect)
    for (place, byte) in sample.enumerated() {
      let next = place + 1 < sample.count ? sample[place + 1] : 0x0A
      if scanner.step(byte, next: next) == .newline { return place + 1 }
    }
    return nil
  }

  private static func firstFields(
    _ sample: [UInt8], _ dialect: CSVDialect, _ source: ByteSource, at offset: Int
  ) throws -> [[UInt8]] {
    var scanner = RecordScanner(dialect)
    var openedAt = 0
    record: for (place, byte) in sample.enumerated() {
      let next = place + 1 < sample.count ? sample[place + 1] : 0x0A
      let isStart = scanner.state == .fieldStart
      switch scanner.step(byte, next: next) {
      case .newline: break record
      case .content, .delimiter:
        if isStart, scanner.state == .quoted { openedAt = place }
      case .strayQuote:
        throw CSVFailure(offset: offset + place, reason: .strayQuote).error(source)
      case .textAfterQuote:
        throw CSVFailure(offset: offset + place, reason: .textAfterQuote).error(source)
      }
    }
    if scanner.state == .quoted {
      throw CSVFailure(offset: offset + openedAt, reason: .unterminatedQuote).error(source)
    }
    let invalid = sample.withUnsafeBufferPointer {
      UTF8Validation.firstInvalid($0.baseAddress!, firstRecordEnd(sample, dialect) ?? $0.count)
    }
    if let invalid {
      throw CSVFailure(offset: offset + invalid, reason: .invalidUTF8(sample[invalid]))
        .error(source)
    }
    var options = CSVOptions(delimiter: dialect.delimiter, quote: dialect.quote)
    options.hasHeader = dialect.hasHeader
    let sniffer = DialectSniffer(options, sample: sample, isWhole: true)
    return sniffer.records(dialect, limit: 1).first ?? [[]]
  }

  /// Where the last record ends: blank lines at the end of a file are not records, unless there is
  /// one column, in which a blank line is a null.
  private static func end(
    of source: ByteSource, from start: Int, _ columnCount: Int
  ) throws -> Int {
    if columnCount == 1 { return source.count }
    var end = source.count
    while end > start {
      let piece = try source.bytes(min(4096, end - start), at: end - min(4096, end - start))
      let kept = piece.lastIndex { $0 != 0x0A && $0 != 0x0D } ?? -1
      let blank = piece.count - 1 - kept
      end -= blank
      if kept >= 0 {
        // The newline that ends the last record belongs to it.
        let rest = try source.bytes(2, at: end)
        return end + (rest.first == 0x0A ? 1 : rest == [0x0D, 0x0A] ? 2 : 0)
      }
    }
    return end
  }
}
