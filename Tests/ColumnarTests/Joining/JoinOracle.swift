import Columnar
import TestSupport

/// Joins by nested loops over boxed values.
struct JoinOracle {
  let left: [[Scalar]]
  let right: [[Scalar]]

  init(left: [Column], right: [Column]) {
    self.left = left.map(\.scalars)
    self.right = right.map(\.scalars)
  }

  /// The rows of either side that come out; nil stands for none.
  func rows(_ kind: JoinKind, leftCount: Int, rightCount: Int) -> [[Int?]] {
    var rows: [[Int?]] = []
    var isUsed = [Bool](repeating: false, count: rightCount)
    for row in 0..<leftCount {
      let matches = (0..<rightCount).filter { isEqual(row, $0) }
      for match in matches { isUsed[match] = true }
      switch kind {
      case .semi: if !matches.isEmpty { rows.append([row, nil]) }
      case .anti: if matches.isEmpty { rows.append([row, nil]) }
      default:
        for match in matches { rows.append([row, match]) }
        if matches.isEmpty, kind.keepsLeft { rows.append([row, nil]) }
      }
    }
    if kind.keepsRight {
      for row in 0..<rightCount where !isUsed[row] { rows.append([nil, row]) }
    }
    return rows
  }

  func isEqual(_ row: Int, _ other: Int) -> Bool {
    zip(left, right).allSatisfy { JoinOracle.isEqual($0[row], $1[other]) }
  }

  static func isEqual(_ first: Scalar, _ second: Scalar) -> Bool {
    switch (first, second) {
    case (.null, _), (_, .null): false
    case (.int(let int), .float(let float)), (.float(let float), .int(let int)):
      Int64(exactly: float) == int
    case (.date(let days), .datetime(let moment)), (.datetime(let moment), .date(let days)):
      Int64(days) * Calendar.microsecondsPerDay == moment
    // Bytes, where Swift would compare what they stand for.
    case (.text(let first), .text(let second)): Array(first.utf8) == Array(second.utf8)
    default: first == second
    }
  }
}

extension JoinedRows {
  /// The rows of either side, by columns that number them.
  func numbers(leftCount: Int, rightCount: Int, hasRight: Bool) throws -> [[Int?]] {
    func numbers(_ column: Column) -> [Int?] {
      column.scalars.map { if case .int(let number) = $0 { Int(number) } else { nil } }
    }
    let left = numbers(try left(.ints((0..<leftCount).map(Int64.init))))
    guard hasRight else { return left.map { [$0, nil] } }
    let right = numbers(try right(.ints((0..<rightCount).map(Int64.init))))
    return zip(left, right).map { [$0, $1] }
  }
}
