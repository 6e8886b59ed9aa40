import Columnar
import Testing

@testable import Modeling

@Suite struct LinearRegressionTests {
  private func formula(_ y: Column, _ terms: [ModelTerm], hasIntercept: Bool = true) -> ModelFormula
  {
    ModelFormula(
      text: "y ~ x", responseName: "y", response: y, terms: terms, hasIntercept: hasIntercept)
  }

  private func code(_ formula: ModelFormula) -> DataError.Code? {
    do {
      _ = try LinearRegression.fit(formula)
      return nil
    } catch {
      return (error as? DataError)?.code
    }
  }

  @Test func dependentColumnsAreDroppedAndNamed() throws {
    let cars = try SmallTable(dataset: "mtcars")
    let weight = (0..<32).map { cars["wt"][$0].number! }
    var data = cars.formula("mpg", ["wt", "hp"])
    data.terms.insert(
      ModelTerm(name: "kg", role: .numeric(try .floats(weight.map { $0 * 0.453592 + 3 }))), at: 1)
    data.terms.append(ModelTerm(name: "one", role: .numeric(try .floats(weight.map { _ in 0.1 }))))
    let model = try LinearRegression.fit(data)
    let plain = try LinearRegression.fit(cars.formula("mpg", ["wt", "hp"]))
    #expect(model.coefficients[2].estimate == nil)
    #expect(model.coefficients[4].estimate == nil)
    #expect(model.notes == ["dropped, since they follow from the terms before: kg, one"])
    for (dropped, kept) in [(0, 0), (1, 1), (3, 2)] {
      let (found, expected) = (model.coefficients[dropped], plain.coefficients[kept])
      #expect(relativeError(found.estimate, expected.estimate) < 1e-13)
      #expect(relativeError(found.pValue, expected.pValue) < 1e-12)
    }
    // Predictions do without the dropped columns.
    let inputs = data.terms.map { $0.column! }
    let prediction = try model.predict(inputs, rowCount: 32)
    let expected = try plain.predict([inputs[0], inputs[2]], rowCount: 32)
    for row in 0..<32 {
      #expect(relativeError(prediction.column[row].number, expected.column[row].number) < 1e-13)
    }
  }

  @Test func constantResponse() throws {
    let x = ModelTerm(name: "x", role: .numeric(try .ints([1, 2, 4, 8])))
    let model = try LinearRegression.fit(formula(try .floats([0.1, 0.1, 0.1, 0.1]), [x]))
    #expect(model.coefficients.map(\.estimate) == [0.1, 0])
    #expect(model.coefficients.map(\.pValue) == [nil, nil])
    guard case .linear(let statistics) = model.statistics else { return }
    #expect(statistics.rSquared == nil)
    #expect(statistics.fStatistic == nil)
    #expect(statistics.residualDeviation == 0)
    #expect(model.notes == ["y is the same in every row: nothing to explain"])
    #expect(try ModelFile.decode(ModelFile.encode(model)) == model)
  }

  @Test func tooFewRowsIsAnError() throws {
    let x = ModelTerm(name: "x", role: .numeric(try .ints([1, 2])))
    #expect(code(formula(try .ints([3, 5]), [x])) == .tooFewRows)
    let none = ModelTerm(name: "x", role: .numeric(try .ints([nil, 2])))
    #expect(code(formula(try .ints([3, nil]), [none])) == .tooFewRows)
    let key = ModelTerm(name: "key", column: try .texts(["a", "b", "c"]))
    #expect(code(formula(try .ints([3, 5, 6]), [key])) == .tooFewRows)
  }

  @Test func wrongTypesAndValuesAreErrors() throws {
    let x = ModelTerm(name: "x", role: .numeric(try .ints([1, 2, 3, 4])))
    #expect(code(formula(try .texts(["a", "b", "c", "d"]), [x])) == .typeMismatch)
    #expect(code(formula(try .ints([1, 2, 3, 4], type: .date), [x])) == .typeMismatch)
    let text = ModelTerm(name: "t", role: .numeric(try .texts(["1", "2", "3", "4"])))
    #expect(code(formula(try .ints([1, 2, 3, 5]), [text])) == .typeMismatch)
    let long = ModelTerm(name: "l", role: .numeric(try .ints([1, 2, 3])))
    #expect(code(formula(try .ints([1, 2, 3, 5]), [long])) == .invalidValue)
    #expect(code(formula(try .ints([1, 2, 3, 5]), [], hasIntercept: false)) == .invalidValue)
    for degree in [-1, 0, 4, 51, Int.max] {
      let polynomial = ModelTerm(
        name: "p", role: .polynomial(try .ints([1, 2, 3, 4]), degree: degree))
      #expect(code(formula(try .ints([1, 2, 3, 5]), [polynomial])) == .invalidValue)
    }
    let keys = ModelTerm(name: "key", column: try .texts((0..<3_000).map { "k\($0)" }))
    #expect(code(formula(try .ints((0..<3_000).map { $0 }), [keys])) == .invalidValue)
  }

