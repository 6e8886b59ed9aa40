import Columnar
import Foundation
import TestSupport
import Testing

@testable import Modeling

/// Ill-conditioned regressions of NIST, made by make-nist.py.
@Suite struct ReferenceDatasetTests {
  struct Values: Decodable, Sendable {
    var estimates: [Double]?
    var errors: [Double]?
    var sd: Double?
    var r2: Double?
  }

  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var intercept: Bool
    var y: [Double]
    var columns: [[Double]]
    var certified: Values
    var exact: Values

    var testDescription: String { name }
  }

  private struct File: Decodable {
    var cases: [Case]
  }

  static func cases() throws -> [Case] {
    let text = try Project.text("Tests/Fixtures/modeling/nist.json")
    return try JSONDecoder().decode(File.self, from: Data(text.utf8)).cases
  }

  private func fit(_ known: Case, copies: Int = 1) throws -> FittedModel {
    func repeated(_ values: [Double]) throws -> Column {
      try .floats(Array(repeatElement(values, count: copies).joined()))
    }
    return try LinearRegression.fit(
      ModelFormula(
        text: known.name, responseName: "y", response: try repeated(known.y),
        terms: try known.columns.enumerated().map {
          ModelTerm(name: "x\($0 + 1)", role: .numeric(try repeated($1)))
        }, hasIntercept: known.intercept))
  }

  private func worst(_ found: [Double?], _ expected: [Double]?) -> Double {
    guard let expected else { return 0 }
    return found.count == expected.count
      ? zip(found, expected).map { relativeError($0, $1) }.max() ?? 0 : .infinity
  }

  /// All digits of the exact solution for the columns as floats hold them. The certified values are
  /// for decimals; rounding these already costs 8 digits of Filip's and 1 or 2 of others.
  @Test(arguments: try cases())
  func digits(_ known: Case) throws {
    let model = try fit(known)
    guard case .linear(let statistics) = model.statistics else { return }
    let estimates = model.coefficients.map(\.estimate)
    let errors = model.coefficients.map(\.standardError)
    #expect(worst(estimates, known.exact.estimates) < 1e-15)
    #expect(worst(estimates, known.certified.estimates) < (known.name == "Filip" ? 2e-8 : 1e-13))
    #expect(relativeError(statistics.rSquared, known.exact.r2) < 1e-15)
    if known.name == "Wampler1" {
      // The polynomial passes through every point.
      #expect(statistics.residualDeviation < 1e-15)
      #expect(model.notes.contains { $0.contains("perfect fit") })
      return
    }
    #expect(worst(errors, known.exact.errors) < 1e-14)
    #expect(relativeError(statistics.residualDeviation, known.exact.sd) < 1e-14)
    // The certified deviation is 0, since decimals are fitted exactly and floats nearly.
    if known.name == "Wampler2" { return }
    #expect(worst(errors, known.certified.errors) < (known.name == "Filip" ? 2e-8 : 1e-13))
  }

  /// More rows than doubled precision is taken for outright: well-conditioned problems stay with
  /// floats, the others are found out.
  @Test(arguments: ["Longley", "Pontius", "Wampler5", "Hilbert columns"])
  func manyCopies(_ name: String) throws {
    let known = try #require(try ReferenceDatasetTests.cases().first { $0.name == name })
    let columns = known.columns.count + 2
    let copies = 1_000_000 / (columns * columns * known.y.count) + 1
    let model = try fit(known, copies: copies)
    #expect(worst(model.coefficients.map(\.estimate), known.exact.estimates) < 1e-11)
    // Copies add degrees of freedom but no information about the residuals.
    let rows = known.y.count
    let ratio =
      Double(rows - columns + 1) / Double(rows * copies - columns + 1)
    let errors = known.exact.errors?.map { $0 * ratio.squareRoot() }
    #expect(worst(model.coefficients.map(\.standardError), errors) < 1e-12)
  }
}
