/// The keys of a column's values, group after group, nulls left out.
///
/// SAFETY: a group's keys may be rearranged by whoever works on that group.
struct GroupKeys: @unchecked Sendable {
  let keys: Buffer<UInt64>
  /// Where each group begins in `keys`, and at the end their number.
  let starts: Buffer<UInt32>

  /// The places in `keys` of a group's values.
  func range(_ group: Int) -> Range<Int> { Int(starts[group])..<Int(starts[group + 1]) }

  init(_ column: Column, by grouping: Grouping) throws {
    self = try column.visitKeys(GroupKeysMaker(validity: column.validity, grouping: grouping))
  }

  fileprivate init(keys: Buffer<UInt64>, starts: Buffer<UInt32>) {
    self.keys = keys
    self.starts = starts
  }
}

/// Counts each group's values by chunks of rows, then writes them to their places.
private struct GroupKeysMaker: KeyVisitor {
  let validity: Bitmap?
  let grouping: Grouping

  func visit<Source: KeySource>(_ source: Source) throws -> GroupKeys {
    let (rowCount, groupCount, validity) = (grouping.rowCount, grouping.groupCount, validity)
    let ids = try grouping.ids
    let chunkCount = max(min(Workers.partCount(rowCount), 16, rowCount / max(groupCount, 1)), 1)
    let places = try BucketPlaces(chunks: chunkCount, buckets: groupCount)
    try Workers.run(parts: chunkCount) { chunk in
      let own = places.own(chunk)
      let ids = ids.base
      try forEachValidRow(validity, in: chunkRange(chunk, of: chunkCount, rowCount)) { row in
        // SAFETY: ids are below the number of groups.
        own[Int(ids[row])] &+= 1
      }
    }
    let starts = try places.addUp()
    let keys = try Buffer<UInt64>(count: Int(starts[groupCount]))
    try keys.populate()
    try Workers.run(parts: chunkCount) { chunk in
      let own = places.own(chunk)
      let (ids, keys) = (ids.base, keys.base)
      try forEachValidRow(validity, in: chunkRange(chunk, of: chunkCount, rowCount)) { row in
        // SAFETY: the places of each chunk and group were counted.
        let group = Int(ids[row])
        keys[Int(own[group])] = source.key(row)
        own[group] &+= 1
      }
    }
    return GroupKeys(keys: keys, starts: starts)
  }
}
