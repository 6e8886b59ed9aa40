import Foundation
import TestSupport
import Testing

@testable import Notebooks

/// What is left of a session whose program ended in the middle.
@Suite struct JournalTests {
  private func write(_ bytes: String, _ name: String, in folder: TestSupport.ScratchFolder) throws {
    try bytes.write(toFile: folder.path + "/tmp/" + name, atomically: true, encoding: .utf8)
  }

  @Test func linesComeBackAsTheyWere() throws {
    let folder = try TestSupport.ScratchFolder()
    defer { folder.remove() }
    let lines = ["a = 1", "x |\n  head", "c = \"\\n\\\\\"", "größe = 東京", "", "tab\there\r"]
    let place = folder.path + "/tmp/sessions"
    do {
      let journal = Journal(in: place, base: "/a\nb")
      #expect(JournalRecord.last(in: place) == nil)
      for line in lines { journal.append(line) }
      // A journal in use is nobody else's.
      #expect(JournalRecord.last(in: place) == nil)
    }
    let record = try #require(JournalRecord.last(in: place))
    #expect(record.lines == lines)
    #expect(record.base == "/a\nb")
    let permissions = try FileManager.default.attributesOfItem(atPath: record.path)
    #expect((permissions[.posixPermissions] as? Int) == 0o600)
  }

  @Test(
    arguments: [
      ("kaizen journal 1\n/w\na = 1\nb = ", ["a = 1"]), ("kaizen journal 1\n/w\na\\", []),
      ("kaizen journal 1\n/w\na\\x\nb = 2\n", ["b = 2"]), ("kaizen journal 1\n", nil), ("", nil),
      ("another file\n/w\na = 1\n", nil), ("kaizen journal 1\n/w\n\u{0}\u{1}\n", ["\u{0}\u{1}"]),
    ] as [(String, [String]?)])
  func tornFiles(_ text: String, _ lines: [String]?) throws {
    let folder = try TestSupport.ScratchFolder()
    defer { folder.remove() }
    try write(text, "1.journal", in: folder)
    #expect(JournalRecord(path: folder.path + "/tmp/1.journal")?.lines == lines)
  }

  @Test func oldOnesGo() throws {
    let folder = try TestSupport.ScratchFolder()
    defer { folder.remove() }
    for number in 0..<Journal.keptCount + 5 {
      let name = String(1000 + number) + ".journal"
      try write("kaizen journal 1\n/w\nn = \(number)\n", name, in: folder)
    }
    try write("notes", "mine.txt", in: folder)
    let place = folder.path + "/tmp"
    JournalRecord.prune(place)
    let left = try FileManager.default.contentsOfDirectory(atPath: place).sorted()
    #expect(left.count == Journal.keptCount + 1)
    #expect(left.first == "1005.journal" && left.contains("mine.txt"))
    #expect(JournalRecord.last(in: place)?.lines == ["n = \(Journal.keptCount + 4)"])
  }
}
