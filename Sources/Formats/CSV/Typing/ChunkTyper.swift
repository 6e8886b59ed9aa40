import Columnar

/// One thread's part in typing: its text tables, its memory and its scratch.
///
/// A thread takes chunks in the order of the file, which is what lets codes be merged into the
/// order of first appearance.
final class ChunkTyper: @unchecked Sendable {
  let words: NullWords
  let point: UInt8
  /// Whether texts are kept, or looked at for null words alone.
  let keepsTexts: Bool
  /// Columns of more distinct texts are plain.
  let textLimit: Int
  let classifier: FieldClassifier
  var unquoter: FieldUnquoter
  private let textKernel = TextKernel()
  private(set) var tables: [TextTable?]
  /// How many fields were coded by each table.
  private var codedCounts: [Int]
  private(set) var arenas: [PieceArena]
  /// Where the values of the chunk at hand may stay; nil where they lie in the arenas.
  var rows: ColumnPlaces.Rows?
  private var values32: Buffer<Int32>
  private var values64: Buffer<Int64>
  private var nullRows: Buffer<UInt32>

  init(
    columnCount: Int, words: NullWords, point: UInt8, quote: UInt8?, keepsTexts: Bool,
    textLimit: Int
  ) throws {
    self.words = words
    self.keepsTexts = keepsTexts
    self.textLimit = textLimit
    self.point = point
    classifier = FieldClassifier(words: words, point: point)
    unquoter = FieldUnquoter(quote: quote)
    tables = Array(repeating: nil, count: columnCount)
    codedCounts = Array(repeating: 0, count: columnCount)
    arenas = (0..<columnCount).map { _ in PieceArena() }
    values32 = try Buffer(count: 0)
    values64 = try Buffer(count: 0)
    nullRows = try Buffer(count: 0)
  }

  /// Makes room for chunks of `rows` rows.
  private func reserve(_ rows: Int) throws {
    guard rows > nullRows.count else { return }
    let room = rows + rows / 4 + 64
    values32 = try Buffer(count: room)
    values64 = try Buffer(count: room)
    nullRows = try Buffer(count: room)
  }

  /// Gives up the memory of a column's pieces, once the column is made.
  func release(_ column: Int) {
    arenas[column] = PieceArena()
    tables[column] = nil
  }

  /// Gives up the memory of all pieces so far, for callers that look at types alone.
  func releaseArenas() {
    for arena in arenas { arena.reset() }
  }

  /// The values of `batch` as a column whose values are of the kinds `known` elsewhere, to which the
  /// kinds met here are added. `isPlain` says that the column has too many distinct texts for codes.
  func piece(
    _ column: Int, _ batch: FieldBatch, known: inout ValueClasses, isPlain: Bool
  ) throws -> ColumnPiece {
    try reserve(batch.count)
    var candidate = known
    if candidate.type == nil {
      candidate.formUnion(classifier.firstClasses(batch, &unquoter))
    }
    while true {
      var nulls = NullCollector(rows: nullRows.base)
      var flags: ValueClasses = []
      guard let type = candidate.type else {
        collectNulls(batch, &nulls)
        return try finish(ColumnPiece(), batch.count, nulls, column)
      }
      if type == .text, !candidate.isSettledText {
        // Integers beyond 64 bits are floats if a float is among them.
        candidate = classifier.classes(batch, &unquoter, adding: candidate)
        if candidate.type != .text { continue }
      }
      let piece: ColumnPiece?
      switch type {
      case .text: piece = try texts(column, batch, isPlain: isPlain, &nulls)
      case .int: piece = try ints(column, batch, &nulls, &flags)
      case .float: piece = try floats(column, batch, &nulls)
      default: piece = try smallValues(column, type, batch, &nulls, &flags)
      }
      if var piece {
        piece.type = type
        piece.hasNegativeZero = flags.contains(.negativeZero)
        known = candidate.union(flags)
        return try finish(piece, batch.count, nulls, column)
      }
      // What was met is of another kind: look at every field.
      let wider = classifier.classes(batch, &unquoter, adding: candidate)
      candidate = wider.type == type ? wider.union(.text) : wider
    }
  }

