/// What is computed of a partition's values up to each row.
package enum Cumulative: Sendable, Hashable {
  /// How many values there are.
  case count
  case sum, product, mean, min, max
}

extension Windows {
  /// The place of each row in its partition, from 1.
  package static func rowNumbers(in partitions: Partitions) throws -> Column {
    let numbers = try Buffer<Int64>(count: partitions.rowCount)
    try partitions.forEach { places in
      for place in places { numbers.base[place] = Int64(place - places.lowerBound + 1) }
    }
    return try partitions.integers(numbers, type: .int)
  }

  /// `function` of the values from the partition's first row to each row; nulls are skipped, and
  /// before the first value the result is null, a count 0. Throws `overflow` naming the row at
  /// which a sum or product of ints leaves 64 bits.
  package static func cumulative(
    _ function: Cumulative, _ column: Column, type: DataType, in partitions: Partitions
  ) throws -> Column {
    switch function {
    case .count: return try cumulativeCounts(column, in: partitions)
    case .min, .max:
      return try column.takeOrNull(
        try column.visitKeys(
          RunningExtreme(column: column, isMax: function == .max, partitions: partitions)))
    case .sum, .product, .mean:
      let ordered = try partitions.ordered(column)
      if type == .float { return try cumulativeFloats(function, ordered, in: partitions) }
      return try cumulativeIntegers(function, ordered, type: type, in: partitions)
    }
  }

  private static func cumulativeCounts(
    _ column: Column, in partitions: Partitions
  ) throws -> Column {
    let validity = PlaceValidity(try partitions.ordered(column))
    let counts = try Buffer<Int64>(count: partitions.rowCount)
    try partitions.forEach { places in
      var count: Int64 = 0
      for place in places {
        if place & 16_383 == 0 { try Cancellation.check() }
        if validity.isSet(place) { count &+= 1 }
        counts.base[place] = count
      }
    }
    return try partitions.integers(counts, type: .int)
  }

  private static func cumulativeFloats(
    _ function: Cumulative, _ ordered: Column, in partitions: Partitions
  ) throws -> Column {
    let numbers = try ordered.numbers()
    let validity = PlaceValidity(ordered)
    let results = try Buffer<Double>(count: ordered.count)
    try partitions.forEach { places in
      var count = 0.0
      var total = function == .product ? 1.0 : 0.0
      for place in places {
        if place & 16_383 == 0 { try Cancellation.check() }
        if validity.isSet(place) {
          count += 1
          // SAFETY: places lie below the number of rows.
          let number = numbers.base[place]
          if function == .product { total *= number } else { total += number }
        }
        results.base[place] =
          count == 0 ? .nan : function == .mean ? total / count : total
      }
    }
    return try partitions.floats(results)
  }

  private static func cumulativeIntegers(
    _ function: Cumulative, _ ordered: Column, type: DataType, in partitions: Partitions
  ) throws -> Column {
    let numbers = try ordered.wideIntegers()
    let validity = PlaceValidity(ordered)
    let results = try Buffer<Int64>(count: ordered.count)
    let isPresent = try Buffer<UInt8>(count: ordered.count)
    try partitions.forEach { places in
      var total: Int64 = function == .product ? 1 : 0
      var hasValue: UInt8 = 0
      for place in places {
        if place & 16_383 == 0 { try Cancellation.check() }
        if validity.isSet(place) {
          hasValue = 1
          let (next, overflow) =
            function == .product
            ? total.multipliedReportingOverflow(by: numbers.base[place])
            : total.addingReportingOverflow(numbers.base[place])
          if overflow {
            throw DataError(
              .overflow,
              "the cumulative \(function == .product ? "product" : "sum") does not fit into a "
                + "64-bit integer", row: partitions.row(place),
              hints: type == .int ? ["float(…) inside goes on with floats"] : [])
          }
          total = next
        }
        results.base[place] = total
        isPresent.base[place] = hasValue
      }
    }
    return try partitions.integers(results, type: type, isPresent: isPresent)
  }
}

/// For each row the row of the least or greatest value so far in its partition.
private struct RunningExtreme: KeyVisitor {
  let column: Column
  let isMax: Bool
  let partitions: Partitions

  func visit(_ source: some KeySource) throws -> Buffer<UInt32> {
    let sources = try Buffer<UInt32>(count: partitions.rowCount)
    let flip: UInt64 = isMax ? ~0 : 0
    try partitions.forEach { places in
      var best: UInt64 = 0
      var found = noRow
      for place in places {
        if place & 16_383 == 0 { try Cancellation.check() }
        let row = partitions.row(place)
        if !column.isNull(row) {
          let key = source.key(row) ^ flip
          if found == noRow || key < best {
            best = key
            found = UInt32(truncatingIfNeeded: row)
          }
        }
        sources.base[row] = found
      }
    }
    return sources
  }
}
