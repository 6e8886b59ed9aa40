import Foundation
import TestSupport
import Testing

/// docs/from-prompt-to-pipeline.md is done as it stands, from top to bottom in one folder.
@Suite struct TutorialTests {
  @Test func everyCommandRuns() throws {
    let program = try Program()
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let text = try Project.text("docs/from-prompt-to-pipeline.md")
    var said = ""
    var count = 0
    for block in text.matches(of: /```(?<kind>console|sh)\n(?<body>(?s).*?)```/) {
      let lines = block.body.split(separator: "\n").map(String.init)
      if block.kind == "console" {
        let typed = lines.map { String($0.dropFirst(2)) }
        #expect(lines.allSatisfy { $0.hasPrefix("› ") })
        let result = try program.run(input: typed.map { $0 + "\n" }.joined(), in: folder)
        #expect(result.status == 0, "\(result.output)")
        said += result.output
        count += typed.count
        continue
      }
      for command in lines {
        let result = try program.run(shell: command, in: folder)
        #expect(result.status == 0, "\(command)\n\(result.output)")
        said += result.output
        count += 1
      }
    }
    #expect(count > 40)
    // What the page says of it.
    for words in [
      "all outputs the same", "nothing has changed", "the gate says no: exit status 6",
      "exit status 6", "gate-failed", "all files as promotion writes them",
    ] {
      #expect(said.contains(words), "\(words)\n\(said)")
    }
  }
}
