import Columnar
import Foundation
import Language
import Query
import TestSupport
import Testing

/// Every function over a table of nulls and borders, against what DuckDB makes of it:
/// Tests/Fixtures/functions says how.
@Suite struct FunctionFixtureTests {
  struct Case: Decodable, Sendable {
    var function: String
    var line: String
    var by: String
    var values: [JSONFixture]
  }

  struct TableColumn: Decodable {
    var name: String
    var type: String
    var values: [JSONFixture]
  }

  struct File: Decodable {
    var columns: [TableColumn]
    var cases: [Case]
  }

  private static let file = Result {
    try JSONDecoder().decode(
      File.self, from: Data(try Project.text("Tests/Fixtures/functions/cases.json").utf8))
  }

  static let cases: [Case] = (try? file.get().cases) ?? []

  private static func table() throws -> Frame {
    let columns = try file.get().columns
    return Frame(
      names: columns.map(\.name),
      columns: try columns.map { column in
        let type = try #require(DataType(rawValue: column.type))
        return try Column.scalars(column.values.map { scalar($0, type) }, type: type)
      })
  }

  private static func scalar(_ value: JSONFixture, _ type: DataType) -> Scalar {
    switch (value, type) {
    case (.text(let text), .date): Calendar.parseDate(text).map { .date($0) } ?? .null
    case (.text(let text), .datetime):
      Calendar.parseDatetime(text).map { .datetime($0.microseconds) } ?? .null
    case (.text(let text), _): .text(text)
    case (.bool(let flag), _): .bool(flag)
    case (.int(let number), .float): .float(Double(number))
    case (.int(let number), _): .int(number)
    case (.float(let number), _): .float(number)
    case (.null, _), (.array, _), (.object, _): .null
    }
  }

  @Test(arguments: cases.indices) func agrees(_ index: Int) throws {
    let item = Self.cases[index]
    let frame = try Self.table()
    let result = try #require(try run("derive r = \(item.line)", on: frame)["r"])
    #expect(result.count == item.values.count)
    for (row, wanted) in item.values.enumerated() where row < result.count {
      let value = result[row]
      #expect(
        agree(value, wanted),
        "\(item.line) row \(row + 1): \(value), and \(wanted) by \(item.by)")
    }
    // Of no rows there is nothing, of the same type.
    let none = try #require(try run("derive r = \(item.line)", on: frame.slice(0..<0))["r"])
    #expect(none.count == 0 && none.type == result.type, "\(item.line) of no rows")
  }

  private func agree(_ value: Scalar, _ wanted: JSONFixture) -> Bool {
    switch value {
    case .null: return wanted == .null
    case .bool(let flag): return wanted == .bool(flag)
    case .text(let text):
      if case .text(let other) = wanted { return Array(text.utf8) == Array(other.utf8) }
      return false
    case .date(let days): return wanted == .text(Calendar.text(date: days))
    case .datetime(let time):
      guard case .text(let text) = wanted else { return false }
      return Calendar.parseDatetime(text)?.microseconds == time
    case .int(let number):
      if case .float(let other) = wanted { return Double(number) == other }
      return wanted == .int(number)
    case .float(let number):
      guard let other = wanted.number else { return false }
      return number == other || abs(number - other) <= 1e-12 * abs(other) + 1e-300
    case .duration(let length): return wanted == .int(length.microseconds)
    }
  }

  /// A function without two cases, or a reason, is not finished.
  @Test func everyFunctionIsCompared() throws {
    let text = try Project.text("Tests/Fixtures/functions/differences.md")
    let parts = text.components(separatedBy: "# Without a comparison")
    let excused = Set(
      (parts.last ?? "").matches(of: /\| `(\w+)` \|/).map { String($0.1) })
    #expect(parts.count == 2 && !excused.isEmpty)
    // Windows have a table of their own, with groups and an order.
    let windows = try Project.text("Tests/Fixtures/windows/cases.tsv").split(separator: "\n")
    for function in Functions.all {
      let count =
        Self.cases.count { $0.function == function.name }
        + windows.count { $0.contains("\t\(function.name)(") }
      #expect(
        count >= 2 || excused.contains(function.name),
        "\(function.name): \(count) cases in Tests/Fixtures/functions; its README says how")
      #expect(
        Self.cases.filter { $0.function == function.name }.allSatisfy {
          $0.line.contains(function.name + "(")
        }, "\(function.name): a case that does not call it")
    }
  }
}
