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

  /// Prompt, table and error are the same where the locale is one of plain C: wide characters and
  /// combining ones take the room they take.
  @Test func anyLocaleShowsTheSame() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    try "städte,東京,mark\nGröße,こんにちは,é̀x\n漢字テスト,a,ñandú\nplain,ｈａｌｆ,x\n".write(
      toFile: folder.workPath + "/w.csv", atomically: true, encoding: .utf8)
    var screens: [[String]] = []
    for locale in ["C.UTF-8", "C", "POSIX", "no_SUCH.locale"] {
      let program = try PromptProgram(
        in: folder, environment: ["LC_ALL": locale, "LANG": locale])
      try program.waitForPrompt("›")
      try program.run("load \"w.csv\" as w", until: "w 3×3 ›")
      try program.run("w", until: "w 3×3 ›")
      try program.run("w | count by `東京`", until: "w 3×3 ›")
      try program.run("w | filter 東 == 1", until: "w 3×3 ›")
      // Behind six narrow and two wide characters, one of them gone again, and a combined one.
      program.terminal.send("drop 東京x\u{7F} e\u{301}")
      try program.terminal.wait(for: "the cursor behind wide characters, with \(locale)") {
        $0.rows[$0.cursor.row].hasPrefix("w 3×3 › drop 東京 é") && $0.cursor.column == 19
      }
      program.terminal.send("\u{3}")
      try program.waitForPrompt("w 3×3 ›", after: 5)
      screens.append(program.terminal.screen)
      #expect(try program.leave() == 0)
    }
    #expect(Set(screens).count == 1, "\(screens.map { $0.joined(separator: "\n") })")
    for row in [
      "  städte      東京        mark", "  Größe       こんにちは  é̀x", "  漢字テスト  a           ñandú",
      "  plain       ｈａｌｆ    x", "             ^^ did you mean `東京`?",
    ] {
      #expect(screens[0].contains(row), "\(row)\n\(screens[0].joined(separator: "\n"))")
    }
  }
}
