extension Grouping {
  /// How many rows each group has.
  package func sizes() throws -> Buffer<UInt32> { try sizes(of: nil) }

  /// How many rows of each group are set in `validity`; nil is all.
  func sizes(of validity: Bitmap?) throws -> Buffer<UInt32> {
    if groupCount == 1 {
      return try Buffer([UInt32(truncatingIfNeeded: validity?.setCount ?? rowCount)])
    }
    guard let validity else { return try knownSizes { try counted(nil) } }
    return try counted(validity)
  }

  private func counted(_ validity: Bitmap?) throws -> Buffer<UInt32> {
    let ids = try ids
    if groupCount <= SlotKeys.limit(rowCount: rowCount, stride: 1) {
      return try SlotAggregation(
        SlotKeys(ids: ids, slotCount: groupCount), GroupState(), mask: validity,
        rowCount: rowCount
      ).states().converted { UInt32(truncatingIfNeeded: $0) }
    }
    let counts = try Buffer<UInt32>(repeating: 0, count: groupCount)
    try forEachValidRow(validity, in: 0..<rowCount) { row in
      // SAFETY: ids are below the number of groups.
      counts.base[Int(ids.base[row])] &+= 1
    }
    return counts
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
