import Columnar

/// What kernels compute, a row at a time over boxed values: slow, and plain enough to be right.
package enum Oracle {
  /// Whether one value comes before another: text by bytes, null last. Values are of one type.
  package static func precedes(_ left: Scalar, _ right: Scalar) -> Bool {
    switch (left, right) {
    case (.null, _): false
    case (_, .null): true
    case (.bool(let left), .bool(let right)): !left && right
    case (.int(let left), .int(let right)): left < right
    case (.float(let left), .float(let right)): left < right
    case (.date(let left), .date(let right)): left < right
    case (.datetime(let left), .datetime(let right)): left < right
    case (.duration(let left), .duration(let right)): left.microseconds < right.microseconds
    case (.text(let left), .text(let right)): Array(left.utf8).lexicographicallyPrecedes(right.utf8)
    default: false
    }
  }

  package static func areEqual(_ left: Scalar, _ right: Scalar) -> Bool {
    if case .text(let left) = left, case .text(let right) = right {
      return Array(left.utf8) == Array(right.utf8)
    }
    return left == right
  }

  /// The rows in stable order, null last both ways.
  package static func sortedRows(
    _ keys: [(values: [Scalar], isDescending: Bool)], rowCount: Int
  ) -> [UInt32] {
    let rows = (0..<rowCount).sorted { left, right in
      for key in keys {
        let (first, second) = (key.values[left], key.values[right])
        if areEqual(first, second) { continue }
        if first.isNull || second.isNull { return second.isNull }
        return precedes(first, second) != key.isDescending
      }
      return left < right
    }
    return rows.map { UInt32($0) }
  }

  /// The rows of each group, ascending, groups in the order of their keys.
  package static func groups(_ keys: [[Scalar]], rowCount: Int) -> [[Int]] {
    if keys.isEmpty { return [Array(0..<rowCount)] }
    var groups: [[Int]] = []
    for row in sortedRows(keys.map { ($0, false) }, rowCount: rowCount).map({ Int($0) }) {
      if let first = groups.last?.first,
        keys.allSatisfy({ areEqual($0[first], $0[row]) })
      {
        groups[groups.count - 1].append(row)
      } else {
        groups.append([row])
      }
    }
    return groups
  }
}