  /// The values of `batch` as `spec` says. Throws `FieldFailure` for a field that is not of the type.
  func piece(
    _ column: Int, _ batch: FieldBatch, as spec: ForcedType, isPlain: Bool,
    flags: inout ValueClasses
  ) throws -> ColumnPiece {
    try reserve(batch.count)
    var nulls = NullCollector(rows: nullRows.base)
    if spec.type == .text {
      var piece = try texts(column, batch, isPlain: isPlain, &nulls)
      piece.type = .text
      return try finish(piece, batch.count, nulls, column)
    }
    var piece = ColumnPiece()
    if spec.type == .float {
      let target = try floatRoom(&piece, column, batch.count)
      piece.invalid = try force(batch, spec, &nulls, target) { start, count in
        NumberParsing.float(start, count, point: self.point, allowsLeadingZeros: true)
      }
    } else {
      var range = ValueRange()
      var hasOffset = false
      piece.invalid = try force(batch, spec, &nulls, values64.base) { start, count in
        guard let value = spec.value(start, count, &hasOffset) else { return nil }
        range.lower = min(range.lower, value)
        range.upper = max(range.upper, value)
        return value
      }
      if hasOffset { flags.formUnion(.offset) }
      try store(&piece, column, spec.type, values64.base, batch.count, range.layout)
    }
    piece.type = spec.type
    return try finish(piece, batch.count, nulls, column)
  }

  private func force<Value: BitwiseCopyable & ExpressibleByIntegerLiteral>(
    _ batch: FieldBatch, _ spec: ForcedType, _ nulls: inout NullCollector,
    _ target: UnsafeMutablePointer<Value>,
    _ parse: (UnsafePointer<UInt8>, Int) -> Value?
  ) throws -> (first: FieldFailure, count: Int)? {
    var invalid: [Int] = []
    let failure = general(batch, &nulls, target, parse) { row in
      if spec.nullsInvalid { invalid.append(row) }
      return spec.nullsInvalid
    }
    if let failure { throw self.failure(batch, failure, spec) }
    guard let first = invalid.first else { return nil }
    return (self.failure(batch, first, spec), invalid.count)
  }

  private func failure(_ batch: FieldBatch, _ row: Int, _ spec: ForcedType) -> FieldFailure {
    let (start, count) = batch.raw(row)
    let field = unquoter.content(start, count)
    return FieldFailure(
      row: row,
      field: String(
        decoding: UnsafeBufferPointer(start: field.start, count: min(field.count, 60)),
        as: UTF8.self),
      reason: spec.failureReason)
  }

  /// Reads each field by `parse`; blank ones, null words and what `orNull` accepts are null. Returns
  /// the first row that is neither.
  @inline(__always)
  private func general<Value: BitwiseCopyable & ExpressibleByIntegerLiteral>(
    _ batch: FieldBatch, _ nulls: inout NullCollector, _ target: UnsafeMutablePointer<Value>,
    _ parse: (UnsafePointer<UInt8>, Int) -> Value?,
    orNull acceptsAsNull: (Int) -> Bool = { _ in false }
  ) -> Int? {
    let isWordFirst = words.unconditionalCount > 0
    for row in 0..<batch.count {
      let (start, count) = batch.raw(row)
      if count == 0 {
        target[row] = 0
        nulls.add(row)
        continue
      }
      if !isWordFirst, let value = parse(start, count) {
        target[row] = value
        continue
      }
      let field = unquoter.trimmed(start, count)
      if field.count == 0 {
        target[row] = 0
        nulls.add(row, word: field.isQuoted ? words.quotedEmpty : nil, of: words)
      } else if let word = words.index(field.start, field.count) {
        target[row] = 0
        nulls.add(row, word: word, of: words)
      } else if let value = parse(field.start, field.count) {
        target[row] = value
      } else if acceptsAsNull(row) {
        target[row] = 0
        nulls.add(row)
      } else {
        return row
      }
    }
    return nil
  }

  private func ints(
    _ column: Int, _ batch: FieldBatch, _ nulls: inout NullCollector,
    _ flags: inout ValueClasses
  ) throws -> ColumnPiece? {
    var piece = ColumnPiece()
    var range = ValueRange()
    if words.unconditionalCount == 0 {
      if IntegerKernels.upToFourDigits(batch, values32.base, &range)
        || IntegerKernels.upToEightDigits(batch, values32.base, &range)
      {
        try store(&piece, column, .int, values32.base, batch.count, range.layout)
        return piece
      }
    }
    range = ValueRange()
    var hasNegativeZero = false
    let failure = general(batch, &nulls, values64.base) { start, count -> Int64? in
      let value: Int64
      if let short = IntegerKernels.shortValue(start, count) {
        value = short
      } else {
        guard let long = NumberParsing.int(start, count) else { return nil }
        value = long
        if long == 0, start[0] == 0x2D { hasNegativeZero = true }
      }
      range.lower = min(range.lower, value)
      range.upper = max(range.upper, value)
      return value
    }
    if failure != nil { return nil }
    if hasNegativeZero { flags.formUnion(.negativeZero) }
    try store(&piece, column, .int, values64.base, batch.count, range.layout)
    return piece
  }

