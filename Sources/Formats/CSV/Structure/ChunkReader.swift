import Columnar

/// How the records of a file are cut into chunks of bytes. A chunk owns the records that begin in
/// it.
struct ChunkPlan: Sendable {
  /// Where the first record begins and the last ends.
  let range: Range<Int>
  let chunkSize: Int
  /// Whether more follows in the file, so that the last record may be cut off.
  let isPart: Bool
  let rowLimit: Int?

  var count: Int { (range.count + chunkSize - 1) / chunkSize }

  func chunk(_ index: Int) -> Range<Int> {
    let start = range.lowerBound + index * chunkSize
    return start..<min(start + chunkSize, range.upperBound)
  }
}

/// Reads chunks and finds their records: the structure of a file, apart from what its values mean.
final class ChunkReader {
  private let source: ByteSource
  private let dialect: CSVDialect
  private let plan: ChunkPlan
  /// Quotes in each chunk, of which the parity counts.
  private let quotes: ChunkSums
  private let columnCount: Int
  private var bytes: Buffer<UInt8>
  private var places: Buffer<UInt32>
  private var last: Buffer<UInt32>

  /// Bytes before the text, so that numbers may be loaded by their last eight or sixteen.
  private static let front = 64
  private static let longestRecord = 1 << 30

  init(
    source: ByteSource, dialect: CSVDialect, plan: ChunkPlan, quotes: ChunkSums,
    columnCount: Int
  ) throws {
    self.source = source
    self.dialect = dialect
    self.plan = plan
    self.quotes = quotes
    self.columnCount = columnCount
    let room = min(plan.chunkSize, plan.range.count) + 1 + (8 << 10)
    bytes = try Buffer(count: Self.front + room + 64)
    bytes.base.initialize(repeating: 0, count: Self.front)
    places = try Buffer(count: room + 256)
    last = try Buffer(count: 0)
  }

  private var text: UnsafeMutablePointer<UInt8> { bytes.base + Self.front }

  /// The records that begin in `chunk`; nil if none does.
  func read(_ chunk: Int) throws -> RecordBlock? {
    let range = plan.chunk(chunk)
    // The byte before tells whether a record begins with the chunk; before the first one does.
    let fileOffset = range.lowerBound - 1
    let limit = range.count + 1
    var loaded = min(limit + (4 << 10), plan.range.upperBound - fileOffset)
    if chunk == 0 { text[0] = 0x0A }
    try load((chunk == 0 ? 1 : 0)..<loaded, fileOffset)
    var isInQuotes = false
    if let quote = dialect.quote {
      let isOdd = isQuoteCountOdd(text + 1, limit - 1, quote: quote)
      isInQuotes = try quotes.before(chunk, own: isOdd ? 1 : 0) & 1 == 1
    }
    guard let first = firstRecord(limit: limit, isInQuotes: isInQuotes) else { return nil }

    // The slot before the first holds where the first record begins, less one.
    var target = places.base + 1
    var scan = StructuralScan(dialect)
    var count = scan.run(text, first..<limit, target)
    var newlines = scan.newlineCount
    var end = limit
    var isMalformed = scan.isMalformed
    var hasHighBytes = scan.hasHighBytes
    var hasNUL = scan.hasNUL
    if scan.inQuotes != 0 || count == 0 || Int(target[count - 1]) != limit - 1
      || text[limit - 1] != 0x0A
    {
      // The last record ends in a later chunk, or with the file.
      var scanner = RecordScanner(dialect, after: scan)
      tail: while true {
        if end == loaded, fileOffset + loaded == plan.range.upperBound {
          if plan.isPart {
            // What is cut off is not a record; the next look takes more of the file.
            (count, newlines) = wholeRecords(target, count)
            end = count > 0 ? Int(target[count - 1]) + 1 : first
            break tail
          }
          if scanner.state == .quoted {
            throw try unterminated(first..<end, fileOffset)
          }
          text[end] = 0x0A
          target[count] = UInt32(end)
          count += 1
          newlines += 1
          break tail
        }
        if end + 1 >= loaded, fileOffset + loaded < plan.range.upperBound {
          guard end - first < Self.longestRecord else {
            throw CSVFailure(offset: fileOffset + first, reason: .longRecord)
          }
          let more = min(loaded * 2, plan.range.upperBound - fileOffset)
          try load(loaded..<more, fileOffset)
          loaded = more
          target = places.base + 1
        }
        let byte = text[end]
        let event = scanner.step(byte, next: end + 1 < loaded ? text[end + 1] : 0x0A)
        if byte >= 0x80 { hasHighBytes = true }
        if byte == 0 { hasNUL = true }
        end += 1
        switch event {
        case .content: continue
        case .delimiter:
          target[count] = UInt32(end - 1)
          count += 1
        case .newline:
          target[count] = UInt32(end - 1)
          count += 1
          newlines += 1
          break tail
        case .strayQuote, .textAfterQuote:
          // The record is taken to its end, so that its fault can be looked at whole.
          isMalformed = true
        }
      }
    }
    places.base[0] = UInt32(first - 1)
    return try block(
      first..<end, fileOffset, count: count, newlines: newlines, isMalformed: isMalformed,
      hasHighBytes: hasHighBytes, mayHaveNUL: hasNUL)
  }

