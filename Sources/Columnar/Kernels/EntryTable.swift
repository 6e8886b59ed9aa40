/// What an expression over dictionary-coded columns gives for each combination of their entries,
/// null being one more behind a dictionary's entries: a row's result is then looked up by its codes.
package struct EntryTable: Sendable {
  private let sources: [Column]
  private let values: Vector
  /// The results as a column of one row a combination, the last column's entries running fastest.
  package let results: Column

  /// How many combinations the entries of `sources` have; nil if one of them has no dictionary, or
  /// if they are more than `limit`.
  package static func combinationCount(_ sources: [Column], limit: Int) -> Int? {
    var count = 1
    for source in sources {
      guard case .dictionary(_, let dictionary) = source.storage, dictionary.count < limit
      else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: dictionary.count + 1)
      if overflow || product > limit { return nil }
      count = product
    }
    return count
  }

  /// The texts of each of `sources`, which must have dictionaries, in all combinations.
  package static func combinations(_ sources: [Column]) throws -> [Column] {
    let total = combinationCount(sources, limit: .max) ?? 0
    var repeats = total
    return try sources.map { source in
      guard case .dictionary(_, let dictionary) = source.storage else { return source }
      let entries = Column(type: .text, storage: .text(dictionary.entries))
      let places = dictionary.count + 1
      repeats /= places
      if sources.count == 1 { return try Column.concatenate([entries, .texts([nil])]) }
      let rows = try Buffer<UInt32>(count: total)
      for row in 0..<total {
        let place = row / repeats % places
        rows.base[row] = place == dictionary.count ? noRow : UInt32(truncatingIfNeeded: place)
      }
      return try entries.takeOrNull(rows)
    }
  }

  /// A table of `results`, a row a combination, for the rows of `sources`.
  package init(sources: [Column], results: Column) throws {
    self.sources = sources
    self.results = try results.dictionaryEncoded()
    values = self.results.vector(0..<results.count)
  }

  /// The table as a condition on the codes; nil unless it is of bools without null, and of one
  /// column that has none either.
  package var condition: FusedCondition? {
    guard results.type == .bool, sources.count == 1, sources[0].nullCount == 0,
      case .int8(let truth) = results.storage
    else { return nil }
    let entryCount = results.count - 1
    for entry in 0..<entryCount where results.isNull(entry) { return nil }
    return .entries(sources[0], truth.prefix(entryCount).map { UInt8(bitPattern: $0) })
  }

  /// The results for the rows of `range`, which begins at a multiple of 64.
  package func vector(_ range: Range<Int>) -> Vector {
    let places = places(range)
    let count = places.count
    var validity: [UInt64]?
    if let known = values.validity {
      var words = [UInt64](repeating: 0, count: Bitmap.wordCount(count))
      for (row, place) in places.enumerated() where Validity.isSet(known, Int(place)) {
        words[row >> 6] |= 1 << UInt64(row & 63)
      }
      validity = words
    }
    switch values.values {
    case .bools(let table):
      return Vector(.bools(elementwise(places, count) { table[Int($0)] }), validity: validity)
    case .ints(let table):
      return Vector(.ints(elementwise(places, count) { table[Int($0)] }), validity: validity)
    case .floats(let table):
      return Vector(.floats(elementwise(places, count) { table[Int($0)] }), validity: validity)
    case .texts(let table):
      return Vector(
        .texts(
          TextVector(
            views: elementwise(places, count) { table.views[Int($0)] }, owners: table.owners)),
        validity: validity)
    }
  }

  /// For each row the place of its result in the table.
  private func places(_ range: Range<Int>) -> [UInt32] {
    var places: [UInt32] = []
    for source in sources {
      guard case .dictionary(let codes, let dictionary) = source.storage else { continue }
      var digits = codes.indices(range)
      let null = UInt32(truncatingIfNeeded: dictionary.count)
      if let validity = source.validity(range) {
        for row in 0..<digits.count where !Validity.isSet(validity, row) { digits[row] = null }
      }
      let radix = null &+ 1
      places =
        places.isEmpty
        ? digits : elementwise(places, digits, digits.count) { $0 &* radix &+ $1 }
    }
    return places
  }

  /// The whole result as a column, for texts without looking at a row twice; nil for other types.
  package func textColumn() throws -> Column? {
    guard results.type == .text, case .dictionary(let codes, let dictionary) = results.storage
    else { return nil }
    let storage: Storage =
      switch codes {
      case .uint8(let codes): .dictionary(.uint8(try lookedUp(codes)), dictionary)
      case .uint16(let codes): .dictionary(.uint16(try lookedUp(codes)), dictionary)
      case .uint32(let codes): .dictionary(.uint32(try lookedUp(codes)), dictionary)
      }
    return Column(type: .text, storage: storage, validity: try lookedUpValidity())
  }

  /// The code of each row from those of the combinations.
  private func lookedUp<Code: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ codes: Buffer<Code>
  ) throws -> Buffer<Code> {
    let output = try Buffer<Code>(count: sources[0].count)
    try forEachBatch { rows, places in
      // SAFETY: the rows are this batch's own, and places are below the number of combinations.
      let (target, table) = (output.base + rows.lowerBound, codes.base)
      places.withUnsafeBufferPointer { places in
        for row in 0..<places.count { target[row] = table[Int(places[row])] }
      }
    }
    return output
  }

  private func lookedUpValidity() throws -> Bitmap? {
    guard results.nullCount > 0 else { return nil }
    let count = sources[0].count
    let words = try Buffer<UInt64>(count: Bitmap.wordCount(count))
    try forEachBatch { rows, places in
      var word: UInt64 = 0
      for (row, place) in places.enumerated() {
        if !results.isNull(Int(place)) { word |= 1 << UInt64(row & 63) }
        if row & 63 == 63 || row == places.count - 1 {
          // SAFETY: batches begin at whole words.
          words.base[(rows.lowerBound + row) >> 6] = word
          word = 0
        }
      }
    }
    return Bitmap(words: words, count: count)
  }

  /// Calls `body` with all rows, a batch at a time, and the places of their results.
  private func forEachBatch(_ body: @Sendable (Range<Int>, [UInt32]) throws -> Void) throws {
    let count = sources[0].count
    try Workers.run(parts: Workers.partCount(count)) { part in
      let range = Workers.part(part, of: count)
      for start in stride(from: range.lowerBound, to: range.upperBound, by: Vector.batchSize) {
        try Cancellation.check()
        let rows = start..<min(start + Vector.batchSize, range.upperBound)
        try body(rows, places(rows))
      }
    }
  }
}
