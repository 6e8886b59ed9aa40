/// The rows of equal packed keys, numbered in the order of the keys.
struct GroupNumbers {
  /// The number of each row's group.
  let ids: Buffer<UInt32>
  /// The lowest row of each group.
  let firstRows: Buffer<UInt32>

  init(_ packing: KeyPacking) throws {
    let rowCount = packing.rowCount
    let sorted = try SortedKeys(packing.packed(), maximum: packing.maximum)
    let ids = try Buffer<UInt32>(count: rowCount)
    var firstRows: [UInt32] = []
    var last: UInt64 = 0
    for index in 0..<rowCount {
      // SAFETY: the sorted rows are the rows of the frame, each once.
      let key = sorted.keys.base[index]
      if index == 0 || key != last { firstRows.append(sorted.rows.base[index]) }
      last = key
      ids.base[Int(sorted.rows.base[index])] = UInt32(truncatingIfNeeded: firstRows.count - 1)
    }
    self.ids = ids
    self.firstRows = try Buffer(firstRows)
  }
}
