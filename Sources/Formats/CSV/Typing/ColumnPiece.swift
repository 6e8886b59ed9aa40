import Columnar

/// The values of one column in one chunk.
struct ColumnPiece {
  /// How the values lie in memory; `none` where every field is null.
  enum Layout: UInt8 {
    case none, int8, int16, int32, int64, float
    /// Codes of the thread's text table.
    case codes8, codes16, codes32
    /// Texts with their lengths, for columns with too many distinct ones.
    case texts

    /// Bytes from one value to the next; 0 where they have no one size.
    var stride: Int {
      switch self {
      case .none, .texts: 0
      case .int8, .codes8: 1
      case .int16, .codes16: 2
      case .int32, .codes32: 4
      case .int64, .float: 8
      }
    }
  }

  var layout = Layout.none
  /// What the values are; nil where every field is null.
  var type: DataType?
  /// SAFETY: points into the worker's arena or the column's place, which outlive the piece; as many as
  /// the chunk's rows.
  var values: UnsafeMutableRawPointer?
  /// Whether the values lie in the column's place, where they may stay.
  var isInPlace = false
  /// For texts, the bytes; `values` has the lengths.
  var bytes: UnsafeMutablePointer<UInt8>?
  var byteCount = 0
  /// A set bit a null row; nil where none is.
  var nulls: UnsafeMutablePointer<UInt64>?
  var nullCount = 0
  /// Whether some null stood as something that is not null in a text column.
  var hasDisputedNulls = false
  /// Whether an int was written `-0`, which is another value as a float.
  var hasNegativeZero = false
  /// How often each null word was met where the column is not text; empty if never.
  var wordCounts: [UInt32] = []
  /// Rows of plain texts that are a null word outside quotes, with the word.
  var wordRows: [(row: UInt32, word: UInt8)] = []
  /// The first value that is not of the type that was given, and how many there are.
  var invalid: (first: FieldFailure, count: Int)?
  /// Where in the file the first of them stands.
  var invalidOffset = 0
  /// How many texts the thread's table had after this chunk.
  var tableCount = 0
}

extension ColumnPiece.Layout {
  /// The narrowest layout for codes of so many distinct texts.
  static func codes(of distinct: Int) -> ColumnPiece.Layout {
    distinct <= 1 << 8 ? .codes8 : distinct <= 1 << 16 ? .codes16 : .codes32
  }

  /// The layout in which the codes of a whole column are likely to stay, of which `count` values have
  /// `distinct` different ones; nil where it likely has more than `limit`, too many for codes.
  static func ofWholeColumn(
    distinct: Int, among count: Int, limit: Int
  ) -> ColumnPiece.Layout? {
    guard distinct > count / 2 else { return codes(of: distinct) }
    // Of n values drawn from D, about n² / 2D are drawn again (the birthday problem).
    let again = max(count - distinct, 0)
    return count * count > 2 * again * limit ? nil : .codes32
  }
}
