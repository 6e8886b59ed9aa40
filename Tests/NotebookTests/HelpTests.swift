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
