import Columnar

/// A file whose dialect and names are known, ready to be read.
struct CSVFile {
  let source: ByteSource
  let dialect: CSVDialect
  let header: CSVHeader
  /// Where the records lie.
  let data: Range<Int>
  let isPart: Bool
  /// What was accepted though it is not well formed.
  let repairs: [CSVRepair]

  private static let sampleSize = 64 << 10
  private static let longestHeader = 64 << 20

  /// Looks at the beginning of `original`, and rewrites it where it is not UTF-8 or not to be read as
  /// it is. Throws where it is not text.
  init(_ original: ByteSource, options: CSVOptions, isCompressed: Bool, isPart: Bool) throws {
    var source = original
    var options = options
    let beginning = try original.bytes(Self.sampleSize, at: 0)
    try Self.checkKind(beginning, original)
    let encoding = options.encoding ?? FileEncoding.marked(beginning) ?? .utf8
    source = try encoding.utf8(original, isPart: isPart)
    var start = try source.bytes(3, at: 0) == [0xEF, 0xBB, 0xBF] ? 3 : 0
    try Self.skip(options.skippedLines, source, &start)
    if let rewriting = try Self.rewriting(source, from: start, options, isPart: isPart) {
      let result = try rewriting.run(
        source, from: start, firstLine: options.skippedLines + 1, isPart: isPart)
      source = result.source
      start = 0
      options.delimiter = result.delimiter
      options.quote = result.quote
      repairs = result.repairs
      if source.count == 0 {
        throw DataError(.emptyFile, "\(source.name) has no records", file: source.name)
      }
    } else {
      repairs = []
    }
    self.source = source
    var sample = try source.bytes(Self.sampleSize, at: start)
    if sample.contains(0) {
      throw DataError(
        .notText, "\(source.name) is not a text file: it holds zero bytes", file: source.name,
        hints: beginning.prefix(64).contains(0) ? ["encoding=utf16 reads UTF-16"] : [])
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

  /// Throws where the first bytes are those of another kind of file.
  private static func checkKind(_ sample: [UInt8], _ source: ByteSource) throws {
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
  }

  /// Moves `start` past some lines. Throws where there are no more.
  private static func skip(_ lines: Int, _ source: ByteSource, _ start: inout Int) throws {
    guard lines > 0 else { return }
    var left = lines
    while left > 0, start < source.count {
      let piece = try source.bytes(1 << 16, at: start)
      var place = 0
      while left > 0, let end = piece[place...].firstIndex(of: 0x0A) {
        place = end + 1
        left -= 1
      }
      start += left > 0 ? piece.count : place
    }
    guard left == 0, start < source.count else {
      throw DataError(
        .emptyFile, "\(source.name) has no more than the \(lines) lines to skip",
        file: source.name)
    }
  }

  /// How the text must be rewritten before it is read; nil where it is read as it stands.
  private static func rewriting(
    _ source: ByteSource, from start: Int, _ options: CSVOptions, isPart: Bool
  ) throws -> CSVRewriting? {
    var sample = try source.bytes(sampleSize, at: start)
    let hasLines = sample.contains(0x0A) || !sample.dropLast().contains(0x0D)
    if hasLines, options.longDelimiter == nil, options.comment.isEmpty,
      options.tolerance == CSVTolerance()
    {
      return nil
    }
    let newline: UInt8 = hasLines ? 0x0A : 0x0D
    if !hasLines { sample = sample.map { $0 == 0x0D ? 0x0A : $0 } }
    if !options.comment.isEmpty {
      let lines = sample.split(separator: 0x0A, omittingEmptySubsequences: false)
      sample = Array(lines.filter { !$0.starts(with: options.comment) }.joined(separator: [0x0A]))
    }
    let sniffer = DialectSniffer(
      options, sample: sample, isWhole: !isPart && source.count - start <= sampleSize)
    let dialect = sniffer.dialect(isCompressed: false)
    return CSVRewriting(
      delimiter: options.longDelimiter ?? [dialect.delimiter], quote: options.quote,
      comment: options.comment, newline: newline, tolerance: options.tolerance)
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
    options.usesDecimalComma = dialect.usesDecimalComma
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
