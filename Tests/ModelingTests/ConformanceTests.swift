import Columnar
import Testing

@testable import Modeling

@Suite(.serialized) struct ConformanceTests {
  @Test(arguments: [StandardErrors.classical, .hc1, .hc3])
  func linear(_ errors: StandardErrors) throws {
    try ModelConformance(
      name: "ols \(errors)", response: { try .floats($0) },
      fit: { try LinearRegression.fit($0, standardErrors: errors) }
    ).check()
  }

  @Test func logistic() throws {
    try ModelConformance(
      name: "logit", response: { values in try .bools(values.map { $0.map { $0 > 0.5 } }) },
      fit: { try LogisticRegression.fit($0) }
    ).check()
  }

  @Test func logisticOnTexts() throws {
    try ModelConformance(
      name: "logit of a text",
      response: { values in try .texts(values.map { $0.map { $0 > 0.5 ? "yes" : "no" } }) },
      fit: { try LogisticRegression.fit($0) }
    ).check()
  }
}
