import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The prompt, with a person's keys on a real terminal.
@Suite struct EditorTests {
  @Test func aLineIsRead() throws {
    let probe = try Probe()
    probe.terminal.send("load x\r")
    try probe.terminal.waitFor("got \"load x\"")
    try probe.waitForPrompt(2)
    #expect(probe.terminal.screen[0] == "1 probe › load x")
  }

  @Test func controlCDropsTheLineAndGoesOn() throws {
    let probe = try Probe()
    probe.terminal.send("half a line")
    try probe.terminal.waitFor("half a line")
    probe.terminal.send("\u{1}")
    try probe.waitFor("cursor at the beginning") { $0.cursor.column == 10 }
    probe.terminal.send("\u{3}")
    try probe.waitForPrompt(2)
    #expect(probe.terminal.screen[0] == "1 probe › half a line^C")
    #expect(probe.terminal.screen[1] == "interrupted")
    probe.terminal.send("\u{3}")
    try probe.waitForPrompt(3)
    probe.terminal.send("next\r")
    try probe.terminal.waitFor("got \"next\"")
  }

  @Test func controlCInAKeySequence() throws {
    let probe = try Probe()
    probe.terminal.send("abc\u{1B}")
    try probe.terminal.waitFor("› abc")
    probe.terminal.send("\u{3}")
    try probe.waitForPrompt(2)
    probe.terminal.send("next\r")
    try probe.terminal.waitFor("got \"next\"")
  }

  @Test func controlDLeavesOnAnEmptyLineOnly() throws {
    let probe = try Probe()
    probe.terminal.send("ab\u{1}\u{4}")
    try probe.waitFor("the first letter to go") { $0.rows[0] == "1 probe › b" }
    probe.terminal.send("\u{4}\u{4}")
    #expect(try probe.terminal.waitForExit() == 0)
    #expect(probe.terminal.screen.contains("bye"))
    #expect(probe.terminal.isCooked)
    #expect(!probe.terminal.display.bracketsPaste)
  }

  @Test func controlRFindsAndControlCLeavesIt() throws {
    let probe = try Probe()
    probe.terminal.send("filter alpha\rhead beta\rfilter gamma\r")
    try probe.waitForPrompt(4)
    probe.terminal.send("\u{12}filt")
    try probe.terminal.waitFor("back to \"filt\" › filter gamma")
    probe.terminal.send("\u{12}")
    try probe.terminal.waitFor("back to \"filt\" › filter alpha")
    probe.terminal.send("\u{3}")
    try probe.waitForPrompt(5)
    try probe.terminal.waitFor("interrupted")
    probe.terminal.send("\u{12}gam\r")
    try probe.terminal.waitFor("5 probe › filter gamma")
    try probe.waitForPrompt(6)
    probe.terminal.send("\u{12}zzz")
    try probe.terminal.waitFor("nothing back to \"zzz\"")
    probe.terminal.send("\u{7}done\r")
    try probe.terminal.waitFor("got \"done\"")
  }

  @Test func arrowsEndASearch() throws {
    let probe = try Probe()
    probe.terminal.send("filter alpha\rhead beta\rfilter gamma\r")
    try probe.waitForPrompt(4)
    probe.terminal.send("\u{12}bet")
    try probe.terminal.waitFor("back to \"bet\" › head beta")
    probe.terminal.send("\u{1B}[D")
    try probe.terminal.waitFor("4 probe › head beta")
    probe.terminal.send("X\r")
    try probe.terminal.waitFor("got \"headX beta\"")
  }

