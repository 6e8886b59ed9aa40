import Columnar
import Synchronization

/// Joins the pieces of a text column: one dictionary in order of first appearance, or plain texts
/// where there are too many distinct ones.
///
/// SAFETY: nobody adds to the tables any more, and one thread alone looks texts up in them; others see
/// what they hold through `readOnly`.
struct TextAssembly: @unchecked Sendable {
  let source: ColumnPieces
  /// The text tables of the typers; nil where a typer met no text.
  let tables: [TextTable?]
  let words: NullWords
  /// The null words that are null in this column.
  let nullWords: Set<Int>
  /// The most distinct texts that a dictionary holds.
  let limit: Int
  /// Where the codes of pieces that are in place lie.
  let place: Storage?

  struct Result {
    var column: Column
    /// How many rows each null word made null.
    var wordCounts: [Int: Int]
  }

  /// What a typer's codes stand for in the column.
  struct CodeMap: Sendable {
    /// The column's code; `null` for a null word.
    var codes: [UInt32] = []
    /// The word of a code that is null.
    var words: [UInt32: Int] = [:]

    static let null = UInt32.max
  }

  func result() throws -> Result {
    // Whether texts are coded depends on how many distinct ones there are and on nothing else; a
    // table that outgrew the limit in one thread alone has more than the limit altogether, too.
    if source.pieces.contains(where: { $0.layout == .texts }) {
      return try plain(tables.map { $0?.readOnly }, codeMaps(nil))
    }
    let merged = try TextTable()
    let maps = try codeMaps(merged)
    if merged.count <= limit { return try coded(merged, maps) }
    return try plain(Array(repeating: merged.readOnly, count: tables.count), maps)
  }

  /// What the tables' codes stand for in `merged`, to which all texts are added in the order of the
  /// file; without it they are the tables' own. A piece's new texts come in order of appearance, and
  /// one that its thread already knew was in an earlier piece of the same thread.
  private func codeMaps(_ merged: TextTable?) throws -> [CodeMap] {
    var maps = [CodeMap](repeating: CodeMap(), count: tables.count)
    for (piece, owner) in zip(source.pieces, source.owners) {
      guard let table = tables[owner] else { continue }
      var code = maps[owner].codes.count
      maps[owner].codes.reserveCapacity(piece.tableCount)
      while code < piece.tableCount {
        let text = table.text(code)
        let start = text.baseAddress!
        if let word = words.index(start, text.count), !table.isMarked(code),
          nullWords.contains(word)
        {
          maps[owner].words[UInt32(code)] = word
          maps[owner].codes.append(CodeMap.null)
        } else {
          let known = try merged?.code(start, text.count) ?? UInt32(code)
          maps[owner].codes.append(known)
        }
        code += 1
      }
    }
    return maps
  }

  private func coded(_ merged: TextTable, _ maps: [CodeMap]) throws -> Result {
    let validity = try startValidity(maps)
    var counts: [Int: Int] = [:]
    let codes: Codes
    if merged.count <= 1 << 8 {
      var room: Buffer<UInt8>?
      if case .dictionary(.uint8(let buffer), _) = place { room = buffer }
      codes = .uint8(try filled(room, maps, validity, &counts))
    } else if merged.count <= 1 << 16 {
      var room: Buffer<UInt16>?
      if case .dictionary(.uint16(let buffer), _) = place { room = buffer }
      codes = .uint16(try filled(room, maps, validity, &counts))
    } else {
      var room: Buffer<UInt32>?
      if case .dictionary(.uint32(let buffer), _) = place { room = buffer }
      codes = .uint32(try filled(room, maps, validity, &counts))
    }
    // A column of nulls has code 0 in every row, so there must be an entry.
    if merged.count == 0 { _ = try withPadded([]) { try merged.code($0, 0) } }
    addTypedCounts(&counts)
    let column = Column(
      type: .text, storage: .dictionary(codes, TextDictionary(try merged.storage())),
      validity: validity)
    return Result(column: column, wordCounts: counts)
  }

  private func withPadded<T>(
    _ bytes: [UInt8], _ body: (UnsafePointer<UInt8>) throws -> T
  ) rethrows -> T {
    try (bytes + [UInt8](repeating: 0, count: 32)).withUnsafeBufferPointer {
      try body($0.baseAddress!)
    }
  }

