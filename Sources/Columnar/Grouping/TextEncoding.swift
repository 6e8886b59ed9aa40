import CMemory

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension TextStorage {
  /// The texts as codes into a dictionary of the distinct ones, in order of first appearance. Rows
  /// that are not set in `validity` have any code, and may have an entry.
  package func encoded(
    _ validity: Bitmap? = nil
  ) throws -> (codes: Buffer<UInt32>, dictionary: TextDictionary) {
    if count > Workers.partSize {
      let sample = try gathered(sampledRows(validity))
      if sample.mostlyDiffers {
        return try encodedByNumbers(validity, TextShape(sample, nil)) ?? encodedByChunks()
      }
    }
    return try encodedByChunks()
  }

  /// Some rows at even distances that have a value.
  private func sampledRows(_ validity: Bitmap?) throws -> Buffer<UInt32> {
    try Buffer(
      Swift.stride(from: 0, to: count, by: count / 4096)
        .filter { validity?[$0] ?? true }.map { UInt32(truncatingIfNeeded: $0) })
  }

  /// Whether more than half of the texts differ.
  private var mostlyDiffers: Bool {
    var index = TextIndex(capacity: count)
    for row in 0..<count { _ = index.insert(utf8(row)) }
    return index.count * 2 > count
  }

  /// Groups numbers of the texts, as numbers are grouped on all threads: those that texts of some
  /// shape have, else hashes; nil where texts that differ have the same hash. `sampled` is what some
  /// of the texts have in common.
  private func encodedByNumbers(
    _ validity: Bitmap?, _ sampled: TextShape
  ) throws -> (codes: Buffer<UInt32>, dictionary: TextDictionary)? {
    var isExact = true
    var number = sampled.decimals == nil ? nil : try decimalNumber(sampled.prefix, validity)
    if number == nil {
      let shape = sampled.isExact ? try TextShape(self, validity) : sampled
      isExact = shape.isExact
      // Null rows hold empty texts, which have a hash as others.
      number = try shapeNumber(shape, isExact ? validity : nil)
    }
    guard let number else { return nil }
    let groups = try GroupNumbers(KeyPacking(number, rowCount: count)).inOrderOfAppearance()
    if !isExact {
      guard try groups.ids.areEqual(self, self, firstRows: groups.firstRows) else { return nil }
    }
    return (groups.ids, TextDictionary(try gathered(groups.firstRows)))
  }

  /// The numbers of texts that are all a prefix and digits; nil if one is not.
  private func decimalNumber(_ prefix: [UInt8], _ validity: Bitmap?) throws -> PackedNumber? {
    let digits = DecimalTextDigits(self, prefix: prefix, lowest: 0)
    let numbers = try Buffer<UInt64>(count: count)
    let ranges = try Workers.map(parts: Workers.partCount(count)) { part in
      var (lowest, highest): (UInt64, UInt64) = (noKey, 0)
      for row in Workers.part(part, of: count) {
        if row & 4095 == 0 {
          try Cancellation.check()
          if highest == noKey { break }
        }
        if let validity, !validity[row] { continue }
        let number = digits.digit(row)
        // SAFETY: there is a number for each row.
        numbers.base[row] = number
        lowest = min(lowest, number)
        highest = max(highest, number)
      }
      return (lowest: lowest, highest: highest)
    }
    let lowest = ranges.map(\.lowest).min() ?? noKey
    let highest = ranges.map(\.highest).max() ?? noKey
    guard lowest <= highest, highest < noKey else { return nil }
    let shape = TextShape(prefix: prefix, decimals: lowest...highest)
    guard let validity else {
      return PackedNumber(numbers, lowest: lowest, maximum: shape.maximum)
    }
    try Workers.run(parts: Workers.partCount(count)) { part in
      for row in Workers.part(part, of: count) where !validity[row] {
        numbers.base[row] = lowest + shape.nullNumber
      }
    }
    return PackedNumber(
      numbers, lowest: lowest, maximum: max(shape.maximum, shape.nullNumber))
  }

  /// The numbers of texts of a shape.
  private func shapeNumber(_ shape: TextShape, _ validity: Bitmap?) throws -> PackedNumber {
    let packer = shape.packer(self, validity).whole(0, shape.maximum)
    let maximum = validity == nil ? shape.maximum : max(shape.maximum, shape.nullNumber)
    let numbers = try Buffer<UInt64>(count: count)
    try Workers.run(parts: Workers.partCount(count)) { part in
      let range = Workers.part(part, of: count)
      for start in Swift.stride(from: range.lowerBound, to: range.upperBound, by: 4096) {
        try Cancellation.check()
        let rows = start..<min(start + 4096, range.upperBound)
        // SAFETY: the part lies within the numbers.
        packer(rows, numbers.base + start)
        guard let validity else { continue }
        for row in rows where !validity[row] { numbers.base[row] = shape.nullNumber }
      }
    }
    return PackedNumber(numbers, maximum: maximum)
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
      let range = Workers.part(part, of: count)
      return try withUnsafeTemporaryAllocation(of: Int.self, capacity: 64) { room in
        guard let found = room.baseAddress else { return false }
        for start in Swift.stride(from: range.lowerBound, to: range.upperBound, by: 64) {
          if start & 4095 == 0 { try Cancellation.check() }
          let rows = start..<Swift.min(start + 64, range.upperBound)
          find(rows, firstRows, others, found)
          for row in rows where found[row - start] >= 0 {
            // SAFETY: rows are below the number of the texts.
            let other = found[row - start]
            let from = texts.offsets.base[row]
            let otherFrom = others.offsets.base[other]
            let length = texts.offsets.base[row + 1] - from
            guard length == others.offsets.base[other + 1] - otherFrom,
              memcmp(texts.bytes.base + from, others.bytes.base + otherFrom, length) == 0
            else { return false }
          }
        }
        return true
      }
    }
    return !parts.contains(false)
  }

  /// Writes the first rows of the ids of `rows`, below 0 where there is none, and asks for their texts,
  /// which lie in no order.
  @inline(__always)
  private func find(
    _ rows: Range<Int>, _ firstRows: Buffer<UInt32>?, _ texts: TextStorage,
    _ found: UnsafeMutablePointer<Int>
  ) {
    for row in rows {
      // SAFETY: ids are below their number.
      let id = base[row]
      let first = id == noRow ? -1 : Int(firstRows.map { $0.base[Int(id)] } ?? id)
      found[row &- rows.lowerBound] = first
      if first >= 0 { kz_prefetch(texts.offsets.base + first) }
    }
    for place in 0..<rows.count where found[place] >= 0 {
      kz_prefetch(texts.bytes.base + texts.offsets.base[found[place]])
    }
  }
}

extension Column {
  /// A text column with its texts in a dictionary; any other column as it is.
  package func dictionaryEncoded() throws -> Column {
    guard case .text(let text) = storage else { return self }
    let (codes, dictionary) = try text.encoded(validity)
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
