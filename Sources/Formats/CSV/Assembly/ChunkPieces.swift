import Columnar

/// What was made of one chunk: a piece of each column that was read.
///
/// SAFETY: handed over once by the thread that made it.
struct ChunkPieces: @unchecked Sendable {
  var rowCount: Int
  /// Pieces in the order of the columns read.
  var columns: [ColumnPiece]
  /// For each piece, which typer holds its memory and its text table.
  var owners: [Int]
}

/// The pieces of one column over all chunks, in the order of the file.
///
/// SAFETY: pieces point into their owners' memory, which is kept alive until the column is made.
struct ColumnPieces: @unchecked Sendable {
  let pieces: [ColumnPiece]
  /// Where the rows of each piece begin in the column.
  let firstRows: [Int]
  let rowCounts: [Int]
  let owners: [Int]
  let rowCount: Int

  init(_ chunks: [ChunkPieces], column: Int) {
    pieces = chunks.map { $0.columns[column] }
    owners = chunks.map { $0.owners[column] }
    rowCounts = chunks.map(\.rowCount)
    var next = 0
    firstRows = chunks.map { chunk in
      defer { next += chunk.rowCount }
      return next
    }
    rowCount = next
  }

  /// The part of one piece that lies in a range of rows.
  struct Segment {
    let piece: Int
    /// The first row, in the piece and in the column.
    let pieceRow: Int
    let row: Int
    let count: Int
  }

  /// The segments that make up `rows`.
  func segments(_ rows: Range<Int>) -> [Segment] {
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) / 2
      if firstRows[middle] + rowCounts[middle] <= rows.lowerBound {
        low = middle + 1
      } else {
        high = middle
      }
    }
    var segments: [Segment] = []
    while low < pieces.count, firstRows[low] < rows.upperBound {
      let start = max(rows.lowerBound, firstRows[low])
      let end = min(rows.upperBound, firstRows[low] + rowCounts[low])
      if start < end {
        segments.append(
          Segment(piece: low, pieceRow: start - firstRows[low], row: start, count: end - start))
      }
      low += 1
    }
    return segments
  }
}
