/// The whole records that begin in one chunk, with the place of every delimiter.
///
/// SAFETY: points into the buffers of a `ChunkReader` and is valid until it reads another chunk.
struct RecordBlock {
  let text: UnsafePointer<UInt8>
  /// The place in the file of the first byte of `text`.
  let fileOffset: Int
  /// Where fields end; the entry before the first is where the first record begins, less one.
  let places: UnsafePointer<UInt32>
  let columnCount: Int
  let rowCount: Int
  /// For the last column, where lines end in carriage return and newline: the place of the delimiter
  /// before each field, and of its end.
  let lastStarts: UnsafePointer<UInt32>?
  let lastEnds: UnsafePointer<UInt32>?

  func batch(_ column: Int) -> FieldBatch {
    if column == columnCount - 1, let lastStarts, let lastEnds {
      return FieldBatch(
        text: text, starts: lastStarts, ends: lastEnds, stride: 1, count: rowCount)
    }
    return FieldBatch(
      text: text, starts: places + (column - 1), ends: places + column, stride: columnCount,
      count: rowCount)
  }

  /// The place in the file of a field.
  func fileOffset(column: Int, row: Int) -> Int {
    fileOffset + Int(places[row * columnCount + column - 1]) + 1
  }
}
