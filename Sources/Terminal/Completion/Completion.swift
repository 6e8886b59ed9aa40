/// What could stand at the cursor.
package struct CompletionResult: Sendable, Equatable {
  /// One thing that could stand there.
  package struct Candidate: Sendable, Equatable {
    /// What is put into the line.
    package var text: String
    /// What it is, in a word: `float`, `verb`, `option`. May be empty.
    package var kind: String
    /// Its meaning in a line. May be empty.
    package var detail: String

    package init(_ text: String, kind: String = "", detail: String = "") {
      self.text = text
      self.kind = kind
      self.detail = detail
    }
  }

  /// The UTF-8 offsets in the line that a candidate takes the place of.
  package var replacement: Range<Int>
  /// The candidates, in the order of the menu.
  package var candidates: [Candidate]

  package init(replacement: Range<Int>, candidates: [Candidate]) {
    self.replacement = replacement
    self.candidates = candidates
  }

  /// Nothing fits.
  package static let none = CompletionResult(replacement: 0..<0, candidates: [])

  /// The longest text that all candidates begin with.
  var commonPrefix: String {
    guard var prefix = candidates.first?.text else { return "" }
    for candidate in candidates.dropFirst() {
      while !candidate.text.hasPrefix(prefix) { prefix.removeLast() }
    }
    return prefix
  }
}
