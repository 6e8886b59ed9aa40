import Columnar
import Language

extension Execution {
  /// The rows of both sides put together. Where no columns are asked for, rows are counted and
  /// nothing is gathered.
  mutating func join(_ node: LogicalPlan.Join, _ left: Frame, _ right: Frame) throws -> Frame {
    do {
      switch node.kind {
      case .matching(let kind): return try match(node, kind, left, right)
      case .cross:
        let count = JoinSize.product(left.rowCount, right.rowCount)
        try node.checkSize(count, left, right)
        return try frame(node, count: count, left, right) {
          try JoinedRows.cross(left.rowCount, right.rowCount)
        }
      case .asOf(let direction, let tolerance):
        return try matchAsOf(node, direction, tolerance, left, right)
      }
    } catch {
      throw Diagnostic(error, span: node.span)
    }
  }

  private mutating func match(
    _ node: LogicalPlan.Join, _ kind: JoinKind, _ left: Frame, _ right: Frame
  ) throws -> Frame {
    let keys = try node.keyColumns(left, right)
    let matches = try KeyMatches(left: keys.left, right: keys.right)
    if let expectation = node.expectation {
      if expectation.isRightUnique, !matches.isRightUnique {
        try node.checkUnique(keys.right, isLeft: false)
      }
      if expectation.isLeftUnique { try node.checkUnique(keys.left, isLeft: true) }
    }
    let counts = try matches.counts()
    let (size, rightMatched) = (counts.size, counts.matchedRight.setCount)
    var count = kind.hasRight ? size.pairs : kind == .semi ? size.leftMatched : 0
    if kind.keepsLeft { count += left.rowCount - size.leftMatched }
    if kind.keepsRight { count += right.rowCount - rightMatched }
    try node.checkSize(count, left, right)
    report.joins.append(
      ExecutionReport.JoinCounts(
        rightName: node.rightName,
        left: .init(
          rows: left.rowCount, matched: size.leftMatched, withNull: try rowsWithNull(keys.left)),
        right: .init(
          rows: right.rowCount, matched: rightMatched, withNull: try rowsWithNull(keys.right))))
    if kind == .inner, count < left.rowCount,
      let frame = try inner(node, count: count, matches, counts, left, right)
    {
      return frame
    }
    return try frame(node, count: count, left, right) {
      try matches.rows(kind, counts)
    }
  }

  /// The columns asked for, of an inner join that leaves left rows out; nil where keys occur twice on
  /// the right.
  private func inner(
    _ node: LogicalPlan.Join, count: Int, _ matches: KeyMatches, _ counts: MatchCounts,
    _ left: Frame, _ right: Frame
  ) throws -> Frame? {
    let sources = try node.columns.map { output in
      switch output.source {
      case .left(let name):
        let own = try left.column(name)
        let key = node.keys.first { $0.left == name }
        // The keys of a matching row are the same on both sides.
        if let key, let other = right[key.right],
          try other.isTakenAsRows(count, insteadOf: own)
        {
          return (column: other, isLeft: false)
        }
        return (column: own, isLeft: true)
      case .right(let name): return (column: try right.column(name), isLeft: false)
      case .key(let index):
        return (column: try left.column(node.keys[index].left, as: output.type), isLeft: true)
      }
    }
    guard
      let gathered = try matches.innerColumns(
        left: sources.filter(\.isLeft).map(\.column),
        right: sources.filter { !$0.isLeft }.map(\.column), counts)
    else { return nil }
    var (lefts, rights) = (gathered.left.makeIterator(), gathered.right.makeIterator())
    let columns = sources.compactMap { $0.isLeft ? lefts.next() : rights.next() }
    return Frame(names: node.columns.map(\.name), columns: columns, rowCount: count)
  }

