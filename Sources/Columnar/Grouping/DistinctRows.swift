/// The first row of each distinct combination of `keys`, ascending; null equals null.
package func distinctRows(_ keys: [Column], rowCount: Int) throws -> Buffer<UInt32> {
  if keys.isEmpty { return try Buffer(repeating: 0, count: min(rowCount, 1)) }
  let packing = try KeyPacking(keys.map { SortColumn(column: $0) }, rowCount: rowCount)
  let isFirst = try Bitmap(repeating: false, count: rowCount)
  func mark(_ row: UInt32) { isFirst.words.base[Int(row >> 6)] |= 1 << UInt64(row & 63) }
  if let numbers = try GroupNumbers(unsorted: packing) {
    for row in numbers.firstRows { mark(row) }
  } else {
    let ordered = try OrderedRows(packing)
    for place in try ordered.starts().rows() { mark(ordered.rows[Int(place)]) }
  }
  return try isFirst.rows()
}
