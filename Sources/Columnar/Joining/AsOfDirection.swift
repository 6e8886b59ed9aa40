/// Which right row an as-of join takes for a left row.
package enum AsOfDirection: String, Sendable, CaseIterable {
  /// The last one that is not later; of equally late ones the last in order.
  case backward
  /// The first one that is not earlier; of equally early ones the first in order.
  case forward
  /// The closer of both; where they are equally close, the earlier.
  case nearest
}

/// How far apart the rows of an as-of join may be.
package enum AsOfTolerance: Sendable, Hashable {
  /// Between whole numbers, days of dates and microseconds of moments.
  case whole(UInt64)
  case float(Double)
}
