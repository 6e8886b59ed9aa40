import Columnar

/// A formula over rows that come in batches, since all of them may not fit into memory.
package struct StreamedFormula {
  /// The formula over the first rows: for names, roles and types.
  private let pattern: ModelFormula
  private let parts: [ModelTerm]
  private let rowCount: Int
  private let forEach: (([Column]) throws -> Void) throws -> Void

  /// Rows of a batch but the last: a multiple of this.
  package static let batchRows = 1 << 16

  /// Nil for a formula whose columns follow from all values together, as those of `poly`.
  ///
  /// `pattern` is the formula over some of the rows, `rowCount` how many there are. `forEach` calls
  /// its argument with the rows that have a value in every column, batch by batch and the same each
  /// time: the response, then the columns of the pattern's `distinctParts`.
  package init?(
    _ pattern: ModelFormula, rowCount: Int,
    forEach: @escaping (([Column]) throws -> Void) throws -> Void
  ) {
    self.pattern = pattern
    self.rowCount = rowCount
    self.forEach = forEach
    parts = pattern.distinctParts
    let isPlain = parts.allSatisfy {
      if case .polynomial = $0.role { false } else { true }
    }
    guard isPlain else { return nil }
  }

  /// The formula with nothing but its pattern's rows, and how many rows it stands for.
  var formula: (pattern: ModelFormula, rowCount: Int) { (pattern, rowCount) }

  /// Everything that is to be known before rows are added up; `coding` makes numbers of the response.
  /// Reads the rows twice.
  func survey(
    _ coding: @escaping (Column) throws -> Column = { $0 }
  ) throws -> (rows: FitRows, sample: FitStretch) {
    var count = 0
    var levels: [Int: Set<Scalar>] = [:]
    try forEach { columns in
      count += columns.first?.count ?? 0
      for (place, part) in parts.enumerated() where part.isCategorical {
        let column = columns[place + 1]
        let found = try distinctLevels(
          column, RowSelection(all: column.count), limit: columnLimit, name: part.name)
        levels[place, default: []].formUnion(found)
        if levels[place]?.count ?? 0 > columnLimit {
          throw tooManyLevels(part.name, column.type, limit: columnLimit)
        }
      }
    }
    guard count > 0 else { throw DesignMatrix.noCompleteRow }
    let inputs = try parts.enumerated().map { place, part -> DesignSpecification.Input in
      let type = part.column?.type ?? .float
      guard part.isCategorical else {
        if let column = part.column { _ = try InputValues(numbers: column, name: part.name) }
        return .init(name: part.name, type: type, coding: .numeric)
      }
      return .init(
        name: part.name, type: type,
        coding: .categorical(levels: sortedLevels(levels[place] ?? [])))
    }
    let specification = try DesignSpecification(pattern, inputs)
    let (forEach, responseName) = (self.forEach, pattern.responseName)
    let stretch = { (columns: [Column]) throws -> FitStretch in
      var columns = columns
      columns[0] = try coding(columns[0])
      return try FitStretch(specification, columns, responseName)
    }
    let rows = FitRows(count: count) { body in
      var start = 0
      try forEach { columns in
        try body(start, try stretch(columns))
        start += columns.first?.count ?? 0
      }
    } sampled: {
      guard let rows = try spreadColumns(count) else { return nil }
      return FitRows(try stretch(rows))
    }
    return (rows, try stretch(try sampledColumns(count)))
  }

  /// A sixteenth of the rows, as `RowSelection.sampled` takes them; nil where there are too few.
  private func spreadColumns(_ count: Int) throws -> [Column]? {
    guard count >= RowSelection.leastSampled else { return nil }
    var pieces: [[Column]] = []
    try forEach { columns in
      // Batches begin at multiples of 256 rows.
      let whole = (columns.first?.count ?? 0) / 256
      let spread = (0..<whole * 16).map { place -> UInt32 in
        let (block, row) = place.quotientAndRemainder(dividingBy: 16)
        return UInt32(block * 256 + row)
      }
      let rows = try Buffer(spread)
      pieces.append(try columns.map { try $0.take(rows) })
    }
    guard let first = pieces.first else { return nil }
    return try first.indices.map { place in try Column.concatenate(pieces.map { $0[place] }) }
  }

  /// The rows of the blocks by which columns are brought into range.
  private func sampledColumns(_ count: Int) throws -> [Column] {
    var wanted = sampledBlocks(count)[...]
    var pieces: [[Column]] = []
    var start = 0
    try forEach { columns in
      let end = start + (columns.first?.count ?? 0)
      while let block = wanted.first, block.lowerBound < end {
        pieces.append(
          try columns.map { try $0.slice(block.lowerBound - start..<block.upperBound - start) })
        wanted.removeFirst()
      }
      start = end
    }
    guard let first = pieces.first else { throw DesignMatrix.noCompleteRow }
    return try first.indices.map { place in try Column.concatenate(pieces.map { $0[place] }) }
  }
}

extension FitStretch {
  /// Rows of a response and of the inputs of a specification, all with values.
  fileprivate init(
    _ specification: DesignSpecification, _ columns: [Column], _ responseName: String
  ) throws {
    let values = try zip(specification.inputs, columns.dropFirst()).map { input, column in
      if case .categorical(let levels) = input.coding {
        return InputValues.levels(try levelIndices(column, levels: levels))
      }
      return try InputValues(numbers: column, name: input.name)
    }
    matrix = DesignMatrix(
      specification: specification, values: values,
      selection: RowSelection(all: columns.first?.count ?? 0))
    response = try InputValues(numbers: columns[0], name: responseName)
  }
}

extension ModelTerm {
  fileprivate var isCategorical: Bool { if case .categorical = role { true } else { false } }
}
