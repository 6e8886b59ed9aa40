/// Functions of a row and those around it within its group, in row order.
package enum Windows {
  /// The place of each row in its group, from 1.
  package static func rowNumbers(by grouping: Grouping) throws -> Column {
    let numbers = try Buffer<Int64>(count: grouping.rowCount)
    try visit(grouping) { rows in
      for (place, row) in rows.enumerated() { numbers.base[Int(row)] = Int64(place + 1) }
    }
    return try narrowed(numbers, type: .int, validity: nil)
  }

  /// The value `offset` rows before each row of its group, behind it if below 0; null where the
  /// group has none.
  package static func shifted(
    _ column: Column, by offset: Int, in grouping: Grouping
  ) throws -> Column {
    let sources = try Buffer<UInt32>(count: grouping.rowCount)
    try visit(grouping) { rows in
      for place in 0..<rows.count {
        let (from, overflow) = place.subtractingReportingOverflow(offset)
        let isInside = !overflow && from >= 0 && from < rows.count
        sources.base[Int(rows[place])] = isInside ? rows[from] : noRow
      }
    }
    return try column.takeOrNull(sources)
  }

  /// How many values there are in the group up to each row.
  package static func cumulativeCounts(
    _ column: Column, by grouping: Grouping
  ) throws -> Column {
    let counts = try Buffer<Int64>(count: grouping.rowCount)
    try visit(grouping) { rows in
      var count: Int64 = 0
      for row in rows {
        if !column.isNull(Int(row)) { count += 1 }
        counts.base[Int(row)] = count
      }
    }
    return try narrowed(counts, type: .int, validity: nil)
  }

  /// The sum of the group's values up to each row; null adds nothing. Throws `overflow` naming the
  /// row at which a sum of ints leaves 64 bits.
  package static func cumulativeSums(
    _ column: Column, type: DataType, by grouping: Grouping
  ) throws -> Column {
    if type == .float {
      let values = try column.numbers()
      let sums = try Buffer<Double>(count: column.count)
      try visit(grouping) { rows in
        var sum = 0.0
        for row in rows {
          if !column.isNull(Int(row)) { sum += values.base[Int(row)] }
          sums.base[Int(row)] = sum
        }
      }
      // Infinities of both signs cancel to what is not a number, which is null.
      let bits = try Bitmap(sums.elements.map { !$0.isNaN })
      for row in 0..<sums.count where sums.base[row].isNaN { sums.base[row] = 0 }
      return Column(type: .float, storage: .float(sums), validity: bits)
    }
    let sums = try Buffer<Int64>(count: column.count)
    let batch = Vector.batchSize
    var start = 0
    while start < column.count {
      let range = start..<min(start + batch, column.count)
      let values = column.vector(range).ints
      for (i, value) in values.enumerated() { sums.base[start + i] = value }
      start = range.upperBound
    }
    try visit(grouping) { rows in
      var sum: Int64 = 0
      for row in rows {
        if !column.isNull(Int(row)) {
          let (next, overflow) = sum.addingReportingOverflow(sums.base[Int(row)])
          if overflow {
            throw DataError(
              .overflow, "the cumulative sum does not fit into a 64-bit integer", row: Int(row))
          }
          sum = next
        }
        sums.base[Int(row)] = sum
      }
    }
    return try narrowed(sums, type: type, validity: nil)
  }

  /// One more than the number of lesser values in the group (`isDense`: of lesser distinct values);
  /// null for null.
  package static func ranks(
    _ column: Column, isDense: Bool, by grouping: Grouping
  ) throws -> Column {
    let order = try sortedRows([SortColumn(column: column)], rowCount: column.count)
    // Equal values have equal numbers: groups in order of the key.
    let values = try Grouping(keys: [column], rowCount: column.count).ids
    let ids = try grouping.ids
    let ranks = try Buffer<Int64>(count: column.count)
    var seen = [Int64](repeating: 0, count: grouping.groupCount)
    var rank = [Int64](repeating: 0, count: grouping.groupCount)
    var last = [Int64](repeating: -1, count: grouping.groupCount)
    for (place, row) in order.elements.enumerated() {
      if place & 16_383 == 0 { try Cancellation.check() }
      let group = Int(ids[Int(row)])
      let value = Int64(values[Int(row)])
      seen[group] += 1
      if value != last[group] {
        rank[group] = isDense ? rank[group] + 1 : seen[group]
        last[group] = value
      }
      ranks.base[Int(row)] = column.isNull(Int(row)) ? 0 : rank[group]
    }
    return try narrowed(ranks, type: .int, validity: column.validity)
  }

  /// Calls `body` with the rows of each group, ascending.
  private static func visit(
    _ grouping: Grouping, _ body: (UnsafeBufferPointer<UInt32>) throws -> Void
  ) throws {
    let segments = try grouping.segments
    let rows = segments.rows.elements
    for group in 0..<grouping.groupCount {
      if group & 1023 == 0 { try Cancellation.check() }
      try body(UnsafeBufferPointer(rebasing: rows[segments.range(group)]))
    }
  }

  private static func narrowed(
    _ values: Buffer<Int64>, type: DataType, validity: Bitmap?
  ) throws -> Column {
    let lower = values.elements.reduce(0) { min($0, $1) }
    let upper = values.elements.reduce(0) { max($0, $1) }
    return Column(
      type: type, storage: try .integers(values.elements, within: lower...upper),
      validity: validity)
  }
}
