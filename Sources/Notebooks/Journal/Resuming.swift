import Display
import Language

extension Session {
  /// What bringing back a session came to.
  package struct Resumption: Sendable {
    /// The lines that ran again.
    package var restored = 0
    /// Lines that were left out, as `! rm x`: what they did outside of the session stays done.
    package var left: [String] = []
    /// Lines that failed, with why: a file that is gone, most often.
    package var failed: [(line: String, reason: Diagnostic)] = []
  }

  /// Runs the lines of `record` again without showing what they show. Files that they wrote are not
  /// written anew; what is read of them later in the record is what was written here. Throws
  /// `cancelled` after Ctrl-C, with the session as it was.
  package func resume(_ record: JournalRecord) throws -> Resumption {
    let scratch = try ScratchFolder()
    let (files, output, shell) = (files, onOutput, allowsShell)
    let before = (state, steps, undone)
    defer {
      self.files = files
      onOutput = output
      allowsShell = shell
    }
    self.files.base = record.base
    self.files.redirect = scratch.path
    onOutput = { _ in }
    allowsShell = false
    var result = Resumption()
    for line in record.lines {
      if leavesTheSession(line) {
        result.left.append(line)
        continue
      }
      do {
        try run(line)
        result.restored += 1
      } catch {
        let reason = diagnostic(error)
        if reason.code == .cancelled {
          (state, steps, undone) = before
          throw reason
        }
        result.failed.append((line, reason))
      }
      isOver = false
    }
    return result
  }

  /// Whether a line acts on what is no part of the session.
  private func leavesTheSession(_ line: String) -> Bool {
    guard let statements = try? Parser.parse(line, grammar: grammar) else { return false }
    return statements.contains { statement in
      if case .shell = statement.kind { return true }
      return !statement.verbs.isDisjoint(with: ["save", "promote", "exit"])
    }
  }
}
