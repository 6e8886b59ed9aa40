import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A result higher than the screen.
@Suite struct PagerPromptTests {
  /// All rows of it are there, though fewer are shown without a pager.
  @Test func aLongTableIsPaged() throws {
    let program = try PromptProgram()
    try program.loadPenguins()
    program.terminal.send("p\r")
    try program.terminal.waitFor("lines 1-21 of 344")
    #expect(program.terminal.screen[0].contains("species"))
    #expect(program.terminal.screen[1].contains("text"))
    program.terminal.send(" ")
    try program.terminal.wait(for: "the next page") { $0.rows[23].contains("lines 22-42") }
    // Names and types stay.
    #expect(program.terminal.screen[0].contains("species"))
    program.terminal.send("\u{1B}[C")
    try program.terminal.wait(for: "columns to the right") { screen in
      screen.rows[0].hasPrefix("  species   │") && !screen.rows[0].contains("island")
        && screen.rows[2].hasPrefix("  Adelie    │") && screen.rows[23].contains("columns 25-")
    }
    program.terminal.send("\u{1B}[D/gentoo\r")
    try program.terminal.wait(for: "the match") { $0.rows[2].contains("Gentoo") }
    program.terminal.resize(width: 60, height: 20)
    try program.terminal.wait(for: "the smaller window") { $0.rows[19].contains("columns 1-60") }
    program.terminal.send("G")
    try program.terminal.wait(for: "the end") { $0.rows[19].contains("-344 of 344") }
    program.terminal.send("q")
    try program.waitForPrompt("p 344×8 ›")
    #expect(program.terminal.isCooked == false)
    // Some rows stay behind.
    #expect(program.terminal.display.text.contains("more rows"))
    program.terminal.send("p\r")
    try program.terminal.waitFor("lines 1-17 of 344")
    program.terminal.send("\u{3}")
    try program.waitForPrompt("p 344×8 ›")
    program.terminal.send("p\r")
    try program.terminal.waitFor("lines 1-17 of 344")
    kill(program.terminal.processID, SIGTERM)
    #expect(try program.terminal.waitForExit() == 128 + SIGTERM)
    #expect(program.terminal.isCooked)
  }

  /// What fits the width of the screen whole, as help, is laid out for it and not for scrolling.
  @Test func helpIsReadDownwards() throws {
    let program = try PromptProgram()
    try program.waitForPrompt("›")
    program.terminal.send("? promote\r")
    try program.terminal.waitFor("arrows, space")
    #expect(!program.terminal.screen[23].contains("columns"))
    program.terminal.send("  ")
    try program.terminal.wait(for: "the options") { screen in
      screen.rows.contains { $0.contains("when, in the fields of cron, in") }
        && screen.rows.contains { $0.hasPrefix("             |azure-pipelines") }
    }
    #expect(!program.terminal.screen.contains { $0.hasSuffix("…") })
    program.terminal.send("q")
    try program.waitForPrompt("›")
  }

  @Test func anotherPagerOrNone() throws {
    let program = try PromptProgram()
    try program.loadPenguins()
    try program.run("set rows=40 pager=off", until: "p 344×8 ›")
    program.terminal.send("p\r")
    try program.terminal.waitFor("304 more rows")
    try program.waitForPrompt("p 344×8 ›")
    try program.run("set pager=\"wc -l; echo paged\"", until: "p 344×8 ›")
    program.terminal.send("p\r")
    try program.terminal.waitFor("348\npaged")
    try program.waitForPrompt("p 344×8 ›")
    #expect(try program.leave() == 0)
  }
}
