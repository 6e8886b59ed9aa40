import TestSupport
import Testing

@testable import Terminal

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct SignalTests {
  /// A shell with job control, as a person has.
  @Test func controlZStopsAndComesBack() throws {
    let history = Probe.temporaryPath()
    defer { unlink(history) }
    let script = "set -m; '\(Probe.executable)' '\(history)'; echo stopped; stty -a; fg"
    let terminal = try PseudoTerminal(command: ["/bin/sh", "-c", script])
    try terminal.waitFor("1 probe")
    terminal.send("half")
    try terminal.waitFor("half")
    terminal.send("\u{1A}")
    try terminal.waitFor("stopped")
    try terminal.waitFor(" icanon")
    try terminal.waitFor(" echo ")
    // The line is drawn again below, and goes on.
    try terminal.wait(for: "the line again") { $0.text.hasSuffix("1 probe › half") }
    terminal.send(" a line\r")
    try terminal.waitFor("got \"half a line\"")
    try terminal.waitFor("2 probe")
    terminal.send("\u{4}")
    #expect(try terminal.waitForExit() == 0)
  }

  @Test func controlCIsOnlyEverACancellation() throws {
    let terminal = try PseudoTerminal(command: [Probe.executable, "--stubborn"])
    try terminal.waitFor("running")
    for press in 1...3 {
      terminal.send("\u{3}")
      try terminal.wait(for: "press \(press)") { $0.occurrences(of: "^C") == press }
    }
    #expect(kill(terminal.processID, 0) == 0)
    terminal.send("\n")
    try terminal.waitFor("cancelled, flag 0")
    #expect(try terminal.waitForExit() == 0)
  }

  @Test func typedAheadIsKept() throws {
    let terminal = try PseudoTerminal(command: [Probe.executable, "--stubborn", "then read"])
    try terminal.waitFor("running")
    terminal.send("\nload x\n")
    try terminal.waitFor("got \"load x\"")
  }

  @Test func aClosedPipeIsNoDeath() throws {
    let terminal = try PseudoTerminal(
      command: ["/bin/sh", "-c", "'\(Probe.executable)' --flood | head -1; echo after"])
    try terminal.waitFor("after")
    try terminal.waitFor("write failed: Broken pipe")
  }
}
