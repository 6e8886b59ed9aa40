extension KeyMatches {
  /// The columns of an inner join in which each left row has at most one match: of the left rows that
  /// have one, and of the right rows they match. Nil where keys occur twice on the right.
  ///
  /// All columns go through a block of rows together, whose numbers stay in the cache and are written
  /// down for those columns alone that need them later.
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
    let left = try Side(
      left, total, try left.map { $0.validity == nil ? try $0.blockGather(total) : nil })
    let right = try Side(right, total, rightGathers(right, total))
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
          left.fill(UnsafeBufferPointer(start: own, count: count), place)
          right.fill(UnsafeBufferPointer(start: matches, count: count), place)
          place += count
        }
      }
    }
    return (try left.taken(), try right.taken())
  }

  private func rightGathers(_ columns: [Column], _ count: Int) throws -> [BlockGather?] {
    let dictionaries = try columns.map { try $0.rowDictionary(forTaking: count) }
    let gathered = columns.map { $0.validity == nil ? $0 : nil }
    let fields = try RowRecords.fields(gathered, rowCount: rightCount, forTaking: count)
    return try columns.indices.map { place in
      if let dictionary = dictionaries[place] { return try .rows(of: dictionary, count) }
      return try gathered[place]?.blockGather(count, from: fields[place])
    }
  }
}

/// The columns of one side of an inner join, gathered a block of rows at a time.
private struct Side: Sendable {
  private let columns: [Column]
  /// Nil for a column that is taken once all its rows are known.
  private let gathers: [BlockGather?]
  private let work: [BlockGather]
  /// The rows, where a column needs them later.
  private let rows: Buffer<UInt32>?

  init(_ columns: [Column], _ count: Int, _ gathers: [BlockGather?]) throws {
    (self.columns, self.gathers) = (columns, gathers)
    work = gathers.compactMap { $0 }
    rows = work.count < columns.count ? try Buffer(count: count) : nil
  }

  /// SAFETY: the rows must be within the columns, and their places within the count.
  func fill(_ block: UnsafeBufferPointer<UInt32>, _ place: Int) {
    for gather in work { gather.fill(block, place) }
    guard let rows, let first = block.baseAddress else { return }
    (rows.base + place).update(from: first, count: block.count)
  }

  /// What was gathered, once all blocks are filled.
  func taken() throws -> [Column] {
    try zip(columns, gathers).map { column, gather in
      if let gather { return Column(type: column.type, storage: gather.storage) }
      guard let rows else { return column }
      return try column.takeChecked(rows, hasNone: false)
    }
  }
}
