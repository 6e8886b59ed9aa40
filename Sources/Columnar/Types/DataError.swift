/// What can go wrong with data, in the engine, a reader or a model.
///
/// The layers above add the place in the command line and make a diagnostic of it.
package struct DataError: Error, Sendable, Hashable {
  /// A stable code; each has an exit status in the language's list of codes.
  package enum Code: String, Sendable, CaseIterable {
    case typeMismatch = "type"
    case overflow
    case invalidValue = "value"
    case unknownColumn = "unknown-column"
    case fileNotFound = "no-such-file"
    case isDirectory = "directory"
    case notText = "not-text"
    case emptyFile = "empty-file"
    case format
    case io
    case memory
    case singular
    case tooFewRows = "too-few-rows"
    case noConvergence = "no-convergence"
    case cancelled
    case corrupt
    case digest
  }

  package var code: Code
  package var message: String
  /// The row of the frame at fault, counted from 0.
  package var row: Int?
  /// The file at fault and, if known, its line, counted from 1.
  package var file: String?
  package var line: Int?
  package var hints: [String]

  package init(
    _ code: Code, _ message: String, row: Int? = nil, file: String? = nil, line: Int? = nil,
    hints: [String] = []
  ) {
    self.code = code
    self.message = message
    self.row = row
    self.file = file
    self.line = line
    self.hints = hints
  }

  package static let cancelled = DataError(.cancelled, "interrupted")
}
