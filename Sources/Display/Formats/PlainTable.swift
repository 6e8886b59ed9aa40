/// What a report or plot holds as one flat table, for formats that know nothing else.
struct PlainTable: Sendable {
  var names: [String]
  /// A value a column; nil is missing.
  var rows: [[String?]]
}

extension ReportTable {
  /// Intervals become two columns, `_lower` and `_upper`, shares a count and its whole, `_of`.
  var plain: PlainTable {
    var names: [String] = []
    var parts: [[[String?]]] = []
    for (place, column) in columns.enumerated() {
      let cells = rows.map { place < $0.count ? $0[place] : .empty }
      let isInterval = cells.contains { if case .interval = $0 { true } else { false } }
      let isShare = cells.contains { if case .share = $0 { true } else { false } }
      names +=
        isInterval
        ? [column.key + "_lower", column.key + "_upper"]
        : isShare ? [column.key, column.key + "_of"] : [column.key]
      parts.append(cells.map { $0.plain(count: isInterval || isShare ? 2 : 1) })
    }
    return PlainTable(
      names: names, rows: rows.indices.map { row in parts.flatMap { $0[row] } })
  }
}

extension Cell {
  /// The cell in `count` values at full precision.
  fileprivate func plain(count: Int) -> [String?] {
    var values: [String?]
    switch self {
    case .share(let part, let whole): values = [String(part), String(whole)]
    case .interval(let low, let high):
      values = [JSONValue.number(low).plain, JSONValue.number(high).plain]
    default: values = [json.flatMap(\.plain)]
    }
    while values.count < count { values.append(nil) }
    return Array(values.prefix(count))
  }
}

extension JSONValue {
  /// The value without quotes; what has parts as JSON, a list of plain values with spaces between.
  var plain: String? {
    switch self {
    case .null: nil
    case .string(let text): text
    case .number(let value) where value.isNaN: nil
    case .number(let value) where value.isInfinite: value < 0 ? "-inf" : "inf"
    case .array(let values): values.map { $0.plain ?? "" }.joined(separator: " ")
    default: text
    }
  }
}
