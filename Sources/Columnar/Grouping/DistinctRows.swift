/// The first row of each distinct combination of `keys`, ascending; null equals null.
package func distinctRows(_ keys: [Column], rowCount: Int) throws -> Buffer<UInt32> {
  if keys.isEmpty { return try Buffer(repeating: 0, count: min(rowCount, 1)) }
  let packing = try KeyPacking(keys.map { SortColumn(column: $0) }, rowCount: rowCount)
  if let numbers = try GroupNumbers(unsorted: packing) {
    return try numbers.orderedFirstRows()
  }
  // A byte a row, for bits of one word may belong to several threads.
  let isFirst = try Buffer<UInt8>(repeating: 0, count: rowCount)
  if packing.numbers.count == 1 {
    // SAFETY: the rows are those of the frame.
    let partition = try HashPartition(packing.numbers[0], rowCount: rowCount)
    _ = try partition.forEachFirst { isFirst.base[Int(partition.rows.base[$0])] = 1 }
  } else {
    let ordered = try OrderedRows(packing)
    let starts = try ordered.starts()
    try Workers.run(parts: Workers.partCount(rowCount)) { part in
      try forEachValidRow(starts, in: Workers.part(part, of: rowCount)) { place in
        // SAFETY: rows are those of the frame, each once.
        isFirst.base[Int(ordered.rows.base[place])] = 1
      }
    }
  }
  return try Bitmap(flags: isFirst).rows()
}
