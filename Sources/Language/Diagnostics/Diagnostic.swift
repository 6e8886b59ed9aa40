/// One error, with the place at fault and what to do about it.
///
/// A value whose fields lie outside of it: it passes through hundreds of nested calls of the parser
/// and the binder, each of which keeps room for one on the stack.
package struct Diagnostic: Error, Sendable {
  private var storage: Storage

  /// A stable code: `unknown-column`, `syntax`.
  package var code: Code {
    get { storage.code }
    set { change { $0.code = newValue } }
  }

  /// What is wrong, in one line.
  package var message: String {
    get { storage.message }
    set { change { $0.message = newValue } }
  }

  /// Where in the source text; nil where no place in it is at fault.
  package var span: Span? {
    get { storage.span }
    set { change { $0.span = newValue } }
  }

  /// What stands behind the carets: `did you mean `fare`?`
  package var label: String? {
    get { storage.label }
    set { change { $0.label = newValue } }
  }

  /// Lines below the source: `columns at this stage: …`.
  package var notes: [String] {
    get { storage.notes }
    set { change { $0.notes = newValue } }
  }

  /// Lines that would work, ready to type. What the label says already is not shown again.
  package var hints: [String] {
    get { storage.hints }
    set { change { $0.hints = newValue } }
  }

  /// A part of the source and what could stand in its place: becomes a hint of the whole line where
  /// the source is at hand.
  package var correction: Correction? {
    get { storage.correction }
    set { change { $0.correction = newValue } }
  }

  /// SAFETY: changed only while one diagnostic alone refers to it.
  private final class Storage: @unchecked Sendable {
    var code: Code
    var message: String
    var span: Span?
    var label: String?
    var notes: [String]
    var hints: [String]
    var correction: Correction?

    init(
      _ code: Code, _ message: String, _ span: Span?, _ label: String?, _ notes: [String],
      _ hints: [String]
    ) {
      self.code = code
      self.message = message
      self.span = span
      self.label = label
      self.notes = notes
      self.hints = hints
    }

    convenience init(_ other: Storage) {
      self.init(other.code, other.message, other.span, other.label, other.notes, other.hints)
      correction = other.correction
    }
  }

  private mutating func change(_ edit: (Storage) -> Void) {
    if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage) }
    edit(storage)
  }

  package struct Correction: Sendable, Hashable {
    package var span: Span
    package var text: String

    package init(_ span: Span, _ text: String) {
      self.span = span
      self.text = text
    }
  }

  package init(
    _ code: Code, _ message: String, span: Span? = nil, label: String? = nil,
    notes: [String] = [], hints: [String] = []
  ) {
    storage = Storage(code, message, span, label, notes, hints)
  }

  /// What kind of mistake it is; the raw value is what users see and scripts match.
  package enum Code: String, Sendable, CaseIterable {
    // The line cannot be read, or names what does not exist: exit status 2.
    case syntax
    case unknownVerb = "unknown-verb"
    case unknownOption = "unknown-option"
    case unknownParameter = "unknown-parameter"
    case parameterType = "parameter-type"
    case usage
    // The command failed: exit status 1.
    case unknownColumn = "unknown-column"
    case unknownName = "unknown-name"
    case unknownFunction = "unknown-function"
    case unknownUnit = "unknown-unit"
    case duplicateName = "duplicate-name"
    case type
    case arguments
    case value
    case overflow
    case noFrame = "no-frame"
    case noSeed = "no-seed"
    case directory
    case notText = "not-text"
    case emptyFile = "empty-file"
    case format
    case io
    case memory
    case corrupt
    case singular
    case tooFewRows = "too-few-rows"
    case noConvergence = "no-convergence"
    case joinKeys = "join-keys"
    case joinSize = "join-size"
    case notAllowed = "not-allowed"
    case notReproducible = "not-reproducible"
    case nothingToUndo = "nothing-to-undo"
    /// A step of a pipeline took too long, or its process was ended.
    case timeout
    case killed
    // 3: a recorded output differs.
    case differs
    // 4: an input is missing or is not the one pinned.
    case noSuchFile = "no-such-file"
    case noSecret = "no-secret"
    case pinned
    // 5, 6, 7: a check or a gate says no.
    case checkFailed = "check-failed"
    case gateFailed = "gate-failed"
    case driftFailed = "drift-failed"
    // 75: worth another try.
    case transient
    // 130
    case cancelled
  }
}

extension Diagnostic.Code {
  /// The exit status of a script that this error ends.
  package var exitStatus: Int32 {
    switch self {
    case .syntax, .unknownVerb, .unknownOption, .unknownParameter, .parameterType, .usage: 2
    case .differs: 3
    case .noSuchFile, .noSecret, .pinned: 4
    case .checkFailed: 5
    case .gateFailed: 6
    case .driftFailed: 7
    case .transient: 75
    case .cancelled: 130
    default: 1
    }
  }
}
