import Columnar

/// The distinct values of the selected rows of `column`: text by its bytes, others by value.
/// Throws `invalidValue` when there are more than `limit`.
func distinctLevels(
  _ column: Column, _ selection: RowSelection, limit: Int, name: String
) throws -> [Scalar] {
  func tooMany() -> DataError { tooManyLevels(name, column.type, limit: limit) }
  switch column.storage {
  case .dictionary(let codes, let dictionary):
    var isUsed = [Bool](repeating: false, count: dictionary.count)
    try forEachBlock(selection) { _, row in isUsed[codes[row]] = true }
    let ranks = try dictionary.ranks
    let used = isUsed.indices.filter { isUsed[$0] }.sorted { ranks[$0] < ranks[$1] }
    guard used.count <= limit else { throw tooMany() }
    return used.map { .text(dictionary.entries[$0]) }
  case .text(let text):
    var seen: Set<[UInt8]> = []
    try forEachBlock(selection) { _, row in
      // One more than allowed is enough to refuse.
      if seen.count <= limit { seen.insert(Array(text.utf8(row))) }
    }
    guard seen.count <= limit else { throw tooMany() }
    return seen.sorted { $0.lexicographicallyPrecedes($1) }
      .map { .text(String(decoding: $0, as: UTF8.self)) }
  case .int8, .int16, .int32, .int64, .float:
    var seen: Set<Scalar> = []
    var last = Scalar.null
    try forEachBlock(selection) { _, row in
      let value = column[row].withoutNegativeZero
      if value == last || seen.count > limit { return }
      seen.insert(value)
      last = value
    }
    guard seen.count <= limit else { throw tooMany() }
    return sortedLevels(seen)
  }
}

func tooManyLevels(_ name: String, _ type: DataType, limit: Int) -> DataError {
  DataError(
    .invalidValue, "\(name) has more than \(limit) levels, too many for a model",
    hints: type == .text ? [] : ["leave out C(…) to use it as a number"])
}

/// Levels in their order: text by its bytes, others by value.
func sortedLevels(_ levels: Set<Scalar>) -> [Scalar] { levels.sorted { precedes($0, $1) } }

/// For each row of `column` its place among `levels`; `unknownLevel` for null and for others.
func levelIndices(_ column: Column, levels: [Scalar]) throws -> Buffer<UInt32> {
  let indices = try Buffer<UInt32>(repeating: unknownLevel, count: column.count)
  let all = RowSelection(all: column.count)
  var places: [Scalar: UInt32] = [:]
  var textPlaces: [[UInt8]: UInt32] = [:]
  for (place, level) in levels.enumerated() {
    if case .text(let text) = level {
      textPlaces[Array(text.utf8)] = UInt32(place)
    } else {
      places[level] = UInt32(place)
    }
  }
  // SAFETY: rows run over the column, which is as long as `indices`.
  switch column.storage {
  case .dictionary(let codes, let dictionary):
    let placeOfCode = (0..<dictionary.count).map { code in
      textPlaces[Array(dictionary.entries.utf8(code))] ?? unknownLevel
    }
    try forEachBlock(all) { _, row in indices.base[row] = placeOfCode[codes[row]] }
  case .text(let text):
    try forEachBlock(all) { _, row in
      indices.base[row] = textPlaces[Array(text.utf8(row))] ?? unknownLevel
    }
  case .int8, .int16, .int32, .int64, .float:
    try forEachBlock(all) { _, row in
      indices.base[row] = places[column[row].withoutNegativeZero] ?? unknownLevel
    }
  }
  if column.nullCount > 0 {
    try forEachBlock(all) { _, row in
      if column.isNull(row) { indices.base[row] = unknownLevel }
    }
  }
  return indices
}

/// Calls `body` for each selected row in order, polling for cancellation.
private func forEachBlock(_ selection: RowSelection, _ body: (Int, Int) -> Void) throws {
  for part in 0..<Workers.partCount(selection.count) {
    try Cancellation.check()
    selection.forEach(in: Workers.part(part, of: selection.count), body)
  }
}

/// Whether each level comes before the next: text by its bytes, others by value.
func areAscending(_ levels: [Scalar]) -> Bool {
  zip(levels, levels.dropFirst()).allSatisfy { precedes($0, $1) }
}

private func precedes(_ left: Scalar, _ right: Scalar) -> Bool {
  switch (left, right) {
  case (.text(let left), .text(let right)):
    left.utf8.lexicographicallyPrecedes(right.utf8)
  case (.float(let left), .float(let right)): left < right
  default: left.integer < right.integer
  }
}

extension Scalar {
  /// 0 for -0, so that both are one level.
  fileprivate var withoutNegativeZero: Scalar {
    if case .float(let value) = self, value == 0 { return .float(0) }
    return self
  }

  fileprivate var integer: Int64 {
    switch self {
    case .bool(let value): value ? 1 : 0
    case .int(let value), .datetime(let value): value
    case .date(let days): Int64(days)
    case .duration(let value): value.microseconds
    case .null, .float, .text: 0
    }
  }
}