  /// Checks the records found and says where their fields lie.
  private func block(
    _ range: Range<Int>, _ fileOffset: Int, count: Int, newlines: Int, isMalformed: Bool,
    hasHighBytes: Bool, mayHaveNUL: Bool
  ) throws -> RecordBlock? {
    let check = RecordCheck(
      text: text, range: range, fileOffset: fileOffset, dialect: dialect,
      columnCount: columnCount)
    try check.characters(hasHighBytes: hasHighBytes, mayHaveNUL: mayHaveNUL)
    var rows = count / columnCount
    let target = places.base + 1
    var isRectangular = !isMalformed && rows * columnCount == count && rows == newlines
    var carriageReturns = 0
    if isRectangular {
      var slot = columnCount - 1
      for _ in 0..<rows {
        let place = Int(target[slot])
        if text[place] != 0x0A { isRectangular = false }
        if text[place - 1] == 0x0D { carriageReturns += 1 }
        slot += columnCount
      }
    }
    if !isRectangular {
      // A peek does not mind what comes after the rows it needs.
      rows = try check.firstFailure(rowLimit: plan.rowLimit ?? .max)
      let slots = (0..<rows).map { Int(target[$0 * columnCount + columnCount - 1]) }
      carriageReturns = slots.filter { text[$0 - 1] == 0x0D }.count
    }
    if let limit = plan.rowLimit { rows = min(rows, limit) }
    guard rows > 0 else { return nil }
    var lastStarts: UnsafePointer<UInt32>?
    var lastEnds: UnsafePointer<UInt32>?
    if carriageReturns > 0 {
      if last.count < rows * 2 { last = try Buffer(count: rows * 2 + 256) }
      let starts = last.base
      let ends = last.base + rows
      for row in 0..<rows {
        let start = places.base[(row + 1) * columnCount - 1]
        let end = places.base[(row + 1) * columnCount]
        starts[row] = start
        ends[row] = end &- (end &- start > 1 && text[Int(end) - 1] == 0x0D ? 1 : 0)
      }
      lastStarts = UnsafePointer(starts)
      lastEnds = UnsafePointer(ends)
    }
    return RecordBlock(
      text: UnsafePointer(text), fileOffset: fileOffset, places: UnsafePointer(target),
      columnCount: columnCount, rowCount: rows, lastStarts: lastStarts, lastEnds: lastEnds)
  }

  /// Where the first record that begins in the chunk begins; nil if none does.
  private func firstRecord(
    limit: Int, isInQuotes: Bool
  ) -> Int? {
    if !isInQuotes, text[0] == 0x0A { return 1 }
    var isInQuotes = isInQuotes
    for place in 1..<limit {
      let byte = text[place]
      if byte == dialect.quote { isInQuotes.toggle() }
      if byte == 0x0A, !isInQuotes { return place + 1 < limit ? place + 1 : nil }
    }
    return nil
  }

  /// Reads a range, counted from the text's first byte, and makes room for it.
  private func load(_ range: Range<Int>, _ fileOffset: Int) throws {
    if Self.front + range.upperBound + 64 > bytes.count {
      let larger = try Buffer<UInt8>(count: Self.front + range.upperBound * 2 + 64)
      larger.base.update(from: bytes.base, count: Self.front + range.lowerBound)
      bytes = larger
      let morePlaces = try Buffer<UInt32>(count: range.upperBound * 2 + 256)
      morePlaces.base.update(from: places.base, count: places.count)
      places = morePlaces
    }
    try source.read(
      range.count, at: fileOffset + range.lowerBound, into: text + range.lowerBound)
    (text + range.upperBound).update(repeating: 0, count: 64)
  }

  /// How many places and newlines there are up to the end of the last whole record.
  private func wholeRecords(
    _ places: UnsafeMutablePointer<UInt32>, _ count: Int
  ) -> (Int, Int) {
    var whole = 0
    var newlines = 0
    for place in 0..<count where text[Int(places[place])] == 0x0A {
      whole = place + 1
      newlines += 1
    }
    return (whole, newlines)
  }

  /// The failure of a file that ends inside quotes, or an earlier one in the same records.
  private func unterminated(_ range: Range<Int>, _ fileOffset: Int) throws -> CSVFailure {
    let check = RecordCheck(
      text: text, range: range, fileOffset: fileOffset, dialect: dialect,
      columnCount: columnCount)
    _ = try check.firstFailure(rowLimit: .max)
    return CSVFailure(offset: fileOffset + check.lastOpeningQuote, reason: .unterminatedQuote)
  }
}
