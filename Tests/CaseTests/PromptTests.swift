import Foundation
import TestSupport
import Testing

/// The program at its prompt, on a terminal, with a person's keys.
@Suite struct PromptTests {
  private func start(in folder: ScratchFolder, width: Int = 80) throws -> PseudoTerminal {
    var environment = Dictionary(uniqueKeysWithValues: folder.environment)
    environment["TERM"] = "xterm-256color"
    return try PseudoTerminal(
      command: [Program().path], width: width, environment: environment,
      workingDirectory: folder.workPath)
  }

  private func waitForPrompt(_ prompt: String, _ terminal: PseudoTerminal) throws {
    try terminal.wait(for: "the prompt \(prompt)") { $0.text.hasSuffix("\n" + prompt) }
  }

  @Test func aSession() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let terminal = try start(in: folder)
    try waitForPrompt("›", terminal)
    terminal.send("load \"datasets/penguins.csv\" as p\r")
    try waitForPrompt("p 344×8 ›", terminal)
    // A line that waits for more is one text over two rows.
    terminal.send("filter body_mass_g > 6000 |\r")
    try terminal.waitFor("\u{2007}\u{2007}…")
    terminal.send("count\r")
    try waitForPrompt("p 344×8 ›", terminal)
    #expect(terminal.screen.contains { $0.hasSuffix("count") && $0.hasPrefix("\u{2007}") })
    // The whole text comes back, and Ctrl-C drops it.
    terminal.send("\u{1B}[A")
    try terminal.wait(for: "the text again") { $0.text.hasSuffix("…\u{2007}count") }
    terminal.send("\u{3}")
    try waitForPrompt("p 344×8 ›", terminal)
    // A mistake says so and changes nothing.
    terminal.send("head 2 | nonsense\r")
    try terminal.waitFor("error[unknown-verb]")
    try waitForPrompt("p 344×8 ›", terminal)
    terminal.send("\u{4}")
    #expect(try terminal.waitForExit() == 0)
    #expect(terminal.isCooked)
    #expect(!terminal.display.bracketsPaste)
    let history = try String(
      contentsOfFile: folder.path + "/home/state/kaizen/history", encoding: .utf8)
    #expect(
      history == """
        load "datasets/penguins.csv" as p
        filter body_mass_g > 6000 |\\ncount
        head 2 | nonsense

        """)
  }

  @Test func tabCompletesColumnsAndPaths() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let terminal = try start(in: folder)
    try waitForPrompt("›", terminal)
    terminal.send("load \"datasets/pengu\t")
    try terminal.waitFor("load \"datasets/penguins.csv")
    terminal.send("\u{15}load \"datasets/penguins.csv\" as p\r")
    try waitForPrompt("p 344×8 ›", terminal)
    terminal.send("filter flip\t")
    try terminal.waitFor("filter flipper_length_mm")
    terminal.send("\u{15}filter bill\t\t")
    try terminal.waitFor("bill_depth_mm")
    try terminal.wait(for: "the menu below the line") {
      $0.rows[$0.cursor.row] == "p 344×8 › filter bill_"
        && $0.rows.last { !$0.isEmpty } == "  bill_length_mm  float   bill_depth_mm   float"
    }
  }

  @Test func aPasteRunsWhenEnterIsPressed() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let terminal = try start(in: folder)
    try waitForPrompt("›", terminal)
    terminal.paste("load \"datasets/iris.csv\" as a\nload \"datasets/penguins.csv\" as b\n")
    try terminal.waitFor("as b")
    #expect(!terminal.display.text.contains("150 rows"))
    terminal.send("\r")
    try waitForPrompt("b 344×8 ›", terminal)
    #expect(terminal.display.text.contains("150 rows"))
  }

  @Test func narrowTerminals() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let terminal = try start(in: folder, width: 40)
    terminal.send("load \"datasets/penguins.csv\" as p\r")
    try waitForPrompt("p 344×8 ›", terminal)
    terminal.send("\u{4}")
    #expect(try terminal.waitForExit() == 0)
  }

  /// Columns that are not there are red, and so is what is no verb; a mistake is underlined.
  @Test func colorsOfWhatIsThere() throws {
    let program = try PromptProgram()
    try program.loadPenguins()
    func style(of word: String) -> String {
      let display = program.terminal.display
      let row = display.rows[display.cursor.row]
      guard let range = row.range(of: word) else { return "not there" }
      return display.styles(ofRow: display.cursor.row)[
        row.distance(from: row.startIndex, to: range.lowerBound)]
    }
    func expect(_ line: String, _ styles: [String: String]) throws {
      program.terminal.send("\u{15}" + line + " ")
      try program.terminal.wait(for: "the colours of \(line)") { display in
        display.rows[display.cursor.row].hasSuffix(line)
          && styles.allSatisfy { style(of: $0.key) == $0.value }
      }
    }
    try expect(
      "p | filter body_mass_g > 3000 and nosuch > 1 | sort -year",
      ["filter": "1", "body_mass_g": "", "nosuch": "31", "3000": "36", "and": "35", "year": ""])
    try expect(
      "p | rename year -> jahr | hist year | hist jahr", ["hist year": "1", "jahr": ""])
    try expect("p | derive kg = round(body_mass_g / 1000) | hist kg", ["round": "34", "kg": ""])
    try expect("p | filtr x", ["filtr": "4;31"])
    try expect("p | filter (1 + ) | head", [")": "4;31"])
    // The word at the cursor may still grow.
    program.terminal.send("\u{15}filter body_ma")
    try program.terminal.wait(for: "the word") { $0.rows[$0.cursor.row].hasSuffix("body_ma") }
    #expect(style(of: "body_ma") == "")
  }
}
