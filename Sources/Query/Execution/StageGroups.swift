import Columnar

/// What the aggregates and windows of a stage go by: its groups and, in them, its order.
final class StageGroups {
  let grouping: Grouping
  /// The keys of the `sort` clause; empty where there is none, and rows go by the order they have.
  let order: [SortColumn]
  let keys: [Column]
  let keyNames: [String]
  private var made: Partitions?

  /// Groups by `keys`, which people know as `keyNames`.
  init(keys: [Column], keyNames: [String], order: [SortColumn], rowCount: Int) throws {
    self.keyNames = keyNames
    grouping = try Grouping(keys: keys, rowCount: rowCount)
    self.keys = keys
    self.order = order
  }

  /// The groups with their rows in the stage's order. Made on first use.
  func partitions() throws -> Partitions {
    if let made { return made }
    let partitions = try Partitions(keys: keys, order: order, grouping: grouping)
    made = partitions
    return partitions
  }

  /// The groups with their rows in the order of `values`.
  func partitions(by values: Column) throws -> Partitions {
    try Partitions(keys: keys, order: [SortColumn(column: values)], grouping: grouping)
  }
}

extension WindowCall {
  /// The values for all rows, from those of its arguments.
  func column(_ arguments: [Column], type: DataType?, _ groups: StageGroups) throws -> Column {
    switch function {
    case .rowNumber: return try Windows.rowNumbers(in: try groups.partitions())
    case .rank(let ranking):
      let partitions =
        try arguments.first.map { try groups.partitions(by: $0) } ?? groups.partitions()
      return try Windows.ranks(ranking, of: arguments.first, in: partitions)
    case .orderedRank(let ranking):
      return try Windows.ranks(ranking, of: arguments.first, in: try groups.partitions())
    case .isInside(let rows): return try Windows.isInside(rows, in: try groups.partitions())
    case .random(let random, let seed):
      return try random.column(count: groups.grouping.rowCount, seed: seed)
    case .shifted, .cumulative, .rolling, .nth, .filled, .interpolated:
      guard let column = arguments.first else {
        throw DataError(.invalidValue, "a window function has no values to go over")
      }
      return try self.column(of: column, type: type, groups)
    }
  }

  private func column(
    of column: Column, type: DataType?, _ groups: StageGroups
  ) throws -> Column {
    let partitions = try groups.partitions()
    switch function {
    case .shifted(let rows): return try Windows.shifted(column, by: rows, in: partitions)
    case .cumulative(let function):
      return try Windows.cumulative(
        function, column, type: type ?? column.type, in: partitions)
    case .nth(let number): return try Windows.nth(column, number, in: partitions)
    case .filled(let isForward, let limit):
      return try Windows.filled(column, isForward: isForward, limit: limit, in: partitions)
    case .interpolated:
      guard let keys = groups.order.first else {
        throw DataError(.invalidValue, "a line between values has no order to go by")
      }
      return try Windows.interpolated(column, by: keys.column, in: partitions)
    case .rolling(let function, let window, let minimum):
      let extent: RollingExtent
      switch window {
      case .rows(let count): extent = .rows(count)
      case .time(let width):
        guard let times = groups.order.first else {
          throw DataError(.invalidValue, "a window over time has no times to go by")
        }
        extent = try partitions.extents(
          of: width, before: times.column, isDescending: times.isDescending)
      }
      return try Windows.rolling(
        function, column, over: extent, minimum: minimum, type: type ?? column.type,
        in: partitions)
    case .rowNumber, .rank, .orderedRank, .isInside, .random: return column
    }
  }
}
