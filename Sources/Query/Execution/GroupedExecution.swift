import Columnar
import Language

extension Execution {
  /// The frame with columns added or replaced.
  mutating func derive(_ node: LogicalPlan.Derive, _ input: Frame) throws -> Frame {
    guard let condition = node.condition else { return try deriveAll(node, input) }
    // Rows that the condition leaves out take no part: not in aggregates, nor with their errors.
    let mask = try masked(condition, input)
    let rows = try mask.selected.rows()
    rowsInStage = rows
    let derived = try deriveAll(node, try input.take(rows))
    rowsInStage = nil
    let places = try Buffer<UInt32>(repeating: noRow, count: input.rowCount)
    for (place, row) in rows.elements.enumerated() {
      places.base[Int(row)] = UInt32(truncatingIfNeeded: place)
    }
    var frame = input
    for item in node.items where derived.index(of: item.name) != nil {
      guard let column = derived[item.name] else { continue }
      let spread = try column.takeOrNull(places)
      frame = frame.setting(item.name, try merged(spread, over: input[item.name], mask.selected))
    }
    return frame
  }

  private mutating func masked(_ condition: TypedExpr, _ input: Frame) throws -> RowMask {
    do {
      let (mask, notes) = try condition.evaluateMask(on: input)
      report.notes += notes
      return mask
    } catch {
      throw Diagnostic(error, span: condition.span)
    }
  }

  /// `new` where `mask` is set, else `old`; null there if there was no such column.
  private func merged(_ new: Column, over old: Column?, _ mask: Bitmap) throws -> Column {
    guard let old else { return new }
    let bytes = try Buffer<Int8>(count: mask.count)
    for row in 0..<mask.count { bytes.base[row] = mask[row] ? 1 : 0 }
    let flags = Column(type: .bool, storage: .int8(bytes))
    let frame = Frame(names: ["mask", "new", "old"], columns: [flags, new, old])
    let span = Span(0, 0)
    let binder = Binder(scope: Scope(), allowance: [])
    let kept = binder.converted(.column("old", type: old.type), to: new.type)
    let choice = TypedExpr(
      .choice(
        [
          TypedExpr.Arm(
            condition: .column("mask", type: .bool), value: .column("new", type: new.type))
        ], otherwise: kept), type: new.type, span: span)
    return try choice.evaluate(on: frame).column
  }

  private mutating func deriveAll(
    _ node: LogicalPlan.Derive, _ input: Frame
  ) throws -> Frame {
    var frame = input
    var groups: StageGroups?
    for item in node.items {
      let column: Column
      if item.value.readsOtherRows {
        // Keys are those of the rows that came in, whatever the items make of them.
        let known = try groups ?? self.groups(node.keys, node.order, input)
        groups = known
        column = try broadcast(item.value, frame, known)
      } else {
        column = try evaluate(item.value, frame)
      }
      frame = frame.setting(item.name, column)
    }
    return frame
  }

  /// The groups and the order of a stage.
  mutating func groups(
    _ keys: [NamedExpr], _ order: [OrderKey], _ frame: Frame
  ) throws -> StageGroups {
    try StageGroups(
      keys: try keys.map { try evaluate($0.value, frame) }, order: try self.order(order, frame),
      rowCount: frame.rowCount)
  }

  /// The values of an expression with aggregates and windows, each of its row's group.
  mutating func broadcast(
    _ expression: TypedExpr, _ frame: Frame, _ groups: StageGroups
  ) throws -> Column {
    var slots = CallSlots()
    let rewritten = slots.replacingCalls(in: expression)
    var extended = frame
    for (name, call) in slots.calls {
      let column: Column
      switch call.kind {
      case .aggregate(let aggregate):
        column = try broadcast(aggregate, frame, groups, span: call.span)
      case .window(let window):
        let arguments = try window.arguments.map { try evaluate($0, frame) }
        do {
          column = try window.column(arguments, type: call.type, groups)
        } catch {
          throw located(error, call.span)
        }
      default: continue
      }
      extended = extended.setting(name, column)
    }
    return try evaluate(rewritten, extended)
  }

