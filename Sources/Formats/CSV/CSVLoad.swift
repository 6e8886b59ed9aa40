import Columnar
import Synchronization

/// One reading of a file: the passes over its chunks, and what they share.
final class CSVLoad: Sendable {
  let source: ByteSource
  let dialect: CSVDialect
  let names: [String]
  /// The columns to read, by their place in the file.
  let columns: [Int]
  /// The type a user gave, for each column to read.
  let forced: [ForcedType?]
  let words: NullWords
  let plan: ChunkPlan
  let textLimit: Int
  /// Whether values are kept, or looked at for their types alone.
  let keepsValues: Bool

  private let quotes: ChunkSums
  private let shared: SharedClasses

  /// A reading that has yet to find the types.
  convenience init(
    source: ByteSource, dialect: CSVDialect, names: [String], columns: [Int],
    forced: [ForcedType?], words: NullWords, plan: ChunkPlan, textLimit: Int,
    keepsValues: Bool
  ) {
    self.init(
      source: source, dialect: dialect, names: names, columns: columns, forced: forced,
      words: words, plan: plan, textLimit: textLimit, keepsValues: keepsValues,
      quotes: ChunkSums(count: plan.count))
  }

  /// A reading of some columns of a file of which all chunks were read before, by `other`: the
  /// types are those that it found.
  convenience init(_ other: CSVLoad, columns places: [Int]) {
    self.init(
      source: other.source, dialect: other.dialect, names: other.names,
      columns: places.map { other.columns[$0] }, forced: places.map { other.forced[$0] },
      words: other.words, plan: other.plan, textLimit: other.textLimit, keepsValues: true,
      quotes: other.quotes)
    for (column, place) in places.enumerated() {
      var known = other.classes(place)
      // A column of nothing but nulls has no kind that says text.
      if other.type(place) == .text { known.formUnion(.text) }
      shared.classes[column].store(known.rawValue, ordering: .relaxed)
    }
  }

  private init(
    source: ByteSource, dialect: CSVDialect, names: [String], columns: [Int],
    forced: [ForcedType?], words: NullWords, plan: ChunkPlan, textLimit: Int,
    keepsValues: Bool, quotes: ChunkSums
  ) {
    self.source = source
    self.dialect = dialect
    self.names = names
    self.columns = columns
    self.forced = forced
    self.words = words
    self.plan = plan
    self.textLimit = textLimit
    self.keepsValues = keepsValues
    self.quotes = quotes
    shared = SharedClasses(count: columns.count)
  }

  /// What all threads know of the columns by now.
  private final class SharedClasses: @unchecked Sendable {
    /// SAFETY: `count` atomics each, freed with the object.
    let classes: UnsafeMutablePointer<Atomic<Int>>
    let plain: UnsafeMutablePointer<Atomic<Bool>>
    private let count: Int

    init(count: Int) {
      self.count = count
      classes = .allocate(capacity: max(count, 1))
      plain = .allocate(capacity: max(count, 1))
      for column in 0..<count {
        (classes + column).initialize(to: Atomic(0))
        (plain + column).initialize(to: Atomic(false))
      }
    }

    deinit {
      classes.deinitialize(count: count)
      plain.deinitialize(count: count)
      classes.deallocate()
      plain.deallocate()
    }
  }

  /// The kinds of values that a column has, once all chunks were read.
  func classes(_ column: Int) -> ValueClasses {
    ValueClasses(rawValue: shared.classes[column].load(ordering: .relaxed))
  }

  /// The type of a column, once all chunks were read; a column of nulls is text.
  func type(_ column: Int) -> DataType {
    forced[column]?.type ?? classes(column).type ?? .text
  }

  /// What a pass made: the pieces by chunk, and the typers that hold their memory.
  struct Pass {
    var chunks: [ChunkPieces]
    var typers: [ChunkTyper]
    /// Where pieces may lie; nil where all are in the typers' memory.
    var places: ColumnPlaces?

    var rowCount: Int { chunks.reduce(0) { $0 + $1.rowCount } }
  }

  /// Reads all chunks, and then again those columns of those chunks whose type turned out to be
  /// another than they were read with.
  func run() throws -> Pass {
    try run(chunks: 0..<plan.count, keepsValues ? ColumnPlaces(columns.count, plan) : nil)
  }

  /// Reads some chunks, as `run()` does all of them.
  func run(chunks: Range<Int>) throws -> Pass { try run(chunks: chunks, nil) }

  private func run(chunks: Range<Int>, _ places: ColumnPlaces?) throws -> Pass {
    var pass = try self.pass(over: chunks.map { ($0, Array(columns.indices)) }, places)
    var again: [(chunk: Int, columns: [Int])] = []
    for (chunk, pieces) in zip(chunks, pass.chunks) where pieces.rowCount > 0 {
      let wrong = columns.indices.filter { !fits(pieces.columns[$0], column: $0) }
      if !wrong.isEmpty { again.append((chunk, wrong)) }
    }
    if again.isEmpty { return pass }
    let second = try self.pass(over: again, nil, isSecond: true)
    for (place, work) in again.enumerated() {
      let pieces = second.chunks[place]
      let chunk = work.chunk - chunks.lowerBound
      guard pieces.rowCount == pass.chunks[chunk].rowCount else { throw changed }
      for (index, column) in work.columns.enumerated() {
        guard fits(pieces.columns[index], column: column) else { throw changed }
        pass.chunks[chunk].columns[column] = pieces.columns[index]
        pass.chunks[chunk].owners[column] = pieces.owners[index] + pass.typers.count
      }
    }
    pass.typers += second.typers
    return pass
  }

