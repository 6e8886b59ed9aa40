import Columnar
import Testing

@testable import Modeling

/// What every model has to do, whatever it estimates.
struct ModelConformance {
  var name: String
  /// The response in terms of a number, as this kind of model takes it.
  var response: @Sendable ([Double?]) throws -> Column
  var fit: @Sendable (ModelFormula) throws -> FittedModel

  /// A formula over `rows` seeded rows: a number, a text of three levels, a bool and a polynomial,
  /// every 11th row with a null somewhere.
  func formula(rows: Int, order: [Int]? = nil, withNulls: Bool = true) throws -> ModelFormula {
    var state: UInt64 = 99
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992
    }
    var x: [Double?] = []
    var z: [Double?] = []
    var group: [String?] = []
    var flag: [Bool?] = []
    var y: [Double?] = []
    for row in 0..<rows {
      let (a, b, c, d) = (uniform() * 10, uniform() * 4 - 2, uniform(), uniform())
      let noise = uniform() + uniform() + uniform() - 1.5
      x.append(a)
      z.append(b)
      group.append(["north", "east", "zenith"][Int(c * 3)])
      flag.append(d < 0.4)
      y.append(a / 5 - b * b / 2 + (c > 2.0 / 3 ? 1 : 0) - (d < 0.4 ? 0.5 : 0) + 2 * noise)
      guard withNulls else { continue }
      switch row % 55 {
      case 10: x[row] = nil
      case 21: group[row] = nil
      case 32: flag[row] = nil
      case 43: z[row] = nil
      case 54: y[row] = nil
      default: break
      }
    }
    let order = order ?? Array(0..<rows)
    return ModelFormula(
      text: "y ~ x + group + flag + poly(z, 2) + x:flag", responseName: "y",
      response: try response(order.map { y[$0] }),
      terms: [
        ModelTerm(name: "x", role: .numeric(try .floats(order.map { x[$0] }))),
        ModelTerm(name: "group", column: try .texts(order.map { group[$0] })),
        ModelTerm(name: "flag", column: try .bools(order.map { flag[$0] })),
        ModelTerm(
          name: "poly(z, 2)", role: .polynomial(try .floats(order.map { z[$0] }), degree: 2)),
        ModelTerm(
          name: "x:flag",
          role: .interaction([
            ModelTerm(name: "x", role: .numeric(try .floats(order.map { x[$0] }))),
            ModelTerm(name: "flag", column: try .bools(order.map { flag[$0] })),
          ])),
      ])
  }

  func inputs(_ model: FittedModel, _ formula: ModelFormula) -> [Column] {
    model.inputNames.map { name in
      formula.terms.flatMap(\.parts).first { $0.name == name }!.column!
    }
  }

  /// Shapes, nulls, unseen levels, the file format, the order of rows and the number of threads.
  func check() throws {
    let formula = try formula(rows: 1_000)
    let model = try fit(formula)
    #expect(model.rowsLeftOut == 90, "\(name)")
    #expect(model.rowsUsed == 910)
    #expect(model.inputNames == ["x", "group", "flag", "poly(z, 2)"])
    #expect(
      model.coefficients.map(\.name) == [
        "(intercept)", "x", "group north", "group zenith", "flag true", "poly(z, 2) 1",
        "poly(z, 2) 2", "x : flag true",
      ])
    #expect(
      model.coefficients.map(\.reference) == [nil, nil, "east", "east", "false", nil, nil, nil])
    try checkPrediction(model, formula)
    #expect(try ModelFile.decode(ModelFile.encode(model)) == model)
    try checkOrder(model)
    try checkThreads()
    try checkTooFewRows()
  }

  private func checkPrediction(_ model: FittedModel, _ formula: ModelFormula) throws {
    let columns = inputs(model, formula)
    let prediction = try model.predict(columns, rowCount: 1_000)
    #expect(prediction.column.count == 1_000)
    #expect(prediction.column.type == .float)
    // A null response does not hinder a prediction.
    #expect(prediction.nullRows == 72)
    #expect(prediction.column.nullCount == 72)
    #expect(prediction.unseenRows == 0)
    for row in 0..<1_000 {
      #expect(prediction.column.isNull(row) == columns.contains { $0.isNull(row) })
    }
    var strange = columns
    strange[1] = try .texts((0..<1_000).map { $0 < 3 ? "nowhere" : $0 == 3 ? nil : "east" })
    let partial = try model.predict(strange, rowCount: 1_000)
    #expect(partial.unseenRows == 3)
    #expect(partial.unseenLevels == [UnseenLevel(input: "group", level: "nowhere", rows: 3)])
    #expect(partial.column.isNull(0) && partial.column.isNull(3) && !partial.column.isNull(4))
    // Rows are predicted alike wherever they stand.
    let few = try model.predict(
      columns.map { column in try .scalars((500..<507).map { column[$0] }, type: column.type) },
      rowCount: 7)
    for row in 0..<7 { #expect(few.column[row] == prediction.column[500 + row]) }
    let none = try model.predict(
      columns.map { try .scalars([], type: $0.type) }, rowCount: 0)
    #expect(none.column.count == 0)
    #expect(throws: DataError.self) { try model.predict([], rowCount: 1) }
    #expect(throws: DataError.self) {
      try model.predict([columns[1], columns[1], columns[2], columns[3]], rowCount: 1_000)
    }
  }

  private func checkOrder(_ model: FittedModel) throws {
    let order = (0..<1_000).map { $0 * 379 % 1_000 }
    let other = try fit(try formula(rows: 1_000, order: order))
    for (one, two) in zip(model.coefficients, other.coefficients) {
      #expect(relativeError(two.estimate, one.estimate) < 1e-12, "\(name): \(one.name)")
      #expect(relativeError(two.standardError, one.standardError) < 1e-12, "\(name): \(one.name)")
      #expect(relativeError(two.pValue, one.pValue) < 1e-10, "\(name): \(one.name)")
    }
  }

  private func checkThreads() throws {
    // Enough rows for two parts.
    let formula = try formula(rows: 9_000)
    let before = Workers.threadCount
    defer { Workers.threadCount = before }
    let files = try [1, 2, 8].map { threads in
      Workers.threadCount = threads
      return ModelFile.encode(try fit(formula))
    }
    #expect(files[0] == files[1] && files[0] == files[2], "\(name)")
  }

  private func checkTooFewRows() throws {
    for rows in [0, 1, 5] {
      #expect(throws: DataError.self, "\(name) on \(rows) rows") {
        try fit(try formula(rows: rows, withNulls: false))
      }
    }
  }
}