  private mutating func matchAsOf(
    _ node: LogicalPlan.Join, _ direction: AsOfDirection, _ tolerance: AsOfTolerance?,
    _ left: Frame, _ right: Frame
  ) throws -> Frame {
    var keys = try node.keyColumns(left, right)
    let nulls = (try rowsWithNull(keys.left), try rowsWithNull(keys.right))
    guard let leftMoment = keys.left.popLast(), let rightMoment = keys.right.popLast() else {
      throw DataError(.invalidValue, "an as-of join needs a key")
    }
    let (rows, size) = try asOfRows(
      left: keys.left, right: keys.right, leftMoment: leftMoment, rightMoment: rightMoment,
      direction: direction, tolerance: tolerance)
    report.joins.append(
      ExecutionReport.JoinCounts(
        rightName: node.rightName,
        left: .init(rows: left.rowCount, matched: size.leftMatched, withNull: nulls.0),
        right: .init(rows: right.rowCount, matched: nil, withNull: nulls.1)))
    return try frame(node, count: rows.count, left, right) { rows }
  }

  /// The columns asked for, of the rows that `rows` gives.
  private mutating func frame(
    _ node: LogicalPlan.Join, count: Int, _ left: Frame, _ right: Frame,
    _ rows: () throws -> JoinedRows
  ) throws -> Frame {
    try RowLimit.check(count)
    if node.columns.isEmpty { return Frame(names: [], columns: [], rowCount: count) }
    let rows = try rows()
    let columns = try node.columns.map { output in
      switch output.source {
      case .left(let name): return try rows.left(try left.column(name))
      case .right(let name): return try rows.right(try right.column(name))
      case .key(let index):
        let key = node.keys[index]
        return try rows.key(
          left.column(key.left, as: output.type), right.column(key.right, as: output.type))
      }
    }
    return Frame(names: node.columns.map(\.name), columns: columns, rowCount: count)
  }
}

extension LogicalPlan.Join {
  fileprivate func keyColumns(
    _ left: Frame, _ right: Frame
  ) throws -> (left: [Column], right: [Column]) {
    (try keys.map { try left.column($0.left) }, try keys.map { try right.column($0.right) })
  }

  /// Throws `join-size` where a join would be much larger than its inputs and nobody said so.
  fileprivate func checkSize(_ count: Int, _ left: Frame, _ right: Frame) throws {
    let larger = max(left.rowCount, right.rowCount)
    guard expectation != .manyToMany, count / 10 >= larger, count > larger * 10 else { return }
    let rows =
      count == Int.max ? "more rows than can be counted" : "\(Diagnostic.grouped(count)) rows"
    throw Diagnostic(
      .joinSize,
      "this join would give \(rows), over 10 times its larger input "
        + "(\(Diagnostic.grouped(larger)))", span: span,
      label: kind == .cross ? nil : "keys repeat on both sides",
      notes: ["expect=n:m says that this is meant"])
  }

  /// Throws `join-keys` with the first key that occurs twice on a side.
  fileprivate func checkUnique(_ columns: [Column], isLeft: Bool) throws {
    guard let expectation, let (row, count) = try firstRepeatedKey(columns) else { return }
    let pairs = zip(keys, columns).map { key, column in
      "\(isLeft ? key.left : key.right) = \(column[row].literal)"
    }
    let side = isLeft ? "on the left" : "in `\(rightName)`"
    throw Diagnostic(
      .joinKeys,
      "expect=\(expectation.rawValue) does not hold: \(pairs.joined(separator: ", ")) occurs "
        + "\(Diagnostic.grouped(count)) times \(side)", span: span)
  }
}

extension Frame {
  fileprivate func column(_ name: String) throws -> Column {
    guard let column = self[name] else {
      throw DataError(.unknownColumn, "no column `\(name)`")
    }
    return column
  }

  /// A column with its values in another type that they fit.
  fileprivate func column(_ name: String, as type: DataType) throws -> Column {
    let column = try column(name)
    if column.type == type { return column }
    let value = Binder(scope: Scope(), allowance: []).converted(
      .column(name, type: column.type), to: type)
    return try value.evaluate(on: self).column
  }
}
