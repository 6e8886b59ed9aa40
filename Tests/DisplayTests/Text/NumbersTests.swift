import Testing

@testable import Display

@Suite struct NumbersTests {
  @Test(arguments: [
    (0.0, 6, "0"), (39.1, 6, "39.1"), (172, 6, "172"), (4201.754385964912, 6, "4201.75"),
    (-206.5098765, 6, "-206.510"), (0.8183559254, 6, "0.818356"), (999999.5, 6, "1000000"),
    (1234567.891, 6, "1234568"), (0.00001, 6, "0.00001"), (0.0000012345678, 6, "1.23457e-6"),
    (9.9999996, 6, "10.0000"), (1e22, 6, "1e22"), (123_456_789_012_345.6, 6, "123456789012346"),
    (1.5, 1, "2"), (2.675, 3, "2.68"), (-0.0, 6, "0"), (.infinity, 6, "inf"),
    (-.infinity, 6, "-inf"), (.leastNonzeroMagnitude, 6, "5e-324"),
    (1.7976931348623157e308, 6, "1.79769e308"),
  ])
  func significant(value: Double, count: Int, text: String) {
    #expect(NumberFormat.significant(count).text(value) == text)
  }

  @Test(arguments: [
    (2.5537e-11, "2.6e-11"), (0.00039697, "0.00040"), (0.00539, "0.00539"), (0.0539, "0.0539"),
    (0.5, "0.500"), (1, "1.00"), (0.9996, "1.00"), (0.00099951, "0.0010"), (0, "<1e-300"),
    (0.0001, "0.00010"), (0.000099, "9.9e-5"),
  ])
  func pValues(value: Double, text: String) { #expect(NumberFormat.pValue.text(value) == text) }

  @Test(arguments: [
    (-6.9014, 2, "-6.90"), (0.005, 2, "0.01"), (-0.001, 2, "0.00"), (1e300, 2, "1e300"),
    (12.5, 0, "13"), (99.999, 1, "100.0"),
  ])
  func decimals(value: Double, count: Int, text: String) {
    #expect(NumberFormat.decimals(count).text(value) == text)
  }

  @Test func percents() {
    #expect(NumberFormat.percent(decimals: 1).text(0.12345) == "12.3%")
    #expect(NumberFormat.percent(decimals: 0).text(1) == "100%")
    #expect(NumberFormat.percent(decimals: 2).text(0) == "0.00%")
  }

  @Test func counts() {
    #expect(grouped(3_071_114) == "3,071,114")
    #expect(grouped(999) == "999")
    #expect(grouped(-1000) == "-1,000")
    #expect(grouped(Int64.min) == "-9,223,372,036,854,775,808")
  }

  @Test func sharesNeverClaimAllOrNothing() {
    #expect(share(152, of: 344) == "44%")
    #expect(share(0, of: 344) == "0%")
    #expect(share(1, of: 344) == "<1%")
    #expect(share(999, of: 1000) == ">99%")
    #expect(share(344, of: 344) == "100%")
    #expect(share(0, of: 0) == "-")
  }

  @Test func roundedTextReadsBackWithinItsPrecision() throws {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<5000 {
      let value = generator.anyFloat()
      for digits in [1, 3, 6, 17] {
        let read = try #require(Double(NumberFormat.significant(digits).text(value)))
        // Half a unit of the last digit shown, and what the two conversions may add to that.
        let tolerance = value.magnitude * (5 * tenth(digits) + 4 * Double.ulpOfOne)
        #expect(
          (read - value).magnitude <= tolerance || !read.isFinite,
          "\(value) in \(digits) digits")
      }
      let exact = try #require(Double(NumberFormat.significant(17).text(value)))
      #expect(exact == value)
    }
  }

  private func tenth(_ digits: Int) -> Double {
    (0..<digits).reduce(1.0) { value, _ in value / 10 }
  }

  @Test func everyDecimalOfOrdinaryNumbersIsRight() throws {
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<5000 {
      let value = Double.random(in: -1e6...1e6, using: &generator)
      for decimals in 0...6 {
        let text = DecimalDigits(value).plain(decimals: decimals)
        let read = try #require(Double(text))
        #expect((read - value).magnitude <= 0.5 * tenth(decimals) * 1.000001)
        #expect((text.split(separator: ".").dropFirst().first?.count ?? 0) == decimals)
      }
    }
  }

  @Test func columnsOfDataKeepShortNumbersWhole() {
    func texts(_ values: [Double]) -> [String] {
      var format = FloatColumnFormat()
      for value in values { format.include(value) }
      return values.map(format.text)
    }
    #expect(texts([39.1, 40, 18.25]) == ["39.10", "40.00", "18.25"])
    #expect(texts([1.0 / 3, 0.5, 100]) == ["0.333333", "0.500000", "100.000"])
    #expect(texts([3071114.27, 1234567.125]) == ["3071114.270", "1234567.125"])
    #expect(texts([1_000_000, 2_000_000]) == ["1000000", "2000000"])
    #expect(texts([0.1 + 0.2, 40.730610]) == ["0.300000", "40.73061"])
    #expect(texts([1e-12, 1, .infinity]) == ["1e-12", "1", "inf"])
  }
}
