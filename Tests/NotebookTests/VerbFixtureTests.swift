import Columnar
import Foundation
import Notebooks
import TestSupport
import Testing
import Verbs

/// Every verb that makes or reports rows, over generated tables, against what DuckDB makes of them:
/// Tests/Fixtures/verbs says how.
@Suite struct VerbFixtureTests {
  struct Case: Decodable, Sendable {
    var verb: String
    var line: String
    var by: String
    var report: String
    var names: [String]
    var types: [String]
    var covers: [String]
    var rows: [[JSONFixture]]
  }

  struct File: Decodable {
    var cases: [Case]
  }

  static let cases: [Case] =
    (try? JSONDecoder().decode(
      File.self, from: Data(Project.text("Tests/Fixtures/verbs/cases.json").utf8)))?.cases ?? []

  /// A session with the table, its parts without rows, of one row and of nulls, and a second one.
  private static func session() throws -> Lines {
    let lines = try Lines()
    for name in ["table", "partner"] {
      try Project.text("Tests/Fixtures/verbs/\(name).csv").write(
        toFile: lines.folder.workPath + "/\(name).csv", atomically: true, encoding: .utf8)
    }
    try lines.run(
      """
      load "table.csv" as t types={big: int} null=[]
      load "partner.csv" as u null=[]
      t_none = t | filter false
      t_one = t | filter n == 7
      t_null = t | filter n in 60..64
      use t
      """)
    return lines
  }

  @Test(arguments: Set(cases.map(\.verb)).sorted()) func agrees(_ verb: String) throws {
    let lines = try Self.session()
    for item in Self.cases where item.verb == verb {
      if let error = failure(of: item.line, in: lines) {
        Issue.record("\(item.line)\n\(error)")
        continue
      }
      let output = try #require(lines.outputs.last)
      let json = try JSONDecoder().decode(JSONFixture.self, from: Data(output.json().utf8))
      let rows = json[item.report.isEmpty ? "rows" : item.report]?.elements ?? []
      if item.report.isEmpty {
        let columns = json["columns"]?.elements ?? []
        #expect(columns.compactMap { $0["name"] } == item.names.map { .text($0) }, "\(item.line)")
        let types = columns.compactMap { $0["type"] }
        #expect(types == item.types.map { .text($0) }, "\(item.line)")
      }
      let difference = Self.difference(rows, item)
      #expect(difference == nil, "\(item.line)\n\(difference ?? "")\nby \(item.by)")
    }
  }

  /// The first value that is another one.
  private static func difference(_ rows: [JSONFixture], _ item: Case) -> String? {
    guard rows.count == item.rows.count else {
      return "\(rows.count) rows, not \(item.rows.count)"
    }
    for (number, (row, wanted)) in zip(rows, item.rows).enumerated() {
      for (name, wanted) in zip(item.names, wanted) {
        let value = row[name] ?? .text("no \(name)")
        if !agree(value, wanted) { return "row \(number + 1) \(name): \(value), not \(wanted)" }
      }
    }
    return nil
  }

  private static func agree(_ value: JSONFixture, _ wanted: JSONFixture) -> Bool {
    switch (value, wanted) {
    case (.int(let left), .int(let right)): return left == right
    case (.text(let left), .text(let right)):
      if Array(left.utf8) == Array(right.utf8) { return true }
      guard right.utf8.count == 26, let time = Calendar.parseDatetime(right) else { return false }
      return Calendar.parseDatetime(left) == time
    default:
      guard let left = value.number, let right = wanted.number else { return value == wanted }
      return left == right || abs(left - right) <= 1e-9 * abs(right) + 1e-300
    }
  }

  /// A verb of rows without two cases, or a reason, is not finished; nor is a type.
  @Test func everyVerbAndTypeIsCompared() throws {
    let text = try Project.text("Tests/Fixtures/verbs/differences.md")
    let parts = text.components(separatedBy: "# Without a comparison")
    let excused = Set((parts.last ?? "").matches(of: /\| `([\w ]+)` \|/).map { String($0.1) })
    #expect(parts.count == 2 && !excused.isEmpty)
    let groups: Set<VerbDeclaration.Purpose> = [.look, .change, .summarise]
    for verb in Registry.catalog.declarations where groups.contains(verb.purpose) {
      var lines: Set<String> = []
      for item in Self.cases where item.verb == verb.name && item.line.contains(verb.name) {
        lines.insert(item.line)
      }
      #expect(
        lines.count >= 2 || excused.contains(verb.name),
        "\(verb.name): \(lines.count) cases in Tests/Fixtures/verbs; its README says how")
    }
    for type in DataType.allCases {
      let count = Self.cases.count {
        $0.covers.contains(type.rawValue) || $0.types.contains(type.rawValue)
      }
      #expect(count >= 2, "\(type.rawValue): \(count) cases")
    }
  }
}
