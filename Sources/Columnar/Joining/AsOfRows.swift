/// For each left row the right row of equal keys whose moment is nearest in one direction.
///
/// `left` and `right` are the keys that must be equal, maybe none; `leftMoment` and `rightMoment`
/// are ordered: whole numbers, floats or moments. Rows with null in a key or moment match nothing.
/// Throws `type` where columns cannot be compared, and `overflow` for whole numbers that a float
/// beside them would round.
package func asOfRows(
  left: [Column], right: [Column], leftMoment: Column, rightMoment: Column,
  direction: AsOfDirection, tolerance: AsOfTolerance? = nil
) throws -> (rows: JoinedRows, size: JoinSize) {
  let leftCount = leftMoment.count
  let (leftIds, rightIds, idCount) = try asOfIds(
    left, right, leftMoment: leftMoment, rightMoment: rightMoment)
  // Right rows by key, and within each by moment, ties in order.
  let order = try sortedRows(
    [SortColumn(column: rightMoment)], rowCount: rightMoment.count)
  let segments = try GroupSegments(
    ids: rightIds.gathered(order, absent: nil), groupCount: idCount + 1)
  let rows = try order.gathered(segments.rows, absent: nil)
  let found: Buffer<UInt32>
  if leftMoment.type == .float || rightMoment.type == .float {
    var limit: Double?
    switch tolerance {
    case .whole(let number)?: limit = Double(number)
    case .float(let number)?: limit = number
    case nil: break
    }
    found = try AsOfSearch(
      moments: leftMoment.exactFloats(), ids: leftIds,
      rightMoments: rightMoment.exactFloats().gathered(rows, absent: nil),
      starts: segments.starts, direction: direction, tolerance: limit
    ).rows(rows)
  } else {
    var limit: UInt64?
    switch tolerance {
    case .whole(let number)?: limit = number
    // Between whole numbers the part behind the point makes no difference.
    case .float(let number)?: limit = UInt64(exactly: number.rounded(.down)) ?? .max
    case nil: break
    }
    let isFine = leftMoment.type == .datetime || rightMoment.type == .datetime
    found = try AsOfSearch(
      moments: leftMoment.wholeMoments(isFine: isFine), ids: leftIds,
      rightMoments: rightMoment.wholeMoments(isFine: isFine).gathered(rows, absent: nil),
      starts: segments.starts, direction: direction, tolerance: limit
    ).rows(rows)
  }
  let matched = found.count - found.elements.count { $0 == noRow }
  return (
    JoinedRows(count: leftCount, left: nil, right: found, hasNoRight: matched < leftCount),
    JoinSize(leftMatched: matched, pairs: matched)
  )
}

/// The numbers of the rows' keys, those of left rows without a match or moment being `noRow`, those
/// of such right rows one more than all others.
private func asOfIds(
  _ left: [Column], _ right: [Column], leftMoment: Column, rightMoment: Column
) throws -> (left: Buffer<UInt32>, right: Buffer<UInt32>, count: Int) {
  let (leftCount, rightCount) = (leftMoment.count, rightMoment.count)
  try RowLimit.check(leftCount)
  try RowLimit.check(rightCount)
  let leftIds: Buffer<UInt32>
  var known: Buffer<UInt32>?
  var count = 1
  if left.isEmpty {
    leftIds = try Buffer(filledWith: 0, count: leftCount)
    known = try Buffer(filledWith: 0, count: rightCount)
  } else {
    let matches = try KeyMatches(left: left, right: right)
    leftIds = matches.leftIds
    known = matches.rightIds
    count = matches.idCount
  }
  let own = try Buffer<UInt32>(count: leftCount)
  for row in 0..<leftCount {
    // SAFETY: all are as long as their side.
    own.base[row] = leftMoment.isNull(row) ? noRow : leftIds.base[row]
  }
  let rightIds = try Buffer<UInt32>(count: rightCount)
  let last = UInt32(truncatingIfNeeded: count)
  for row in 0..<rightCount {
    let id = known.map { $0.base[row] } ?? UInt32(truncatingIfNeeded: row)
    rightIds.base[row] = rightMoment.isNull(row) ? last : min(id, last)
  }
  return (own, rightIds, count)
}

extension Column {
  /// The values of whole numbers, dates as moments where `isFine`. Throws `overflow` for a date
  /// that is no moment.
  fileprivate func wholeMoments(isFine: Bool) throws -> Buffer<Int64> {
    let values = try wholeValues()
    guard isFine, type == .date else { return values }
    let moments = try Buffer<Int64>(count: count)
    for row in 0..<count {
      // SAFETY: both are as long as the column.
      let (moment, overflow) = values.base[row]
        .multipliedReportingOverflow(by: Calendar.microsecondsPerDay)
      if overflow { throw DataError(.overflow, "a date is out of range", row: row) }
      moments.base[row] = moment
    }
    return moments
  }

  private func wholeValues() throws -> Buffer<Int64> {
    switch storage {
    case .int8(let buffer): return try buffer.converted()
    case .int16(let buffer): return try buffer.converted()
    case .int32(let buffer): return try buffer.converted()
    case .int64(let buffer): return buffer
    case .float, .dictionary, .text:
      throw DataError(.typeMismatch, "\(type.rawValue) is no whole number")
    }
  }

  /// The values as floats. Throws `overflow` for a whole number that would be rounded.
  fileprivate func exactFloats() throws -> Buffer<Double> {
    if case .float(let buffer) = storage { return buffer }
    let values = try wholeValues()
    let floats = try Buffer<Double>(count: count)
    for row in 0..<count {
      // SAFETY: both are as long as the column.
      guard let float = Double(exactly: values.base[row]) else {
        throw DataError(
          .overflow, "a whole number beyond 2^53 cannot be compared with floats", row: row,
          hints: ["float(…) rounds it"])
      }
      floats.base[row] = float
    }
    return floats
  }
}
