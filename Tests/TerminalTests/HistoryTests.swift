import TestSupport
import Testing

@testable import Terminal

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct HistoryTests {
  private let path = Probe.temporaryPath()

  @Test func entriesComeBackWhole() {
    let entries = [
      "load \"a.csv\"", "one |\n  two |\n  three", #"a \n b \\ c"#, "größe == \"東京\"",
      String(repeating: "x", count: 5000), "tab\there",
    ]
    let file = HistoryFile(path: path)
    for entry in entries { #expect(file.append(entry)) }
    #expect(HistoryFile(path: path).entries() == entries)
    unlink(path)
  }

  @Test func brokenLinesArePassedOver() throws {
    let bytes = Array("good\nbad \\q escape\nends in \\\n\u{1}control\n\nalso good\n".utf8)
    let torn: [UInt8] = [0xFF, 0xFE, 10] + Array("torn wri".utf8)
    let descriptor = open(path, O_CREAT | O_WRONLY, 0o600)
    #expect(write(descriptor, bytes + torn, bytes.count + torn.count) == bytes.count + torn.count)
    close(descriptor)
    #expect(HistoryFile(path: path).append("next"))
    #expect(HistoryFile(path: path).entries() == ["good", "also good", "torn wri", "next"])
    unlink(path)
  }

  @Test func aPathThatCannotBeWritten() {
    let file = HistoryFile(path: "/proc/no/such/history")
    #expect(!file.append("x"))
    #expect(file.entries().isEmpty)
    let history = History(path: "/proc/no/such/history")
    history.add("kept in memory")
    #expect(history.entries == ["kept in memory"])
  }

  @Test func foldersAreMade() {
    let file = HistoryFile(path: path + "/a/b/history")
    #expect(file.append("x"))
    #expect(HistoryFile(path: file.path).entries() == ["x"])
    unlink(file.path)
    for folder in ["/a/b", "/a", ""] { rmdir(path + folder) }
  }

  @Test func blanksAndRepeatsAreNotKept() {
    let history = History(path: nil)
    for entry in ["a", "a", "  ", "", "b", "a"] { history.add(entry) }
    #expect(history.entries == ["a", "b", "a"])
  }

  @Test func theDraftIsKept() {
    var place = HistoryNavigation(entries: ["one", "two"])
    #expect(place.up(from: "draft") == "two")
    #expect(place.up(from: "two changed") == "one")
    #expect(place.up(from: "one") == nil)
    #expect(place.down(from: "one") == "two changed")
    #expect(place.down(from: "two changed") == "draft")
    #expect(place.down(from: "draft") == nil)
  }

  @Test func entriesByTheirBeginning() {
    var place = HistoryNavigation(entries: ["load a", "head", "load b", "load b"])
    #expect(place.search("load", by: -1, from: "load") == "load b")
    #expect(place.search("load", by: -1, from: "load b") == "load a")
    #expect(place.search("load", by: -1, from: "load a") == nil)
    #expect(place.search("load", by: 1, from: "load a") == "load b")
  }

  @Test func acrossTwoRuns() throws {
    let multiline = "one |\ntwo"
    do {
      let probe = try Probe(historyPath: path)
      probe.terminal.send("first\rone |\rtwo\r")
      try probe.waitForPrompt(3)
      probe.terminal.send("\u{4}")
      #expect(try probe.terminal.waitForExit() == 0)
    }
    #expect(HistoryFile(path: path).entries() == ["first", multiline])
    let probe = try Probe(historyPath: path)
    probe.terminal.send("\u{1B}[A")
    try probe.waitFor("the last entry") { $0.rows[1].hasSuffix("two") }
    probe.terminal.send("\u{1B}[A\u{1B}[A")
    try probe.waitFor("the entry before") { $0.rows[0] == "1 probe › first" && $0.rows[1] == "" }
    probe.terminal.send("\r")
    try probe.terminal.waitFor("got \"first\"")
    unlink(path)
  }

  @Test func twoSessionsAtOnce() throws {
    let one = try Probe(historyPath: path)
    let other = try Probe(historyPath: path)
    for number in 1...20 {
      one.terminal.send("one \(number)\r")
      other.terminal.send("other \(number)\r")
    }
    try one.waitForPrompt(21)
    try other.waitForPrompt(21)
    one.terminal.send("\u{1B}[A")
    try one.waitFor("its own last entry") { $0.text.hasSuffix("21 probe › one 20") }
    let kept = HistoryFile(path: path).entries()
    #expect(kept.count == 40)
    #expect(kept.filter { $0.hasPrefix("one ") } == (1...20).map { "one \($0)" })
    #expect(kept.filter { $0.hasPrefix("other ") } == (1...20).map { "other \($0)" })
    unlink(path)
  }
}
