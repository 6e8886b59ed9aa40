#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension TextStorage {
  /// The texts as codes into a dictionary of the distinct ones, in order of first appearance.
  package func encoded() throws -> (codes: Buffer<UInt32>, dictionary: TextDictionary) {
    if mostlyDiffer, let encoded = try encodedByHashes() { return encoded }
    return try encodedByChunks()
  }

  /// Whether more than half of the texts of rows at even distances differ.
  private var mostlyDiffer: Bool {
    guard count > Workers.partSize else { return false }
    let step = count / 4096
    var index = TextIndex(capacity: 4096)
    var sampled = 0
    for row in stride(from: 0, to: count, by: step) {
      _ = index.insert(utf8(row))
      sampled += 1
    }
    return index.count * 2 > sampled
  }

  /// Groups the texts' hashes, as numbers are grouped on all threads; nil where texts that differ
  /// have the same hash.
  private func encodedByHashes() throws -> (codes: Buffer<UInt32>, dictionary: TextDictionary)? {
    let hashes = try Buffer<UInt64>(count: count)
    try Workers.run(parts: Workers.partCount(count)) { part in
      // SAFETY: the part lies within the hashes.
      for row in Workers.part(part, of: count) { hashes.base[row] = textHash(utf8(row)) }
    }
    let groups = try GroupNumbers(KeyPacking(PackedNumber(hashes), rowCount: count))
      .inOrderOfAppearance()
    guard try groups.ids.areEqual(self, self, firstRows: groups.firstRows) else { return nil }
    return (groups.ids, TextDictionary(try gathered(groups.firstRows)))
  }

  /// Codes the texts of each chunk by themselves, in the cache where they are few.
  private func encodedByChunks() throws -> (codes: Buffer<UInt32>, dictionary: TextDictionary) {
    let codes = try Buffer<UInt32>(count: count)
    let chunkCount = max(min(Workers.partCount(count), 16), 1)
    // The chunks' dictionaries are merged in order, which keeps the order of first appearance.
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

extension Buffer where Element == UInt32 {
  /// Whether each row's text is that of the first row of its id, or of the row that its id is.
  func areEqual(
    _ texts: TextStorage, _ others: TextStorage, firstRows: Buffer<UInt32>?
  ) throws -> Bool {
    let parts = try Workers.map(parts: Workers.partCount(count)) { part in
      for row in Workers.part(part, of: count) {
        if row & 4095 == 0 { try Cancellation.check() }
        // SAFETY: ids are below their number, and rows below that of the texts.
        let id = base[row]
        if id == noRow { continue }
        let other = Int(firstRows.map { $0.base[Int(id)] } ?? id)
        let start = texts.offsets.base[row]
        let otherStart = others.offsets.base[other]
        let length = texts.offsets.base[row + 1] - start
        guard length == others.offsets.base[other + 1] - otherStart,
          memcmp(texts.bytes.base + start, others.bytes.base + otherStart, length) == 0
        else { return false }
      }
      return true
    }
    return !parts.contains(false)
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
