/// Columns that are null together in some rows, and in how many.
package struct MissingPattern: Sendable, Hashable {
  /// The places of the columns that are null, ascending; empty for complete rows.
  package let columns: [Int]
  package let rowCount: Int
}

extension Frame {
  /// The combinations of null columns that occur, by falling number of rows, then by column.
  package func missingPatterns() throws -> [MissingPattern] {
    let incomplete = columns.indices.filter { columns[$0].nullCount > 0 }
    let flags = try incomplete.map { try columns[$0].nullFlags() }
    if rowCount == 0 { return [] }
    let grouping = try Grouping(keys: flags, rowCount: rowCount)
    let sizes = try grouping.sizes()
    let patterns = (0..<grouping.groupCount).map { group in
      let row = Int(grouping.firstRows[group])
      return MissingPattern(
        columns: incomplete.filter { columns[$0].isNull(row) }, rowCount: Int(sizes[group]))
    }
    return patterns.sorted {
      $0.rowCount != $1.rowCount
        ? $0.rowCount > $1.rowCount : $0.columns.lexicographicallyPrecedes($1.columns)
    }
  }

  /// How many rows equal an earlier row in every column; null equals null.
  package func duplicateRowCount() throws -> Int {
    if columns.isEmpty { return max(rowCount - 1, 0) }
    return rowCount - (try distinctRows(columns, rowCount: rowCount)).count
  }
}

extension Column {
  /// A bool column that is true where this one is null.
  package func nullFlags() throws -> Column {
    let flags = try Buffer<Int8>(count: count)
    try Workers.run(parts: Workers.partCount(count)) { part in
      for row in Workers.part(part, of: count) { flags.base[row] = isNull(row) ? 1 : 0 }
    }
    return Column(type: .bool, storage: .int8(flags))
  }
}
