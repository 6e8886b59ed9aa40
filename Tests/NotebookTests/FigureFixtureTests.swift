import Display
import Foundation
import TestSupport
import Testing

/// What figures draw against NumPy and SciPy: Tests/Fixtures/figures says how.
@Suite struct FigureFixtureTests {
  @Test func agreesWithOthers() throws {
    let fixture = try JSONFixture(json: Project.text("Tests/Fixtures/figures/figures.json"))
    let cases = fixture["cases"]?.elements ?? []
    let lines = try Lines()
    for name in ["penguins", "weather", "titanic"] {
      try lines.run("load \"datasets/\(name).csv\" as \(name)")
    }
    var verbs: [String: Int] = [:]
    for item in cases {
      let line = try #require(item["line"]?.text)
      let tolerance = try #require(item["tolerance"]?.number)
      try lines.run(line)
      let shown = try JSONFixture(json: try #require(lines.outputs.last).json())
      guard case .object(let values)? = item["values"] else { continue }
      verbs[String(line.split(separator: " | ").last?.prefix { $0 != " " } ?? ""), default: 0] += 1
      for (path, wanted) in values {
        let wanted = wanted.elements.isEmpty ? [wanted] : wanted.elements
        let found = try #require(shown.value(at: path), "\(line): nothing at \(path)")
        let drawn = found.elements.isEmpty ? [found] : found.elements
        try #require(drawn.count == wanted.count, "\(line): \(path)")
        let scale = wanted.compactMap(\.number).map(abs).max() ?? 0
        for (value, number) in zip(drawn, wanted) {
          let error = abs((value.number ?? .nan) - (number.number ?? .nan))
          #expect(error <= tolerance * scale + 1e-12, "\(line): \(path) \(value), not \(number)")
        }
      }
    }
    for verb in [
      "hist", "bar", "box", "density", "violin", "ecdf", "heatmap", "line", "qq", "scatter",
    ] {
      #expect(verbs[verb, default: 0] >= 2, "\(verb) has too few cases")
    }
  }
}

extension JSONFixture {
  /// What stands at `panels.0.counts`.
  fileprivate func value(at path: String) -> JSONFixture? {
    var value: JSONFixture? = self
    for part in path.split(separator: ".") {
      if let place = Int(part) {
        let elements = value?.elements ?? []
        value = elements.indices.contains(place) ? elements[place] : nil
      } else {
        value = value?[String(part)]
      }
    }
    return value
  }
}
