import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bytes from data never steer the terminal, and a long command can always be stopped.
@Suite struct TerminalSafetyTests {
  /// A title, cursor moves, the clipboard, the bell, another screen: in names, cells and file name.
  @Test func escapesInDataAreShown() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let bad = "\u{1B}]0;owned\u{7}\u{1B}[2J\u{1B}[H\u{1B}]52;c;b3duZWQ=\u{7}\u{1B}[?1049h\u{9B}31m"
    let name = "b\u{1B}[31m\u{7}d.csv"
    try "\"na\(bad)me\",x\n\"ce\(bad)ll\",1\n\"other\",2\n".write(
      toFile: folder.workPath + "/" + name, atomically: true, encoding: .utf8)
    let program = try PromptProgram(in: folder, width: 140)
    try program.waitForPrompt("›")
    program.terminal.send("load \"b\t")
    try program.terminal.wait(for: "the file's name") {
      $0.rows[$0.cursor.row].contains("d.csv\"")
    }
    try program.run(" as e", until: "e 2×2 ›")
    for line in [
      "head", "describe", "schema", "tabulate x", "select nosuch",
      "count by `na`", "filter x = \"ce\"", "rename x -> y | cast y to date",
    ] {
      try program.run(line, until: "e 2×2 ›")
    }
    program.terminal.send("select \t\t")
    try program.terminal.wait(for: "the menu") { $0.text.contains("  x ") }
    program.terminal.send("\u{3}")
    try program.waitForPrompt("e 2×2 ›")
    program.terminal.send("load \"no\u{16}\u{1B}]0;x.csv\"\r")
    try program.terminal.waitFor("error[")
    try program.waitForPrompt("e 2×2 ›")
    #expect(try program.leave() == 0)
    let output = program.terminal.output
    #expect(program.terminal.display.bells == 0)
    let scalars = String(decoding: output, as: UTF8.self).unicodeScalars
    #expect(!scalars.contains { (0x80..<0xA0).contains($0.value) }, "an 8-bit control")
    // All that the program may send: colours, movement, erasing, and its own modes.
    let allowed = Set("mABCDKJH".utf8)
    let modes: Set<String> = ["?2004h", "?2004l", "?25h", "?25l"]
    var index = 0
    while index < output.count {
      defer { index += 1 }
      guard output[index] == 0x1B else { continue }
      guard index + 1 < output.count, output[index + 1] == UInt8(ascii: "[") else {
        Issue.record("an escape that is no CSI")
        continue
      }
      var end = index + 2
      while end < output.count, !(0x40..<0x7F).contains(output[end]) { end += 1 }
      let text = String(decoding: output[index + 2...min(end, output.count - 1)], as: UTF8.self)
      let isFine = modes.contains(text) || (allowed.contains(output[end]) && !text.hasPrefix("?"))
      #expect(isFine, "ESC [ \(text)")
      // Nothing of its own clears the screen or goes to a place on it.
      #expect(text != "2J" && text != "H", "ESC [ \(text)")
    }
  }

  /// Ctrl-C in a load, a sort and a fit: the session is as it was.
  @Test func controlCStopsWhatRuns() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    var rows = "id,x,y\n"
    for row in 0..<60_000 { rows += "\(row),\((row &* 7919) % 60_013),\((row &* 104_729) % 997)\n" }
    try rows.write(toFile: folder.workPath + "/t.csv", atomically: true, encoding: .utf8)
    let program = try PromptProgram(in: folder)
    try program.waitForPrompt("›")
    try program.run("load \"t.csv\" as t", until: "t 60.0k×3 ›")
    // A loop makes each long enough on any machine.
    let turns = (1...2000).map(String.init).joined(separator: ", ")
    for line in [
      "for i in [\(turns)] { load \"t.csv\" as u }", "for i in [\(turns)] { u = t | sort -x, y }",
      "for i in [\(turns)] { u = t | fit ols y ~ x + id }",
    ] {
      let seen = program.terminal.display.occurrences(of: "interrupted: nothing has changed")
      program.terminal.paste(line)
      program.terminal.send("\r")
      // It has begun when the first turn has said what it made.
      try program.terminal.wait(for: "it to begin") {
        let last = $0.cursor.row > 0 ? $0.rows[$0.cursor.row - 1] : ""
        return last.hasPrefix("u  ") || last.hasPrefix("  diagnose u")
      }
      program.terminal.send("\u{3}")
      try program.terminal.wait(for: "the interruption") {
        $0.occurrences(of: "interrupted: nothing has changed") == seen + 1
      }
      try program.waitForPrompt("t 60.0k×3 ›")
    }
    program.terminal.send("frames\r")
    try program.terminal.wait(for: "the names") { $0.text.contains("  ›  t ") }
    #expect(!program.terminal.screen.contains { $0.hasPrefix("     u ") })
    #expect(try program.leave() == 0)
  }

  /// Ctrl-Z under a shell with job control: at the prompt, and while a command runs.
  @Test func controlZStopsAndComesBack() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    var variables = Dictionary(uniqueKeysWithValues: folder.environment)
    variables["TERM"] = "xterm-256color"
    let script = try "set -m; '\(Program().path)'; echo stopped 1; stty -a; fg; echo stopped 2; fg"
    let terminal = try PseudoTerminal(
      command: ["/bin/sh", "-c", script], environment: variables,
      workingDirectory: folder.workPath)
    func waitForPrompt(_ prompt: String) throws {
      try terminal.wait(for: prompt) { $0.rows[$0.cursor.row] == prompt && $0.bracketsPaste }
    }
    try waitForPrompt("›")
    terminal.send("x = 4")
    try waitForPrompt("› x = 4")
    terminal.send("\u{1A}")
    try terminal.waitFor("stopped 1")
    try terminal.waitFor(" icanon")
    try waitForPrompt("› x = 4")
    terminal.send("2\r")
    try terminal.waitFor("x  42")
    // Long enough on any machine, and ended by Ctrl-C.
    let turns = (1...2000).map(String.init).joined(separator: ", ")
    try waitForPrompt("›")
    terminal.paste("for i in [\(turns)] { load \"datasets/weather.csv\" as y }")
    terminal.send("\r")
    try terminal.waitFor("y  ")
    terminal.send("\u{1A}")
    try terminal.waitFor("stopped 2")
    #expect(terminal.isCooked)
    // It is in the foreground again when it has said something more.
    try terminal.wait(for: "it to go on") { display in
      display.rows.drop { !$0.hasPrefix("^Zstopped 2") }.contains { $0.hasPrefix("y  ") }
        || !display.rows.contains { $0.contains("stopped 2") }
    }
    terminal.send("\u{3}")
    try terminal.waitFor("interrupted: nothing has changed")
    try waitForPrompt("›")
    terminal.send("\u{4}")
    #expect(try terminal.waitForExit() == 0)
  }

  @Test(arguments: [SIGTERM, SIGHUP])
  func aSignalInACommandLeavesTheTerminalSane(_ signal: Int32) throws {
    let program = try PromptProgram()
    try program.loadPenguins()
    kill(program.terminal.processID, signal)
    #expect(try program.terminal.waitForExit() == 128 + signal)
    #expect(program.terminal.isCooked)
    #expect(!program.terminal.display.bracketsPaste)
  }
}
