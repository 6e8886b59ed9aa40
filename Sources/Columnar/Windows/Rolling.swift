/// What is computed of the values in a window that moves along the rows.
package enum Rolling: Sendable, Hashable {
  /// How many values there are.
  case count
  case sum, mean, min, max
  /// With n - 1.
  case standardDeviation
  case median
}

extension Windows {
  /// `function` of the values in each row's window; null where fewer than `minimum` of them are not
  /// null. One pass: each value enters and leaves once, and nothing is subtracted from floats, so
  /// that nothing large stays behind. Throws `overflow` naming the row whose sum of ints leaves 64
  /// bits.
  package static func rolling(
    _ function: Rolling, _ column: Column, over extent: RollingExtent, minimum: Int,
    type: DataType, in partitions: Partitions
  ) throws -> Column {
    switch extent {
    case .rows(let width):
      return try rolling(
        function, column, RowExtents(width: width), minimum: minimum, type, partitions)
    case .places(let lower, let upper):
      return try rolling(
        function, column, PlaceExtents(lower: lower, upper: upper), minimum: minimum, type,
        partitions)
    }
  }

  private static func rolling(
    _ function: Rolling, _ column: Column, _ extents: some Extents, minimum: Int,
    _ type: DataType, _ partitions: Partitions
  ) throws -> Column {
    let ordered = try partitions.ordered(column)
    let validity = PlaceValidity(ordered)
    switch function {
    case .count: return try rollingCounts(validity, extents, partitions)
    case .min, .max:
      let isMax = function == .max
      return try column.takeOrNull(
        try ordered.visitKeys(
          RollingExtreme(
            extents: extents, validity: validity, isMax: isMax, minimum: minimum,
            partitions: partitions)))
    case .sum where type != .float:
      return try rollingSums(
        try ordered.wideIntegers(), validity, extents, minimum: minimum, type, partitions)
    case .sum, .mean, .standardDeviation, .median:
      let numbers = try ordered.numbers()
      let results = try Buffer<Double>(count: partitions.rowCount)
      if function == .median {
        try RollingMedian(numbers: numbers, validity: validity, minimum: minimum)
          .run(extents, into: results, in: partitions)
      } else if function == .standardDeviation {
        try slide(WindowMoments(numbers: numbers, validity: validity), extents, partitions) {
          place, state in
          results.base[place] =
            Int(state.count) < max(minimum, 2)
            ? .nan : (max(state.squares, 0) / (state.count - 1)).squareRoot()
        }
      } else {
        try slide(WindowSum(numbers: numbers, validity: validity), extents, partitions) {
          place, state in
          results.base[place] =
            state.count < minimum
            ? .nan : function == .sum ? state.sum : state.sum / Double(state.count)
        }
      }
      return try partitions.floats(results)
    }
  }

  /// Calls `emit` with what the values of each place's window come to.
  ///
  /// A queue of two stacks: of the values before `middle` what each comes to together with those up
  /// to `middle`, and of those behind it what they all come to. Two steps a value, whatever the
  /// window's width, and no inverse is needed.
  static func slide<Values: WindowValues>(
    _ values: Values, _ extents: some Extents, _ partitions: Partitions,
    _ emit: @Sendable (Int, Values.State) throws -> Void
  ) throws {
    try partitions.forEach { places in
      var front: [Values.State] = []
      var base = places.lowerBound
      var (middle, end) = (places.lowerBound, places.lowerBound)
      var back = values.empty
      for place in places {
        if place & 4095 == 0 { try Cancellation.check() }
        let lower = extents.lower(place, in: places)
        let upper = extents.upper(place)
        while end < upper {
          back = values.combined(back, values.state(end))
          end &+= 1
        }
        if lower >= middle {
          let count = end - lower
          if front.count < count {
            front = Array(repeating: values.empty, count: max(count, front.count * 2))
          }
          var suffix = values.empty
          var index = count
          while index > 0 {
            index &-= 1
            suffix = values.combined(values.state(lower &+ index), suffix)
            front[index] = suffix
          }
          (base, middle, back) = (lower, end, values.empty)
        }
        let state = lower < middle ? values.combined(front[lower - base], back) : back
        try emit(place, state)
      }
    }
  }

  private static func rollingCounts(
    _ validity: PlaceValidity, _ extents: some Extents, _ partitions: Partitions
  ) throws -> Column {
    let counts = try Buffer<Int64>(count: partitions.rowCount)
    let isPresent = try Buffer<UInt8>(count: partitions.rowCount)
    try partitions.forEach { places in
      var (start, end) = (places.lowerBound, places.lowerBound)
      var count: Int64 = 0
      for place in places {
        if place & 16_383 == 0 { try Cancellation.check() }
        let (lower, upper) = (extents.lower(place, in: places), extents.upper(place))
        while end < upper {
          if validity.isSet(end) { count &+= 1 }
          end &+= 1
        }
        while start < lower {
          if validity.isSet(start) { count &-= 1 }
          start &+= 1
        }
        counts.base[place] = count
        isPresent.base[place] = lower < upper ? 1 : 0
      }
    }
    return try partitions.integers(counts, type: .int, isPresent: isPresent)
  }

  /// Sums of integers, exact whatever passes through the window.
  private static func rollingSums(
    _ numbers: Buffer<Int64>, _ validity: PlaceValidity, _ extents: some Extents, minimum: Int,
    _ type: DataType, _ partitions: Partitions
  ) throws -> Column {
    let sums = try Buffer<Int64>(count: partitions.rowCount)
    let isPresent = try Buffer<UInt8>(count: partitions.rowCount)
    try partitions.forEach { places in
      var (start, end, count) = (places.lowerBound, places.lowerBound, 0)
      var sum: Int128 = 0
      for place in places {
        if place & 16_383 == 0 { try Cancellation.check() }
        let (lower, upper) = (extents.lower(place, in: places), extents.upper(place))
        while end < upper {
          if validity.isSet(end) { (sum, count) = (sum + Int128(numbers.base[end]), count + 1) }
          end &+= 1
        }
        while start < lower {
          if validity.isSet(start) { (sum, count) = (sum - Int128(numbers.base[start]), count - 1) }
          start &+= 1
        }
        guard let whole = Int64(exactly: sum) else {
          throw DataError(
            .overflow, "the sum of the window does not fit into a 64-bit integer",
            row: partitions.row(place), hints: ["float(…) inside adds up floats"])
        }
        sums.base[place] = count < minimum ? 0 : whole
        isPresent.base[place] = count < minimum ? 0 : 1
      }
    }
    return try partitions.integers(sums, type: type, isPresent: isPresent)
  }
}
