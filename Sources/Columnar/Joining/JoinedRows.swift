import Synchronization

/// Which rows of two tables a join puts together.
package enum JoinKind: String, Sendable, CaseIterable {
  /// Rows that match.
  case inner
  /// All left rows, with null where nothing matches.
  case left
  /// All right rows, with null where nothing matches.
  case right
  /// All rows of both.
  case full
  /// Left rows that match, once each.
  case semi
  /// Left rows that do not.
  case anti

  /// Whether rows of the right side that match nothing come out.
  package var keepsRight: Bool { self == .right || self == .full }

  /// Whether rows of the left side that match nothing come out.
  package var keepsLeft: Bool { self == .left || self == .full || self == .anti }

  /// Whether columns of the right side come out.
  package var hasRight: Bool { self != .semi && self != .anti }
}

/// Which rows of a join have a right row; found once for all columns.
private final class RightPresence: Sendable {
  private let known = Mutex<Bitmap?>(nil)

  func bits(of rows: Buffer<UInt32>) throws -> Bitmap {
    if let known = known.withLock({ $0 }) { return known }
    let bits = try Bitmap.present(rows)
    known.withLock { $0 = bits }
    return bits
  }
}

/// The rows of a join: for each the row of either side.
///
/// Left rows are in their order, and for each the right rows in theirs; right rows that match
/// nothing are at the end, in their order.
package struct JoinedRows: Sendable {
  package let count: Int
  /// Nil where each left row comes out once, in order.
  let left: Buffer<UInt32>?
  let right: Buffer<UInt32>?
  let hasNoRight: Bool
  /// How many rows at the end have no left row.
  let rightOnlyCount: Int
  private let rightPresence = RightPresence()

  init(
    count: Int, left: Buffer<UInt32>?, right: Buffer<UInt32>?, hasNoRight: Bool,
    rightOnlyCount: Int = 0
  ) {
    self.count = count
    self.left = left
    self.right = right
    self.hasNoRight = hasNoRight
    self.rightOnlyCount = rightOnlyCount
  }

  /// Each row of one table with each of another, right rows first. Throws `overflow` for more
  /// rows than a frame holds.
  package static func cross(_ leftCount: Int, _ rightCount: Int) throws -> JoinedRows {
    let count = JoinSize.product(leftCount, rightCount)
    try RowLimit.check(count)
    let left = try Buffer<UInt32>(count: count)
    let right = try Buffer<UInt32>(count: count)
    try Workers.run(parts: Workers.partCount(count)) { part in
      for place in Workers.part(part, of: count) {
        // SAFETY: the part lies within both; there is a row on the right, or there were none here.
        let (row, other) = place.quotientAndRemainder(dividingBy: rightCount)
        left.base[place] = UInt32(truncatingIfNeeded: row)
        right.base[place] = UInt32(truncatingIfNeeded: other)
      }
    }
    return JoinedRows(count: count, left: left, right: right, hasNoRight: false)
  }
}

extension JoinedRows {
  /// A left column's values; null in the rows that have no left row.
  package func left(_ column: Column) throws -> Column {
    guard let left else { return column }
    return try column.takeChecked(left, hasNone: rightOnlyCount > 0)
  }

  /// A right column's values; null in the rows that have no right row.
  package func right(_ column: Column) throws -> Column {
    guard let right else { return column }
    let present =
      hasNoRight && column.validity == nil ? try rightPresence.bits(of: right) : nil
    if let dictionary = try column.rowDictionary(forTaking: right.count) {
      let codes = try Codes(rows: right, hasNone: hasNoRight, entryCount: dictionary.count)
      return Column(type: column.type, storage: .dictionary(codes, dictionary), validity: present)
    }
    return try column.takeChecked(right, hasNone: hasNoRight, present: present)
  }

  /// The values of a key: the left column's, and in rows without a left row the right column's,
  /// which must be of one type with it.
  package func key(_ leftColumn: Column, _ rightColumn: Column) throws -> Column {
    guard rightOnlyCount > 0, let left, let right else { return try self.left(leftColumn) }
    let known = count - rightOnlyCount
    return try Column.concatenate([
      leftColumn.takeChecked(left.slice(0..<known), hasNone: false),
      rightColumn.takeChecked(right.slice(known..<count), hasNone: false),
    ])
  }
}
