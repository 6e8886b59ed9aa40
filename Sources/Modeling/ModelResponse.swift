import Columnar

extension ModelResponse {
  /// The response of a logistic model: bools, ints that are 0 or 1, or a text of two levels, of
  /// which the second by its bytes is the event.
  ///
  /// Throws `typeMismatch` or `invalidValue` for others.
  init(eventsOf column: Column, name: String) throws {
    let selection = try RowSelection(completeIn: [column], rowCount: column.count)
    self.name = name
    type = column.type
    switch column.type {
    case .bool: coding = .event(.bool(true), other: .bool(false))
    case .int, .float:
      let levels = try? distinctLevels(column, selection, limit: 2, name: name)
      let zero = column.type == .int ? Scalar.int(0) : .float(0)
      let one = column.type == .int ? Scalar.int(1) : .float(1)
      guard let levels, levels.allSatisfy({ $0 == zero || $0 == one }) else {
        throw DataError(
          .typeMismatch, "\(name) is a number other than 0 and 1, `fit logit` explains an event",
          hints: ["derive a bool, as is_high = \(name) > …, or use fit ols"])
      }
      coding = .event(one, other: zero)
    case .text:
      let levels = try distinctLevels(column, selection, limit: columnLimit, name: name)
      guard levels.count == 2 else {
        let listed = levels.prefix(4).map(levelText).joined(separator: ", ")
        throw DataError(
          .invalidValue,
          "\(name) has \(levels.count) levels (\(listed)\(levels.count > 4 ? ", …" : "")), "
            + "`fit logit` needs two",
          hints: levels.count > 2
            ? ["derive a bool, as \(name) == \"\(levelText(levels[0]))\""] : []
        )
      }
      coding = .event(levels[1], other: levels[0])
    case .date, .datetime, .duration:
      throw DataError(
        .typeMismatch, "\(name) is a \(column.type.rawValue), `fit logit` explains an event")
    }
  }

  /// The values of the response in `column` as floats, an event being 1: what predictions are judged
  /// against. Null stays null.
  ///
  /// Throws `typeMismatch` where the column is of another type than the one fitted, `invalidValue`
  /// where an event model meets a third level.
  package func observed(in column: Column) throws -> Column {
    switch coding {
    case .number:
      guard let values = try? InputValues(numbers: column, name: name) else {
        throw DataError(.typeMismatch, "\(name) is \(column.type.rawValue) here, not a number")
      }
      let target = try Buffer<Double>(count: column.count)
      values.copyNumbers(RowSelection(all: column.count), 0..<column.count, to: target.base)
      return Column(type: .float, storage: .float(target), validity: column.validity)
    case .event(let event, let other):
      let asked = column.type.isNumeric && type.isNumeric
      guard column.type == type || asked || column.count == column.nullCount else {
        throw DataError(
          .typeMismatch,
          "\(name) is \(column.type.rawValue) here, the model was fitted to "
            + type.rawValue)
      }
      let levels = [other, event].map { $0.converted(to: column.type) }
      let indices = try levelIndices(column, levels: levels)
      let target = try Buffer<Double>(repeating: 0, count: column.count)
      for row in 0..<column.count {
        let index = indices.base[row]
        if index == 1 { target.base[row] = 1 }
        if index == unknownLevel, !column.isNull(row) {
          throw DataError(
            .invalidValue,
            "\(name) is \(levelText(column[row])), the model knows "
              + "\(levelText(other)) and \(levelText(event))", row: row)
        }
      }
      return Column(type: .float, storage: .float(target), validity: column.validity)
    }
  }
}

extension Scalar {
  /// 0 and 1 as ints or floats, whichever a column holds.
  fileprivate func converted(to type: DataType) -> Scalar {
    guard let number, type.isNumeric, self.type?.isNumeric == true else { return self }
    return type == .int ? .int(Int64(number)) : .float(number)
  }
}
