extension Windows {
  /// The value `offset` rows before each row of its partition, behind it if below 0; null where the
  /// partition has none.
  package static func shifted(
    _ column: Column, by offset: Int, in partitions: Partitions
  ) throws -> Column {
    let sources = try Buffer<UInt32>(count: partitions.rowCount)
    try partitions.forEach { places in
      for place in places {
        if place & 16_383 == 0 { try Cancellation.check() }
        let (from, overflow) = place.subtractingReportingOverflow(offset)
        // SAFETY: places lie below the number of rows.
        sources.base[partitions.row(place)] =
          !overflow && places.contains(from)
          ? UInt32(truncatingIfNeeded: partitions.row(from)) : noRow
      }
    }
    return try column.takeOrNull(sources)
  }

  /// Whether there is a row `offset` rows before each row in its partition.
  package static func isInside(_ offset: Int, in partitions: Partitions) throws -> Column {
    let flags = try Buffer<Int8>(count: partitions.rowCount)
    try partitions.forEach { places in
      for place in places {
        let (from, overflow) = place.subtractingReportingOverflow(offset)
        flags.base[partitions.row(place)] = !overflow && places.contains(from) ? 1 : 0
      }
    }
    return Column(type: .bool, storage: .int8(flags))
  }

  /// The value of the `number`th row of the partition, from 1, or from the end where it is below 0;
  /// null where there is none.
  package static func nth(
    _ column: Column, _ number: Int, in partitions: Partitions
  ) throws -> Column {
    try constant(column, in: partitions) { places in
      let (place, overflow) =
        number > 0
        ? places.lowerBound.addingReportingOverflow(number - 1)
        : places.upperBound.addingReportingOverflow(number)
      return !overflow && number != 0 && places.contains(place) ? place : nil
    }
  }

  /// The first value of the partition that is not null, or the last.
  package static func edge(
    _ column: Column, isFirst: Bool, in partitions: Partitions
  ) throws -> Column {
    try constant(column, in: partitions) { places in
      isFirst
        ? places.first { !column.isNull(partitions.row($0)) }
        : places.last { !column.isNull(partitions.row($0)) }
    }
  }

  /// In every row of a partition the value at one place of it.
  private static func constant(
    _ column: Column, in partitions: Partitions,
    _ source: @Sendable (Range<Int>) -> Int?
  ) throws -> Column {
    let sources = try Buffer<UInt32>(count: partitions.rowCount)
    try partitions.forEach { places in
      let row = source(places).map { UInt32(truncatingIfNeeded: partitions.row($0)) } ?? noRow
      for place in places { sources.base[partitions.row(place)] = row }
    }
    return try column.takeOrNull(sources)
  }

  /// Each null replaced by the last value before it (`isForward`) or the next behind it in its
  /// partition, no more than `limit` rows away.
  package static func filled(
    _ column: Column, isForward: Bool, limit: Int = .max, in partitions: Partitions
  ) throws -> Column {
    if column.nullCount == 0 { return column }
    let sources = try Buffer<UInt32>(count: partitions.rowCount)
    try partitions.forEach { places in
      var known: Int?
      for step in 0..<places.count {
        if step & 16_383 == 0 { try Cancellation.check() }
        let place = isForward ? places.lowerBound + step : places.upperBound - 1 - step
        let row = partitions.row(place)
        if !column.isNull(row) { known = place }
        let isNear = known.map { abs(place - $0) <= limit } ?? false
        sources.base[row] =
          isNear ? UInt32(truncatingIfNeeded: partitions.row(known ?? place)) : noRow
      }
    }
    return try column.takeOrNull(sources)
  }
}
