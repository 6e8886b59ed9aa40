/// Where the rows of a frame stand in a file, so that an error about one can name its line.
///
/// Rows that were picked are traced back by how they were picked. Nothing is looked up before an
/// error asks.
package final class RowOrigin: Sendable {
  /// A line of a file, counted from 1.
  package struct Place: Sendable, Hashable {
    package var file: String
    package var line: Int

    package init(file: String, line: Int) {
      self.file = file
      self.line = line
    }
  }

  private enum Rows: Sendable {
    case file(@Sendable (Int) -> Place?)
    case masked(RowOrigin, Bitmap)
    case sliced(RowOrigin, Int)
    case taken(RowOrigin, Buffer<UInt32>)
  }

  private let rows: Rows

  private init(_ rows: Rows) { self.rows = rows }

  /// Rows as they stand in a file; `find` looks for the place of a row, nil where it is not known any
  /// more.
  package convenience init(find: @escaping @Sendable (Int) -> Place?) { self.init(.file(find)) }

  /// A choice by rows takes four bytes for each: more than this is not worth an error's line.
  private static let takenLimit = 1 << 20

  func masked(_ mask: Bitmap) -> RowOrigin { RowOrigin(.masked(self, mask)) }

  /// The rows from one on.
  package func sliced(from row: Int) -> RowOrigin { RowOrigin(.sliced(self, row)) }

  func taken(_ rows: Buffer<UInt32>) -> RowOrigin? {
    rows.count > Self.takenLimit ? nil : RowOrigin(.taken(self, rows))
  }

  /// Where a row stands; nil where that is not known.
  package func place(of row: Int) -> Place? {
    switch rows {
    case .file(let find): return find(row)
    case .sliced(let origin, let start): return origin.place(of: start + row)
    case .taken(let origin, let rows):
      guard rows.elements.indices.contains(row) else { return nil }
      return origin.place(of: Int(rows[row]))
    case .masked(let origin, let mask): return mask.rowOfSetBit(row).flatMap(origin.place)
    }
  }
}

extension Bitmap {
  /// The row of the set bit of a number, counted from 0; nil where fewer are set.
  fileprivate func rowOfSetBit(_ number: Int) -> Int? {
    var left = number
    for word in 0..<Bitmap.wordCount(count) {
      var bits = words[word]
      if left >= bits.nonzeroBitCount {
        left -= bits.nonzeroBitCount
        continue
      }
      for _ in 0..<left { bits &= bits - 1 }
      return (word << 6) + bits.trailingZeroBitCount
    }
    return nil
  }
}
