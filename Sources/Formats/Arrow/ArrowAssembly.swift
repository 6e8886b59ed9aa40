import Columnar

extension ArrowFile {
  /// A column of what its pieces wrote to the target, in the storage that the engine keeps such
  /// values in.
  func column(
    _ type: ArrowType, _ target: ArrowTarget, _ pieces: [ArrowPieceResult], _ rows: [Range<Int>],
    count: Int
  ) throws -> Column {
    let validity = try self.validity(pieces, rows, count: count)
    let column: Column
    switch target {
    case .numbers(let storage):
      var range = ArrowRange()
      for piece in pieces { range.formUnion(piece.range) }
      column = Column(
        type: type.type, storage: try storage.narrowed(range.lower...range.upper),
        validity: validity)
    case .codes(let codes, let texts):
      column = Column(type: .text, storage: .dictionary(codes, texts), validity: validity)
    case .nulls:
      return Column(
        type: .text,
        storage: .dictionary(
          .uint8(try Buffer(repeating: 0, count: count)), TextDictionary(try TextStorage([""]))),
        validity: try Bitmap(repeating: false, count: count))
    case .rows(let rows, let dictionary): column = try dictionary.values.takeOrNull(rows)
    case .texts:
      let parts = try pieces.map { piece in
        guard let text = piece.texts else { throw FlatTable.damaged }
        return Column(type: .text, storage: .text(text))
      }
      let texts = try parts.isEmpty ? Column.texts([]) : Column.concatenate(parts)
      column = Column(type: .text, storage: texts.storage, validity: validity)
    }
    // A file of Kaizen holds text as it is kept; any other is coded as a CSV would be.
    guard column.type == .text, checksums == nil else { return column }
    return try column.canonicalText(limit: CSVOptions().dictionaryLimit)
  }

  /// The validity of a column, from those of its batches; nil where nothing is null.
  private func validity(
    _ pieces: [ArrowPieceResult], _ rows: [Range<Int>], count: Int
  ) throws -> Bitmap? {
    guard pieces.contains(where: { $0.validity != nil }) else { return nil }
    let joined = try Buffer<UInt64>(repeating: 0, count: Bitmap.wordCount(count))
    for (piece, range) in zip(pieces, rows) where !range.isEmpty {
      let words = piece.validity ?? ArrowPiece.all(range.count)
      let shift = UInt64(range.lowerBound & 63)
      for (index, word) in words.enumerated() {
        // SAFETY: the word of a bit that is a row lies within the bitmap.
        let place = range.lowerBound >> 6 + index
        joined.base[place] |= word << shift
        if shift != 0, place + 1 < joined.count { joined.base[place + 1] |= word >> (64 - shift) }
      }
    }
    return Bitmap(words: joined, count: count)
  }

  /// The values of a dictionary, read once. Throws `corrupt` where there is none.
  func dictionary(_ id: Int64, of type: ArrowType) throws -> ArrowDictionary {
    try dictionaries.withLock { known in
      if let dictionary = known[id] { return dictionary }
      var columns: [Column] = []
      for (index, block) in dictionaryBlocks.enumerated() where block.dictionary?.id == id {
        guard columns.isEmpty || block.dictionary?.isDelta == true else {
          throw Self.damaged(source, "a dictionary comes twice")
        }
        columns.append(try dictionaryPart(index, type))
      }
      guard !columns.isEmpty else {
        throw Self.damaged(source, "a dictionary is missing")
      }
      let dictionary = try ArrowDictionary(try Column.concatenate(columns))
      known[id] = dictionary
      return dictionary
    }
  }

  private func dictionaryPart(_ index: Int, _ type: ArrowType) throws -> Column {
    let block = dictionaryBlocks[index]
    if let checksums {
      let digest = block.head.withUnsafeBytes { XXHash64.hash($0) }
      guard digest == checksums.dictionaryHead(index) else {
        throw Self.damaged(source, "the checksum of a dictionary does not fit")
      }
    }
    guard block.rowCount < Int(UInt32.max), let node = block.nodes.first,
      node.rows == block.rowCount
    else { throw FlatTable.damaged }
    let name = zip(names, fields).first { _, field in
      if case .dictionary(block.dictionary?.id, _, _, _)? = field.type { true } else { false }
    }
    var piece = try ArrowPiece(
      source, name: name?.0 ?? "", rowCount: block.rowCount,
      firstRow: 0, nulls: node.nulls, buffers: block.buffers[...], hasValidity: type != .null,
      checksum: checksums?.dictionaryValues(index))
    let target = try ArrowTarget(type, count: block.rowCount, dictionary: nil)
    let result = try piece.decode(type, to: target, at: 0)
    return try column(type, target, [result], [0..<block.rowCount], count: block.rowCount)
  }
}
