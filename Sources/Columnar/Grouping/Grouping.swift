import Synchronization

/// Which rows belong together: those with equal keys, where null equals null.
package struct Grouping: Sendable {
  /// How groups are numbered.
  package enum Order: Sendable {
    /// Ascending by the keys, the first deciding; text by bytes, null last.
    case key
    /// By the first row of each group.
    case firstAppearance
  }

  package let rowCount: Int
  package let groupCount: Int
  /// The lowest row of each group; `noRow` for the one group of an empty frame without keys.
  package let firstRows: Buffer<UInt32>
  /// Whether there are no keys, and so one group whatever the rows.
  let isKeyless: Bool
  private let made: Made

  /// Groups rows by `keys`, each of `rowCount` rows; without keys all rows are one group, even if
  /// there are none. Throws `overflow` beyond 4,294,967,294 rows.
  package init(keys: [Column], rowCount: Int, order: Order = .key) throws {
    try RowLimit.check(rowCount)
    self.rowCount = rowCount
    isKeyless = keys.isEmpty
    if keys.isEmpty {
      groupCount = 1
      firstRows = try Buffer(repeating: rowCount == 0 ? noRow : 0, count: 1)
      made = Made(ids: nil)
      return
    }
    let packing = try KeyPacking(keys.map { SortColumn(column: $0) }, rowCount: rowCount)
    var numbers = try GroupNumbers(packing)
    if order == .firstAppearance { numbers = try numbers.inOrderOfAppearance() }
    groupCount = numbers.firstRows.count
    firstRows = numbers.firstRows
    made = Made(ids: numbers.ids, segments: numbers.segments)
  }

  /// A grouping whose numbers are known: `ids` below the number of `firstRows`, which hold the
  /// lowest row of each group.
  package init(ids: Buffer<UInt32>, firstRows: Buffer<UInt32>) {
    rowCount = ids.count
    isKeyless = false
    groupCount = firstRows.count
    self.firstRows = firstRows
    made = Made(ids: ids)
  }

  /// All rows in one group.
  package static func whole(rowCount: Int) throws -> Grouping {
    try Grouping(keys: [], rowCount: rowCount)
  }

  /// Whether all rows are known to be in one group.
  package var isWhole: Bool { groupCount == 1 }

  /// The number of each row's group.
  package var ids: Buffer<UInt32> {
    get throws {
      try made.ids.withLock { known in
        if let known { return known }
        let zeros = try Buffer<UInt32>(repeating: 0, count: rowCount)
        known = zeros
        return zeros
      }
    }
  }

  /// The rows ordered by group and ascending within each. Made on first use.
  package var segments: GroupSegments {
    get throws {
      let ids = try ids
      return try made.segments.withLock { known in
        if let known { return known }
        let segments = try GroupSegments(ids: ids, groupCount: groupCount)
        known = segments
        return segments
      }
    }
  }

  /// The sizes of the groups, made by `make` on first use.
  func knownSizes(_ make: () throws -> Buffer<UInt32>) throws -> Buffer<UInt32> {
    if let known = made.sizes.withLock({ $0 }) { return known }
    let sizes = try make()
    made.sizes.withLock { $0 = sizes }
    return sizes
  }

  private final class Made: Sendable {
    let ids: Mutex<Buffer<UInt32>?>
    let segments: Mutex<GroupSegments?>
    let sizes = Mutex<Buffer<UInt32>?>(nil)

    init(ids: Buffer<UInt32>?, segments: GroupSegments? = nil) {
      self.ids = Mutex(ids)
      self.segments = Mutex(segments)
    }
  }
}

/// The rows of each group, ascending, group after group.
package struct GroupSegments: Sendable {
  package let rows: Buffer<UInt32>
  /// Where each group begins in `rows`, and at the end the number of rows.
  package let starts: Buffer<UInt32>

  /// The places in `rows` of a group's rows.
  package func range(_ group: Int) -> Range<Int> {
    Int(starts[group])..<Int(starts[group + 1])
  }

  init(rows: Buffer<UInt32>, starts: Buffer<UInt32>) {
    self.rows = rows
    self.starts = starts
  }

  /// Sorts rows by their groups, counting them by chunks that together need no more room than
  /// the rows.
  init(ids: Buffer<UInt32>, groupCount: Int) throws {
    let rowCount = ids.count
    let chunkCount = max(min(Workers.partCount(rowCount), 16, rowCount / max(groupCount, 1)), 1)
    let places = try BucketPlaces(chunks: chunkCount, buckets: groupCount)
    try Workers.run(parts: chunkCount) { chunk in
      let own = places.own(chunk)
      for row in chunkRange(chunk, of: chunkCount, rowCount) {
        // SAFETY: ids are below the number of groups.
        own[Int(ids.base[row])] &+= 1
      }
    }
    let starts = try places.addUp()
    let rows = try Buffer<UInt32>(count: rowCount)
    try rows.populate()
    try Workers.run(parts: chunkCount) { chunk in
      let own = places.own(chunk)
      for row in chunkRange(chunk, of: chunkCount, rowCount) {
        // SAFETY: the places of each chunk and group were counted.
        let group = Int(ids.base[row])
        rows.base[Int(own[group])] = UInt32(truncatingIfNeeded: row)
        own[group] &+= 1
      }
    }
    self.init(rows: rows, starts: starts)
  }
}
