extension KeyMatches {
  /// The rows that come out of a join; `counts` are those of these matches, where they are known
  /// already. Throws `overflow` for more rows than a frame holds.
  package func rows(_ kind: JoinKind, _ counts: MatchCounts? = nil) throws -> JoinedRows {
    if !kind.hasRight { return try selected(isMatched: kind == .semi) }
    let counts = try counts ?? self.counts()
    var rightOnly: Buffer<UInt32>?
    if kind.keepsRight {
      let rows = try counts.matchedRight.inverted().rows()
      if !rows.isEmpty { rightOnly = rows }
    }
    return try rightIds == nil ? single(kind, counts.parts, rightOnly) : expanded(kind, rightOnly)
  }

  /// Left rows that have a match, or those that have none.
  private func selected(isMatched: Bool) throws -> JoinedRows {
    let words = try Buffer<UInt64>(count: Bitmap.wordCount(leftCount))
    try Workers.run(parts: Workers.partCount(leftCount)) { part in
      let range = Workers.part(part, of: leftCount)
      let ids = leftIds.base
      var row = range.lowerBound
      while row < range.upperBound {
        var word: UInt64 = 0
        // SAFETY: the rows lie within the ids, and the word within the bitmap.
        for bit in 0..<min(64, range.upperBound - row) where (ids[row + bit] != noRow) == isMatched
        {
          word |= 1 << UInt64(bit)
        }
        words.base[row >> 6] = word
        row += 64
      }
    }
    let rows = try Bitmap(words: words, count: leftCount).rows()
    return JoinedRows(
      count: rows.count, left: rows.count == leftCount ? nil : rows, right: nil,
      hasNoRight: false)
  }

  /// At most one right row for each left row.
  private func single(
    _ kind: JoinKind, _ matched: [Int], _ rightOnly: Buffer<UInt32>?
  ) throws -> JoinedRows {
    let keepsLeft = kind.keepsLeft
    let hasNone = matched.reduce(0, +) < leftCount
    if rightOnly == nil, keepsLeft || !hasNone {
      return JoinedRows(count: leftCount, left: nil, right: leftIds, hasNoRight: hasNone)
    }
    let lists = try RowLists(
      keepsLeft ? matched.indices.map { Workers.part($0, of: leftCount).count } : matched,
      rightOnly)
    try Workers.run(parts: matched.count) { part in
      // SAFETY: the places of each part were counted; writing ends with them.
      let (ids, left, right) = (leftIds.base, lists.left.base, lists.right.base)
      var place = lists.starts[part]
      let end = lists.starts[part + 1]
      var row = Workers.part(part, of: leftCount).lowerBound
      while place < end {
        let id = ids[row]
        left[place] = UInt32(truncatingIfNeeded: row)
        right[place] = id
        place &+= id != noRow || keepsLeft ? 1 : 0
        row &+= 1
      }
    }
    return lists.joined(hasNoRight: keepsLeft && hasNone)
  }

  /// Any number of right rows for each left row.
  private func expanded(_ kind: JoinKind, _ rightOnly: Buffer<UInt32>?) throws -> JoinedRows {
    let keepsLeft = kind.keepsLeft
    let segments = try rightSegments()
    let (starts, rightRows) = (segments.starts, segments.rows)
    let sizes = try Workers.map(parts: Workers.partCount(leftCount)) { part in
      var (size, unmatched) = (0, 0)
      // SAFETY: ids are below the number of segments.
      let (ids, starts) = (leftIds.base, starts.base)
      for row in Workers.part(part, of: leftCount) {
        let id = Int(ids[row])
        if id == Int(noRow) {
          unmatched &+= 1
        } else {
          size &+= Int(starts[id &+ 1] &- starts[id])
        }
      }
      return (size: keepsLeft ? size + unmatched : size, unmatched: unmatched)
    }
    let hasNone = keepsLeft && sizes.contains { $0.unmatched > 0 }
    let lists = try RowLists(sizes.map(\.size), rightOnly)
    try Workers.run(parts: sizes.count) { part in
      // SAFETY: as above, and the places of each part were counted.
      let (ids, starts, rows) = (leftIds.base, starts.base, rightRows.base)
      let (left, right) = (lists.left.base, lists.right.base)
      var place = lists.starts[part]
      var sinceCheck = 0
      for row in Workers.part(part, of: leftCount) {
        let id = Int(ids[row])
        if id == Int(noRow) {
          if keepsLeft {
            left[place] = UInt32(truncatingIfNeeded: row)
            right[place] = noRow
            place &+= 1
          }
          continue
        }
        for other in Int(starts[id])..<Int(starts[id &+ 1]) {
          left[place] = UInt32(truncatingIfNeeded: row)
          right[place] = rows[other]
          place &+= 1
          sinceCheck &+= 1
          if sinceCheck & 0xffff == 0 { try Cancellation.check() }
        }
      }
    }
    return lists.joined(hasNoRight: hasNone)
  }

  /// The right rows by key, ascending.
  func rightSegments() throws -> GroupSegments {
    guard let rightIds else {
      return try GroupSegments(
        ids: Buffer((0..<rightCount).map { UInt32(truncatingIfNeeded: $0) }), groupCount: idCount)
    }
    // Rows with null in a group of their own, behind all others.
    let ids = try Buffer<UInt32>(count: rightCount)
    let last = UInt32(truncatingIfNeeded: idCount)
    // SAFETY: both are as long as the right side.
    for row in 0..<rightCount { ids.base[row] = min(rightIds.base[row], last) }
    return try GroupSegments(ids: ids, groupCount: idCount + 1)
  }
}

/// The rows of either side, with room for what each part adds and, at the end, for right rows that
/// match nothing.
private struct RowLists: Sendable {
  let left: Buffer<UInt32>
  let right: Buffer<UInt32>
  /// Where each part begins, and where the last ends.
  let starts: [Int]
  let rightOnlyCount: Int

  init(_ sizes: [Int], _ rightOnly: Buffer<UInt32>?) throws {
    var starts = [0]
    for size in sizes { starts.append(starts[starts.count - 1] + size) }
    self.starts = starts
    let total = starts[sizes.count]
    rightOnlyCount = rightOnly?.count ?? 0
    try RowLimit.check(total + rightOnlyCount)
    left = try Buffer(count: total + rightOnlyCount)
    right = try Buffer(count: total + rightOnlyCount)
    if let rightOnly {
      // SAFETY: there is room for them behind the parts.
      (left.base + total).update(repeating: noRow, count: rightOnlyCount)
      (right.base + total).update(from: rightOnly.base, count: rightOnlyCount)
    }
  }

  func joined(hasNoRight: Bool) -> JoinedRows {
    JoinedRows(
      count: left.count, left: left, right: right, hasNoRight: hasNoRight,
      rightOnlyCount: rightOnlyCount)
  }
}
