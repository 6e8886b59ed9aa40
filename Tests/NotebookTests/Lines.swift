import Display
import Foundation
import Language
import Notebooks
import TestSupport
import Verbs

/// A session of all verbs beside `datasets/`, in a folder of its own, with what it has shown.
final class Lines {
  let folder: TestSupport.ScratchFolder
  let session: Session
  private(set) var outputs: [Output] = []

  init() throws {
    folder = try TestSupport.ScratchFolder()
    session = Session(catalog: Registry.catalog, files: FileAccess(base: folder.workPath))
    session.runHistory = folder.path + "/runs.db"
    // The secret that examples name.
    setenv("PSEUDONYM_KEY", "a key for the examples of help", 1)
    session.onOutput = { [unowned self] in outputs.append($0) }
  }

  deinit { folder.remove() }

  /// Runs lines as a script does: entry by entry, to the first error.
  func run(_ text: String) throws {
    for entry in splitEntries(text, grammar: session.grammar) { try session.run(entry.text) }
  }

  /// What has been shown, as a notebook would record it.
  var text: String { outputs.map { $0.text(.notebook) }.joined() }
}

/// The error of lines that fail, with its place; nil for lines that do not.
func failure(of text: String, in lines: Lines) -> String? {
  do {
    try lines.run(text)
    return nil
  } catch {
    return lines.session.diagnostic(error).render(source: text, width: 80)
  }
}
