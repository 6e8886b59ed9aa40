import Columnar
import Synchronization

extension TextAssembly {
  /// The column as one text a row, from coded and plain pieces; `texts` are what the maps of each
  /// typer stand for.
  func plain(_ texts: [TextTable.ReadOnly?], _ maps: [CodeMap]) throws -> Result {
    let sizes = try Workers.map(parts: source.pieces.count) { part in
      var size = 0
      forEachRow(part, texts[source.owners[part]], maps) { _, text in size += text?.count ?? 0 }
      return size
    }
    var total = 0
    let firstBytes = sizes.map { size in
      defer { total += size }
      return total
    }
    let offsets = try Buffer<Int>(count: source.rowCount + 1)
    offsets.base[0] = 0
    let bytes = try Buffer<UInt8>(count: total)
    // Parts are not cut at words of the validity, so each lists the rows that a word makes null.
    let wordNulls = try Workers.map(parts: source.pieces.count) { part in
      var nulls: [(row: Int, word: Int)] = []
      var offset = firstBytes[part]
      let firstRow = source.firstRows[part]
      forEachRow(part, texts[source.owners[part]], maps) { row, text in
        if let text {
          if let start = text.baseAddress {
            (bytes.base + offset).update(from: start, count: text.count)
          }
          offset += text.count
        } else if let word = nullWord(part, row, maps) {
          nulls.append((firstRow + row, word))
        }
        offsets.base[firstRow + row + 1] = offset
      }
      return nulls
    }
    var validity: Bitmap?
    var counts: [Int: Int] = [:]
    if source.pieces.contains(where: { $0.nullCount > 0 })
      || wordNulls.contains(where: { !$0.isEmpty })
    {
      let bitmap = try Bitmap(repeating: true, count: source.rowCount)
      for segment in source.segments(0..<source.rowCount) { source.clearNulls(segment, bitmap) }
      for (row, word) in wordNulls.joined() {
        bitmap.words.base[row >> 6] &= ~(1 << UInt64(row & 63))
        counts[word, default: 0] += 1
      }
      validity = bitmap
    }
    addTypedCounts(&counts)
    let storage = TextStorage(offsets: offsets, bytes: bytes)
    return Result(
      column: Column(type: .text, storage: .text(storage), validity: validity),
      wordCounts: counts)
  }

  /// Calls `body` with each row of a piece, from 0, and its text; nil where it is null.
  private func forEachRow(
    _ part: Int, _ texts: TextTable.ReadOnly?, _ maps: [CodeMap],
    _ body: (Int, UnsafeBufferPointer<UInt8>?) -> Void
  ) {
    let piece = source.pieces[part]
    func isNull(_ row: Int) -> Bool {
      piece.nulls.map { $0[row >> 6] >> UInt64(row & 63) & 1 == 1 } ?? false
    }
    func codes<Source: FixedWidthInteger>(_: Source.Type) {
      let values = piece.values!.assumingMemoryBound(to: Source.self)
      let map = maps[source.owners[part]]
      for row in 0..<source.rowCounts[part] {
        if isNull(row) {
          body(row, nil)
          continue
        }
        let code = map.codes[Int(values[row])]
        body(row, code == CodeMap.null ? nil : texts?.text(Int(code)))
      }
    }
    switch piece.layout {
    case .codes8: codes(UInt8.self)
    case .codes16: codes(UInt16.self)
    case .codes32: codes(UInt32.self)
    case .texts:
      let lengths = piece.values!.assumingMemoryBound(to: UInt32.self)
      let nulled = Set(piece.wordRows.lazy.filter { nullWords.contains(Int($0.word)) }.map(\.row))
      var offset = 0
      for row in 0..<source.rowCounts[part] {
        let length = Int(lengths[row])
        let isNull = isNull(row) || (!nulled.isEmpty && nulled.contains(UInt32(row)))
        body(
          row,
          isNull ? nil : UnsafeBufferPointer(start: piece.bytes! + offset, count: length))
        offset += length
      }
    default:
      for row in 0..<source.rowCounts[part] { body(row, nil) }
    }
  }

  /// The null word in a row; nil if it is empty.
  private func nullWord(_ part: Int, _ row: Int, _ maps: [CodeMap]) -> Int? {
    let piece = source.pieces[part]
    if let nulls = piece.nulls, nulls[row >> 6] >> UInt64(row & 63) & 1 == 1 { return nil }
    let local: UInt32
    switch piece.layout {
    case .codes8: local = UInt32(piece.values!.assumingMemoryBound(to: UInt8.self)[row])
    case .codes16: local = UInt32(piece.values!.assumingMemoryBound(to: UInt16.self)[row])
    case .codes32: local = piece.values!.assumingMemoryBound(to: UInt32.self)[row]
    default:
      return piece.wordRows.first { $0.row == UInt32(row) }.map { Int($0.word) }
    }
    return maps[source.owners[part]].words[local]
  }
}