  /// On terminals that lay out their rows anew, and on those that cut them.
  @Test(arguments: [[:], ["XTERM_VERSION": "XTerm(379)"]])
  func anotherWidthDrawsAnew(_ variables: [String: String]) throws {
    let probe = try Probe(
      width: 120, environment: ["LANG": "C.UTF-8"].merging(variables) { $1 })
    probe.terminal.send("above\r")
    try probe.waitForPrompt(2)
    let text = "a line of text that is much longer than forty columns are"
    probe.terminal.send(text)
    try probe.terminal.waitFor("columns are")
    let above = ["1 probe › above", "got \"above\""]
    for (width, rows) in [
      (40, ["2 probe › a line of text that is much lo", "nger than forty columns are"]),
      (23, ["2 probe › a line of tex", "t that is much longer t", "han forty columns are"]),
      (120, ["2 probe › " + text]), (40, ["2 probe › a line of text that is much lo", "nger"]),
    ] {
      // What is still on its way would be drawn on rows that are laid out anew already.
      probe.terminal.settle()
      probe.terminal.resize(width: width, height: width == 23 ? 30 : 24)
      try probe.waitFor("\(width) columns") { screen in
        let shown = screen.text.split(separator: "\n").map(String.init)
        return shown.count == 2 + rows.count && Array(shown[..<2]) == above
          && zip(shown[2...], rows).allSatisfy { $0.hasPrefix($1) }
      }
    }
    probe.terminal.settle()
    probe.terminal.resize(width: 120, height: 24)
    probe.terminal.send("!\r")
    try probe.terminal.waitFor("got \"\(text)!\"")
    try probe.waitForPrompt(3)
    #expect(probe.terminal.display.text.hasPrefix(above.joined(separator: "\n") + "\n2 probe › "))
    #expect(probe.terminal.display.occurrences(of: "2 probe") == 1)
  }

  @Test func aPasteIsOneEditThatRunsNothing() throws {
    let probe = try Probe()
    let line = "\tsome pasted text, with a tab before it and a ~ in it\r\n"
    let count = 12_000 / line.utf8.count
    probe.terminal.paste(String(repeating: line, count: count))
    probe.terminal.send("END")
    try probe.waitFor("the end of the text") { $0.rows.contains { $0.hasSuffix("in itEND") } }
    #expect(!probe.terminal.display.allText.contains("got"))
    probe.terminal.send("\r")
    // Each newline comes as one character, and the last is left out.
    let expected = count * (line.unicodeScalars.count - 1) - 1 + 3
    try probe.terminal.waitFor("got \(expected) characters")
    try probe.waitForPrompt(2)
  }

  @Test func aPasteCanBeUndoneAtOnce() throws {
    let probe = try Probe()
    probe.terminal.send("one ")
    probe.terminal.paste("two\nthree")
    try probe.terminal.waitFor("three")
    #expect(probe.terminal.screen[1] == "\u{2007}\u{2007}…\u{2007}three")
    probe.terminal.send("\u{1F}")
    try probe.waitFor("the paste to go") { $0.rows[0] == "1 probe › one" && $0.rows[1] == "" }
    probe.terminal.send("\u{1F}\u{1F}x\r")
    try probe.terminal.waitFor("got \"x\"")
  }

  @Test func undoAndRedo() throws {
    let probe = try Probe()
    probe.terminal.send("alpha beta")
    probe.terminal.send("\u{17}")
    try probe.waitFor("the word to go") { $0.rows[0] == "1 probe › alpha" }
    probe.terminal.send("\u{1F}")
    try probe.waitFor("the word to come back") { $0.rows[0] == "1 probe › alpha beta" }
    probe.terminal.send("\u{1F}")
    try probe.waitFor("the typing to go") { $0.rows[0] == "1 probe › alpha" }
    probe.terminal.send("\u{1B}_\r")
    try probe.terminal.waitFor("got \"alpha beta\"")
  }

  @Test func aLongLineSurvivesTheHistory() throws {
    let probe = try Probe()
    let long = String(repeating: "0123456789", count: 150)
    probe.terminal.send("short\r")
    try probe.waitForPrompt(2)
    probe.terminal.send(long + "END")
    try probe.terminal.waitFor("END")
    probe.terminal.send("\u{1B}[A")
    try probe.waitFor("the entry") { $0.text.hasSuffix("2 probe › short") }
    probe.terminal.send("\u{1B}[B")
    try probe.terminal.waitFor("END")
    probe.terminal.send("\r")
    try probe.terminal.waitFor("got 1503 characters")
    try probe.waitForPrompt(3)
    probe.terminal.send("\u{1B}[A\r")
    try probe.wait(forCount: 2, of: "got 1503 characters")
  }

