import TestSupport
import Testing

@Suite struct CaseFileTests {
  static let text = """
    # first
    load "a"
    # prose

    x
    ----
    1

    # not a case
    ----
    exit 2
    ====
    # second
    $ printf 'a
    > b'
    $ kaizen x
    use a
    ----

    """

  @Test func printsWhatItParsed() throws {
    let file = try CaseFile(parsing: Self.text)
    #expect(file.description == Self.text)
    #expect(file.cases.map(\.title) == ["first", "second"])
    #expect(file.cases.map(\.line) == [1, 13])
    #expect(file.cases[0].expected == ["1", "", "# not a case", "----", "exit 2"])
    #expect(file.cases[0].steps == [.lines(["load \"a\"", "# prose", "", "x"])])
    #expect(
      file.cases[1].steps == [.shell("printf 'a\nb'"), .shell("kaizen x"), .lines(["use a"])])
    #expect(file.cases[1].expected == [])
  }

  @Test(arguments: [
    ("", 1), ("load\n----\n", 1), ("# a\nx\n", 1), ("# a\n----\n====\n", 3),
    ("# a\n----\n====\nx\n----\n", 4),
  ])
  func saysWhereItIsMalformed(text: String, line: Int) {
    let error = #expect(throws: CaseFile.Malformed.self) { try CaseFile(parsing: text) }
    #expect(error?.line == line)
  }

  /// Whatever a program prints, the file that records it reads the same again, and two different
  /// results never look alike.
  @Test func recordsAnyOutput() throws {
    let program = try Program()
    let outputs = [
      "", "\n", "a", "a\n", "a\n\n", "====\n", "====", "\\====\n", "exit 1\n", "\\exit 1\n",
      "\\no newline\n", "no newline\n", "a\n\\no newline\n", "----\n# b\n", "\\\\====\nexit 0",
    ]
    var seen: [[String]: String] = [:]
    for output in outputs {
      for status in [0, 1] {
        let quoted = output.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        let command = "$ printf -- '\(quoted)'; exit \(status)"
        let item = CaseFile.Case(title: "any", commands: [command])
        let printed = try item.run(with: program)
        let previous = seen.updateValue("\(status) \(output)", forKey: printed)
        #expect(previous == nil)
        let file = CaseFile([
          .init(title: "any", commands: [command], expected: printed),
          .init(title: "next", commands: ["x"]),
        ])
        let again = try CaseFile(parsing: file.description)
        #expect(again.cases.map(\.expected) == [printed, []])
      }
    }
  }

  @Test func keepsTheOrderOfBothOutputs() throws {
    let item = CaseFile.Case(
      title: "order", commands: ["$ echo 1; echo 2 >&2; echo 3", "$ cat; exit 3", "$ kill -9 $$"])
    #expect(try item.run(with: Program()) == ["1", "2", "3", "exit 3", "exit 137"])
  }

  @Test func diffShowsWhatChangedWithItsSurroundings() {
    let old = (1...20).map(String.init)
    var new = old
    new[9] = "ten"
    #expect(unifiedDiff(expected: old, actual: old) == "")
    #expect(
      unifiedDiff(expected: old, actual: new, context: 1) == "  …\n  9\n- 10\n+ ten\n  11\n")
    #expect(unifiedDiff(expected: [], actual: ["a"]) == "+ a\n")
  }
}
