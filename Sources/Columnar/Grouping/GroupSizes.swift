extension Grouping {
  /// How many rows each group has.
  package func sizes() throws -> Buffer<UInt32> { try sizes(of: nil) }

  /// How many rows of each group are set in `validity`; nil is all.
  func sizes(of validity: Bitmap?) throws -> Buffer<UInt32> {
    if groupCount == 1 {
      return try Buffer([UInt32(truncatingIfNeeded: validity?.setCount ?? rowCount)])
    }
    guard let validity else {
      return try knownSizes {
        try accumulate(RowTally.self, RowNumbers(), validity: nil, by: self).converted(\.count)
      }
    }
    return try accumulate(RowTally.self, RowNumbers(), validity: validity, by: self)
      .converted(\.count)
  }
}

extension Buffer {
  /// What `transform` makes of each element.
  func converted<Other: BitwiseCopyable>(
    _ transform: (Element) -> Other
  ) throws -> Buffer<Other> {
    let converted = try Buffer<Other>(count: count)
    // SAFETY: both have the same count.
    for index in 0..<count { converted.base[index] = transform(base[index]) }
    return converted
  }
}
