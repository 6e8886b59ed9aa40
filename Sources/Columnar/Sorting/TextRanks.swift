extension TextStorage {
  /// The place of each text among the texts sorted by their bytes, equal ones in their order.
  func ranks() -> [UInt32] {
    struct Entry {
      /// The first eight bytes, which decide between most texts.
      let prefix: UInt64
      let index: UInt32
    }
    var entries = (0..<count).map { Entry(prefix: prefix($0), index: UInt32($0)) }
    entries.sort { left, right in
      if left.prefix != right.prefix { return left.prefix < right.prefix }
      let (first, second) = (utf8(Int(left.index)), utf8(Int(right.index)))
      if first.lexicographicallyPrecedes(second) { return true }
      return left.index < right.index && !second.lexicographicallyPrecedes(first)
    }
    var ranks = [UInt32](repeating: 0, count: count)
    for (rank, entry) in entries.enumerated() { ranks[Int(entry.index)] = UInt32(rank) }
    return ranks
  }

  /// The first eight bytes, the first the most significant; 0 past the end.
  private func prefix(_ row: Int) -> UInt64 {
    let text = utf8(row)
    var prefix: UInt64 = 0
    for index in 0..<min(text.count, 8) {
      prefix |= UInt64(text[index]) << UInt64(56 - 8 * index)
    }
    return prefix
  }
}
