import Language
import TestSupport
import Testing

@testable import Terminal

/// Colours change nothing but colours.
@Suite struct DrawingTests {
  init() { _ = TerminalInfo.current }

  @Test func colorsByCategory() throws {
    let probe = try Probe(environment: ["LANG": "C.UTF-8"])
    probe.terminal.send("load \"a.csv\" # why")
    try probe.waitFor("the colour of the comment") {
      $0.rows[0] == "1 probe › load \"a.csv\" # why" && $0.styles(ofRow: 0)[23] == "2"
    }
    let styles = probe.terminal.display.styles(ofRow: 0)
    #expect(Array(styles[..<10]) == ["", ""] + Array(repeating: "1", count: 5) + ["", "", ""])
    #expect(Array(styles[10..<14]) == ["1", "1", "1", "1"])
    #expect(Array(styles[15..<22]).allSatisfy { $0 == "32" })
    #expect(probe.terminal.display.cursor.column == 28)
    probe.terminal.send("\u{1}X")
    try probe.waitFor("the letter, and the cursor after it") {
      $0.rows[0] == "1 probe › Xload \"a.csv\" # why" && $0.cursor.column == 11
        && $0.styles(ofRow: 0)[16] == "32"
    }
  }

  /// The colour of a prompt ends with it, whether the prompt ends with an escape, which libedit
  /// dropped, or forgets to. libedit draws nothing any more; what could leak a colour is the layout: with
  /// a text that goes on in the colour before it this was seen to fail.
  @Test(
    arguments: ["a \u{1B}[1m›\u{1B}[0m", "a \u{1B}[1m›", "a \u{1B}[1m›\u{1B}[31m"],
    ["", "x", "xy\nz"])
  func aPromptThatEndsWithAnEscape(_ prompt: String, _ text: String) {
    var line = EditedLine(text)
    line.cursor = line.text.count
    let layout = LineLayout(
      prompt: PromptText(prompt), line: line, codes: [], mark: "",
      markCode: "", hint: text.isEmpty ? "" : "hint", width: 20, usesUTF8: true)
    var terminal = TerminalScreen(width: 20, height: 3)
    var screen = LineScreen()
    terminal.feed(Array(screen.draw(layout, height: 3).utf8))
    // What the program writes next has no colour, either.
    terminal.feed(Array("\u{1B}[3;1Hafter".utf8))
    #expect(terminal.rows[0].hasPrefix("a ›"))
    #expect(Array(terminal.styles(ofRow: 0)[..<3]) == ["", "", "1"])
    let typed = (text.split(separator: "\n").first ?? "").count
    #expect(terminal.styles(ofRow: 0)[3..<3 + typed].allSatisfy { $0.isEmpty })
    #expect(terminal.styles(ofRow: 2)[..<5].allSatisfy { $0.isEmpty })
    if text.contains("\n") { #expect(terminal.styles(ofRow: 1)[0].isEmpty) }
  }

  /// A line that is drawn bit by bit, a key at a time, is the same as one that is drawn at once.
  @Test(arguments: [7, 20, 37, 80])
  func everyStepShowsTheWholeLine(_ width: Int) {
    var random = SplitMix(state: UInt64(width))
    let pieces = ["a", "bc ", "東", "\u{301}", "\n", "\t", "é", "(", "12345678"]
    var line = EditedLine()
    var screen = LineScreen()
    var terminal = TerminalScreen(width: width, height: 12)
    for step in 0..<400 {
      switch random.next() % 6 {
      case 0 where !line.isEmpty: line.text.remove(at: Int(random.next() % UInt64(line.text.count)))
      case 1: line = EditedLine(text: [], cursor: 0)
      default:
        line.cursor = Int(random.next() % UInt64(line.text.count + 1))
        line.insert(EditedLine(pieces[Int(random.next() % UInt64(pieces.count))]).text)
      }
      line.cursor = Int(random.next() % UInt64(line.text.count + 1))
      let layout = LineLayout(
        prompt: PromptText("\u{1B}[1mp\u{1B}[0m › "), line: line, codes: [], mark: "… ",
        markCode: "2", hint: step % 3 == 0 ? "hint" : "", width: width, usesUTF8: true)
      #expect(layout.rows.allSatisfy { $0.width <= width })
      terminal.feed(Array(screen.draw(layout, height: 12).utf8))
      var fresh = LineScreen()
      var other = TerminalScreen(width: width, height: 12)
      other.feed(Array(fresh.draw(layout, height: 12).utf8))
      // A text higher than the screen may show other rows of it.
      if layout.rows.count > 12 { continue }
      #expect(terminal.text == other.text, "step \(step)")
      #expect(terminal.cursor == other.cursor, "step \(step)")
    }
  }

  @Test func bracketsAtTheCursor() throws {
    let probe = try Probe(environment: ["LANG": "C.UTF-8"])
    probe.terminal.send("head (a[1])")
    try probe.waitFor("both brackets") {
      $0.styles(ofRow: 0)[15] == "7" && $0.styles(ofRow: 0)[20] == "7"
        && $0.styles(ofRow: 0)[17] == ""
    }
    probe.terminal.send("\u{1B}[D")
    try probe.waitFor("the inner brackets") {
      $0.styles(ofRow: 0)[17] == "7" && $0.styles(ofRow: 0)[19] == "7"
    }
  }

  @Test func aHintFromTheHistory() throws {
    let probe = try Probe(environment: ["LANG": "C.UTF-8"])
    probe.terminal.send("filter fare > 3\r")
    try probe.waitForPrompt(2)
    probe.terminal.send("fil")
    try probe.waitFor("the hint") {
      $0.rows.contains("2 probe › filter fare > 3") && $0.cursor.column == 13
    }
    // Enter runs what was typed, and the hint goes.
    probe.terminal.send("\r")
    try probe.terminal.waitFor("got \"fil\"")
    #expect(probe.terminal.screen.contains("2 probe › fil"))
    try probe.waitForPrompt(3)
    probe.terminal.send("filt\u{1B}[1;5C")
    try probe.waitFor("a word of it") { $0.rows.contains("3 probe › filter fare > 3") }
    probe.terminal.send("\u{1B}[C\r")
    try probe.wait(forCount: 2, of: "got \"filter fare > 3\"")
  }

  @Test(arguments: [["NO_COLOR": "1"], ["TERM": "vt100", "NO_COLOR": "1"]])
  func noColors(_ settings: [String: String]) throws {
    let probe = try Probe(
      environment: settings.merging(["LANG": "C.UTF-8"]) { first, _ in first })
    probe.terminal.send("load \"a.csv\"\r")
    try probe.terminal.waitFor("got")
    #expect(probe.terminal.display.styles(ofRow: 0)[10...].allSatisfy { $0.isEmpty })
  }

  /// The same keys with and without colours leave the same screen and the same cursor.
  @Test(arguments: 1...12)
  func theCellsStayTheSame(_ seed: Int) throws {
    var random = SplitMix(state: UInt64(seed))
    let keys = [
      "filter ", "fare > 3", " | ", "\"text", "\"", "# x", "東京", "é", "\u{1B}[D", "\u{1B}[C",
      "\u{1B}[1;5D", "\u{1}", "\u{5}", "\u{7F}", "\u{17}", "\u{B}", "\u{1F}", "\u{1B}[A",
      "\u{1B}[B", "\u{1B}\r", "\u{1B}[3~", "12345678", "\u{1B}[200~a\tb\nc\u{1B}[201~",
    ]
    let typed = (0..<60).map { _ in keys[Int(random.next() % UInt64(keys.count))] }
    let width = [20, 21, 37, 80][seed % 4]
    var screens: [(String, Int, Int)] = []
    for settings in [[:], ["NO_COLOR": "1"]] {
      let probe = try Probe(
        width: width, height: 60, environment: settings.merging(["LANG": "C.UTF-8"]) { $1 })
      for key in typed { probe.terminal.send(key) }
      // What comes after this has been seen was drawn before it.
      probe.terminal.send("\u{1B}[200~END\u{1B}[201~")
      try probe.terminal.waitFor("END")
      probe.terminal.send("\u{1F}\u{12}")
      try probe.terminal.waitFor("back to")
      probe.terminal.send("\u{7}")
      try probe.waitFor("the prompt") {
        $0.text.contains("probe ›") && !$0.text.contains("back to")
      }
      probe.terminal.settle()
      let display = probe.terminal.display
      screens.append((display.text, display.cursor.row, display.cursor.column))
    }
    #expect(screens[0].0 == screens[1].0)
    #expect(screens[0].1 == screens[1].1 && screens[0].2 == screens[1].2)
  }

  private struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }
}
