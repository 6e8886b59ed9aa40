import Columnar
import Foundation
import TestSupport
import Testing

@testable import Modeling

/// Models of R's `lm` and `glm`, made by Tests/Fixtures/modeling/make-fits.R.
struct FitFixture: Decodable, Sendable, CustomTestStringConvertible {
  struct Line: Decodable, Sendable {
    var name: String
    var estimate: Double?
    var error: Double?
    var statistic: Double?
    var p: Double?
    var lower: Double?
    var upper: Double?
  }

  private struct File: Decodable {
    var fits: [FitFixture]
  }

  var name: String
  var kind: String
  var data: String
  var response: String
  var terms: [String]
  var intercept: Bool
  var se: String
  var rows: Int
  var coefficients: [Line]
  var r2: Double?
  var adjusted: Double?
  var sd: Double?
  var df: Int
  var f: Double?
  var fp: Double?
  var nullDeviance: Double?
  var deviance: Double?
  var aic: Double?
  var ratio: Double?
  var ratioP: Double?

  var testDescription: String { name }

  static func all(_ kind: String) throws -> [FitFixture] {
    let text = try Project.text("Tests/Fixtures/modeling/fits.json")
    return try JSONDecoder().decode(File.self, from: Data(text.utf8)).fits
      .filter { $0.kind == kind }
  }
}

/// Agreement with R to 9 digits.
@Suite struct FitFixtureTests {
  @Test(arguments: try FitFixture.all("ols"))
  func linear(_ expected: FitFixture) throws {
    let table = try SmallTable(dataset: expected.data)
    let model = try LinearRegression.fit(
      table.formula(expected.response, expected.terms, hasIntercept: expected.intercept),
      standardErrors: StandardErrors(rawValue: expected.se)!)
    #expect(model.rowsUsed == expected.rows)
    #expect(model.rowsUsed + model.rowsLeftOut == table.columns[0].count)
    compare(model, expected)
    guard case .linear(let statistics) = model.statistics else {
      Issue.record("not a linear model")
      return
    }
    // A model of the intercept alone explains nothing, exactly or up to rounding.
    if expected.terms.isEmpty {
      #expect(abs(statistics.rSquared ?? 1) < 1e-15)
    } else {
      agree(statistics.rSquared, expected.r2, "R²")
      agree(statistics.adjustedRSquared, expected.adjusted, "adjusted R²")
      agree(statistics.fStatistic, expected.f, "F")
      agree(statistics.fPValue, expected.fp, "p of F")
    }
    agree(statistics.residualDeviation, expected.sd, "residual sd")
    #expect(statistics.residualDegrees == expected.df)
  }

  @Test(arguments: try FitFixture.all("logit"))
  func logistic(_ expected: FitFixture) throws {
    let table = try SmallTable(dataset: expected.data)
    let model = try LogisticRegression.fit(
      table.formula(expected.response, expected.terms, hasIntercept: expected.intercept))
    #expect(model.rowsUsed == expected.rows)
    compare(model, expected)
    guard case .logistic(let statistics) = model.statistics else {
      Issue.record("not a logistic model")
      return
    }
    agree(statistics.nullDeviance, expected.nullDeviance, "null deviance")
    agree(statistics.residualDeviance, expected.deviance, "deviance")
    agree(statistics.aic, expected.aic, "AIC")
    agree(statistics.pseudoRSquared, expected.r2, "pseudo R²")
    agree(statistics.likelihoodRatio, expected.ratio, "likelihood ratio")
    agree(statistics.likelihoodRatioPValue, expected.ratioP, "its p")
    #expect(statistics.residualDegrees == expected.df)
  }

  private func compare(_ model: FittedModel, _ expected: FitFixture) {
    #expect(model.coefficients.count == expected.coefficients.count)
    for (found, line) in zip(model.coefficients, expected.coefficients) {
      let place = "\(expected.name), \(line.name)"
      agree(found.estimate, line.estimate, "\(place): estimate")
      agree(found.standardError, line.error, "\(place): error")
      agree(found.statistic, line.statistic, "\(place): statistic")
      agree(found.pValue, line.p, "\(place): p")
      agree(found.lower, line.lower, "\(place): lower")
      agree(found.upper, line.upper, "\(place): upper")
    }
  }

  private func agree(_ value: Double?, _ expected: Double?, _ what: String) {
    #expect(
      relativeError(value, expected) < 1e-9,
      "\(what): \(value as Any) for \(expected as Any)")
  }
}
