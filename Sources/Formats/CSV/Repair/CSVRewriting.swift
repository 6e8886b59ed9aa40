import Columnar

/// Rewrites text that is accepted though it is not well formed into text that is: one delimiter of
/// one byte, as many fields in every record, quotes only where they belong, no comments.
///
/// What is not accepted is left as it is, and the reader of well-formed text says what is wrong.
/// Well-formed text comes out as it was.
struct CSVRewriting {
  /// How the text is written.
  let delimiter: [UInt8]
  let quote: UInt8?
  let comment: [UInt8]
  /// The byte that ends a line; a carriage return for files that know no newline.
  let newline: UInt8
  let tolerance: CSVTolerance

  struct Result {
    var source: ByteSource
    var repairs: [CSVRepair]
    /// The delimiter and quote of the rewritten text.
    var delimiter: UInt8
    var quote: UInt8?
  }

  /// A byte that separates fields in rewritten text: the delimiter itself, or one that text seldom
  /// holds.
  private var target: UInt8 { delimiter.count == 1 ? delimiter[0] : 0x1F }
  private var targetQuote: UInt8? { quote ?? (delimiter.count == 1 ? nil : 0x22) }

  /// The text of `source`, of which `firstLine` is the line that it begins in, rewritten. With
  /// `isPart` the last record may be cut off and is left out.
  func run(_ source: ByteSource, from start: Int, firstLine: Int, isPart: Bool) throws -> Result {
    let count = source.count - start
    guard count <= physicalMemory / 4 else {
      throw DataError(
        .memory, "\(source.name) is too large to be repaired in memory", file: source.name)
    }
    let original = try Buffer<UInt8>(count: count)
    var read = 0
    while read < count {
      try Cancellation.check()
      let size = min(1 << 22, count - read)
      try source.read(size, at: start + read, into: original.base + read)
      read += size
    }
    var repairs: [CSVRepair] = []
    let text = try replacingInvalid(
      original, count, source, firstLine: firstLine, isPart: isPart, &repairs)
    var work = Work(
      rules: self, output: try ByteCollector(source, room: text.count + text.count / 16 + 4096),
      text: text.bytes.base, count: text.count, line: firstLine, isPart: isPart)
    work.repairs = repairs
    try work.run()
    repairs = work.repairs.sorted { $0.line < $1.line }
    let result = ByteSource(
      name: source.name, bytes: work.output.bytes, count: work.output.count,
      lineMarks: work.marks)
    return withExtendedLifetime(text.bytes) {
      Result(source: result, repairs: repairs, delimiter: target, quote: targetQuote)
    }
  }

  /// The text with U+FFFD in place of each byte that is not UTF-8, where that is accepted.
  private func replacingInvalid(
    _ bytes: Buffer<UInt8>, _ count: Int, _ source: ByteSource, firstLine: Int, isPart: Bool,
    _ repairs: inout [CSVRepair]
  ) throws -> (bytes: Buffer<UInt8>, count: Int) {
    guard tolerance.repairs, UTF8Validation.firstInvalid(bytes.base, count) != nil else {
      return (bytes, count)
    }
    let output = try ByteCollector(source, room: count + 4096)
    var place = 0
    var line = firstLine
    while let invalid = UTF8Validation.firstInvalid(bytes.base + place, count - place) {
      if repairs.count & 1023 == 0 { try Cancellation.check() }
      for offset in place..<place + invalid where bytes.base[offset] == newline { line += 1 }
      try output.reserve(invalid + 4)
      output.append(bytes.base + place, invalid)
      output.append(scalar: 0xFFFD)
      repairs.append(.init(kind: .byte, line: line))
      place += invalid + 1
    }
    try output.reserve(count - place)
    output.append(bytes.base + place, count - place)
    return (output.bytes, output.count)
  }

  /// One rewriting under way.
  private struct Work {
    let rules: CSVRewriting
    let output: ByteCollector
    /// SAFETY: `count` bytes, alive while the work is.
    let text: UnsafePointer<UInt8>
    let count: Int
    var line: Int
    let isPart: Bool
    var repairs: [CSVRepair] = []
    var marks: [ByteSource.LineMark] = []
    /// The line that the output's lines have come to.
    private var outputLine = 1
    private var place = 0
    private var fieldCount: Int?
    private var fields: [FieldScan.Field] = []

    init(
      rules: CSVRewriting, output: ByteCollector, text: UnsafePointer<UInt8>, count: Int,
      line: Int, isPart: Bool
    ) {
      self.rules = rules
      self.output = output
      self.text = text
      self.count = count
      self.line = line
      self.isPart = isPart
    }

    private var accepts: CSVTolerance { rules.tolerance }