  /// An aggregate of each group, in all of its rows.
  private mutating func broadcast(
    _ call: AggregateCall, _ frame: Frame, _ groups: StageGroups, span: Span
  ) throws -> Column {
    if !groups.order.isEmpty, call.reduction == .first || call.reduction == .last,
      let argument = call.arguments.first
    {
      let column = try evaluate(argument, frame)
      return try Windows.edge(
        column, isFirst: call.reduction == .first, in: try groups.partitions())
    }
    let reduced = try reduced(call, frame, groups.grouping, span: span)
    return frame.rowCount == 0
      ? try reduced.slice(0..<0) : try reduced.take(groups.grouping.ids)
  }

  /// One row a group.
  mutating func aggregate(_ node: LogicalPlan.Aggregate, _ input: Frame) throws -> Frame {
    var frame = input
    if !node.order.isEmpty {
      let rows = try sortedRows(try order(node.order, input), rowCount: input.rowCount)
      frame = try input.take(rows)
    }
    let keys = try node.keys.map { try evaluate($0.value, frame) }
    let grouping = try Grouping(keys: keys, rowCount: frame.rowCount)
    let count = grouping.groupCount
    var names: [String] = []
    var columns: [Column] = []
    for (key, column) in zip(node.keys, keys) {
      names.append(key.name)
      columns.append(try column.take(grouping.firstRows))
    }
    // Keys stand under their own names, and under those of the columns they are.
    var groups = Frame(names: names, columns: columns, rowCount: count)
    for (key, column) in zip(node.keys, columns) {
      if let plain = key.value.columnName { groups = groups.setting(plain, column) }
    }
    var slots = CallSlots()
    let items = node.items.map {
      NamedExpr(name: $0.name, value: slots.replacingCalls(in: $0.value))
    }
    for (name, call) in slots.calls {
      guard case .aggregate(let aggregate) = call.kind else { continue }
      groups = groups.setting(name, try reduced(aggregate, frame, grouping, keys, span: call.span))
    }
    for item in items {
      names.append(item.name)
      columns.append(try evaluate(item.value, groups))
    }
    return Frame(names: names, columns: columns, rowCount: count)
  }

  private mutating func reduced(
    _ call: AggregateCall, _ frame: Frame, _ grouping: Grouping, _ keys: [Column] = [], span: Span
  ) throws -> Column {
    let arguments = try call.arguments.map { try evaluate($0, frame) }
    do {
      return try reduce(call.reduction, arguments, by: grouping)
    } catch let error as DataError where error.code == .overflow {
      // The error's row is the first of its group, which people know by its keys.
      var error = error
      if let row = error.row, !keys.isEmpty {
        let group = keys.map { $0[row].isNull ? "null" : $0[row].dataText }.joined(separator: " · ")
        error.message += " (group \(group))"
      }
      error.row = nil
      error.hints.append("float(…) inside adds up floats")
      throw Diagnostic(error, span: span)
    } catch {
      throw Diagnostic(error, span: span)
    }
  }
}

/// The aggregates and windows of expressions, each to be computed once and read as a column.
private struct CallSlots {
  private(set) var calls: [(name: String, call: TypedExpr)] = []

  /// `expression` with a column for each call. A name that begins with NUL is no user's.
  mutating func replacingCalls(in expression: TypedExpr) -> TypedExpr {
    var found = calls
    let rewritten = expression.mapped { part in
      switch part.kind {
      case .aggregate, .window:
        let name = "\0\(found.count)"
        found.append((name, part))
        return .column(name, type: part.type ?? .float, span: part.span)
      default: return part
      }
    }
    calls = found
    return rewritten
  }
}

extension Frame {
  /// The frame with a column in place of the one of that name, or at the end.
  func setting(_ name: String, _ column: Column) -> Frame {
    var (names, columns) = (self.names, self.columns)
    if let index = index(of: name) {
      columns[index] = column
    } else {
      names.append(name)
      columns.append(column)
    }
    return Frame(names: names, columns: columns, rowCount: rowCount)
  }
}