  @Test func wordsAndEndsOfTheLine() throws {
    let probe = try Probe()
    probe.terminal.send("alpha beta gamma\u{1B}[1;5D\u{1B}[1;3DX\u{1B}[HY\u{1B}[FZ")
    try probe.terminal.waitFor("Yalpha Xbeta gammaZ")
    probe.terminal.send("\u{1}\u{1B}[1;5C!\u{1B}[3~\u{1B}fQ\u{1B}b\u{1B}[3;5~\r")
    try probe.terminal.waitFor("got \"Yalpha! gammaZ\"")
  }

  @Test func severalLinesAreOneText() throws {
    let probe = try Probe()
    probe.terminal.send("one |\rtwo |\rthree")
    try probe.terminal.waitFor("three")
    #expect(
      Array(probe.terminal.screen[..<3]) == [
        "1 probe › one |", "\u{2007}\u{2007}…\u{2007}two |", "\u{2007}\u{2007}…\u{2007}three",
      ])
    probe.terminal.send("\u{1B}[A\u{1B}[AX")
    try probe.terminal.waitFor("1 probe › one |X")
    probe.terminal.send("\u{1B}[B\u{1B}[B\r")
    try probe.terminal.waitFor(#"got "one |X\ntwo |\nthree""#)
    try probe.waitForPrompt(2)
    probe.terminal.send("\u{1B}[A")
    try probe.waitFor("the whole text again") { $0.rows[6].hasSuffix("three") }
    probe.terminal.send("!\r")
    try probe.terminal.waitFor(#"got "one |X\ntwo |\nthree!""#)
  }

  @Test func backspaceJoinsLines() throws {
    let probe = try Probe()
    probe.terminal.send("one |\rtwo\u{1B}[H\u{7F}\u{7F}+\r")
    try probe.terminal.waitFor(#"got "one +two""#)
  }

  @Test func leftAndDeleteAcrossLines() throws {
    let probe = try Probe()
    probe.terminal.send("one |\rtwo\u{1B}[H\u{1B}[DX\u{1B}[C\u{1B}[CY\u{1B}[A\u{1B}[F\u{1B}[3~\r")
    try probe.terminal.waitFor(#"got "one |XtYwo""#)
  }

  @Test func aBlankLineEndsAnIncompleteText() throws {
    let probe = try Probe()
    probe.terminal.send("\"open\r\r")
    try probe.terminal.waitFor(#"got "\"open\n""#)
  }

  @Test func tabCompletesAndShowsAMenu() throws {
    let probe = try Probe()
    probe.terminal.send("he\t")
    try probe.terminal.waitFor("› head")
    probe.terminal.send(" f\t")
    try probe.terminal.waitFor("flipper_length_mm  17 letters")
    try probe.waitFor("the menu below the line") {
      $0.rows[0] == "1 probe › head f" && $0.cursor.row == 0
        && $0.rows.dropFirst().contains { $0.contains("  filter ") && $0.contains("6 letters") }
    }
    // Tab goes through the menu; another key takes it away.
    probe.terminal.send("\t\t")
    try probe.waitFor("the second candidate") { $0.rows[0] == "1 probe › head fit" }
    probe.terminal.send("\u{1B}[Z")
    try probe.waitFor("the first candidate") { $0.rows[0] == "1 probe › head filter" }
    probe.terminal.send("\u{17}")
    try probe.waitFor("no menu") { $0.text == "1 probe › head" }
    probe.terminal.send("fl\t\r")
    try probe.terminal.waitFor("got \"head flipper_length_mm\"")
    try probe.waitForPrompt(2)
    probe.terminal.send("k\t\r")
    try probe.terminal.waitFor("got \"köln\"")
  }

  @Test func wideAndAccentedText() throws {
    let probe = try Probe()
    probe.terminal.send("größe 東京\u{7F}\u{1B}[D\u{1B}[DX")
    try probe.terminal.waitFor("› größeX 東")
    probe.terminal.send("\r")
    try probe.terminal.waitFor("got \"größeX 東\"")
  }

  @Test func marksAreComposed() throws {
    let probe = try Probe()
    probe.terminal.send("cafe\u{301} ")
    probe.terminal.paste("\u{1112}\u{1161}\u{11AB}\n|\u{61}\u{308}")
    try probe.terminal.waitFor("|\u{E4}")
    probe.terminal.send("\u{1B}[D\u{7F}\r")
    try probe.terminal.waitFor(#"got "caf\#u{E9} \#u{D55C}\n\#u{E4}""#)
  }

  @Test func upGoesThroughWhatBeginsSo() throws {
    let probe = try Probe()
    probe.terminal.send("filter alpha\rhead beta\rfilter gamma\rhead delta\r")
    try probe.waitForPrompt(5)
    probe.terminal.send("fil\u{1B}[A")
    try probe.waitFor("the last") { $0.text.hasSuffix("5 probe › filter gamma") }
    probe.terminal.send("\u{1B}[A")
    try probe.waitFor("the one before") { $0.text.hasSuffix("5 probe › filter alpha") }
    probe.terminal.send("\u{1B}[B\u{1B}[B")
    try probe.waitFor("what was typed") {
      $0.cursor.column == 13 && $0.text.contains("5 probe › fil")
    }
    probe.terminal.send("x\u{1B}[A")
    // Where nothing begins so, all of it is gone through, and the draft is kept.
    try probe.waitFor("the last of all") { $0.text.hasSuffix("5 probe › head delta") }
    probe.terminal.send("\u{1B}[B\r")
    try probe.terminal.waitFor("got \"filx\"")
  }

  @Test func keysOfVi() throws {
    let probe = try Probe(arguments: ["--vi"])
    probe.terminal.send("first line\rsecond line\r")
    try probe.waitForPrompt(3)
    probe.terminal.send("alpha beta gamma")
    try probe.terminal.waitFor("gamma")
    // Alone, Escape begins the command mode: the cursor goes back to the last letter.
    probe.terminal.send("\u{1B}")
    try probe.waitFor("command mode") { $0.cursor.column == 25 }
    probe.terminal.send("bdw")
    try probe.waitFor("a word less") { $0.text.hasSuffix("3 probe › alpha beta") }
    probe.terminal.send("0x")
    try probe.waitFor("a letter less") { $0.text.hasSuffix("3 probe › lpha beta") }
    probe.terminal.send("u")
    try probe.waitFor("it again") { $0.text.hasSuffix("3 probe › alpha beta") }
    probe.terminal.send("ddkk")
    try probe.waitFor("the first line") { $0.text.hasSuffix("3 probe › first line") }
    probe.terminal.send("A!\u{1B}[D?\r")
    try probe.terminal.waitFor("got \"first line?!\"")
    try probe.waitForPrompt(4)
    probe.terminal.send("two |\rlines\u{1B}[A\u{1B}[1;5C\u{1B}[H+\r")
    try probe.terminal.waitFor(#"got "two |\n+lines""#)
  }

  @Test func anotherEditorEditsTheLine() throws {
    let script = Probe.temporaryPath()
    defer { unlink(script) }
    try Probe.write(
      "#!/bin/sh\nstty -a | grep -q ' icanon' && echo '| count' >> \"$1\"\n", to: script)
    let probe = try Probe(environment: ["LANG": "C.UTF-8", "EDITOR": "sh " + script])
    probe.terminal.send("head 3\u{18}\u{5}")
    try probe.waitFor("the text of the file") {
      $0.rows.contains("1 probe › head 3") && $0.text.hasSuffix("…\u{2007}| count")
    }
    probe.terminal.send("\u{1F}")
    try probe.waitFor("one step back") { $0.text.hasSuffix("1 probe › head 3") }
    probe.terminal.send("\r")
    try probe.terminal.waitFor("got \"head 3\"")
  }

  /// A signal to the program alone is no signal to those beside it.
  @Test func controlCIsNotHandedOn() throws {
    let terminal = try PseudoTerminal(
      command: ["/bin/sh", "-c", "trap 'echo handed on' INT; '\(Probe.executable)'; echo over"])
    try terminal.waitFor("1 probe")
    terminal.send("half")
    try terminal.waitFor("half")
    // To the probe alone, whose parent would say so if it got it, too.
    for child in Probe.children(of: terminal.processID) { kill(child, SIGINT) }
    try terminal.waitFor("interrupted")
    terminal.send("\u{4}")
    try terminal.waitFor("over")
    #expect(!terminal.display.allText.contains("handed on"))
  }

  /// libedit shares what it undoes, searches and was signalled between all editors of a process: a
  /// second one, or one off the main thread, reads plainly, and leaves the first as it was.
  @Test(arguments: ["--second", "--thread"])
  func onlyOneEditorHasTheTerminal(_ argument: String) throws {
    let terminal = try PseudoTerminal(command: [Probe.executable, argument])
    try terminal.waitFor("1 probe ›")
    #expect(terminal.isCooked)
    #expect(!terminal.display.bracketsPaste)
    terminal.send("alpha\n")
    try terminal.waitFor("got \"alpha\"")
    try terminal.waitFor("2 probe ›")
    terminal.send("\u{4}")
    if argument == "--thread" { return #expect(try terminal.waitForExit() == 0) }
    try terminal.waitFor("first ›")
    terminal.send("beta gamma\u{17}\u{1F}!\r")
    try terminal.waitFor("the first gives line(\"beta gamma!\")")
    #expect(try terminal.waitForExit() == 0)
  }

  /// A line that is higher than the screen is edited in a window, and left whole.
  @Test func aTextHigherThanTheScreen() throws {
    let probe = try Probe(height: 8)
    let lines = (1...30).map { "row \($0)" }.joined(separator: "\n")
    probe.terminal.paste(lines)
    try probe.waitFor("its end") { $0.rows[7].hasSuffix("row 30") && $0.cursor.row == 7 }
    probe.terminal.send(String(repeating: "\u{1B}[A", count: 29))
    try probe.waitFor("its start") { $0.rows[0] == "1 probe › row 1" && $0.cursor.row == 0 }
    probe.terminal.send("\u{1B}[HX\r")
    try probe.terminal.waitFor("got ")
    for row in 2...30 { #expect(probe.terminal.display.allText.contains("…\u{2007}row \(row)")) }
    #expect(probe.terminal.display.allText.contains("1 probe › Xrow 1"))
    try probe.waitForPrompt(2)
  }

  @Test(arguments: ["C", "POSIX", "no_SUCH.locale"])
  func anyLocale(_ locale: String) throws {
    let probe = try Probe(environment: ["LC_ALL": locale])
    probe.terminal.send("load x\r")
    try probe.terminal.waitFor("got \"load x\"")
    try probe.waitForPrompt(2)
    // The C library knows the widths of characters in its locale only.
    probe.terminal.send("größe 東京")
    try probe.waitFor("the cursor behind wide characters") {
      $0.rows[$0.cursor.row].hasSuffix("größe 東京") && $0.cursor.column == 20
    }
    probe.terminal.send("\u{7F}!\r")
    try probe.terminal.waitFor("got \"größe 東!\"")
  }

  @Test func aDumbTerminalReadsPlainly() throws {
    let probe = try Probe(environment: ["LANG": "C.UTF-8", "TERM": "dumb"])
    probe.terminal.send("one |\ntwo\n")
    try probe.terminal.waitFor(#"got "one |\ntwo""#)
    #expect(!probe.terminal.output.contains(0x1B))
    probe.terminal.send("\u{3}")
    try probe.terminal.waitFor("interrupted")
    probe.terminal.send("\u{4}")
    #expect(try probe.terminal.waitForExit() == 0)
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGQUIT, SIGSEGV])
  func aDeadlySignalRestoresTheTerminal(_ signal: Int32) throws {
    let probe = try Probe()
    probe.terminal.send("half")
    try probe.terminal.waitFor("half")
    #expect(!probe.terminal.isCooked)
    kill(probe.terminal.processID, signal)
    #expect(try probe.terminal.waitForExit() == 128 + signal)
    #expect(probe.terminal.isCooked)
    #expect(!probe.terminal.display.bracketsPaste)
  }
}