  private func floats(
    _ column: Int, _ batch: FieldBatch, _ nulls: inout NullCollector
  ) throws -> ColumnPiece? {
    var piece = ColumnPiece()
    let target = try floatRoom(&piece, column, batch.count)
    let powers = exactPowers.pointer
    let points = UInt64(point) &* 0x0101_0101_0101_0101
    let failure = general(batch, &nulls, target) { start, count -> Double? in
      if let value = FloatKernel.plainDecimal(start, count, points: points, powers) {
        return value
      }
      return NumberParsing.float(start, count, point: self.point)
    }
    return failure == nil ? piece : nil
  }

  /// Bools, dates and datetimes.
  private func smallValues(
    _ column: Int, _ type: DataType, _ batch: FieldBatch, _ nulls: inout NullCollector,
    _ flags: inout ValueClasses
  ) throws -> ColumnPiece? {
    let failure: Int?
    var layout = ColumnPiece.Layout.int8
    switch type {
    case .bool:
      failure = general(batch, &nulls, values32.base) { start, count in
        BoolParsing.value(start, count).map { $0 ? 1 : 0 }
      }
    case .date:
      failure = general(batch, &nulls, values32.base) { TemporalParsing.date($0, $1) }
      layout = .int32
    default:
      var hasOffset = false
      failure = general(batch, &nulls, values64.base) {
        TemporalParsing.datetime($0, $1, &hasOffset)
      }
      if hasOffset { flags.formUnion(.offset) }
      layout = .int64
    }
    if failure != nil { return nil }
    var piece = ColumnPiece()
    if layout == .int64 {
      try store(&piece, column, type, values64.base, batch.count, layout)
    } else {
      try store(&piece, column, type, values32.base, batch.count, layout)
    }
    return piece
  }

  private func collectNulls(_ batch: FieldBatch, _ nulls: inout NullCollector) {
    for row in 0..<batch.count {
      let (start, count) = batch.raw(row)
      if count == 0 {
        nulls.add(row)
        continue
      }
      let field = unquoter.trimmed(start, count)
      let word =
        field.count == 0
        ? (field.isQuoted ? words.quotedEmpty : nil) : words.index(field.start, field.count)
      nulls.add(row, word: word, of: words)
    }
  }

  /// Counts the words outside quotes that may be null, which is all that a look at a text column
  /// for its type needs.
  private func countWords(_ batch: FieldBatch, _ nulls: inout NullCollector) {
    for row in 0..<batch.count {
      let (start, count) = batch.raw(row)
      // The quotes make a quoted word longer than the word, so it is not found.
      if count == 0 {
        nulls.add(row)
      } else if let word = words.index(start, count) {
        nulls.count(word, of: words)
      }
    }
  }

  private func texts(
    _ column: Int, _ batch: FieldBatch, isPlain: Bool, _ nulls: inout NullCollector
  ) throws -> ColumnPiece {
    if !keepsTexts {
      countWords(batch, &nulls)
      return ColumnPiece()
    }
    if isPlain { return try plainTexts(column, batch, &nulls) }
    let table = try tables[column] ?? TextTable()
    tables[column] = table
    let codes = UnsafeMutableRawPointer(values32.base).assumingMemoryBound(to: UInt32.self)
    try textKernel.code(batch, table, codes, words, &unquoter, &nulls)
    codedCounts[column] += batch.count
    var piece = ColumnPiece(layout: .codes(of: table.count))
    let start =
      try ColumnPiece.Layout.ofWholeColumn(
        distinct: table.count, among: codedCounts[column], limit: textLimit
      ).flatMap { try room(&piece, column, .text, $0) }
      ?? UnsafeMutableRawPointer(
        arenas[column].allocate(batch.count * piece.layout.stride, of: UInt8.self))
    piece.values = start
    switch piece.layout {
    case .codes8: narrowed(codes, batch.count, start.assumingMemoryBound(to: UInt8.self))
    case .codes16: narrowed(codes, batch.count, start.assumingMemoryBound(to: UInt16.self))
    default: narrowed(codes, batch.count, start.assumingMemoryBound(to: UInt32.self))
    }
    return piece
  }

