import Foundation
import Language
import Notebooks
import TestSupport
import Testing

/// The law of the notebook file: what was read is written back, byte for byte.
struct NotebookFileTests {
  @Test func generatedNotebooksRoundTrip() throws {
    var random = Random(7)
    for number in 0..<10_000 {
      let (text, cells) = generate(&random)
      let file = try NotebookFile(parsing: text)
      #expect(Array(file.text.utf8) == Array(text.utf8), "notebook \(number):\n\(text)")
      #expect(file.cells.map(\.cell.code) == cells, "notebook \(number):\n\(text)")
    }
  }

  /// Outputs of every kind, of data that holds fences and what looks like front matter.
  private static let outputs: [String] = {
    guard let workspace = try? Workspace(), let session = try? workspace.session() else {
      return []
    }
    let table = "name,v\n```kaizen,1\n---,2\n\"```out id=x\n~~~~\",3\né👩‍👩‍👧,4\n"
    try? workspace.write(table, "t.csv")
    var texts: [String] = []
    session.onOutput = { texts.append($0.text(.notebook)) }
    for line in [
      "load \"t.csv\" as t", "t | head 4", "t | describe", "t | hist v", "t | count by name",
      "x = \"````\"", "x", "m = t | fit ols v ~ name", "m", "schema", "t | scatter v v",
    ] {
      do { try session.run(line) } catch {
        texts.append("\(session.diagnostic(error).render(source: line))")
      }
    }
    return texts
  }()

  @Test func everyKindOfOutputIsTried() {
    #expect(Self.outputs.count >= 10)
    #expect(Self.outputs.contains { $0.contains("```kaizen") })
  }

  @Test func anyTextRoundTripsOrIsRefused() throws {
    var random = Random(11)
    let pieces = [
      "```", "````", "~~~", "~~~~", "kaizen", "out", " ", "    ", "\t", "\n", "\r\n", "\r", "---",
      "id=a", "id=", "=", "\"", "# x", "é", "\u{301}", "👩‍👩‍👧", "\u{2028}", "\u{FEFF}", "`", "x",
    ]
    var read = 0
    for _ in 0..<4_000 {
      let count = Int.random(in: 0..<30, using: &random)
      let text = (0..<count).map { _ in random.pick(pieces) }.joined()
      guard let file = try? NotebookFile(parsing: text) else { continue }
      read += 1
      #expect(Array(file.text.utf8) == Array(text.utf8), "\(text.debugDescription)")
    }
    #expect(read > 1_000)
  }

  @Test func everyNotebookOfTheProjectRoundTrips() throws {
    for path in Project.files(in: "notebooks", withExtension: "md") {
      let text = try Project.text(path)
      #expect(Array(try NotebookFile(parsing: text).text.utf8) == Array(text.utf8), "\(path)")
    }
  }

  @Test(arguments: [
    ("x\n\n```kaizen id\ncount\n```\n", "line 3", "name=value"),
    ("```kaizen id=\ncount\n```\n", "line 1", "no value"),
    ("\n```kaizen id=\"a\ncount\n```\n", "line 2", "no closing quote"),
    ("```kaizen id=a id=b\ncount\n```\n", "line 1", "given twice"),
    ("```kaizen =a\ncount\n```\n", "line 1", "name=value"),
    ("a\r\nb\r\n~~~out ;\r\n~~~\r\n", "line 3", "name=value"),
    ("a\n```kaizen\ncount\n", "line 2", "never closed"),
    ("a\n````out\n```\n", "line 2", "never closed"),
    ("---\nkaizen: 1\n", "line 1", "no end"),
  ])
  func mistakesAreNamedWithTheirLine(text: String, line: String, words: String) {
    let error = #expect(throws: Diagnostic.self) { try NotebookFile(parsing: text) }
    #expect(error?.message.contains(line) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    #expect(error?.code == .syntax)
  }

  @Test func fencesAreFoundAsCommonMarkFindsThem() throws {
    let text = """
      A ``` in prose, and `kaizen`.

          ```kaizen
          four spaces make no fence
          ```

      ```python
      ```kaizen
      ```

      ~~~~ kaizen id=one  role=explore
      ```kaizen
      ~~~
      ~~~~ \u{20}
      ```out id=one
      ~~~~
      ```
      """
    let file = try NotebookFile(parsing: text)
    #expect(file.cells.map(\.cell.code) == ["```kaizen\n~~~"])
    #expect(file.cells[0].cell.attributes == ["id": "one", "role": "explore"])
    guard let place = file.cells[0].outputIndex, case .output(let output) = file.elements[place]
    else {
      Issue.record("no output")
      return
    }
    #expect(output.text == "~~~~\n")
    #expect(file.text == text)
  }

