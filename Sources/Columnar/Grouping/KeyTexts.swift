import CMemory

/// The texts of the keys of many batches, so that each batch's keys are integers: a text's code is the
/// same in all of them, and no batch has to put its texts in order.
struct KeyTexts {
  /// The texts of each key that is text.
  private var texts: [Int: TextPartitions] = [:]
  private let reservation = MemoryReservation()

  /// The keys of a batch, with text as codes. Only texts that a row set in `mask` has are kept, any
  /// row for nil. O(rows). Throws `memory` where the texts are more than the budget leaves.
  mutating func coded(_ keys: [Column], where mask: Bitmap?) throws -> [Column] {
    let coded = try keys.enumerated().map { place, key in
      let rows = try Bitmap.intersection(mask, key.validity)
      var known = texts.removeValue(forKey: place) ?? TextPartitions()
      let numbers: Buffer<Int32>
      switch key.storage {
      case .text(let text): numbers = try known.codes(of: text, where: rows)
      case .dictionary(let codes, let dictionary):
        let used = try codes.used(of: dictionary.count, by: rows)
        numbers = try codes.mapped(known.codes(of: dictionary.entries, where: used))
      default: return key
      }
      texts[place] = known
      return Column(type: .int, storage: .int32(numbers), validity: key.validity)
    }
    try reservation.set(texts.values.reduce(0) { $0 + $1.byteCount })
    return coded
  }

  /// The keys with texts for their codes.
  func decoded(_ keys: [Column]) throws -> [Column] {
    try keys.enumerated().map { place, key in
      guard let texts = texts[place] else { return key }
      let column = Column(
        type: .text,
        storage: .text(
          try texts.texts(count: key.count) { row in
            guard case .int(let code) = key[row] else { return nil }
            return Int(code)
          }), validity: key.validity)
      return try column.canonical(limit: .max)
    }
  }
}

/// Distinct texts with numbers, in partitions by their hashes, so that threads add to them at once
/// and what they look at stays in the cache.
private struct TextPartitions {
  private static let bits = 6
  private static let count = 1 << bits

  private var indexes = [TextIndex](repeating: TextIndex(), count: TextPartitions.count)
  /// The number of each partition's texts.
  private var numbers = [[Int32]](repeating: [], count: TextPartitions.count)
  /// The partition and the place in it of each number.
  private var places: [(partition: Int32, text: UInt32)] = []

  /// What it takes in memory.
  var byteCount: Int {
    indexes.reduce(0) { $0 + $1.byteCount } + numbers.reduce(0) { $0 + $1.capacity * 4 }
      + places.capacity * 8
  }

  /// The numbers of texts, those of the rows in `isUsed`, all for nil; 0 for the others. New texts
  /// take the next numbers, in an order that the texts alone decide.
  mutating func codes(of texts: TextStorage, where isUsed: Bitmap?) throws -> Buffer<Int32> {
    let rowCount = texts.count
    let chunkCount = max(min(Workers.partCount(rowCount), 16), 1)
    let hashes = try Buffer<UInt64>(count: rowCount)
    let buckets = try BucketPlaces(chunks: chunkCount, buckets: TextPartitions.count)
    try Workers.run(parts: chunkCount) { chunk in
      let own = buckets.own(chunk)
      try forEachValidRow(isUsed, in: chunkRange(chunk, of: chunkCount, rowCount)) { row in
        let hash = textHash(texts.utf8(row))
        hashes.base[row] = hash
        own[TextPartitions.partition(hash)] &+= 1
      }
    }
    let starts = try buckets.addUp()
    let rows = try Buffer<UInt32>(count: Int(starts[TextPartitions.count]))
    try Workers.run(parts: chunkCount) { chunk in
      let own = buckets.own(chunk)
      try forEachValidRow(isUsed, in: chunkRange(chunk, of: chunkCount, rowCount)) { row in
        // SAFETY: the places of each chunk and partition were counted.
        let partition = TextPartitions.partition(hashes.base[row])
        rows.base[Int(own[partition])] = UInt32(truncatingIfNeeded: row)
        own[partition] &+= 1
      }
    }
    let codes = try Buffer<Int32>(repeating: 0, count: rowCount)
    try indexes.withUnsafeMutableBufferPointer { indexes in
      // SAFETY: each partition has a table and rows of its own.
      nonisolated(unsafe) let indexes = indexes
      try Workers.run(parts: TextPartitions.count) { partition in
        let end = starts[partition + 1]
        for place in starts[partition]..<end {
          if place & 4095 == 0 { try Cancellation.check() }
          // A partition's rows lie anywhere: what is asked for so early is there in its turn, first
          // where a text begins, then the text.
          if place &+ 32 < end {
            let row = Int(rows.base[Int(place &+ 32)])
            kz_prefetch(texts.offsets.base + row)
            kz_prefetch(hashes.base + row)
          }
          if place &+ 16 < end {
            let row = Int(rows.base[Int(place &+ 16)])
            kz_prefetch(texts.bytes.base + texts.offsets.base[row])
          }
          let row = Int(rows.base[Int(place)])
          let text = indexes[partition].insert(texts.utf8(row), hash: hashes.base[row])
          codes.base[row] = Int32(bitPattern: text)
        }
      }
    }
    try number()
    try Workers.run(parts: TextPartitions.count) { [numbers] partition in
      let own = numbers[partition]
      let end = starts[partition + 1]
      for place in starts[partition]..<end {
        if place &+ 16 < end { kz_prefetch(codes.base + Int(rows.base[Int(place &+ 16)])) }
        let row = Int(rows.base[Int(place)])
        codes.base[row] = own[Int(UInt32(bitPattern: codes.base[row]))]
      }
    }
    return codes
  }