  private func plainTexts(
    _ column: Int, _ batch: FieldBatch, _ nulls: inout NullCollector
  ) throws -> ColumnPiece {
    var piece = ColumnPiece()
    piece.layout = .texts
    var total = 0
    for row in 0..<batch.count { total += batch.raw(row).count }
    let lengths = try arenas[column].allocate(batch.count, of: UInt32.self)
    let bytes = try arenas[column].allocate(total, of: UInt8.self)
    var used = 0
    for row in 0..<batch.count {
      let (start, count) = batch.raw(row)
      lengths[row] = 0
      if count == 0 {
        nulls.add(row)
        continue
      }
      let field = unquoter.content(start, count)
      if let word = words.index(field.start, field.count),
        word < words.unconditionalCount || !field.isQuoted
      {
        piece.wordRows.append((UInt32(row), UInt8(word)))
      }
      lengths[row] = UInt32(truncatingIfNeeded: field.count)
      (bytes + used).update(from: field.start, count: field.count)
      used += field.count
    }
    piece.values = UnsafeMutableRawPointer(lengths)
    piece.bytes = bytes
    piece.byteCount = used
    return piece
  }

  /// Room for the floats of a piece, which is given that layout.
  private func floatRoom(
    _ piece: inout ColumnPiece, _ column: Int, _ count: Int
  ) throws -> UnsafeMutablePointer<Double> {
    let start =
      try room(&piece, column, .float, .float)
      ?? UnsafeMutableRawPointer(arenas[column].allocate(count, of: Double.self))
    piece.layout = .float
    piece.values = start
    return start.assumingMemoryBound(to: Double.self)
  }

  /// Where the values of the piece may stay, in the column's layout, which is the piece's from then
  /// on.
  private func room(
    _ piece: inout ColumnPiece, _ column: Int, _ type: DataType, _ layout: ColumnPiece.Layout
  ) throws -> UnsafeMutableRawPointer? {
    guard let (layout, start) = rows?.room(column, type, layout) else { return nil }
    piece.layout = layout
    piece.isInPlace = true
    return start
  }

  /// Keeps integers that `layout` can hold.
  private func store<Value: FixedWidthInteger & BitwiseCopyable>(
    _ piece: inout ColumnPiece, _ column: Int, _ type: DataType,
    _ values: UnsafeMutablePointer<Value>, _ count: Int, _ layout: ColumnPiece.Layout
  ) throws {
    piece.layout = layout
    let start =
      try room(&piece, column, type, layout)
      ?? UnsafeMutableRawPointer(
        arenas[column].allocate(count * layout.stride, of: UInt8.self))
    piece.values = start
    switch piece.layout {
    case .int8: narrowed(values, count, start.assumingMemoryBound(to: Int8.self))
    case .int16: narrowed(values, count, start.assumingMemoryBound(to: Int16.self))
    case .int32: narrowed(values, count, start.assumingMemoryBound(to: Int32.self))
    default: narrowed(values, count, start.assumingMemoryBound(to: Int64.self))
    }
  }

  /// Copies values that are known to fit.
  @inline(__always)
  private func narrowed<Value: FixedWidthInteger, Target: FixedWidthInteger>(
    _ values: UnsafeMutablePointer<Value>, _ count: Int, _ target: UnsafeMutablePointer<Target>
  ) {
    for row in 0..<count { target[row] = Target(truncatingIfNeeded: values[row]) }
  }

  private func finish(
    _ piece: ColumnPiece, _ rows: Int, _ nulls: NullCollector, _ column: Int
  ) throws -> ColumnPiece {
    var piece = piece
    piece.tableCount = tables[column]?.count ?? 0
    piece.nullCount = nulls.count
    piece.hasDisputedNulls = nulls.hasDisputed
    piece.wordCounts = nulls.wordCounts
    if nulls.count > 0 {
      let wordCount = Bitmap.wordCount(rows)
      let bits = try arenas[column].allocate(wordCount, of: UInt64.self)
      bits.initialize(repeating: 0, count: wordCount)
      for place in 0..<nulls.count {
        let row = Int(nulls.rows[place])
        bits[row >> 6] |= 1 << UInt64(row & 63)
      }
      piece.nulls = bits
    }
    return piece
  }
}
