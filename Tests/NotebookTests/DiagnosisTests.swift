import Display
import TestSupport
import Testing

/// `diagnose` and `density` against NumPy and SciPy: Tests/Fixtures/modeling/make-diagnosis.py.
@Suite struct DiagnosisTests {
  /// The numbers of the fixture's lines by the words in front of them.
  private static func fixture() throws -> [(name: String, numbers: [Double])] {
    try Project.text("Tests/Fixtures/modeling/diagnosis.txt").split(separator: "\n").dropFirst()
      .map { line in
        let words = line.split(separator: " ")
        let name = words.prefix { Double($0) == nil }.joined(separator: " ")
        return (name, words.compactMap { Double($0) })
      }
  }

  @Test func agreesWithOthers() throws {
    let lines = try Lines()
    try lines.run(
      """
      load "datasets/penguins.csv" as penguins
      m = penguins | fit ols body_mass_g ~ flipper_length_mm + bill_depth_mm + species
      diagnose m on penguins
      density body_mass_g
      """)
    let shown = try lines.outputs.map { try JSONFixture(json: $0.json()) }
    let diagnosis = try #require(shown.first { $0["kind"]?.text == "diagnosis" })
    let density = try #require(shown.first { $0["kind"]?.text == "density" })
    var influence = diagnosis["influence"]?.elements ?? []
    var known: [(name: String, values: [Double?], wanted: [Double])] = []
    for (name, numbers) in try Self.fixture() {
      let assumption = diagnosis["assumptions"]?.elements.first {
        $0["test"]?.text?.hasPrefix(name) ?? false
      }
      switch name {
      case "Cook":
        let row = influence.isEmpty ? nil : influence.removeFirst()
        let values = ["observed", "residual", "leverage", "cook"].map { row?[$0]?.number }
        known.append((name, values, numbers))
      case "bandwidth":
        // The figure says it to three digits.
        #expect(density["notes"]?.elements.contains { $0.text == "bandwidth 225" } == true)
        #expect(numbers[0].rounded() == 225)
      case let term where term.hasPrefix("inflation "):
        let row = diagnosis["inflation"]?.elements.first {
          $0["term"]?.text == String(term.dropFirst("inflation ".count))
        }
        known.append((name, [row?["inflation"]?.number], numbers))
      default:
        let values = ["statistic", "p"].map { assumption?[$0]?.number }
        known.append((name, Array(values.prefix(numbers.count)), numbers))
      }
    }
    #expect(known.count == 11)
    for (name, values, wanted) in known {
      for (place, (value, wanted)) in zip(values, wanted).enumerated() {
        // SciPy's normal quantiles in Shapiro and Wilk's W are those of AS 111, of seven digits; R's
        // p is held to 1e-9 in Tests/Fixtures/hypotheses.
        let tolerance = name == "Shapiro-Wilk" && place == 1 ? 1e-7 : 1e-9
        let value = value ?? .nan
        #expect(abs(value - wanted) <= tolerance * abs(wanted), "\(name) \(place): \(value)")
      }
    }
  }
}
