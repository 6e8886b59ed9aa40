extension TextStorage {
  /// The texts as codes into a dictionary of the distinct ones, in order of first appearance.
  package func encoded() throws -> (codes: Buffer<UInt32>, dictionary: TextDictionary) {
    let codes = try Buffer<UInt32>(count: count)
    let chunkCount = max(min(Workers.partCount(count), 16), 1)
    // Each chunk's texts are coded by themselves, and then the chunks' dictionaries are merged in
    // order, which keeps the order of first appearance.
    let chunks = try Workers.map(parts: chunkCount) { chunk in
      var index = TextIndex()
      for row in chunkRange(chunk, of: chunkCount, count) {
        if row & 4095 == 0 { try Cancellation.check() }
        codes.base[row] = index.insert(utf8(row))
      }
      return try index.storage()
    }
    if chunkCount == 1 { return (codes, TextDictionary(chunks[0])) }
    var merged = TextIndex(capacity: chunks.map(\.count).max() ?? 0)
    let maps = try chunks.map { texts in
      try Cancellation.check()
      return try Buffer((0..<texts.count).map { merged.insert(texts.utf8($0)) })
    }
    try Workers.run(parts: chunkCount) { chunk in
      let map = maps[chunk]
      for row in chunkRange(chunk, of: chunkCount, count) {
        // SAFETY: a chunk's codes are below the number of its texts.
        codes.base[row] = map.base[Int(codes.base[row])]
      }
    }
    return (codes, TextDictionary(try merged.storage()))
  }
}

extension Column {
  /// A text column with its texts in a dictionary; any other column as it is.
  package func dictionaryEncoded() throws -> Column {
    guard case .text(let text) = storage else { return self }
    let (codes, dictionary) = try text.encoded()
    return Column(
      type: type,
      storage: .dictionary(
        try Codes(codes, entryCount: dictionary.count), dictionary), validity: validity)
  }
}

extension Codes {
  init(_ codes: Buffer<UInt32>, entryCount: Int) throws {
    if entryCount <= 1 << 8 {
      self = .uint8(try codes.converted())
    } else if entryCount <= 1 << 16 {
      self = .uint16(try codes.converted())
    } else {
      self = .uint32(codes)
    }
  }
}

extension Buffer where Element: FixedWidthInteger & Sendable {
  /// The elements in another width, which must hold them.
  func converted<Other: FixedWidthInteger & BitwiseCopyable & Sendable>() throws -> Buffer<Other> {
    let converted = try Buffer<Other>(count: count)
    try Workers.run(parts: Workers.partCount(count)) { part in
      // SAFETY: the part lies within both buffers.
      for index in Workers.part(part, of: count) {
        converted.base[index] = Other(truncatingIfNeeded: base[index])
      }
    }
    return converted
  }
}