  /// Gives numbers to the texts that have none.
  private mutating func number() throws {
    for partition in indexes.indices {
      while numbers[partition].count < indexes[partition].count {
        guard let next = Int32(exactly: places.count) else {
          throw DataError(.overflow, "more than 2,147,483,648 different texts in a key")
        }
        places.append((Int32(partition), UInt32(numbers[partition].count)))
        numbers[partition].append(next)
      }
    }
  }

  /// The texts of `count` rows, from their numbers; empty for nil.
  func texts(count: Int, _ number: (Int) -> Int?) throws -> TextStorage {
    let stored = try indexes.map { try $0.storage() }
    let offsets = try Buffer<Int>(count: count + 1)
    var bytes: [UInt8] = []
    for row in 0..<count {
      if row & 4095 == 0 { try Cancellation.check() }
      offsets.base[row] = bytes.count
      guard let number = number(row) else { continue }
      let place = places[number]
      bytes.append(contentsOf: stored[Int(place.partition)].utf8(Int(place.text)))
    }
    offsets.base[count] = bytes.count
    return TextStorage(offsets: offsets, bytes: try Buffer(bytes))
  }

  @inline(__always)
  private static func partition(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash &>> UInt64(64 - bits))
  }
}

extension Codes {
  /// Which of `entryCount` entries the rows set in `rows` have, any row for nil.
  fileprivate func used(of entryCount: Int, by rows: Bitmap?) throws -> Bitmap {
    var isUsed = [Bool](repeating: false, count: entryCount)
    func mark(_ codes: Buffer<some FixedWidthInteger & Sendable>) throws {
      var missing = entryCount
      for row in 0..<codes.count {
        if missing == 0 { break }
        if row & 0xFFFF == 0 { try Cancellation.check() }
        let code = Int(truncatingIfNeeded: codes.base[row])
        if isUsed[code] || !(rows?[row] ?? true) { continue }
        isUsed[code] = true
        missing -= 1
      }
    }
    switch self {
    case .uint8(let codes): try mark(codes)
    case .uint16(let codes): try mark(codes)
    case .uint32(let codes): try mark(codes)
    }
    return try Bitmap(isUsed)
  }

  /// What the map has for each row's code.
  fileprivate func mapped(_ map: Buffer<Int32>) throws -> Buffer<Int32> {
    let mapped = try Buffer<Int32>(count: count)
    func fill(_ codes: Buffer<some FixedWidthInteger & Sendable>) throws {
      try Workers.run(parts: Workers.partCount(count)) { part in
        for row in Workers.part(part, of: count) {
          // SAFETY: codes index their dictionary, and the map is as long.
          mapped.base[row] = map.base[Int(truncatingIfNeeded: codes.base[row])]
        }
      }
    }
    switch self {
    case .uint8(let codes): try fill(codes)
    case .uint16(let codes): try fill(codes)
    case .uint32(let codes): try fill(codes)
    }
    return mapped
  }
}
