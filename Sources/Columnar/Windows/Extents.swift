/// Which rows a rolling window holds.
package enum RollingExtent: Sendable {
  /// The row and those before it, so many in all.
  case rows(Int)
  /// From the first place up to but not including the second, by place.
  case places(lower: Buffer<UInt32>, upper: Buffer<UInt32>)
}

/// The places of a window; both ends never go back within a partition.
protocol Extents: Sendable {
  func lower(_ place: Int, in partition: Range<Int>) -> Int
  func upper(_ place: Int) -> Int
}

struct RowExtents: Extents {
  let width: Int

  @inline(__always)
  func lower(_ place: Int, in partition: Range<Int>) -> Int {
    max(partition.lowerBound, place &- width &+ 1)
  }

  @inline(__always)
  func upper(_ place: Int) -> Int { place &+ 1 }
}

/// SAFETY: places asked for must be in bounds; both buffers are kept alive here and never written.
struct PlaceExtents: Extents {
  let lower: Buffer<UInt32>
  let upper: Buffer<UInt32>

  @inline(__always)
  func lower(_ place: Int, in partition: Range<Int>) -> Int { Int(lower.base[place]) }

  @inline(__always)
  func upper(_ place: Int) -> Int { Int(upper.base[place]) }
}

extension Partitions {
  /// The windows that reach back from each row's time by `width`, which is above 0: they hold the
  /// rows with a later time than `width` before and no later one than the row's own. So rows of one
  /// time have one window, and its rows do not depend on their order. Without a time a row has an
  /// empty window. The partitions must be ordered by `times` first, descending or not; where they
  /// descend the windows reach ahead. Throws `overflow` at the ends of the calendar.
  package func extents(
    of width: Duration, before times: Column, isDescending: Bool
  ) throws -> RollingExtent {
    let ordered = try ordered(times)
    let values = try ordered.wideIntegers()
    let validity = PlaceValidity(ordered)
    let lower = try Buffer<UInt32>(count: rowCount)
    let upper = try Buffer<UInt32>(count: rowCount)
    let reach = TimeReach(width: width, type: times.type, isDescending: isDescending)
    try forEach { places in
      var end = places.upperBound
      while end > places.lowerBound, !validity.isSet(end - 1) { end -= 1 }
      var first = places.lowerBound
      var place = places.lowerBound
      while place < end {
        if place & 16_383 == 0 { try Cancellation.check() }
        let time = values.base[place]
        var next = place + 1
        while next < end, values.base[next] == time { next += 1 }
        let bound = try reach.bound(time, row: row(place))
        while first < place, !reach.isInside(values.base[first], bound) { first += 1 }
        for peer in place..<next {
          lower.base[peer] = UInt32(truncatingIfNeeded: first)
          upper.base[peer] = UInt32(truncatingIfNeeded: next)
        }
        place = next
      }
      for place in end..<places.upperBound {
        lower.base[place] = UInt32(truncatingIfNeeded: end)
        upper.base[place] = UInt32(truncatingIfNeeded: end)
      }
    }
    return .places(lower: lower, upper: upper)
  }
}

/// How far a window reaches, in the unit of its column of times.
private struct TimeReach: Sendable {
  let months: Int32
  /// In the column's unit.
  let rest: Int128
  let isDate: Bool
  let isDescending: Bool

  init(width: Duration, type: DataType, isDescending: Bool) {
    months = width.months
    isDate = type == .date
    self.isDescending = isDescending
    // Part of a day reaches back to where the day before begins.
    let day = Int128(Calendar.microsecondsPerDay)
    rest =
      isDate ? (Int128(width.microseconds) + day - 1) / day : Int128(width.microseconds)
  }

  /// The time that is just out of reach of `time`.
  func bound(_ time: Int64, row: Int) throws -> Int128 {
    var start = Int128(time)
    if months != 0 {
      let (days, time) =
        isDate ? (Int32(truncatingIfNeeded: time), Int64(0)) : Calendar.split(time)
      guard let moved = Calendar.adding(months: isDescending ? months : -months, to: days) else {
        throw DataError(.overflow, "the window leaves the calendar's range", row: row)
      }
      start =
        isDate
        ? Int128(moved) : Int128(moved) * Int128(Calendar.microsecondsPerDay) + Int128(time)
    }
    return isDescending ? start + rest : start - rest
  }

  @inline(__always)
  func isInside(_ time: Int64, _ bound: Int128) -> Bool {
    isDescending ? Int128(time) < bound : Int128(time) > bound
  }
}
