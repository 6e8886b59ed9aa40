import Testing

@testable import Modeling

@Suite struct ConfusionMatrixTests {
  @Test func figuresOfAKnownTable() throws {
    var matrix = ConfusionMatrix()
    matrix.truePositives = 6
    matrix.falsePositives = 2
    matrix.falseNegatives = 1
    matrix.trueNegatives = 3
    #expect(matrix.accuracy == 0.75)
    #expect(matrix.precision == 0.75)
    #expect(matrix.recall == 6.0 / 7)
    #expect(matrix.specificity == 0.6)
    #expect(matrix.f1 == 12.0 / 15)
    let kappa = try #require(matrix.kappa)
    #expect(abs(kappa - 8.0 / 17) < 1e-15)
    let correlation = try #require(matrix.matthewsCorrelation)
    #expect(abs(correlation - 16 / (8.0 * 7 * 5 * 4).squareRoot()) < 1e-15)
  }

  @Test func undefinedFiguresAreNil() {
    var matrix = ConfusionMatrix()
    #expect(matrix.accuracy == nil)
    #expect(matrix.kappa == nil)
    matrix.trueNegatives = 3
    #expect(matrix.precision == nil)
    #expect(matrix.recall == nil)
    #expect(matrix.f1 == nil)
    #expect(matrix.matthewsCorrelation == nil)
    #expect(matrix.kappa == nil)
    #expect(matrix.accuracy == 1)
  }
}
