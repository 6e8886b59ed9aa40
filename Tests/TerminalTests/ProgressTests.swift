import Language
import TestSupport
import Testing

@testable import Terminal

@Suite struct ProgressTests {
  /// The C library measures text in the locale that is set here.
  init() { _ = TerminalInfo.current }

  private func line(
    _ label: String = "load trips.csv", unit: String = "rows", done: Int = 5_700_000,
    total: Int = 10_000_000, elapsed: Double = 3.353, width: Int = 91, utf8: Bool = true,
    color: Bool = false
  ) -> String {
    ProgressLayout(
      amount: ProgressLine.Amount(label: label, unit: unit, done: done, total: total),
      elapsed: elapsed, width: width, usesUTF8: utf8, usesColor: color
    ).text
  }

  @Test func theWholeLine() {
    #expect(
      line() == "load trips.csv  ━━━━━━━━━━━━━━━━╺━━━━━━━━━━━━  57%  1.7 M rows/s  3 s left"
        + "   Ctrl-C to stop")
  }

  @Test func asciiAndColor() {
    #expect(
      line("löad", utf8: false)
        == "l?ad  ================>------------  57%  1.7 M rows/s  3 s left   Ctrl-C to stop")
    #expect(line(width: 50, color: true).contains("\u{1B}[2m╺"))
  }

  @Test func itFitsAnyWidth() {
    for width in 1...120 {
      for label in ["a", "load trips.csv", String(repeating: "東京", count: 30)] {
        for total in [0, 10_000_000] {
          let text = line(label, total: total, width: width)
          #expect(displayWidth(text) <= width, "\(width): \(text)")
        }
      }
    }
    #expect(
      line(width: 78) == "load trips.csv  ━━━━━━━━━╺━━━━━━  57%  1.7 M rows/s  3 s left"
        + "   Ctrl-C to stop")
    #expect(line(width: 40) == "load trips.csv  ━━━━━╺━━━  57%  3 s left")
  }

  @Test func beginningAndEnd() {
    #expect(
      line(done: 0, elapsed: 0.6)
        == "load trips.csv  ╺━━━━━━━━━━━━━━━━━━━━━━━━━━━━   0%   Ctrl-C to stop")
    let almost = line(done: 9_999_999)
    #expect(almost.contains(" 99%") && almost.contains("1 s left"))
    #expect(line(done: 10_000_001).contains("100%"))
    #expect(line(done: -5).contains("  0%"))
  }

  @Test func anUnknownWhole() {
    #expect(
      line(unit: "bytes", done: 340_000_000, total: 0, elapsed: 4)
        == "load trips.csv  340 MB  85 MB/s   Ctrl-C to stop")
    #expect(line(done: 0, total: 0) == "load trips.csv   Ctrl-C to stop")
  }

  @Test(arguments: [
    (0.0, "0 rows"), (999.4, "999 rows"), (999.6, "1.0 k rows"), (9949, "9.9 k rows"),
    (9951, "10 k rows"), (1_700_000, "1.7 M rows"), (2.5e12, "2500 G rows"),
    (2e30, "2e+21 G rows"),
  ])
  func scales(_ value: Double, _ text: String) {
    #expect(ProgressLayout.scaled(value, "rows") == text)
  }

  @Test(arguments: [
    (1.0, "1 s left"), (59, "59 s left"), (61, "1 min 1 s left"), (3700, "1 h 1 min left"),
  ])
  func timeLeft(_ seconds: Double, _ text: String) {
    #expect(line(done: 1000, total: 2000, elapsed: seconds).contains(text))
  }

  @Test func itComesAndGoesWithoutATrace() throws {
    let terminal = try PseudoTerminal(command: [Probe.executable, "--progress"])
    try terminal.wait(for: "the line") {
      $0.rows[0].hasPrefix("load trips.csv  ╺") && $0.rows[0].hasSuffix("Ctrl-C to stop")
    }
    terminal.send("\u{3}")
    #expect(try terminal.waitForExit() == 0)
    #expect(terminal.display.text == "cancelled")
  }

  @Test func aShortCommandShowsNothing() throws {
    let terminal = try PseudoTerminal(command: [Probe.executable, "--short"])
    #expect(try terminal.waitForExit() == 0)
    #expect(String(decoding: terminal.output, as: UTF8.self) == "done\r\n")
  }
}
