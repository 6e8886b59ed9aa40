import Query
import Testing
import Verbs

/// What `?` finds.
@Suite struct HelpTests {
  @Test(arguments: [
    ("duplicates", ["distinct"]), ("average", ["agg", "describe", "mean(x)"]),
    ("missing values", ["missing", "dropnull"]), ("regression", ["fit"]),
    ("group by", ["agg"]), ("histogram", ["hist"]), ("crosstab", ["tabulate"]),
    ("substring", ["slice(x, from, to = -1)"]), ("read csv", ["load"]),
  ]) func findsByPurpose(_ topic: String, _ expected: [String]) throws {
    let lines = try Lines()
    try lines.run("? \(topic)")
    for name in expected {
      let isFound = lines.text.split(separator: "\n").contains { line in
        line.split(separator: " ").first.map { name.hasPrefix($0) } ?? false
          || line.contains("\(name)  ")
      }
      #expect(isFound, "? \(topic) does not find \(name):\n\(lines.text)")
    }
  }

  /// Purposes as newcomers would type them.
  static let purposes = [
    ("duplicates", "dedupe"),
    ("remove duplicate rows", "dedupe"),
    ("unique values", "distinct"),
    ("missing values", "missing"),
    ("replace missing", "fill"),
    ("impute", "fill"),
    ("drop nulls", "dropnull"),
    ("average", "agg"),
    ("group by", "agg"),
    ("sum by group", "agg"),
    ("pivot table", "pivot"),
    ("wide to long", "melt"),
    ("long to wide", "pivot"),
    ("unpivot", "melt"),
    ("merge tables", "join"),
    ("lookup", "join"),
    ("vlookup", "join"),
    ("stack tables", "append"),
    ("concatenate rows", "append"),
    ("rename columns", "rename"),
    ("remove columns", "drop"),
    ("choose columns", "select"),
    ("new column", "derive"),
    ("calculated field", "derive"),
    ("order rows", "sort"),
    ("descending", "sort"),
    ("top 10", "take"),
    ("random rows", "sample"),
    ("train test", "split"),
    ("histogram", "hist"),
    ("scatter plot", "scatter"),
    ("crosstab", "tabulate"),
    ("frequency table", "tabulate"),
    ("correlation", "correlate"),
    ("summary statistics", "describe"),
    ("percentile", "quantile"),
    ("moving average", "rolling_mean"),
    ("running total", "cumsum"),
    ("previous row", "lag"),
    ("next row", "lead"),
    ("extreme values", "outliers"),
    ("bins", "cut"),
    ("convert type", "cast"),
    ("text to number", "cast"),
    ("parse dates", "parse_date"),
    ("month of date", "month"),
    ("days between dates", "date_diff"),
    ("regular expression", "matches"),
    ("substring", "slice"),
    ("split text", "split"),
    ("uppercase", "upper"),
    ("trim spaces", "trim"),
    ("linear regression", "fit"),
    ("logistic regression", "fit"),
    ("t-test", "test"),
    ("p value", "test"),
    ("read csv", "load"),
    ("write csv", "export"),
    ("save file", "export"),
    ("undo mistake", "undo"),
    ("change a value", "derive"),
    ("if else", "iif"),
    ("standard deviation", "sd"),
    ("count rows", "count"),
    ("row number", "row_number"),
    ("market share", "share"),
  ]

  @Test func findsWhatNewcomersAskFor() throws {
    let lines = try Lines()
    for (purpose, name) in Self.purposes {
      let before = lines.text.utf8.count
      try lines.run("? \(purpose)")
      let shown = String(decoding: Array(lines.text.utf8.dropFirst(before)), as: UTF8.self)
      let isFound = shown.split(separator: "\n").contains { line in
        let first = line.split { $0 == " " || $0 == "(" }.first
        return first.map(String.init) == name
      }
      #expect(isFound, "? \(purpose) does not find \(name):\n\(shown)")
    }
  }

  @Test func listsEveryVerb() throws {
    let lines = try Lines()
    try lines.run("?")
    for verb in Registry.catalog.declarations {
      #expect(lines.text.contains("  \(verb.name) "), "\(verb.name)")
      #expect(lines.text.contains(verb.summary), "\(verb.name)")
    }
  }

  @Test(arguments: Registry.catalog.declarations.map(\.name))
  func explainsEachVerb(_ name: String) throws {
    let lines = try Lines()
    try lines.run("? \(name)")
    let verb = try #require(Registry.catalog.declarations.first { $0.name == name })
    #expect(lines.text.contains(verb.summary))
    for line in lines.text.split(separator: "\n") {
      #expect(line.count <= 80 || !line.contains("  "), "\(line)")
    }
  }

  @Test func saysWhatItDoesNotKnow() throws {
    let lines = try Lines()
    let error = failure(of: "? histgram", in: lines)
    #expect(error?.contains("did you mean `hist") == true, "\(error ?? "no error")")
    #expect(failure(of: "? zzzzzz", in: lines) != nil)
  }
}
