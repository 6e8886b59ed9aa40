import Notebooks
import Query
import TestSupport
import Testing
import Verbs

/// The examples of help run as they stand.
@Suite struct ExampleTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var text: String
    var testDescription: String { name }
  }

  static let verbs = Registry.catalog.declarations.flatMap { verb in
    verb.examples.enumerated().map { number, example in
      Case(name: "\(verb.name) \(number + 1)", text: example.lines.joined(separator: "\n"))
    }
  }

  @Test(arguments: verbs) func verb(_ example: Case) throws {
    let lines = try Lines()
    if let error = failure(of: example.text, in: lines) {
      Issue.record("\(example.text)\n\(error)")
    }
  }

  static let functions = Functions.all.flatMap { function in
    function.examples.map { Case(name: function.signature, text: $0) }
  }

  @Test(arguments: functions) func function(_ example: Case) throws {
    let lines = try Lines()
    try lines.run("load \"datasets/penguins.csv\" as penguins")
    try lines.run("load \"datasets/weather.csv\" as weather")
    let before = lines.outputs.count
    if let error = failure(of: example.text, in: lines) {
      Issue.record("\(example.text)\n\(error)")
    } else {
      #expect(lines.outputs.count > before, "\(example.text) shows nothing")
    }
  }

  /// An example shows what it is the example of.
  @Test func examplesNameTheirOwn() {
    for verb in Registry.catalog.declarations {
      #expect(verb.examples.count >= 2, "\(verb.name)")
      let spellings = [verb.name, verb.name == "help" ? "?" : verb.name]
      for example in verb.examples {
        #expect(
          example.lines.contains { line in
            line.split { " |(=:".contains($0) }.contains { spellings.contains(String($0)) }
          } || verb.name == "load", "\(verb.name): \(example.lines)")
      }
    }
    for function in Functions.all {
      #expect(function.examples.count >= 2, "\(function.name)")
      for example in function.examples {
        #expect(example.contains("\(function.name)("), "\(function.name): \(example)")
      }
    }
  }
}
