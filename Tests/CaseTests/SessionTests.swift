import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a session keeps: journal, history, configuration.
@Suite struct SessionTests {
  /// Lines that ran come back after the program was killed; those undone, failed or half typed do
  /// not, and files are not written again.
  @Test func resumeAfterKill() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    do {
      let program = try PromptProgram(in: folder)
      try program.loadPenguins()
      try program.run("x = 40 + 2", until: "p 344×8 ›")
      #expect(program.terminal.display.allText.contains("x  42"))
      try program.run("heavy = p | filter body_mass_g > 5000", until: "p 344×8 ›")
      #expect(program.terminal.display.allText.contains("heavy  "))
      try program.run("gone = p | head 1", until: "p 344×8 ›")
      #expect(program.terminal.display.allText.contains("gone  "))
      try program.run("undo", until: "p 344×8 ›")
      #expect(program.terminal.display.allText.contains("undone"))
      try program.run("p | nonsense", until: "p 344×8 ›")
      #expect(program.terminal.display.allText.contains("error[unknown-verb]"))
      try program.run("export heavy \"heavy.csv\"", until: "p 344×8 ›")
      #expect(program.terminal.display.allText.contains("heavy.csv  "))
      try program.run("use heavy", until: "heavy 61×8 ›")
      program.terminal.send("half a li")
      try program.terminal.waitFor("half a li")
      kill(program.terminal.processID, SIGKILL)
      #expect(try program.terminal.waitForExit() == 128 + SIGKILL)
    }
    unlink(folder.workPath + "/heavy.csv")
    let program = try PromptProgram(in: folder, ["--resume"])
    try program.waitForPrompt("heavy 61×8 ›")
    #expect(program.terminal.display.text.contains("resumed  "))
    program.terminal.send("history\r")
    try program.terminal.wait(for: "the lines") { screen in
      ["x = 40 + 2", "heavy = p | filter body_mass_g > 5000", "use heavy"]
        .allSatisfy { screen.allText.contains($0) }
    }
    #expect(!program.terminal.display.allText.contains("gone ="))
    #expect(!FileManager.default.fileExists(atPath: folder.workPath + "/heavy.csv"))
    program.terminal.send("x\r")
    try program.terminal.waitFor("42")
    #expect(try program.leave() == 0)
  }

  @Test func twoPromptsKeepBothHistories() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let first = try PromptProgram(in: folder)
    let second = try PromptProgram(in: folder)
    try first.waitForPrompt("›")
    try second.waitForPrompt("›")
    for number in 1...3 {
      try first.run("a\(number) = \(number)", until: "›")
      try second.run("b\(number) = \(number)", until: "›")
    }
    // Each goes back over its own lines only.
    first.terminal.send("\u{1B}[A\u{1B}[A")
    try first.terminal.wait(for: "its own line") { $0.rows[$0.cursor.row] == "› a2 = 2" }
    first.terminal.send("\u{3}")
    #expect(try second.leave() == 0)
    try first.waitForPrompt("›")
    #expect(try first.leave() == 0)
    let third = try PromptProgram(in: folder)
    try third.waitForPrompt("›")
    third.terminal.send("\u{12}a1")
    try third.terminal.waitFor("back to \"a1\" › a1 = 1")
    third.terminal.send("\u{3}")
    try third.waitForPrompt("›")
    third.terminal.send("\u{12}b1")
    try third.terminal.waitFor("back to \"b1\" › b1 = 1")
  }

  @Test func theConfigurationRunsFirst() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let path = folder.workPath + "/rc"
    try "set rows=7\nnonsense here\nset editor=vi\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    let program = try PromptProgram(in: folder, environment: ["KAIZENRC": path])
    try program.waitForPrompt("›")
    // The path may be long enough for the place to stand on two rows.
    let shown = program.terminal.display.text.split(whereSeparator: \.isWhitespace)
    #expect(shown.joined(separator: " ").contains("rc, line 2"))
    program.terminal.send("set\r")
    try program.terminal.waitFor("keys at the prompt")
    #expect(program.terminal.screen.contains { $0.contains("rows") && $0.contains(" 7 ") })
    #expect(program.terminal.screen.contains { $0.contains("editor") && $0.contains(" vi ") })
    program.terminal.send("undo\r")
    try program.terminal.waitFor("nothing to undo")
    try program.waitForPrompt("›")
    #expect(try program.leave() == 0)
  }
}
