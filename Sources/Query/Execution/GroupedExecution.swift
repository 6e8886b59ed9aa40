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
      throw located(error, condition.span, input)
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
      keys: try keys.map { try evaluate($0.value, frame) }, keyNames: keys.map(\.name),
      order: try self.order(order, frame), rowCount: frame.rowCount)
  }

  /// The values of an expression with aggregates and windows, each of its row's group.
  mutating func broadcast(
    _ expression: TypedExpr, _ frame: Frame, _ groups: StageGroups
  ) throws -> Column {
    var slots = CallSlots()
    let rewritten = slots.replacingCalls(in: expression)
    var extended = frame
    let aggregates = slots.aggregates.filter { !$0.goesByOrder(groups) }
    for (call, column) in zip(aggregates, try reduced(aggregates, frame, groups)) {
      extended = extended.setting(
        call.name,
        frame.rowCount == 0 ? try column.slice(0..<0) : try column.take(groups.grouping.ids))
    }
    for (name, call) in slots.calls where extended.index(of: name) == nil {
      extended = extended.setting(name, try ordered(call, frame, groups))
    }
    return try evaluate(rewritten, extended)
  }

  /// The values of a window, or of an aggregate that goes by the stage's order, in all rows.
  private mutating func ordered(
    _ call: TypedExpr, _ frame: Frame, _ groups: StageGroups
  ) throws -> Column {
    let arguments = try call.children.map { try evaluate($0, frame) }
    do {
      if case .window(let window) = call.kind {
        return try window.column(arguments, type: call.type, groups)
      }
      guard case .aggregate(let aggregate) = call.kind, let column = arguments.first else {
        throw DataError(.invalidValue, "an aggregate has no values to go over")
      }
      if case .joined(let separator) = aggregate.reduction {
        return try column.joined(in: try groups.partitions(), separator: separator)
      }
      return try Windows.edge(
        column, isFirst: aggregate.reduction == .first, in: try groups.partitions())
    } catch {
      throw located(error, call.span, frame)
    }
  }

  /// One row a group.
  ///
  /// All aggregates are computed in one pass over the rows, of which a condition picks some without
  /// their being gathered.
  mutating func aggregate(_ node: LogicalPlan.Aggregate, _ input: Frame) throws -> Frame {
    var frame = input
    if !node.order.isEmpty {
      let rows = try sortedRows(try order(node.order, input), rowCount: input.rowCount)
      frame = try input.take(rows)
    }
    let selected = try node.condition.map { try mask($0, frame).selected }
    let keys = try node.keys.map { try evaluate($0.value, frame) }
    let (items, calls) = node.itemsOverCalls
    do {
      let reductions = try groupItems(calls, frame)
      let grouped = try Columnar.aggregate(
        reductions, by: keys, where: selected, rowCount: frame.rowCount)
      return try rows(of: grouped, node, items, calls)
    } catch let failure as GroupFailure {
      throw overflow(calls[failure.item], failure, node.keys.map(\.name))
    }
  }

  /// The rows of an aggregate, a row a group: `items` read the values of `calls` as columns.
  mutating func rows(
    of grouped: GroupedValues, _ node: LogicalPlan.Aggregate, _ items: [NamedExpr],
    _ calls: [CallSlots.Aggregate]
  ) throws -> Frame {
    // Keys stand under their own names, and under those of the columns they are.
    let names = node.keys.map(\.name)
    var groups = Frame(names: names, columns: grouped.keys, rowCount: grouped.groupCount)
    for (key, column) in zip(node.keys, grouped.keys) {
      if let plain = key.value.columnName { groups = groups.setting(plain, column) }
    }
    for (call, column) in zip(calls, grouped.values) {
      groups = groups.setting(call.name, column)
    }
    let columns = try items.map { try evaluate($0.value, groups) }
    return Frame(
      names: names + items.map(\.name), columns: grouped.keys + columns,
      rowCount: grouped.groupCount)
  }

  /// The calls' values, a row a group.
  private mutating func reduced(
    _ calls: [CallSlots.Aggregate], _ frame: Frame, _ groups: StageGroups
  ) throws -> [Column] {
    if calls.isEmpty { return [] }
    do {
      return try reduce(try groupItems(calls, frame), by: groups.grouping)
    } catch let failure as GroupFailure {
      let named = failure.naming(groups.keys, of: groups.grouping)
      throw overflow(calls[failure.item], named, groups.keyNames)
    }
  }

  /// What the calls reduce; an argument that several of them have is evaluated once.
  private mutating func groupItems(
    _ calls: [CallSlots.Aggregate], _ frame: Frame
  ) throws -> [GroupItem] {
    var known: [(expression: TypedExpr, column: Column)] = []
    return try calls.map { call in
      var arguments: [Column] = []
      for expression in call.call.arguments {
        if let known = known.first(where: { $0.expression.isSame(as: expression) }) {
          arguments.append(known.column)
          continue
        }
        let column = try evaluate(expression, frame)
        known.append((expression, column))
        arguments.append(column)
      }
      do {
        return try GroupItem(call.call.reduction, arguments)
      } catch {
        throw Diagnostic(error, span: call.span)
      }
    }
  }

  /// The error for a sum that does not fit, which people know by its group.
  func overflow(
    _ call: CallSlots.Aggregate, _ failure: GroupFailure, _ keys: [String]
  ) -> Diagnostic {
    var error = failure.error
    let argument = call.call.arguments.first.map { " of \($0.description)" } ?? ""
    let group = zip(keys, failure.keys).map { "\(Suggestion.written($0)) = \($1.literal)" }
    let place = group.isEmpty ? "" : " for " + group.joined(separator: ", ")
    error.message =
      "the \(call.call.reduction.name)\(argument)\(place) does not fit into a 64-bit integer"
    error.row = nil
    error.hints.append("float(…) inside adds up floats")
    return Diagnostic(error, span: call.span)
  }
}