  @Test func aFenceIsLongerThanThoseInTheText() throws {
    for text in ["```\n", "a\n  `````\nb\n", "~~~~~~\n", "x\r\n````\r\ny\n", "", "\n", "`\n"] {
      let output = NotebookFile.RecordedOutput(text: text, attributes: [("id", "a b")])
      let file = try NotebookFile(parsing: output.raw)
      #expect(file.elements.count == 1)
      guard case .output(let read) = file.elements[0] else {
        Issue.record("no output in \(output.raw)")
        continue
      }
      #expect(read.text == text.replacing("\r\n", with: "\n"))
      #expect(read.id == "a b")
    }
  }

  @Test func readingTakesLinearTime() throws {
    func seconds(_ text: String) throws -> Double {
      var count = 0
      let seconds = try processorSeconds {
        count = try NotebookFile(parsing: text).text.utf8.count
      }
      #expect(count == text.utf8.count)
      return seconds
    }
    let shapes = ["```x\n", "~~~\n```\n", "- a `` b\n", "```kaizen id=a\n1\n```\n```out\n1\n```\n"]
    for shape in shapes {
      let small = try seconds(String(repeating: shape, count: 3_000))
      let large = try seconds(String(repeating: shape, count: 48_000))
      // Sixteen times the text; a quadratic reader would take 256 times as long.
      #expect(large < max(small, 0.004) * 80, "\(shape): \(small) s, \(large) s")
    }
  }

  @Test func bytesThatAreNoTextAreRefused() throws {
    let workspace = try Workspace()
    try Path.createFolders(workspace.folder)
    for bytes: [UInt8] in [[0x23, 0xFF, 0x0A], [0xC0, 0x80], [0x23, 0x00]] {
      try Data(bytes).write(to: URL(fileURLWithPath: workspace.path("x.md")))
      let result = workspace.replay("x.md")
      #expect(result.error?.code == .notText)
      #expect(result.error?.status == 1)
    }
    #expect(workspace.replay("missing.md").error?.status == 4)
  }

  private func generate(_ random: inout Random) -> (text: String, cells: [String]) {
    let end = random.chance(3) ? "\r\n" : "\n"
    var lines: [String] = []
    var cells: [String] = []
    if random.chance(3) {
      lines += ["---", "kaizen: 1", "title: x # y", "unknown: [a, b]", "---"]
    }
    for number in 0..<Int.random(in: 0..<7, using: &random) {
      switch Int.random(in: 0..<5, using: &random) {
      case 0:
        lines += random.pick([["## Title", ""], ["a ``` b"], [""], ["    ```kaizen"], ["…é👩‍👩‍👧"]])
      case 1: lines += random.pick([["```python", "```kaizen", "```"], ["~~~", "```", "~~~"]])
      default:
        let mark = random.pick(["`", "~"])
        let fence = String(repeating: mark, count: Int.random(in: 3..<7, using: &random))
        let code = random.pick([
          [], ["count"], ["", "load \"x.csv\"", ""], ["# prose", "`a` |", "  head 3"],
          [String(repeating: mark == "`" ? "~" : "`", count: 8)], ["  \t"],
        ])
        let attributes = random.pick([
          "", " id=c\(number)", " role=x id=\"c \(number)\"", "  k.v-w=1",
        ])
        let indent = random.pick(["", "", " ", "   "])
        lines.append(indent + fence + random.pick(["", " "]) + "kaizen" + attributes)
        lines += code
        lines.append(random.pick(["", "  "]) + fence + random.pick(["", "  "]))
        cells.append(code.joined(separator: "\n"))
        if random.chance(2) {
          lines += ["````out" + random.pick(["", " id=c\(number)", " file=\"a b.txt\""])]
          lines += random.pick([[], ["12"], ["```kaizen", "```"], ["", "~~~"]])
          lines.append("````")
        } else if random.chance(3) {
          // What the program itself prints, of every kind and longer than a fence can be.
          let output = NotebookFile.RecordedOutput(
            text: random.pick(Self.outputs), attributes: [("id", "c\(number)"), ("x", "1")])
          lines += output.raw.split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast().map(String.init)
        }
      }
    }
    var text = lines.joined(separator: end)
    if !lines.isEmpty, random.chance(2) { text += end }
    return (text, cells)
  }
}
