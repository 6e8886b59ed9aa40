import Columnar
import Language
import Query
import TestSupport
import Testing

/// Window functions beside those of DuckDB, made by Tests/Fixtures/windows/make-windows.py.
@Suite struct WindowFixtureTests {
  static let cases: [(column: String, call: String)] = {
    let text = (try? Project.text("Tests/Fixtures/windows/cases.tsv")) ?? ""
    return text.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "\t")
      return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
  }()

  private static let frames = Result {
    (
      table: try read("table"), expected: try read("expected")
    )
  }

  private static func read(_ name: String) throws -> Frame {
    let path = Project.path("Tests/Fixtures/windows/\(name).csv")
    return try LogicalPlan.Source.csv(path: path).read(nil)
  }

  @Test func fixtureIsThere() { #expect(Self.cases.count > 55) }

  @Test(arguments: cases.indices) func agrees(_ index: Int) throws {
    let (name, call) = Self.cases[index]
    let frames = try Self.frames.get()
    let expected = try #require(frames.expected[name])
    let result = try #require(try run("derive r = \(call)", on: frames.table)["r"])
    var differences: [String] = []
    for row in 0..<result.count where !Self.isEqual(result[row], expected[row]) {
      differences.append("row \(row): \(result[row]), not \(expected[row])")
    }
    #expect(differences.isEmpty, "\(call): \(differences.prefix(5))")
  }

  /// Floats to 1e-10; a float that is whole may come back from CSV as an int.
  private static func isEqual(_ value: Scalar, _ expected: Scalar) -> Bool {
    guard let a = value.number, let b = expected.number else {
      return value == expected
    }
    if case (.int(let a), .int(let b)) = (value, expected) { return a == b }
    return abs(a - b) <= 1e-10 * max(abs(a), abs(b), 1)
  }

  /// The same windows over no row and over one.
  @Test(arguments: cases.indices) func takesFewRows(_ index: Int) throws {
    let (_, call) = Self.cases[index]
    let table = try Self.frames.get().table
    let none = try run("derive r = \(call)", on: try table.slice(0..<0))
    #expect(none.rowCount == 0 && none.names.last == "r")
    #expect(try run("derive r = \(call)", on: try table.slice(2..<3)).rowCount == 1)
  }
}