  @Test func infinityIsNamedWithItsRow() throws {
    let x = ModelTerm(name: "x", role: .numeric(try .floats([1, nil, .infinity, 4, 7])))
    #expect {
      try LinearRegression.fit(formula(try .ints([1, 2, 3, 5, 9]), [x]))
    } throws: { error in
      let error = error as? DataError
      return error?.code == .invalidValue && error?.row == 2
        && error?.message.contains("x is infinite") == true
    }
    let y = try Column.floats([1, -.infinity, 3, 4, 7])
    let finite = ModelTerm(name: "x", role: .numeric(try .ints([1, 2, 3, 5, 9])))
    #expect(code(formula(y, [finite])) == .invalidValue)
  }

  /// Estimates follow the units of the data exactly, as long as squares of standard errors are floats.
  @Test func unitsDoNotMatter() throws {
    let cars = try SmallTable(dataset: "mtcars")
    let plain = try LinearRegression.fit(cars.formula("mpg", ["wt", "hp"]))
    for exponent in [-400, -50, 50, 400] {
      let unit = Double(sign: .plus, exponent: exponent, significand: 1)
      var scaled = cars.formula("mpg", ["wt", "hp"])
      let weights = (0..<32).map { cars["wt"][$0].number! * unit }
      scaled.terms[0].role = .numeric(try .floats(weights))
      let model = try LinearRegression.fit(scaled)
      #expect(
        relativeError(
          model.coefficients[1].estimate.map { $0 * unit }, plain.coefficients[1].estimate) < 1e-14)
      #expect(relativeError(model.coefficients[1].pValue, plain.coefficients[1].pValue) < 1e-13)
      #expect(relativeError(model.coefficients[2].estimate, plain.coefficients[2].estimate) < 1e-14)
    }
  }

  /// A shift of an input changes the intercept alone, whatever the standard errors.
  @Test func shiftsDoNotMatter() throws {
    let penguins = try SmallTable(dataset: "penguins")
    let terms = ["bill_length_mm", "species", "year"]
    for errors in StandardErrors.allCases {
      let plain = try LinearRegression.fit(
        penguins.formula("body_mass_g", terms), standardErrors: errors)
      var shifted = penguins.formula("body_mass_g", terms)
      let years = (0..<344).map { Int64(penguins["year"][$0].number!) - 2_000_000_000 }
      shifted.terms[2].role = .numeric(try .ints(years))
      let model = try LinearRegression.fit(shifted, standardErrors: errors)
      for place in 1..<model.coefficients.count {
        let (found, expected) = (model.coefficients[place], plain.coefficients[place])
        #expect(relativeError(found.estimate, expected.estimate) < 1e-12, "\(errors)")
        #expect(relativeError(found.standardError, expected.standardError) < 1e-12, "\(errors)")
      }
    }
  }

  @Test func leverageOfOneHasNoHC3() throws {
    let x = ModelTerm(name: "x", role: .numeric(try .ints([0, 0, 0, 0, 1])))
    let data = formula(try .floats([1, 2, 4, 3, 9]), [x])
    #expect(throws: DataError.self) { try LinearRegression.fit(data, standardErrors: .hc3) }
    #expect(throws: Never.self) { try LinearRegression.fit(data, standardErrors: .hc1) }
  }

  /// Levels that canonical equivalence would merge are two, and any type can be a level.
  @Test func levelsAreComparedByBytesAndValue() throws {
    let composed = "\u{e9}"
    let decomposed = "e\u{301}"
    let text = ModelTerm(
      name: "t", column: try .texts([composed, decomposed, composed, decomposed, "f"]))
    let model = try LinearRegression.fit(formula(try .ints([1, 5, 2, 6, 9]), [text]))
    #expect(model.coefficients.count == 3)
    #expect(try ModelFile.decode(ModelFile.encode(model)) == model)
    for type in [DataType.int, .date, .datetime, .duration] {
      let column = try Column.ints([-5, 3, -5, 3, 3], type: type)
      let term = ModelTerm(name: "C(t)", role: .categorical(column))
      let model = try LinearRegression.fit(formula(try .ints([1, 5, 2, 6, 9]), [term]))
      #expect(model.coefficients.count == 2)
      #expect(try ModelFile.decode(ModelFile.encode(model)) == model)
      #expect(try model.predict([column], rowCount: 5).column[2] == .float(1.5))
    }
    let days = try Column.ints([0, 19_782], type: .date)
    #expect(levelText(days[1]) == "2024-02-29")
    #expect(levelText(.datetime(-1)) == "1969-12-31T23:59:59.999999")
  }

  @Test func timesCountInDays() throws {
    let day: Int64 = 86_400_000_000
    let times = try Column.ints([0, day, 3 * day, 4 * day], type: .datetime)
    let model = try LinearRegression.fit(
      formula(try .ints([1, 3, 7, 9]), [ModelTerm(name: "t", role: .numeric(times))]))
    #expect(model.coefficients.map(\.estimate) == [1, 2])
    #expect(model.notes.contains("t is counted in days since 1970-01-01"))
    #expect(throws: DataError.self) {
      try model.predict([try .ints([1, 2, 3, 4])], rowCount: 4)
    }
  }

  @Test func termsGivenTwiceCountOnce() throws {
    let cars = try SmallTable(dataset: "mtcars")
    let model = try LinearRegression.fit(cars.formula("mpg", ["wt", "wt", "hp:wt", "wt:hp"]))
    #expect(model.coefficients.map(\.name) == ["(intercept)", "wt", "wt : hp"])
  }
}