  /// Words in pieces in which there was nothing but nulls.
  func addTypedCounts(_ counts: inout [Int: Int]) {
    for piece in source.pieces {
      for (word, count) in piece.wordCounts.enumerated() where count > 0 {
        counts[word, default: 0] += Int(count)
      }
    }
  }

  /// A validity with every row set; nil where no row can be null.
  private func startValidity(_ maps: [CodeMap]) throws -> Bitmap? {
    let hasNulls =
      maps.contains { !$0.words.isEmpty }
      || source.pieces.contains { $0.nullCount > 0 || !$0.wordRows.isEmpty }
    return hasNulls ? try Bitmap(repeating: true, count: source.rowCount) : nil
  }

  /// The column's codes, in `room` if it has enough, and how many rows each null word made null.
  private func filled<Target: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ room: Buffer<Target>?, _ maps: [CodeMap], _ validity: Bitmap?, _ counts: inout [Int: Int]
  ) throws -> Buffer<Target> {
    let count = source.rowCount
    if let room, room.count >= count {
      counts = try fillCodes(room.base, maps, validity)
      return try room.shortened(to: count)
    }
    let codes = try Buffer<Target>(count: count)
    counts = try fillCodes(codes.base, maps, validity)
    return codes
  }

  /// Writes the column's codes, over those of pieces that lie where they go, and returns how many rows
  /// each null word made null.
  private func fillCodes<Target: FixedWidthInteger & Sendable>(
    _ target: UnsafeMutablePointer<Target>, _ maps: [CodeMap], _ validity: Bitmap?
  ) throws -> [Int: Int] {
    let partSize = ColumnAssembly.partSize
    // SAFETY: parts write separate rows, and separate words of the validity.
    nonisolated(unsafe) let target = target
    let total = Mutex<[Int: Int]>([:])
    try Workers.run(parts: Workers.partCount(source.rowCount, partSize: partSize)) { part in
      var counts: [Int: Int] = [:]
      for segment in source.segments(
        Workers.part(part, of: source.rowCount, partSize: partSize))
      {
        let piece = source.pieces[segment.piece]
        if let validity { source.clearNulls(segment, validity) }
        let map = maps[source.owners[segment.piece]]
        switch piece.layout {
        case .codes8: copy(UInt8.self, segment, piece, map, target, validity, &counts)
        case .codes16: copy(UInt16.self, segment, piece, map, target, validity, &counts)
        case .codes32: copy(UInt32.self, segment, piece, map, target, validity, &counts)
        default: (target + segment.row).update(repeating: 0, count: segment.count)
        }
      }
      if !counts.isEmpty { total.withLock { $0.merge(counts) { $0 + $1 } } }
    }
    return total.withLock { $0 }
  }

  private func copy<Source: FixedWidthInteger, Target: FixedWidthInteger>(
    _: Source.Type, _ segment: ColumnPieces.Segment, _ piece: ColumnPiece, _ map: CodeMap,
    _ target: UnsafeMutablePointer<Target>, _ validity: Bitmap?, _ counts: inout [Int: Int]
  ) {
    let values = piece.values!.assumingMemoryBound(to: Source.self) + segment.pieceRow
    let target = target + segment.row
    if map.words.isEmpty {
      map.codes.withUnsafeBufferPointer { codes in
        // Where every field is null there is no code to look up.
        guard let codes = codes.baseAddress else {
          return target.update(repeating: 0, count: segment.count)
        }
        for row in 0..<segment.count {
          target[row] = Target(truncatingIfNeeded: codes[Int(truncatingIfNeeded: values[row])])
        }
      }
    } else {
      for row in 0..<segment.count {
        let local = UInt32(truncatingIfNeeded: values[row])
        let place = segment.row + row
        let isNull = validity.map { !$0[place] } ?? false
        if isNull {
          target[row] = 0
        } else if let word = map.words[local] {
          target[row] = 0
          validity?.words.base[place >> 6] &= ~(1 << UInt64(place & 63))
          counts[word, default: 0] += 1
        } else {
          target[row] = Target(truncatingIfNeeded: map.codes[Int(local)])
        }
      }
    }
    // Null rows hold local code 0, which may stand for another code here.
    guard let nulls = piece.nulls else { return }
    for row in 0..<segment.count {
      let place = segment.pieceRow + row
      if nulls[place >> 6] >> UInt64(place & 63) & 1 == 1 { target[row] = 0 }
    }
  }
}
