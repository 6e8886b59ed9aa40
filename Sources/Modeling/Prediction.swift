import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a model says of new rows.
package struct Prediction: Sendable {
  /// A float for each row: the expected response, or the probability of the event. Null where an
  /// input is null or a level was not seen in the fit.
  package var column: Column
  /// Rows without a prediction because an input is null.
  package var nullRows: Int
  /// Rows without a prediction because of a level that was not seen in the fit.
  package var unseenRows: Int
  /// The levels not seen, by input, at most a few of each, with how many rows have them.
  package var unseenLevels: [UnseenLevel]
}

/// A level that a model has not seen.
package struct UnseenLevel: Sendable, Hashable {
  package var input: String
  package var level: String
  package var rows: Int
}

extension FittedModel {
  /// Predictions for the rows of `inputs`: for each of `inputNames`, in order, its column evaluated
  /// on the new table.
  ///
  /// Throws `typeMismatch` where a column's type does not suit the input, `invalidValue` where they
  /// differ in number or length.
  package func predict(_ inputs: [Column], rowCount: Int) throws -> Prediction {
    guard inputs.count == design.inputs.count, inputs.allSatisfy({ $0.count == rowCount }) else {
      throw DataError(
        .invalidValue,
        "the model needs \(design.inputs.count) columns of \(rowCount) rows: "
          + inputNames.joined(separator: ", "))
    }
    var values: [InputValues] = []
    for (input, column) in zip(design.inputs, inputs) {
      values.append(try input.values(of: column))
    }
    let matrix = DesignMatrix(
      specification: design, values: values, selection: RowSelection(all: rowCount))
    let target = try Buffer<Double>(count: rowCount)
    let weights = coefficients.map { $0.estimate ?? 0 }
    try Workers.run(parts: Workers.partCount(rowCount)) { part in
      let workspace = try matrix.workspace()
      let block = try Buffer<Double>(count: matrix.columnCount * blockRows)
      let none = Standardization(none: matrix.columnCount)
      let rows = Workers.part(part, of: rowCount)
      for start in stride(from: rows.lowerBound, to: rows.upperBound, by: blockRows) {
        try Cancellation.check()
        let range = start..<min(start + blockRows, rows.upperBound)
        matrix.fill(range, none, workspace, to: block.base)
        let place = target.base + start
        // SAFETY: the range lies within the target; the block has `blockRows` values a column.
        place.update(repeating: 0, count: range.count)
        for (column, weight) in weights.enumerated() where weight != 0 {
          let source = block.base + column * blockRows
          for row in 0..<range.count { place[row] += weight * source[row] }
        }
        if kind == .logit {
          for row in 0..<range.count { place[row] = logistic(place[row]) }
        }
      }
    }
    return try prediction(target, inputs, values)
  }

  /// Nulls out the rows without a prediction and counts why.
  private func prediction(
    _ target: Buffer<Double>, _ inputs: [Column], _ values: [InputValues]
  ) throws -> Prediction {
    let rowCount = target.count
    // Most parts of most tables have neither: they are found at the speed of memory.
    let isSuspect = try Workers.map(parts: Workers.partCount(rowCount)) { part in
      let rows = Workers.part(part, of: rowCount)
      for (column, values) in zip(inputs, values) {
        if let validity = column.validity {
          // SAFETY: rows lie below the counts of all these columns.
          let words = rows.lowerBound >> 6..<(rows.upperBound >> 6)
          if words.contains(where: { validity.words.base[$0] != ~0 }) { return true }
          if rows.upperBound & 63 != 0 { return true }
        }
        if case .levels(let levels) = values,
          rows.contains(where: { levels.base[$0] == unknownLevel })
        {
          return true
        }
      }
      return rows.contains { !target.base[$0].isFinite }
    }
    let validity = try Bitmap(repeating: true, count: rowCount)
    var nullRows = 0
    var unseenRows = 0
    var unseen: [String: UnseenLevel] = [:]
    for part in isSuspect.indices where isSuspect[part] {
      try Cancellation.check()
      for row in Workers.part(part, of: rowCount) {
        var isNull = !target.base[row].isFinite
        var isUnseen = false
        for (place, column) in inputs.enumerated() {
          if column.isNull(row) {
            isNull = true
          } else if case .levels(let levels) = values[place], levels.base[row] == unknownLevel {
            isUnseen = true
            let level = levelText(column[row])
            let key = "\(place) \(level)"
            if unseen[key] != nil || unseen.count < unseenLimit {
              unseen[key, default: UnseenLevel(input: inputNames[place], level: level, rows: 0)]
                .rows += 1
            }
          }
        }
        guard isNull || isUnseen else { continue }
        // A row with both is null: filling in the null is the first thing to do.
        if isNull { nullRows += 1 } else { unseenRows += 1 }
        target.base[row] = 0
        validity.words.base[row >> 6] &= ~(1 << UInt64(row & 63))
      }
    }
    return Prediction(
      column: Column(type: .float, storage: .float(target), validity: validity),
      nullRows: nullRows, unseenRows: unseenRows,
      unseenLevels: unseen.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map(\.value))
  }
}

private let unseenLimit = 16

extension DesignSpecification.Input {
  /// The values of a new column, coded as in the fit. Throws `typeMismatch` where its type does not
  /// suit.
  func values(of column: Column) throws -> InputValues {
    func mismatch() -> DataError {
      DataError(
        .typeMismatch,
        "\(name) is \(column.type.rawValue) here, the model was fitted to "
          + type.rawValue)
    }
    let isEmpty = column.nullCount == column.count
    switch coding {
    case .numeric, .polynomial:
      let isTime = [.date, .datetime, .duration].contains(type)
      guard isEmpty || (isTime ? column.type == type : column.type.isNumberLike) else {
        throw mismatch()
      }
      // A column of nulls may have any type; its slots are 0.
      if isEmpty { return .numbers(.float(try Buffer(repeating: 0, count: column.count)), unit: 1) }
      return try InputValues(numbers: column, name: name)
    case .categorical(let levels):
      guard isEmpty || column.type == type || (column.type.isNumeric && type.isNumeric) else {
        throw mismatch()
      }
      return .levels(try levelIndices(column, levels: levels.map { $0.level(for: column.type) }))
    }
  }
}

extension DataType {
  fileprivate var isNumberLike: Bool { isNumeric || self == .bool }
}

extension Scalar {
  /// The level as a column of ints or floats holds it, whichever it was in the fit.
  fileprivate func level(for type: DataType) -> Scalar {
    switch (self, type) {
    case (.int(let value), .float): .float(Double(value))
    case (.float(let value), .int): Int64(exactly: value).map { .int($0) } ?? self
    default: self
    }
  }
}

/// The probability of log odds, without overflow.
private func logistic(_ odds: Double) -> Double {
  let tail = exp(-abs(odds))
  return odds >= 0 ? 1 / (1 + tail) : tail / (1 + tail)
}