/// The aggregates and windows of expressions, each different one to be computed once and read as a
/// column.
struct CallSlots {
  private(set) var calls: [(name: String, call: TypedExpr)] = []

  struct Aggregate {
    let name: String
    let call: AggregateCall
    let span: Span

    /// Whether its value is that of the group's first or last row in the stage's order.
    func goesByOrder(_ groups: StageGroups) -> Bool {
      switch call.reduction {
      case .first, .last, .joined: !groups.order.isEmpty
      default: false
      }
    }
  }

  /// The aggregates among the calls.
  var aggregates: [Aggregate] {
    calls.compactMap { name, expression in
      guard case .aggregate(let call) = expression.kind else { return nil }
      return Aggregate(name: name, call: call, span: expression.span)
    }
  }

  /// `expression` with a column for each call. A name that begins with NUL is no user's.
  mutating func replacingCalls(in expression: TypedExpr) -> TypedExpr {
    var found = calls
    let rewritten = expression.mapped { part in
      switch part.kind {
      case .aggregate, .window:
        let known = found.first { $0.call.isSame(as: part) }
        let name = known?.name ?? "\0\(found.count)"
        if known == nil { found.append((name, part)) }
        return .column(name, type: part.type ?? .float, span: part.span)
      default: return part
      }
    }
    calls = found
    return rewritten
  }
}

extension LogicalPlan.Aggregate {
  /// The items with a column for each different aggregate in them, and these.
  var itemsOverCalls: (items: [NamedExpr], calls: [CallSlots.Aggregate]) {
    var slots = CallSlots()
    let items = items.map { NamedExpr(name: $0.name, value: slots.replacingCalls(in: $0.value)) }
    return (items, slots.aggregates)
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
    return Frame(names: names, columns: columns, rowCount: rowCount, origin: origin)
  }
}
