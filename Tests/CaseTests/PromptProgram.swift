import Foundation
import TestSupport

/// The program at its prompt, on a terminal of its own, in a folder of its own.
final class PromptProgram {
  let folder: ScratchFolder
  let terminal: PseudoTerminal
  private let ownsFolder: Bool

  init(
    in folder: ScratchFolder? = nil, _ arguments: [String] = [], width: Int = 80,
    height: Int = 24, environment: [String: String] = [:]
  ) throws {
    ownsFolder = folder == nil
    self.folder = try folder ?? ScratchFolder()
    var variables = Dictionary(uniqueKeysWithValues: self.folder.environment)
    variables["TERM"] = "xterm-256color"
    variables.merge(environment) { $1 }
    terminal = try PseudoTerminal(
      command: [Program().path] + arguments, width: width, height: height,
      environment: variables, workingDirectory: self.folder.workPath)
  }

  deinit { if ownsFolder { folder.remove() } }

  /// Types `line` and Enter, and waits for the prompt that follows.
  func run(_ line: String, until prompt: String) throws {
    let count = terminal.display.promptCount
    terminal.send(line + "\r")
    try waitForPrompt(prompt, after: count)
  }

  /// Waits for `prompt` with nothing behind it, in the row of the cursor; for one that came after
  /// `count` others.
  func waitForPrompt(_ prompt: String, after count: Int = 0) throws {
    try terminal.wait(for: "the prompt \(prompt)") {
      $0.rows[$0.cursor.row] == prompt && $0.bracketsPaste && $0.promptCount > count
    }
  }

  func loadPenguins() throws {
    try waitForPrompt("›")
    try run("load \"datasets/penguins.csv\" as p", until: "p 344×8 ›")
  }

  func leave() throws -> Int32 {
    terminal.send("\u{4}")
    return try terminal.waitForExit()
  }
}
