import Columnar

/// More columns than this are taken for a mistake: the work grows with the square of their number.
let columnLimit = 2_000

extension DesignMatrix {
  /// The matrix of a formula over the rows in which the response and every input have a value, and
  /// the specification by which new rows are coded the same way.
  ///
  /// Throws `tooFewRows` when no row is complete, `typeMismatch` for text where a number belongs,
  /// `invalidValue` for too many levels or a polynomial that the values cannot carry.
  init(_ formula: ModelFormula) throws {
    var parts: [ModelTerm] = []
    for part in formula.terms.flatMap(\.parts)
    where !parts.contains(where: { $0.name == part.name }) {
      parts.append(part)
    }
    let inputColumns = parts.compactMap(\.column)
    guard inputColumns.allSatisfy({ $0.count == formula.response.count }) else {
      throw DataError(.invalidValue, "the columns of the formula differ in length")
    }
    let selection = try RowSelection(
      completeIn: [formula.response] + inputColumns, rowCount: formula.response.count)
    guard selection.count > 0 else {
      throw DataError(
        .tooFewRows, "no row has a value in every column of the formula",
        hints: ["missing"])
    }
    var inputs: [DesignSpecification.Input] = []
    var values: [InputValues] = []
    for part in parts {
      let (input, inputValues) = try coded(part, selection)
      inputs.append(input)
      values.append(inputValues)
    }
    var specification = DesignSpecification(
      hasIntercept: formula.hasIntercept, inputs: inputs, terms: [])
    specification.terms = arrangedTerms(formula, inputs)
    guard specification.columnCount <= columnLimit else {
      throw DataError(
        .invalidValue,
        "the formula has \(specification.columnCount) columns, at most "
          + "\(columnLimit) can be fitted")
    }
    guard specification.columnCount > 0 else {
      throw DataError(.invalidValue, "the formula has no term")
    }
    self.init(specification: specification, values: values, selection: selection)
  }
}

private func coded(
  _ part: ModelTerm, _ selection: RowSelection
) throws -> (DesignSpecification.Input, InputValues) {
  switch part.role {
  case .numeric(let column):
    return (
      .init(name: part.name, type: column.type, coding: .numeric),
      try InputValues(numbers: column, name: part.name)
    )
  case .categorical(let column):
    let levels = try distinctLevels(column, selection, limit: columnLimit, name: part.name)
    return (
      .init(name: part.name, type: column.type, coding: .categorical(levels: levels)),
      .levels(try levelIndices(column, levels: levels))
    )
  case .polynomial(let column, let degree):
    let values = try InputValues(numbers: column, name: part.name)
    return (
      .init(
        name: part.name, type: column.type,
        coding: try orthogonalPolynomial(values, selection, degree: degree, name: part.name)),
      values
    )
  case .interaction:
    throw DataError(.invalidValue, "\(part.name) cannot stand inside an interaction")
  }
}

/// The distinct terms, main effects first, each factor coded by contrasts or in full by R's rule:
/// contrasts where the term without that factor is in the model, the intercept being the empty
/// term. Without an intercept the first categorical main effect takes its place.
private func arrangedTerms(
  _ formula: ModelFormula, _ inputs: [DesignSpecification.Input]
) -> [DesignSpecification.Term] {
  var sets: [(name: String, inputs: [Int])] = []
  for term in formula.terms {
    var members: [Int] = []
    for part in term.parts {
      guard let index = inputs.firstIndex(where: { $0.name == part.name }) else { continue }
      if !members.contains(index) { members.append(index) }
    }
    if !sets.contains(where: { Set($0.inputs) == Set(members) }) {
      sets.append((term.name, members.sorted()))
    }
  }
  let arranged = sets.enumerated().sorted { left, right in
    (left.element.inputs.count, left.offset) < (right.element.inputs.count, right.offset)
  }.map(\.element)
  var present = Set(arranged.map { Set($0.inputs) })
  if formula.hasIntercept { present.insert([]) }
  return arranged.map { set in
    let factors = set.inputs.map { input -> DesignSpecification.Factor in
      let rest = Set(set.inputs).subtracting([input])
      guard case .categorical = inputs[input].coding else {
        return .init(input: input, hasAllLevels: false)
      }
      let hasAllLevels = !present.contains(rest)
      if hasAllLevels, rest.isEmpty { present.insert([]) }
      return .init(input: input, hasAllLevels: hasAllLevels)
    }
    return .init(name: set.name, factors: factors)
  }
}

extension DesignMatrix {
  /// The error for a factorisation that left the range of floats: it names the infinite value if
  /// there is one.
  func overflowError(response: Column, responseName: String) -> DataError {
    var suspects = [(responseName, response)]
    for (input, values) in zip(specification.inputs, values) {
      if case .numbers(let storage, _) = values {
        suspects.append((input.name, Column(type: input.type, storage: storage)))
      }
    }
    for (name, column) in suspects {
      guard case .float(let buffer) = column.storage else { continue }
      for place in 0..<selection.count {
        let row = selection.rows.map { $0[place] } ?? place
        if !buffer[row].isFinite {
          return DataError(
            .invalidValue, "\(name) is infinite, a model needs finite numbers", row: row,
            hints: ["filter them out, or make them null, before the fit"])
        }
      }
    }
    return DataError(.overflow, "the numbers are too large to fit a model to")
  }
}
