/// The widths in which integers lie in memory, in bytes.
enum IntegerWidth: Int {
  case one = 1
  case two = 2
  case four = 4
  case eight = 8

  /// The narrowest for integers within `bounds`.
  init(_ bounds: ClosedRange<Int64>) {
    let (lower, upper) = (bounds.lowerBound, bounds.upperBound)
    self =
      if lower >= Int8.min, upper <= Int8.max {
        .one
      } else if lower >= Int16.min, upper <= Int16.max {
        .two
      } else if lower >= Int32.min, upper <= Int32.max {
        .four
      } else {
        .eight
      }
  }
}
