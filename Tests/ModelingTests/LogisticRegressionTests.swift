import Columnar
import Testing

@testable import Modeling

@Suite struct LogisticRegressionTests {
  private func formula(_ y: Column, _ terms: [ModelTerm]) -> ModelFormula {
    ModelFormula(text: "y ~ x", responseName: "y", response: y, terms: terms)
  }

  private func error(_ formula: ModelFormula) -> DataError? {
    do {
      _ = try LogisticRegression.fit(formula)
      return nil
    } catch { return error as? DataError }
  }

  @Test func perfectSeparationIsAnError() throws {
    let x = ModelTerm(name: "x", role: .numeric(try .ints([1, 2, 3, 4, 5, 6])))
    let separated = error(
      formula(try .bools([false, false, false, true, true, true]), [x]))
    #expect(separated?.code == .noConvergence)
    #expect(separated?.message.contains("perfectly in all 6 rows") == true)
    #expect(error(formula(try .bools([false, false, true, false, true, true]), [x])) == nil)
    let penguins = try SmallTable(dataset: "penguins")
    let species = penguins["species"]
    var data = penguins.formula("sex", ["bill_length_mm", "bill_depth_mm", "body_mass_g"])
    data.response = try .bools((0..<344).map { species[$0] == .text("Gentoo") })
    #expect(error(data)?.code == .noConvergence)
  }

  /// One level of a group is always an event: its coefficient has no maximum, the others have.
  @Test func partialSeparationIsNoted() throws {
    let groups = (0..<60).map { ["a", "b", "c"][$0 % 3] }
    let events = (0..<60).map { $0 % 3 == 2 || $0 % 12 == 0 || $0 % 9 == 1 }
    let model = try LogisticRegression.fit(
      formula(try .bools(events), [ModelTerm(name: "g", column: try .texts(groups))]))
    #expect(model.notes.contains { $0.contains("no finite estimate exists for g c,") })
    // The finite ones are what the fit without that level gives.
    let kept = (0..<60).filter { $0 % 3 != 2 }
    let rest = try LogisticRegression.fit(
      formula(
        try .bools(kept.map { events[$0] }),
        [ModelTerm(name: "g", column: try .texts(kept.map { groups[$0] }))]))
    #expect(rest.notes == [])
    for place in 0..<2 {
      let (found, expected) = (model.coefficients[place], rest.coefficients[place])
      #expect(relativeError(found.estimate, expected.estimate) < 1e-6)
    }
  }

  @Test func responsesThatAreNoEventAreErrors() throws {
    let x = ModelTerm(name: "x", role: .numeric(try .ints([1, 2, 3, 4, 5, 6])))
    #expect(error(formula(try .ints([0, 1, 2, 0, 1, 1]), [x]))?.code == .typeMismatch)
    #expect(error(formula(try .floats([0, 1, 0.5, 0, 1, 1]), [x]))?.code == .typeMismatch)
    #expect(error(formula(try .ints([0, 1, 1, 0, 1, 1], type: .date), [x]))?.code == .typeMismatch)
    let three = error(formula(try .texts(["a", "b", "c", "a", "b", "c"]), [x]))
    #expect(three?.code == .invalidValue)
    #expect(three?.message.contains("y has 3 levels (a, b, c)") == true)
    let one = error(formula(try .bools([true, true, true, true, true, true]), [x]))
    #expect(one?.message.contains("y is true in all 6 complete rows") == true)
    #expect(error(formula(try .ints([0, 0, 0, 0, 0, 0]), [x]))?.code == .invalidValue)
  }

  /// The same events as a bool, as 0 and 1, as floats and as a text give one model.
  @Test func codingsOfAnEventAgree() throws {
    let x = ModelTerm(name: "x", role: .numeric(try .ints([1, 2, 3, 4, 5, 6])))
    let events = [false, true, false, true, false, true]
    let codings = [
      try Column.bools(events), try .ints(events.map { $0 ? 1 : 0 }),
      try .floats(events.map { $0 ? 1 : 0 }), try .texts(events.map { $0 ? "yes" : "no" }),
    ]
    let models = try codings.map { try LogisticRegression.fit(formula($0, [x])) }
    #expect(Set(models.map(\.coefficients)).count == 1)
    #expect(models.map(\.response.eventLevel) == ["true", "1", "1", "yes"])
    #expect(models[3].notes == ["the event is y = yes"])
    for (model, column) in zip(models, codings) {
      let observed = try model.response.observed(in: column)
      #expect((0..<6).map { observed[$0] } == events.map { .float($0 ? 1 : 0) })
    }
    #expect(throws: DataError.self) {
      try models[3].response.observed(in: try .texts(["yes", "no", "maybe"]))
    }
    #expect(throws: DataError.self) { try models[3].response.observed(in: codings[0]) }
    #expect(try models[0].response.observed(in: try .bools([nil, true])).isNull(0))
  }

  @Test func probabilitiesStayWithinTheirRange() throws {
    let cars = try SmallTable(dataset: "mtcars")
    let model = try LogisticRegression.fit(cars.formula("am", ["wt"]))
    let far = try model.predict([try .floats([-1e300, -1e3, 3, 1e3, 1e300])], rowCount: 5)
    let values = (0..<5).map { far.column[$0].number! }
    #expect(values == values.sorted(by: >))
    #expect(values[0] == 1 && values[4] == 0)
    #expect(far.nullRows == 0)
  }

  /// A large table is begun from a sample of its rows; many copies of a small one have its estimates.
  @Test func manyRowsGiveTheEstimatesOfFew() throws {
    let cars = try SmallTable(dataset: "mtcars")
    let copies = 640
    let few = try LogisticRegression.fit(cars.formula("am", ["wt", "hp"]))
    func repeated(_ name: String) throws -> Column {
      let values = (0..<32).map { cars[name][$0].number }
      return try .floats(Array(repeatElement(values, count: copies).joined()))
    }
    let many = try LogisticRegression.fit(
      ModelFormula(
        text: "am ~ wt + hp", responseName: "am", response: try repeated("am"),
        terms: try ["wt", "hp"].map { ModelTerm(name: $0, role: .numeric(try repeated($0))) }))
    #expect(many.rowsUsed == 20_480)
    for (found, expected) in zip(many.coefficients, few.coefficients) {
      #expect(relativeError(found.estimate, expected.estimate) < 1e-11)
      let error = expected.standardError.map { $0 / Double(copies).squareRoot() }
      #expect(relativeError(found.standardError, error) < 1e-10)
    }
  }
}