    mutating func run() throws {
      let scan = FieldScan(
        text: text, count: count, delimiter: rules.delimiter, quote: rules.quote,
        newline: rules.newline, isPart: isPart)
      var records = 0
      while place < count {
        if records & 1023 == 0 { try Cancellation.check() }
        records += 1
        if try skipsLine() { continue }
        fields.removeAll(keepingCapacity: true)
        var start = place
        while true {
          let field = scan.field(at: start)
          fields.append(field)
          if field.end >= count || text[field.end] == rules.newline { break }
          start = field.end + rules.delimiter.count
        }
        let end = fields[fields.count - 1].end
        if end >= count, isPart { return }
        if !accepts.repairs, fields.contains(where: { $0.fault != nil }) {
          // The reader of well-formed text says what is wrong with the rest.
          return try copyRest()
        }
        try writeRecord(place..<end)
        place = end + 1
      }
    }

    private mutating func copyRest() throws {
      try output.reserve(count - place)
      markLine()
      for offset in place..<count {
        output.append(text[offset] == rules.newline ? 0x0A : text[offset])
      }
      place = count
    }

    /// Leaves out a comment, or a blank line where that is accepted.
    private mutating func skipsLine() throws -> Bool {
      var end = place
      if !rules.comment.isEmpty, place + rules.comment.count <= count,
        rules.comment.enumerated().allSatisfy({ text[place + $0.offset] == $0.element })
      {
        while end < count, text[end] != rules.newline { end += 1 }
      } else {
        guard fieldCount != nil, fieldCount != 1, accepts.repairs || accepts.ragged != .error
        else { return false }
        while end < count, text[end] == 0x0D || text[end] == 0x20, text[end] != rules.newline {
          end += 1
        }
        guard end < count ? text[end] == rules.newline : end > place else { return false }
        // Blank lines after the last record are none in any case.
        if (end..<count).contains(where: { ![0x0A, 0x0D, 0x20].contains(text[$0]) }) {
          repairs.append(.init(kind: .blank, line: line))
        }
      }
      place = end + 1
      line += 1
      return true
    }

    /// Notes in which line of the file the output goes on, where its own lines do not tell.
    private mutating func markLine() {
      guard line != outputLine else { return }
      marks.append(.init(offset: output.count, line: line))
      outputLine = line
    }

    private mutating func writeRecord(_ range: Range<Int>) throws {
      var lines = 1
      for offset in range where text[offset] == rules.newline { lines += 1 }
      defer { line += lines }
      let outputStart = output.count
      let expected = fieldCount ?? fields.count
      fieldCount = expected
      let isRagged = fields.count != expected
      if isRagged, accepts.ragged != .error {
        let isShort = fields.count < expected
        let isSkipped = accepts.ragged == .skip
        repairs.append(
          .init(
            kind: isSkipped ? .skipped : isShort ? .short : .long, line: line,
            fieldCount: fields.count))
        if isSkipped { return }
      }
      for case (let field, let fault?) in fields.lazy.map({ ($0, $0.fault) }) {
        let before = (range.lowerBound..<field.start).count { text[$0] == rules.newline }
        repairs.append(.init(kind: fault, line: line + before))
      }
      markLine()
      // Every byte may be a quote to double.
      try output.reserve(range.count * 2 + fields.count * 4 + expected + 8)
      let kept = accepts.ragged == .fill ? min(fields.count, expected) : fields.count
      for (place, field) in fields.prefix(kept).enumerated() {
        if place > 0 { output.append(rules.target) }
        write(field, isLast: place == fields.count - 1)
      }
      if accepts.ragged == .fill, fields.count < expected {
        for _ in fields.count..<expected { output.append(rules.target) }
      }
      output.append(0x0A)
      for offset in outputStart..<output.count where output.bytes.base[offset] == 0x0A {
        outputLine += 1
      }
    }

    private func write(_ field: FieldScan.Field, isLast: Bool) {
      var end = field.end
      // The carriage return of a line end.
      if isLast, rules.newline != 0x0D, end > field.start, text[end - 1] == 0x0D { end -= 1 }
      guard let quote = rules.targetQuote else {
        return output.append(text + field.start, end - field.start)
      }
      let bytes = UnsafeBufferPointer(start: text + field.start, count: end - field.start)
      let isSafe =
        field.isQuoted
        || !(bytes.first == quote || (rules.delimiter.count > 1 && bytes.contains(rules.target)))
      if field.fault == nil, isSafe { return append(bytes) }
      let content =
        field.isQuoted ? UnsafeBufferPointer(rebasing: bytes.dropFirst().dropLast()) : bytes
      output.append(quote)
      var isSecond = false
      for byte in content {
        let value = byte == rules.newline ? 0x0A : byte
        if value == quote {
          // One that is doubled already stays so.
          if field.isQuoted, isSecond {
            isSecond = false
            continue
          }
          isSecond = true
          output.append(quote)
        } else {
          isSecond = false
        }
        output.append(value)
      }
      output.append(quote)
    }

    private func append(_ bytes: UnsafeBufferPointer<UInt8>) {
      guard let start = bytes.baseAddress else { return }
      if rules.newline == 0x0A { return output.append(start, bytes.count) }
      for byte in bytes { output.append(byte == rules.newline ? 0x0A : byte) }
    }
  }
}
