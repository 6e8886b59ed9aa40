/// The rows in the order of `keys`, the first key deciding, ties in their old order.
///
/// Text is ordered by its bytes, -0 equals 0, and null comes last whichever way a key runs. Each
/// key's column must have `rowCount` rows. Throws `overflow` beyond 4,294,967,294 rows.
package func sortedRows(_ keys: [SortColumn], rowCount: Int) throws -> Buffer<UInt32> {
  try OrderedRows(KeyPacking(keys, rowCount: rowCount)).rows
}