  /// Where in the file a field of a chunk that was read before stands; nil if it is not there any
  /// more.
  func offset(chunk: Int, row: Int, column: Int) throws -> Int? {
    let reader = try ChunkReader(
      source: source, dialect: dialect, plan: plan, quotes: quotes, columnCount: names.count)
    guard let block = try reader.read(chunk), row < block.rowCount else { return nil }
    return block.fileOffset(column: columns[column], row: row)
  }

  var changed: DataError {
    CSVFailure(offset: 0, reason: .changed).error(source)
  }

  /// Whether a piece can be part of its column as it is.
  private func fits(_ piece: ColumnPiece, column: Int) -> Bool {
    if forced[column] != nil { return true }
    let type = self.type(column)
    guard let pieceType = piece.type else { return type != .text || !piece.hasDisputedNulls }
    switch (pieceType, type) {
    case (.int, .float): return !piece.hasNegativeZero
    case (.date, .datetime): return true
    default: return pieceType == type
    }
  }

  private func pass(
    over work: [(chunk: Int, columns: [Int])], _ places: ColumnPlaces?, isSecond: Bool = false
  ) throws -> Pass {
    let threads = max(1, min(Workers.threadCount, work.count))
    let next = Atomic<Int>(0)
    let results = Mutex<[ChunkPieces?]>(Array(repeating: nil, count: work.count))
    let failure = Mutex<(place: Int, error: any Error)?>(nil)
    let typers = try (0..<threads).map { _ in
      try ChunkTyper(
        columnCount: columns.count, words: words,
        point: dialect.usesDecimalComma ? 0x2C : 0x2E, quote: dialect.quote,
        keepsTexts: keepsValues, textLimit: textLimit)
    }
    try Workers.run(parts: threads) { thread in
      let typer = typers[thread]
      let reader = try ChunkReader(
        source: source, dialect: dialect, plan: plan, quotes: quotes, columnCount: names.count)
      while true {
        let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if place >= work.count { return }
        do {
          try Cancellation.check()
          let pieces = try self.pieces(
            work[place].chunk, work[place].columns, reader, typer, places, owner: thread,
            isSecond: isSecond)
          results.withLock { $0[place] = pieces }
          Progress.shared.advance(plan.chunk(work[place].chunk).count)
        } catch {
          // Work is claimed in order, so what comes before has begun and will report.
          next.store(work.count, ordering: .relaxed)
          failure.withLock { known in
            if error is ChunkSums.Abandoned { return }
            if known == nil || place < known!.place { known = (place, error) }
          }
          quotes.abandon()
          places?.abandon()
          return
        }
      }
    }
    if let failure = failure.withLock({ $0 }) {
      if let found = failure.error as? CSVFailure { throw found.error(source) }
      throw failure.error
    }
    return Pass(
      chunks: results.withLock { $0.map { $0! } }, typers: typers, places: places)
  }

  private func pieces(
    _ chunk: Int, _ wanted: [Int], _ reader: ChunkReader, _ typer: ChunkTyper,
    _ places: ColumnPlaces?, owner: Int, isSecond: Bool
  ) throws -> ChunkPieces {
    let owners = Array(repeating: owner, count: wanted.count)
    let block = try reader.read(chunk)
    typer.rows = places?.rows(of: chunk, count: block?.rowCount ?? 0)
    guard let block else {
      // An empty piece, which still says how many texts the table had.
      let pieces = wanted.map { column in
        var piece = ColumnPiece()
        piece.tableCount = typer.tables[column]?.count ?? 0
        return piece
      }
      return ChunkPieces(rowCount: 0, columns: pieces, owners: owners)
    }
    let pieces = try wanted.map { try piece($0, block, typer, isSecond: isSecond) }
    if !keepsValues { typer.releaseArenas() }
    return ChunkPieces(rowCount: block.rowCount, columns: pieces, owners: owners)
  }

  private func piece(
    _ column: Int, _ block: RecordBlock, _ typer: ChunkTyper, isSecond: Bool
  ) throws -> ColumnPiece {
    let place = columns[column]
    let batch = block.batch(place)
    let isPlain = shared.plain[column].load(ordering: .relaxed)
    var known = classes(column)
    // A column of nothing but null words has no kind that says text.
    if isSecond, type(column) == .text { known.formUnion(.text) }
    let before = known
    var piece: ColumnPiece
    if let type = forced[column] {
      do {
        piece = try typer.piece(column, batch, as: type, isPlain: isPlain, flags: &known)
        if let invalid = piece.invalid {
          piece.invalidOffset = block.fileOffset(column: place, row: invalid.first.row)
        }
      } catch let failure as FieldFailure {
        throw CSVFailure(
          offset: block.fileOffset(column: place, row: failure.row),
          reason: .value(
            column: names[place], field: failure.field, reason: failure.reason))
      }
    } else {
      piece = try typer.piece(column, batch, known: &known, isPlain: isPlain)
    }
    if known != before {
      shared.classes[column].bitwiseOr(known.rawValue, ordering: .relaxed)
    }
    // A table's texts are fewer in the column by those that are null words, quoted or not. With room
    // for them, whoever says plain here is right about the column, whichever thread it is.
    if piece.tableCount > textLimit + 2 * words.words.count {
      shared.plain[column].store(true, ordering: .relaxed)
    }
    return piece
  }
}
