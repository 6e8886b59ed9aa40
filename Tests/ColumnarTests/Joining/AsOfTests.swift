import Columnar
import TestSupport
import Testing

@Suite struct AsOfTests {
  @Test(arguments: [SampleKind.int8, .int64Extremes, .floatExtremes, .floats, .date, .datetime])
  func searchesAgreeWithNestedLoops(_ sample: SampleKind) throws {
    for (leftCount, rightCount) in [(0, 3), (3, 0), (65, 64), (129, 300)] {
      for nulls in NullPattern.allCases {
        for keyKind in [nil, SampleKind.bool, .fewTexts, .int16] {
          let leftMoment = try sampleColumn(sample, count: leftCount, nulls: nulls, seed: 5)
          let rightMoment = try sampleColumn(sample, count: rightCount, nulls: nulls, seed: 6)
          let left = try keyKind.map {
            [try sampleColumn($0, count: leftCount, nulls: nulls, seed: 7)]
          }
          let right = try keyKind.map {
            [try sampleColumn($0, count: rightCount, nulls: nulls, seed: 8)]
          }
          for direction in AsOfDirection.allCases {
            for tolerance in [nil, 1] as [Int64?] {
              try check(
                left ?? [], right ?? [], leftMoment, rightMoment, direction, tolerance)
            }
          }
        }
      }
    }
  }

  @Test func sortedMomentsAreFoundFromTheLastOnes() throws {
    let left = try Column.ints((0..<70_000).map { Int64($0) })
    let right = try Column.ints((0..<9_000).map { Int64($0 * 8 + 3) })
    let (rows, size) = try asOfRows(
      left: [], right: [], leftMoment: left, rightMoment: right, direction: .backward)
    let found = try rows.right(right).scalars
    #expect(size.leftMatched == 70_000 - 3)
    #expect(
      (0..<70_000).allSatisfy { row in
        let place = min((row - 3) / 8, 8_999)
        return found[row] == (row < 3 ? .null : .int(Int64(place * 8 + 3)))
      })
  }

  @Test func wholeNumbersBesideFloatsAreNotRounded() throws {
    #expect(throws: DataError.self) {
      try asOfRows(
        left: [], right: [], leftMoment: .ints([1 << 53 + 1]), rightMoment: .floats([1]),
        direction: .nearest)
    }
  }

  private func check(
    _ left: [Column], _ right: [Column], _ leftMoment: Column, _ rightMoment: Column,
    _ direction: AsOfDirection, _ tolerance: Int64?
  ) throws {
    let oracle = JoinOracle(left: left, right: right)
    let (moments, others) = (leftMoment.scalars, rightMoment.scalars)
    let isFloat = leftMoment.type == .float
    let limit = tolerance.map { isFloat ? AsOfTolerance.float(Double($0)) : .whole(UInt64($0)) }
    let (rows, _) = try asOfRows(
      left: left, right: right, leftMoment: leftMoment, rightMoment: rightMoment,
      direction: direction, tolerance: limit)
    let found = try rows.numbers(
      leftCount: moments.count, rightCount: others.count, hasRight: true)
    for row in moments.indices {
      let usable = others.indices.filter {
        oracle.isEqual(row, $0) && !moments[row].isNull && !others[$0].isNull
      }
      func gap(_ other: Int) -> Gap { Gap(moments[row], others[other]) }
      var below: Int?
      for other in usable where !gap(other).isAfter {
        if below.map({ !Gap(others[$0], others[other]).isBefore }) ?? true { below = other }
      }
      var above: Int?
      for other in usable where direction == .forward ? !gap(other).isBefore : gap(other).isAfter {
        if above.map({ Gap(others[$0], others[other]).isBefore }) ?? true { above = other }
      }
      var best = direction == .backward ? below : above
      if direction == .nearest, let first = below {
        best = above.map { gap($0).isCloser(than: gap(first)) ? $0 : first } ?? first
      }
      if let limit = tolerance, let known = best, !gap(known).isWithin(limit) { best = nil }
      #expect(found[row][1] == best)
    }
  }
}

/// How far a moment on the right is from one on the left.
private struct Gap {
  let isBefore: Bool
  let isAfter: Bool
  private let whole: Int128
  private let float: Double

  init(_ moment: Scalar, _ other: Scalar) {
    switch (moment, other) {
    case (.float(let first), .float(let second)):
      (isBefore, isAfter) = (second < first, second > first)
      whole = 0
      float = first == second ? 0 : abs(first - second)
    default:
      let (first, second) = (Gap.whole(moment), Gap.whole(other))
      (isBefore, isAfter) = (second < first, second > first)
      whole = first < second ? second - first : first - second
      float = 0
    }
  }

  private static func whole(_ scalar: Scalar) -> Int128 {
    switch scalar {
    case .int(let value), .datetime(let value): Int128(value)
    case .date(let days): Int128(days)
    default: 0
    }
  }

  func isWithin(_ limit: Int64) -> Bool { whole <= Int128(limit) && float <= Double(limit) }

  func isCloser(than other: Gap) -> Bool { whole < other.whole || float < other.float }
}
