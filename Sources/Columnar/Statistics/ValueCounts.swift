/// The distinct values of a column with how often each occurs.
package struct ValueCounts: Sendable {
  /// Ascending, null last if there is one.
  package let values: Column
  /// How many rows have each value.
  package let counts: Buffer<UInt32>

  package init(_ column: Column) throws {
    let coded = try column.dictionaryEncoded()
    if let tally = try ValueTally(coded) {
      (values, counts) = try tally.ordered(coded)
      return
    }
    let grouping = try Grouping(keys: [coded], rowCount: column.count)
    counts = try grouping.sizes()
    values = try coded.take(grouping.firstRows)
  }

  /// The places of the `count` most frequent values that are not null, the most frequent first,
  /// the lesser value first among equals.
  package func mostFrequent(_ count: Int) -> [Int] {
    var top: [Int] = []
    for place in 0..<counts.count where !values.isNull(place) {
      let size = counts[place]
      if top.count >= count, let last = top.last, counts[last] >= size { continue }
      let position = top.firstIndex { counts[$0] < size } ?? top.count
      top.insert(place, at: position)
      if top.count > count { top.removeLast() }
    }
    return top
  }
}

extension ValueTally {
  /// The values of `column` that occur, ascending, null last, with the rows of each.
  fileprivate func ordered(_ column: Column) throws -> (values: Column, counts: Buffer<UInt32>) {
    var slots: [Int] = []
    if case .dictionary(_, let dictionary) = column.storage {
      slots = try dictionary.entriesByRank.map { Int($0) }.filter { counts.base[$0] > 0 }
    } else {
      slots = (0..<counts.count).filter { counts.base[$0] > 0 }
    }
    let hasNull = column.nullCount > 0
    var sizes = slots.map { UInt32(truncatingIfNeeded: counts.base[$0]) }
    if hasNull {
      sizes.append(UInt32(truncatingIfNeeded: column.nullCount))
      slots.append(0)
    }
    var validity: Bitmap?
    if hasNull {
      var bits = [Bool](repeating: true, count: slots.count)
      bits[slots.count - 1] = false
      validity = try Bitmap(bits)
    }
    if case .dictionary(_, let dictionary) = column.storage {
      let codes = slots.map { UInt32(truncatingIfNeeded: $0) }
      let storage = Storage.dictionary(
        try Codes(codes, entryCount: dictionary.count), dictionary)
      return (
        Column(type: column.type, storage: storage, validity: validity), try Buffer(sizes)
      )
    }
    var integers = slots.map { lowest &+ Int64($0) }
    if hasNull { integers[integers.count - 1] = 0 }
    let values = try Column(integers: try Buffer(integers), type: column.type, validity: validity)
    return (values, try Buffer(sizes))
  }
}

/// How often each value of one column occurs with each of another.
package struct CrossTabulation: Sendable {
  /// Ascending, null last if there is one.
  package let rowValues: Column
  package let columnValues: Column
  /// Row after row, `columnValues.count` counts each.
  package let counts: [Int]

  package subscript(row: Int, column: Int) -> Int { counts[row * columnValues.count + column] }

  /// A table has at most this many cells.
  package static let cellLimit = 1 << 24

  /// Tabulates columns of one length. Throws `value` above `cellLimit` cells.
  package init(rows: Column, columns: Column) throws {
    precondition(rows.count == columns.count)
    let left = try Grouping(keys: [rows], rowCount: rows.count)
    let right = try Grouping(keys: [columns], rowCount: columns.count)
    let (cells, overflow) = left.groupCount.multipliedReportingOverflow(by: right.groupCount)
    guard !overflow, cells <= CrossTabulation.cellLimit else {
      throw DataError(
        .invalidValue,
        "a table of \(left.groupCount) by \(right.groupCount) values is too large",
        hints: ["tabulate a column with fewer distinct values, or bin it first"])
    }
    rowValues = try rows.take(left.firstRows)
    columnValues = try columns.take(right.firstRows)
    var counts = [Int](repeating: 0, count: cells)
    let (leftIDs, rightIDs) = (try left.ids, try right.ids)
    for row in 0..<rows.count {
      if row & 16_383 == 0 { try Cancellation.check() }
      counts[Int(leftIDs.base[row]) * right.groupCount + Int(rightIDs.base[row])] += 1
    }
    self.counts = counts
  }
}
