import Display
import Language
import Query

/// One line that has run: its canonical text, what it read and wrote, and what it showed.
package struct Step: Sendable {
  /// Stands for the current frame among reads and writes.
  package static let currentFrame = "<current>"
  /// Stands for `_` among reads and writes.
  package static let lastShown = "_"

  /// The line in canonical spelling, its source explicit and its seeds written in.
  package var text: String
  package var statement: Statement
  package var outputs: [Output] = []
  package var reads: Set<String> = []
  package var writes: Set<String> = []
  /// Absolute paths of files read and written.
  package var inputs: [String] = []
  package var exports: [String] = []
  /// Where the columns of the files written come from, by absolute path.
  package var lineages: [String: FrameLineage] = [:]
  /// Whether `undo` goes back over it: it changed names, the current frame, or settings.
  package var isChange = false
  package var recording = VerbDeclaration.Recording.recorded
  /// Whether it is random, had no seed, and drew one, which now stands in it.
  package var hasDrawnSeed = false
  /// Whether it is neither undone nor recorded, as `undo` itself.
  package var isOutsideHistory = false
  /// Whether the tables before and after it were given up for want of memory.
  package internal(set) var isForgotten = false
  package var before = SessionState()
  package var after = SessionState()

  package init(text: String, statement: Statement) {
    self.text = text
    self.statement = statement
  }

  /// A statement of this step in canonical spelling, with backticks where a bound name would be
  /// taken for a verb.
  func printed(_ statement: Statement, catalog: VerbCatalog) -> String {
    let names = Set(before.bindings.keys).union(after.bindings.keys)
    return Language.print(statement, grammar: catalog.grammar(boundNames: names))
  }
}
