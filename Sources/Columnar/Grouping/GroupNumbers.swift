/// The rows of equal keys, numbered in the order of the keys.
struct GroupNumbers {
  /// The number of each row's group.
  let ids: Buffer<UInt32>
  /// The lowest row of each group.
  let firstRows: Buffer<UInt32>
  /// The rows by group, where they are known without further work.
  let segments: GroupSegments?

  init(ids: Buffer<UInt32>, firstRows: Buffer<UInt32>, segments: GroupSegments? = nil) {
    self.ids = ids
    self.firstRows = firstRows
    self.segments = segments
  }

  /// Whichever way is the fastest for the keys; all give the same numbers.
  init(_ packing: KeyPacking) throws {
    self = try GroupNumbers(unsorted: packing) ?? GroupNumbers(sorted: packing)
  }

  /// Nil if the keys are better sorted.
  init?(unsorted packing: KeyPacking) throws {
    guard packing.numbers.count == 1 else { return nil }
    let number = packing.numbers[0]
    if number.maximum < GroupNumbers.slotLimit(rowCount: packing.rowCount) {
      self = try GroupNumbers(slots: number, rowCount: packing.rowCount)
      return
    }
    guard let hashed = try GroupNumbers(hashed: number, rowCount: packing.rowCount) else {
      return nil
    }
    self = hashed
  }

  /// As many distinct keys as may have a slot each.
  static func slotLimit(rowCount: Int) -> UInt64 { UInt64(max(1 << 16, rowCount / 2)) }

  /// Sorts the rows by their keys.
  init(sorted packing: KeyPacking) throws {
    let ordered = try OrderedRows(packing)
    let starts = try ordered.starts().rows()
    let rows = ordered.rows
    let rowCount = rows.count
    let groupCount = starts.count
    let ids = try Buffer<UInt32>(count: rowCount)
    let firstRows = try Buffer<UInt32>(count: groupCount)
    let ends = try Buffer<UInt32>(count: groupCount + 1)
    ends.base[groupCount] = UInt32(truncatingIfNeeded: rowCount)
    try ids.populate()
    let partSize = 8192
    try Workers.run(parts: Workers.partCount(groupCount, partSize: partSize)) { part in
      for group in Workers.part(part, of: groupCount, partSize: partSize) {
        // SAFETY: groups begin at ascending places, and the rows are those of the frame.
        let start = Int(starts.base[group])
        let end = group + 1 < groupCount ? Int(starts.base[group + 1]) : rowCount
        ends.base[group] = UInt32(truncatingIfNeeded: start)
        firstRows.base[group] = rows.base[start]
        let (target, places) = (ids.base, rows.base)
        for place in start..<end {
          target[Int(places[place])] = UInt32(truncatingIfNeeded: group)
        }
      }
    }
    self.init(
      ids: ids, firstRows: firstRows, segments: GroupSegments(rows: rows, starts: ends))
  }

  /// The first rows of all groups, ascending.
  func orderedFirstRows() throws -> Buffer<UInt32> {
    let isFirst = try Bitmap(repeating: false, count: ids.count)
    for place in 0..<firstRows.count {
      if place & 0xFFFF == 0 { try Cancellation.check() }
      // SAFETY: the rows are those that have ids.
      let row = firstRows.base[place]
      isFirst.words.base[Int(row >> 6)] |= 1 << UInt64(row & 63)
    }
    return try isFirst.rows()
  }

  /// The same groups numbered by their first rows.
  func inOrderOfAppearance() throws -> GroupNumbers {
    let ordered = try orderedFirstRows()
    let numbers = try Buffer<UInt32>(count: ordered.count)
    try Workers.run(parts: Workers.partCount(ordered.count)) { part in
      for index in Workers.part(part, of: ordered.count) {
        // SAFETY: ids are below the number of groups, each of which has one first row.
        numbers.base[Int(ids.base[Int(ordered.base[index])])] = UInt32(truncatingIfNeeded: index)
      }
    }
    return GroupNumbers(ids: try numbers.gathered(ids, absent: nil), firstRows: ordered)
  }
}
