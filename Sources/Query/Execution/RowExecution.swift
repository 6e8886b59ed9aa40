import Columnar
import Language

extension Execution {
  /// A range of rows, or the last ones, of the frame or of each group; in their old order.
  mutating func take(_ node: LogicalPlan.Take, _ input: Frame) throws -> Frame {
    if node.keys.isEmpty { return try input.slice(range(node.rows, of: input.rowCount)) }
    if !node.order.isEmpty, case .range(let places) = node.rows {
      let keys = try node.keys.map { try evaluate($0.value, input) }
      return try input.take(
        topRows(
          try order(node.order, input), by: keys, places: places, rowCount: input.rowCount))
    }
    let grouping = try grouping(node.keys, input)
    let segments = try grouping.segments
    let mask = try Bitmap(repeating: false, count: input.rowCount)
    for group in 0..<grouping.groupCount {
      if group & 1023 == 0 { try Cancellation.check() }
      let rows = segments.range(group)
      let taken = range(node.rows, of: rows.count)
      for place in taken {
        let row = Int(segments.rows[rows.lowerBound + place])
        mask.words.base[row >> 6] |= 1 << UInt64(row & 63)
      }
    }
    return try input.filter(mask)
  }

  private func range(_ rows: LogicalPlan.Take.Rows, of count: Int) -> Range<Int> {
    switch rows {
    case .range(let range): range.clamped(to: 0..<count)
    case .last(let last): max(0, count - max(last, 0))..<count
    }
  }

  /// Rows drawn at random without replacement, in their old order.
  mutating func sample(_ node: LogicalPlan.Sample, _ input: Frame) throws -> Frame {
    let strata = node.keys.isEmpty ? nil : try grouping(node.keys, input)
    switch node.size {
    case .fraction(let fraction):
      return try input.take(
        splitRows(input.rowCount, fraction: fraction, seed: node.seed, strata: strata).first)
    case .rows(let size):
      guard let strata else {
        return try input.take(sampleRows(input.rowCount, size: size, seed: node.seed))
      }
      let segments = try strata.segments
      let mask = try Bitmap(repeating: false, count: input.rowCount)
      for group in 0..<strata.groupCount {
        let rows = segments.range(group)
        // Another stream for each group: the golden ratio keeps seeds apart.
        let seed = node.seed &+ UInt64(group) &* 0x9E37_79B9_7F4A_7C15
        let places = try sampleRows(rows.count, size: size, seed: seed)
        for index in 0..<places.count {
          let row = Int(segments.rows[rows.lowerBound + Int(places[index])])
          mask.words.base[row >> 6] |= 1 << UInt64(row & 63)
        }
      }
      return try input.filter(mask)
    }
  }

  /// A row for each element of the lists, the other columns repeated.
  mutating func explode(_ node: LogicalPlan.Explode, _ input: Frame) throws -> Frame {
    let (rows, places, elements) = try evaluate(node.item.value, input).listed()
    var frame = try input.take(rows).setting(node.item.name, elements)
    if let place = node.place { frame = frame.setting(place, places) }
    return frame
  }

  /// The rows of one frame behind those of another, columns matched by name, null where one lacks
  /// them.
  mutating func append(_ inputs: [Frame]) throws -> Frame {
    guard inputs.count == 2 else { return inputs.first ?? Frame(names: [], columns: []) }
    let schema = Schema.union(inputs[0].schema, inputs[1].schema)
    for frame in inputs {
      let lacking = schema.names.filter { frame[$0] == nil }
      if lacking.isEmpty || frame.rowCount == 0 { continue }
      let shown = lacking.prefix(4).map { Suggestion.written($0) }.joined(separator: ", ")
      let rows = "\(Diagnostic.grouped(frame.rowCount)) row\(frame.rowCount == 1 ? "" : "s")"
      report.remarks.append(
        "\(rows) without \(shown)" + (lacking.count > 4 ? ", … (\(lacking.count))" : "")
          + ": null there")
    }
    let binder = Binder(scope: Scope(), allowance: [])
    let columns = try schema.fields.map { field in
      try Column.concatenate(
        try inputs.map { frame in
          guard let column = frame[field.name] else {
            let absent = try Buffer<UInt32>(repeating: noRow, count: frame.rowCount)
            return try Column.scalars([.null], type: field.type).takeOrNull(absent)
          }
          let value = binder.converted(
            .column(field.name, type: column.type), to: field.type)
          return try value.evaluate(on: frame).column
        })
    }
    return Frame(
      names: schema.names, columns: columns,
      rowCount: inputs[0].rowCount + inputs[1].rowCount)
  }
}
