import Columnar
import Language

extension Execution {
  /// One row for each combination of rows, the keys' values spread over columns.
  mutating func pivot(_ node: LogicalPlan.Pivot, _ input: Frame) throws -> Frame {
    let rows = node.rows.compactMap { input[$0] }
    let keys = node.keys.compactMap { input[$0] }
    let rowGroups = try Grouping(keys: rows, rowCount: input.rowCount)
    let rowCount = rows.isEmpty ? 1 : rowGroups.groupCount
    let keyGroups = try Grouping(keys: keys, rowCount: input.rowCount)
    // Where each combination is among the groups of keys; a key that does not occur is nowhere.
    let places = try node.places(keyGroups, keys)
    let wanted = Set(places.compactMap { $0 })
    let others = input.rowCount == 0 ? 0 : keyGroups.groupCount - wanted.count
    if others > 0 {
      report.remarks.append(
        "\(Diagnostic.grouped(others)) other \(others == 1 ? "value" : "values") of "
          + "\(node.keys.joined(separator: ", ")) left out")
    }
    var names = node.rows
    var columns =
      input.rowCount == 0
      ? try rows.map { try $0.slice(0..<0) } : try rows.map { try $0.take(rowGroups.firstRows) }
    let count = rows.isEmpty ? 1 : input.rowCount == 0 ? 0 : rowCount
    // For each combination the input row of each row that comes out.
    let absent = UInt32(truncatingIfNeeded: input.rowCount)
    var sources: [Int: Buffer<UInt32>] = [:]
    for place in wanted { sources[place] = try Buffer(repeating: absent, count: count) }
    let (rowIds, keyIds) = (try rowGroups.ids, try keyGroups.ids)
    for row in 0..<input.rowCount {
      if row & 4095 == 0 { try Cancellation.check() }
      if let source = sources[Int(keyIds[row])] {
        // SAFETY: ids are below the number of groups.
        source.base[Int(rowIds[row])] = UInt32(truncatingIfNeeded: row)
      }
    }
    var extended: [String: Column] = [:]
    for cell in node.cells {
      try Cancellation.check()
      // Behind the rows stands what fills cells that do not occur.
      let values: Column
      if let known = extended[cell.item] {
        values = known
      } else {
        guard let column = input[cell.item] else {
          throw DataError(.unknownColumn, "no column `\(cell.item)`")
        }
        let fill = cell.type == .float ? node.fill.asFloat : node.fill
        values = try Column.concatenate([column, .scalars([fill], type: column.type)])
        extended[cell.item] = values
      }
      names.append(cell.name)
      if let place = places[cell.key], let source = sources[place] {
        columns.append(try values.take(source))
      } else {
        columns.append(try values.take(Buffer(repeating: absent, count: count)))
      }
    }
    return Frame(names: names, columns: columns, rowCount: count)
  }

  /// A row for each row and column that is melted, the columns of one row together.
  mutating func melt(_ node: LogicalPlan.Melt, _ input: Frame) throws -> Frame {
    let width = node.columns.count
    let count = JoinSize.product(input.rowCount, width)
    try RowLimit.check(count)
    let binder = Binder(scope: Scope(), allowance: [])
    var types: [String] = []
    let melted = try node.columns.map { name in
      guard let column = input[name] else {
        throw DataError(.unknownColumn, "no column `\(name)`")
      }
      if !types.contains(column.type.rawValue) { types.append(column.type.rawValue) }
      let value = TypedExpr.column(name, type: column.type)
      let converted =
        node.type == .text ? binder.asText(value) : binder.converted(value, to: node.type)
      return try evaluate(converted, input)
    }
    if node.type == .text, types.count > 1 {
      report.remarks.append(
        "`\(node.value)` is text: it holds \(types.joined(separator: ", "))")
    }
    let rows = try Buffer<UInt32>(count: count)
    let places = try Buffer<UInt32>(count: count)
    let codes = try Buffer<UInt32>(count: count)
    try Workers.run(parts: Workers.partCount(count)) { part in
      for place in Workers.part(part, of: count) {
        // SAFETY: the part lies within all three; there is a column, so the width is not 0.
        let (row, column) = place.quotientAndRemainder(dividingBy: width)
        rows.base[place] = UInt32(truncatingIfNeeded: row)
        places.base[place] = UInt32(truncatingIfNeeded: column * input.rowCount + row)
        codes.base[place] = UInt32(truncatingIfNeeded: column)
      }
    }
    var names: [String] = []
    var columns: [Column] = []
    for field in node.kept {
      guard let column = input[field.name] else { continue }
      names.append(field.name)
      columns.append(try column.take(rows))
    }
    names += [node.name, node.value]
    columns.append(try Column.texts(node.columns).take(codes))
    columns.append(try Column.concatenate(melted).take(places))
    return Frame(names: names, columns: columns, rowCount: count)
  }
}

extension LogicalPlan.Pivot {
  /// The group of each combination of keys; nil for those that do not occur.
  fileprivate func places(_ groups: Grouping, _ keys: [Column]) throws -> [Int?] {
    var known: [[[UInt8]]: Int] = [:]
    for group in 0..<groups.groupCount {
      let row = groups.firstRows[group]
      // The one group of an empty frame has no row.
      if row != noRow { known[keys.map { $0[Int(row)].comparedBytes }] = group }
    }
    return values.map { known[$0.map(\.comparedBytes)] }
  }
}

extension Scalar {
  /// Bytes that are equal where values of one type are; text is not normalised.
  fileprivate var comparedBytes: [UInt8] {
    switch self {
    case .null: []
    case .float(let value): [1] + Array((value + 0).description.utf8)
    default: [1] + Array(dataText.utf8)
    }
  }

  /// An int as a float.
  fileprivate var asFloat: Scalar {
    if case .int(let value) = self { .float(Double(value)) } else { self }
  }
}
