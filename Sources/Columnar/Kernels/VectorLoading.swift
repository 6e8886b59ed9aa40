extension Column {
  /// The rows of `range`, widened; it must lie inside the column and begin at a multiple of 64.
  package func vector(_ range: Range<Int>) -> Vector {
    precondition(range.lowerBound >= 0 && range.upperBound <= count && range.lowerBound & 63 == 0)
    let validity = validity(range)
    switch storage {
    case .int8(let buffer):
      if type == .bool {
        return Vector(.bools(buffer.widened(range) { UInt8(bitPattern: $0) }), validity: validity)
      }
      return Vector(.ints(buffer.widened(range) { Int64($0) }), validity: validity)
    case .int16(let buffer):
      return Vector(.ints(buffer.widened(range) { Int64($0) }), validity: validity)
    case .int32(let buffer):
      return Vector(.ints(buffer.widened(range) { Int64($0) }), validity: validity)
    case .int64(let buffer):
      return Vector(.ints(buffer.widened(range) { $0 }), validity: validity)
    case .float(let buffer):
      return Vector(.floats(buffer.widened(range) { $0 }), validity: validity)
    case .text(let storage):
      return Vector(
        .texts(TextVector(views: storage.views(range), owners: [storage])),
        validity: validity)
    case .dictionary(let codes, let dictionary):
      let views = codes.indices(range).map { dictionary.entries.utf8(Int($0)) }
      return Vector(.texts(TextVector(views: views, owners: [dictionary])), validity: validity)
    }
  }

  /// The validity words of `range`, which begins at a multiple of 64; nil where all rows of it have
  /// a value.
  package func validity(_ range: Range<Int>) -> [UInt64]? {
    guard let words = validity?.words else { return nil }
    let first = range.lowerBound >> 6
    var bits = Array(words.elements[first..<first + Bitmap.wordCount(range.count)])
    if range.count & 63 != 0 {
      // Rows past the range are none of ours; as valid they do not hide that all others are.
      bits[bits.count - 1] |= ~((1 << UInt64(range.count & 63)) - 1)
    }
    return bits.allSatisfy { $0 == ~0 } ? nil : bits
  }
}

extension TextStorage {
  /// The bytes of the rows of `range`, valid while the storage is alive.
  func views(_ range: Range<Int>) -> [UnsafeBufferPointer<UInt8>] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    // SAFETY: the rows lie within the storage, and each has an end behind its start.
    let (starts, bytes) = (offsets.base, bytes.base)
    return range.map {
      UnsafeBufferPointer(start: bytes + starts[$0], count: starts[$0 + 1] - starts[$0])
    }
  }
}

extension Buffer {
  @inline(__always)
  fileprivate func widened<Wide>(_ range: Range<Int>, _ body: (Element) -> Wide) -> [Wide] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return [Wide](unsafeUninitializedCapacity: range.count) { output, filled in
      // SAFETY: the range was checked against the count.
      let source = base + range.lowerBound
      for i in 0..<range.count { output.initializeElement(at: i, to: body(source[i])) }
      filled = range.count
    }
  }
}

extension Codes {
  /// The codes of `range`, widened.
  package func indices(_ range: Range<Int>) -> [UInt32] {
    switch self {
    case .uint8(let buffer): buffer.widened(range) { UInt32($0) }
    case .uint16(let buffer): buffer.widened(range) { UInt32($0) }
    case .uint32(let buffer): buffer.widened(range) { $0 }
    }
  }
}

/// What an expression over one dictionary-coded column gives for each entry of the dictionary and,
/// at the last place, for null: a row's result is then looked up by its code.
package struct EntryTable: Sendable {
  private let source: Column
  private let values: Vector
  private let entryCount: Int
  /// The results as a column of one row an entry and one for null.
  package let results: Column

  /// A table of `results` for the rows of `source`, a dictionary-coded column.
  package init(source: Column, results: Column) {
    self.source = source
    self.results = results
    entryCount = results.count - 1
    values = results.vector(0..<results.count)
  }

  /// The table as a condition on the codes; nil unless it is of bools without null, and so is the
  /// column.
  package var condition: FusedCondition? {
    guard results.type == .bool, source.nullCount == 0, case .int8(let truth) = results.storage
    else { return nil }
    for entry in 0..<entryCount where results.isNull(entry) { return nil }
    return .entries(source, truth.prefix(entryCount).map { UInt8(bitPattern: $0) })
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
    guard case .dictionary(let codes, _) = source.storage else { return [] }
    var places = codes.indices(range)
    if let validity = source.validity(range) {
      for row in 0..<places.count where !Validity.isSet(validity, row) {
        places[row] = UInt32(truncatingIfNeeded: entryCount)
      }
    }
    return places
  }

  /// The whole result as a column, for texts without looking at a row twice; nil for other types.
  package func textColumn() throws -> Column? {
    guard results.type == .text, case .dictionary(let codes, let dictionary) = results.storage
    else { return nil }
    let count = source.count
    let output = try Buffer<UInt32>(count: count)
    var valid: [[UInt64]] = []
    let table = codes.indices(0..<results.count)
    // SAFETY: each part writes its own rows of `output`.
    nonisolated(unsafe) let target = output.base
    valid = try Workers.map(parts: Workers.partCount(count)) { part in
      let range = Workers.part(part, of: count)
      let places = places(range)
      var words = Validity.full(range.count)
      for (row, place) in places.enumerated() {
        target[range.lowerBound + row] = table[Int(place)]
        if results.isNull(Int(place)) { words[row >> 6] &= ~(1 << UInt64(row & 63)) }
      }
      return words
    }
    return Column(
      type: .text,
      storage: .dictionary(
        try Codes(output.elements, entryCount: dictionary.count), dictionary),
      validity: results.nullCount == 0 ? nil : try Bitmap(parts: valid, count: count))
  }
}
