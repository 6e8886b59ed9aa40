import Columnar
import Language

extension Diagnostic {
  /// What went wrong with data, at a place in the line. Rows are counted from 1, as people do.
  package init(_ error: DataError, span: Span? = nil) {
    var message = error.message
    if let file = error.file, let line = error.line, let row = error.row {
      message += " (row \(Self.grouped(row + 1)), \(file) line \(Self.grouped(line)))"
    } else if let file = error.file {
      // A reader that knows its file has named it.
      if !message.contains(file) {
        let line = error.line.map { " line \(Self.grouped($0))" } ?? ""
        message = "\(file)\(line): \(message)"
      }
    } else if let row = error.row {
      message += " (row \(Self.grouped(row + 1)))"
    }
    self.init(Self.code(error.code), message, span: span)
    // A hint is something to type; questions and lists are not.
    for hint in error.hints {
      if span != nil, label == nil, hint.hasPrefix("did you mean") {
        label = hint
      } else if hint.hasPrefix("did you mean") || hint.hasPrefix("files in it") {
        notes.append(hint)
      } else {
        hints.append(hint)
      }
    }
  }

  /// Any error, at a place in the line.
  package init(_ error: any Error, span: Span? = nil) {
    switch error {
    case let diagnostic as Diagnostic:
      self = diagnostic
      if self.span == nil { self.span = span }
    case let error as DataError: self.init(error, span: span)
    case is SchemaChanged:
      self.init(.io, "the file changed while it was read", span: span)
    default: self.init(.io, "\(error)", span: span)
    }
  }

  private static func code(_ code: DataError.Code) -> Code {
    switch code {
    case .typeMismatch: .type
    case .overflow: .overflow
    case .invalidValue: .value
    case .unknownColumn: .unknownColumn
    case .fileNotFound: .noSuchFile
    case .isDirectory: .directory
    case .notText: .notText
    case .emptyFile: .emptyFile
    case .format: .format
    case .io: .io
    case .memory: .memory
    case .singular: .singular
    case .tooFewRows: .tooFewRows
    case .noConvergence: .noConvergence
    case .cancelled: .cancelled
    case .corrupt: .corrupt
    case .digest: .pinned
    }
  }

  /// `1,234,567`
  static func grouped(_ number: Int) -> String {
    var digits = String(number.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }
}
