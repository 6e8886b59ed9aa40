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
    let parts = formula.distinctParts
    let inputColumns = parts.compactMap(\.column)
    guard inputColumns.allSatisfy({ $0.count == formula.response.count }) else {
      throw DataError(.invalidValue, "the columns of the formula differ in length")
    }
    let selection = try RowSelection(
      completeIn: [formula.response] + inputColumns, rowCount: formula.response.count)
    guard selection.count > 0 else { throw DesignMatrix.noCompleteRow }
    var inputs: [DesignSpecification.Input] = []
    var values: [InputValues] = []
    for part in parts {
      let (input, inputValues) = try coded(part, selection)
      inputs.append(input)
      values.append(inputValues)
    }
    self.init(
      specification: try DesignSpecification(formula, inputs), values: values,
      selection: selection)
  }

  static let noCompleteRow = DataError(
    .tooFewRows, "no row has a value in every column of the formula", hints: ["missing"])
}

extension ModelFormula {
  /// The terms whose columns have to be evaluated, each once.
  package var distinctParts: [ModelTerm] {
    var parts: [ModelTerm] = []
    for part in terms.flatMap(\.parts) where !parts.contains(where: { $0.name == part.name }) {
      parts.append(part)
    }
    return parts
  }
}

extension DesignSpecification {
  /// The specification of a formula over inputs whose coding is known. Throws `invalidValue` for too
  /// many columns, or none.
  init(_ formula: ModelFormula, _ inputs: [Input]) throws {
    self.init(hasIntercept: formula.hasIntercept, inputs: inputs, terms: [])
    terms = arrangedTerms(formula, inputs)
    guard columnCount <= columnLimit else {
      throw DataError(
        .invalidValue,
        "the formula has \(columnCount) columns, at most \(columnLimit) can be fitted")
    }
    guard columnCount > 0 else {
      throw DataError(.invalidValue, "the formula has no term")
    }
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
  /// The row of the table in which a selected row stands.
  func row(_ place: Int) -> Int { selection.rows.map { $0[place] } ?? place }
}

extension FitRows {
  /// The error for a factorisation that left the range of floats: it names an infinite value if there
  /// is one.
  func infiniteValue(_ responseName: String) throws -> DataError {
    var found: DataError?
    try forEach { start, stretch in
      if found == nil { found = stretch.infiniteValue(responseName, firstRow: start) }
    }
    return found ?? DataError(.overflow, "the numbers are too large to fit a model to")
  }
}

extension FitStretch {
  /// The first infinite value, the response's before others. `firstRow` is the number of the first row.
  fileprivate func infiniteValue(_ responseName: String, firstRow: Int) -> DataError? {
    let inputs = zip(matrix.specification.inputs, matrix.values).map { ($0.name, $1) }
    for (name, values) in [(responseName, response)] + inputs {
      guard case .numbers(.float(let buffer), _) = values else { continue }
      for place in 0..<matrix.rowCount where !buffer[matrix.row(place)].isFinite {
        return DataError(
          .invalidValue, "\(name) is infinite, a model needs finite numbers",
          row: firstRow + matrix.row(place),
          hints: ["filter them out, or make them null, before the fit"])
      }
    }
    return nil
  }
}
