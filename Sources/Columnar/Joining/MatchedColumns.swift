extension KeyMatches {
  /// The columns of an inner join in which each left row has at most one match: of the left rows that
  /// have one, and of the right rows they match. Nil where keys occur twice on the right.
  ///
  /// All columns go through a block of rows together, whose numbers stay in the cache and are written
  /// down for none but those columns that need them later.
  package func innerColumns(
    left: [Column], right: [Column], _ counts: MatchCounts? = nil
  ) throws -> (left: [Column], right: [Column])? {
    guard rightIds == nil else { return nil }
    let ids = leftIds
    let parts = Workers.partCount(leftCount)
    let counts = try counts ?? self.counts()
    var starts = counts.parts
    var total = 0
    for part in 0..<parts { (starts[part], total) = (total, total + starts[part]) }
    try RowLimit.check(total)
    let sources = left + (try right.map { try $0.coded(forTaking: total) })
    let gathers = try sources.map { $0.validity == nil ? try $0.blockGather(total) : nil }
    let (leftWork, rightWork) = (
      gathers[..<left.count].compactMap { $0 }, gathers[left.count...].compactMap { $0 }
    )
    try Workers.run(parts: parts) { [starts] part in
      let range = Workers.part(part, of: leftCount)
      var place = starts[part]
      try withUnsafeTemporaryAllocation(
        of: UInt32.self, capacity: 2 * BlockGather.blockSize
      ) { room in
        let (rows, others) = (room[..<BlockGather.blockSize], room[BlockGather.blockSize...])
        guard let own = UnsafeMutableBufferPointer(rebasing: rows).baseAddress,
          let matches = UnsafeMutableBufferPointer(rebasing: others).baseAddress
        else { return }
        for start in stride(
          from: range.lowerBound, to: range.upperBound, by: BlockGather.blockSize)
        {
          try Cancellation.check()
          let end = min(start + BlockGather.blockSize, range.upperBound)
          var count = 0
          for row in start..<end {
            // SAFETY: a block has room for as many rows; the last is written over until it matches.
            let id = ids.base[row]
            own[count] = UInt32(truncatingIfNeeded: row)
            matches[count] = id
            count &+= id == noRow ? 0 : 1
          }
          for gather in leftWork {
            gather.fill(UnsafeBufferPointer(start: own, count: count), place)
          }
          for gather in rightWork {
            gather.fill(UnsafeBufferPointer(start: matches, count: count), place)
          }
          place += count
        }
      }
    }
    let needsRows = gathers.contains { $0 == nil }
    let rows = needsRows ? try self.rows(.inner, counts) : nil
    let columns = try sources.indices.map { index in
      if let gather = gathers[index] {
        return Column(type: sources[index].type, storage: gather.storage)
      }
      guard let rows else { return sources[index] }
      return index < left.count ? try rows.left(sources[index]) : try rows.right(sources[index])
    }
    return (Array(columns[..<left.count]), Array(columns[left.count...]))
  }
}
