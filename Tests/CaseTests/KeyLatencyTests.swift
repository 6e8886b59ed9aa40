import Foundation
import TestSupport
import Testing

/// A key is answered within a frame of the screen, however wide the table and long the history.
///
/// What is measured is the program's own processor time, so that other tests beside this one do not
/// count.
@Suite struct KeyLatencyTests {
  /// Milliseconds a key may take, and how many times that a debug build may.
  private static let limit = 16.0
  private static let debugFactor = 12.0

  @Test func keysWithAThousandColumnsAndALongHistory() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let names = (0..<1000).map { "column_\($0)" }
    let cells = (0..<1000).map(String.init)
    try [names, cells, cells].map { $0.joined(separator: ",") + "\n" }.joined().write(
      toFile: folder.workPath + "/wide.csv", atomically: true, encoding: .utf8)
    let state = folder.path + "/home/state/kaizen"
    try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
    let lines = (0..<100_000).map { "table_\($0) | filter column_\($0 % 977) > \($0) | count\n" }
    try lines.joined().write(toFile: state + "/history", atomically: true, encoding: .utf8)
    let program = try PromptProgram(in: folder, width: 120)
    try program.waitForPrompt("›")
    try program.run("load \"wide.csv\" as w", until: "w 2×1000 ›")
    var times: [String: [Double]] = [:]
    func press(_ key: String, _ kind: String, until shown: (TerminalScreen) -> Bool) throws {
      let start = program.terminal.processorMilliseconds
      program.terminal.send(key)
      try program.terminal.wait(for: "the answer to \(kind)", shown)
      program.terminal.settle()
      if let start, let end = program.terminal.processorMilliseconds {
        times[kind, default: []].append(end - start)
      }
    }
    for _ in 0..<3 {
      var typed = "w 2×1000 › "
      for key in "w | filter column_97 > 3 and column_11 < 5 | derive zz = column_5" {
        typed.append(key)
        let wanted = typed
        try press(String(key), "typing") {
          $0.rows[$0.cursor.row].hasPrefix(wanted.trimmed) && $0.cursor.column == wanted.count
        }
      }
      try press("\t", "Tab") { $0.text.contains("column_599") || $0.text.contains("column_50 ") }
      try press("\u{1B}[A", "Up") { $0.rows[$0.cursor.row].hasSuffix("as w") }
      program.terminal.send("\u{3}")
      try program.waitForPrompt("w 2×1000 ›")
      try press("\u{12}", "Ctrl-R") { $0.text.contains("back to \"\"") }
      for (index, key) in "table_5".enumerated() {
        let pattern = String("table_5".prefix(index + 1))
        try press(String(key), "searching") { $0.text.contains("back to \"\(pattern)\"") }
      }
      program.terminal.send("\u{3}")
      try program.waitForPrompt("w 2×1000 ›")
    }
    let isDebug = try Program().path.contains("/debug/")
    for (kind, all) in times.sorted(by: { $0.key < $1.key }) {
      let middle = all.sorted()[all.count / 2]
      print("\(kind): \(middle) ms in the middle, \(all.max() ?? 0) at most, of \(all.count)")
      #expect(middle < Self.limit * (isDebug ? Self.debugFactor : 1), "\(kind)")
    }
  }
}

extension String {
  /// Without the spaces at its end, which a screen does not tell from nothing.
  fileprivate var trimmed: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
