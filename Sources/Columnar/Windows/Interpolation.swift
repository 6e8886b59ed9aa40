extension Windows {
  /// Each null replaced by the value on the straight line between the last value before it and the
  /// next behind it in its partition; how far between them it lies `keys` say, numbers or times by
  /// which the partitions must be ordered first. Outside of the known values, and where a row has no
  /// key, it stays null; between two of one key it is the one before.
  package static func interpolated(
    _ column: Column, by keys: Column, in partitions: Partitions
  ) throws -> Column {
    let ordered = try partitions.ordered(column)
    let orderedKeys = try partitions.ordered(keys)
    let isKnown = PlaceValidity(ordered)
    let hasKey = PlaceValidity(orderedKeys)
    let (values, numbers) = (try ordered.numbers(), try orderedKeys.numbers())
    let results = try Buffer<Double>(count: partitions.rowCount)
    try partitions.forEach { places in
      // The place of the last known value, behind which all are filled in once the next is known.
      var before: Int?
      for place in places {
        if place & 16_383 == 0 { try Cancellation.check() }
        // SAFETY: places of a partition are below the number of rows, which all buffers have.
        results.base[place] = isKnown.isSet(place) ? values.base[place] : .nan
        guard isKnown.isSet(place), hasKey.isSet(place) else { continue }
        if let before {
          let (from, to) = (numbers.base[before], numbers.base[place])
          let (low, high) = (values.base[before], values.base[place])
          for gap in (before + 1)..<place where !isKnown.isSet(gap) && hasKey.isSet(gap) {
            let share = to == from ? 0 : (numbers.base[gap] - from) / (to - from)
            results.base[gap] = low + (high - low) * share
          }
        }
        before = place
      }
    }
    return try partitions.floats(results)
  }
}
