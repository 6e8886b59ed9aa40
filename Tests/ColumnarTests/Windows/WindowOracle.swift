import Columnar

/// Windows one row at a time over boxed values: slow, and made apart from what it judges.
struct WindowOracle {
  /// What rows are ordered by; ties are in row order.
  let order: [Scalar]
  let isDescending: Bool
  /// The rows of each partition in order, and where each row is among them.
  private let partitions: [Int: [Int]]
  private var places: [Int]
  private let groups: [Int]

  init(groups: [Int], order: [Scalar], isDescending: Bool) {
    self.order = order
    self.isDescending = isDescending
    self.groups = groups
    partitions = Dictionary(grouping: groups.indices) { groups[$0] }.mapValues { rows in
      rows.sorted { a, b in
        let (x, y) = (order[a], order[b])
        if x.isNull || y.isNull { return x.isNull == y.isNull ? a < b : y.isNull }
        if x == y { return a < b }
        return isDescending ? Self.less(y, x) : Self.less(x, y)
      }
    }
    places = Array(repeating: 0, count: groups.count)
    for rows in partitions.values {
      for (place, row) in rows.enumerated() { places[row] = place }
    }
  }

  /// The rows of the partition of `row`, in order, and its place among them.
  func partition(of row: Int) -> (rows: [Int], place: Int) {
    (partitions[groups[row]] ?? [], places[row])
  }

  /// The values up to a row, or the last `width` of them.
  func window(_ values: [Scalar], _ row: Int, width: Int? = nil) -> [Scalar] {
    let (rows, place) = partition(of: row)
    return rows[max(0, place - (width ?? rows.count) + 1)...place].map { values[$0] }
  }

  /// The values whose time lies less than `width` before that of a row, or, descending, behind it.
  func window(_ values: [Scalar], _ row: Int, time width: Int64) -> [Scalar]? {
    guard let now = Self.ticks(order[row]) else { return nil }
    return partition(of: row).rows.filter { other in
      guard let time = Self.ticks(order[other]) else { return false }
      let distance = isDescending ? time - now : now - time
      return distance >= 0 && distance < width
    }.map { values[$0] }
  }

  private static func ticks(_ value: Scalar) -> Int64? {
    switch value {
    case .date(let days): Int64(days) * 86_400_000_000
    case .datetime(let microseconds): microseconds
    case .int(let value): value
    default: nil
    }
  }

  static func less(_ a: Scalar, _ b: Scalar) -> Bool {
    switch (a, b) {
    case (.text(let x), .text(let y)): Array(x.utf8).lexicographicallyPrecedes(Array(y.utf8))
    case (.int(let x), .int(let y)): x < y
    default:
      (ticks(a).map(Double.init) ?? a.number ?? 0) < (ticks(b).map(Double.init) ?? b.number ?? 0)
    }
  }

  /// What a rolling function gives for the values of a window.
  func rolled(_ function: Rolling, _ window: [Scalar], minimum: Int) -> Scalar {
    let values = window.filter { !$0.isNull }
    if function == .count { return .int(Int64(values.count)) }
    if values.count < max(minimum, 1) { return .null }
    let numbers = values.compactMap(\.number)
    switch function {
    case .count: return .null
    case .min: return values.reduce(values[0]) { Self.less($1, $0) ? $1 : $0 }
    case .max: return values.reduce(values[0]) { Self.less($0, $1) ? $1 : $0 }
    case .sum: return .float(numbers.reduce(0, +))
    case .mean: return .float(numbers.reduce(0, +) / Double(numbers.count))
    case .standardDeviation:
      if numbers.count < 2 { return .null }
      let mean = numbers.reduce(0, +) / Double(numbers.count)
      let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return .float((squares / Double(numbers.count - 1)).squareRoot())
    case .median:
      let sorted = numbers.sorted()
      let (lower, upper) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
      return .float((lower + upper) / 2)
    }
  }
}
