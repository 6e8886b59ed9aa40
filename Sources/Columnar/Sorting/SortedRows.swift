/// The rows in the order of `keys`, the first key deciding, ties in their old order.
///
/// Text is ordered by its bytes, -0 equals 0, and null comes last whichever way a key runs. Each
/// key's column must have `rowCount` rows. Throws `overflow` beyond 4,294,967,294 rows.
package func sortedRows(_ keys: [SortColumn], rowCount: Int) throws -> Buffer<UInt32> {
  try OrderedRows(KeyPacking(keys, rowCount: rowCount)).rows
}

extension Frame {
  /// The rows in the order that `sortedRows` gives for `keys`, each of which must have as many
  /// rows. A column that is the first key is not gathered but, where it can be, read off the sorted
  /// keys.
  package func sorted(by keys: [SortColumn]) throws -> Frame {
    let packing = try KeyPacking(keys, rowCount: rowCount)
    let ordered = try OrderedRows(packing)
    guard let bits = packing.bitsBelowFirst, let sorted = try ordered.column(keys[0], above: bits)
    else { return try takeChecked(ordered.rows) }
    let others = columns.indices.filter { !columns[$0].isSameMemory(as: keys[0].column) }
    if others.count == columns.count { return try takeChecked(ordered.rows) }
    let rest = try Frame(
      names: others.map { names[$0] }, columns: others.map { columns[$0] }, rowCount: rowCount
    ).takeChecked(ordered.rows)
    return Frame(
      names: names, columns: names.map { rest[$0] ?? sorted }, rowCount: rowCount,
      origin: origin?.taken(ordered.rows))
  }

  /// The first `count` rows of the frame sorted by `keys`.
  package func top(_ count: Int, by keys: [SortColumn]) throws -> Frame {
    try takeChecked(topRows(keys, rowCount: rowCount, count: count))
  }
}

extension Column {
  /// Whether both are the same values in memory.
  fileprivate func isSameMemory(as other: Column) -> Bool {
    guard type == other.type,
      validity.map({ ObjectIdentifier($0.words) })
        == other.validity.map({ ObjectIdentifier($0.words) })
    else { return false }
    return switch (storage, other.storage) {
    case (.int8(let own), .int8(let others)): own === others
    case (.int16(let own), .int16(let others)): own === others
    case (.int32(let own), .int32(let others)): own === others
    case (.int64(let own), .int64(let others)): own === others
    case (.float(let own), .float(let others)): own === others
    case (.dictionary(let own, let texts), .dictionary(let others, let otherTexts)):
      texts === otherTexts && own.isSameMemory(as: others)
    default: false
    }
  }
}

extension Codes {
  fileprivate func isSameMemory(as other: Codes) -> Bool {
    switch (self, other) {
    case (.uint8(let own), .uint8(let others)): own === others
    case (.uint16(let own), .uint16(let others)): own === others
    case (.uint32(let own), .uint32(let others)): own === others
    default: false
    }
  }
}

extension OrderedRows {
  /// The column of the first key in the order of the rows, from its digits in the sorted numbers,
  /// above the lowest `bits` bits; nil where they do not tell it.
  fileprivate func column(_ key: SortColumn, above bits: Int) throws -> Column? {
    switch key.column.storage {
    case .float: return bits == 0 ? try floats(key) : nil
    case .text: return nil
    case .int8, .int16, .int32, .int64, .dictionary:
      return key.isDescending ? nil : try KeyLayout.column(key.column, above: bits, of: numbers)
    }
  }

  /// The floats of the one key in the order of the rows, if none is null.
  private func floats(_ key: SortColumn) throws -> Column? {
    guard case .float(let source) = key.column.storage, key.column.nullCount == 0,
      let numbers = ownNumbers
    else { return nil }
    let values = try Buffer<Double>(count: numbers.count)
    let digit = FloatDigit(
      lowest: FloatKeys.key(-.infinity), highest: FloatKeys.key(.infinity),
      isDescending: key.isDescending)
    let sign = key.isDescending ? -1.0 : 1
    try Workers.run(parts: Workers.partCount(numbers.count)) { part in
      // SAFETY: both have as many elements.
      for place in Workers.part(part, of: numbers.count) {
        values.base[place] = sign * digit.value(numbers.base[place])
      }
    }
    // Keys do not tell -0 from 0: these are looked up.
    let zero = FloatKeys.key(0)
    let number = key.isDescending ? digit.highest &- zero : zero &- digit.lowest
    var place = numbers.firstPlace { $0 >= number }
    while place < numbers.count, numbers.base[place] == number {
      values.base[place] = source.base[Int(rows.base[place])]
      place += 1
    }
    return Column(type: key.column.type, storage: .float(values))
  }
}

extension Buffer {
  /// The first place whose element `isPast`, which must hold for all after it too.
  fileprivate func firstPlace(where isPast: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isPast(base[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
