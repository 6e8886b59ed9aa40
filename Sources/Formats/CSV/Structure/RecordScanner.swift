/// Walks through text a byte at a time: for headers, ends of chunks and the place of an error.
struct RecordScanner {
  enum State {
    case fieldStart
    case unquoted
    case quoted
    /// After a quote inside quotes, which closes the field or is the first of a doubled one.
    case afterQuote
  }

  enum Event {
    case content
    case delimiter
    case newline
    /// A quote inside a field that does not begin with one.
    case strayQuote
    /// Something between a closing quote and the delimiter.
    case textAfterQuote
  }

  private(set) var state: State
  private let delimiter: UInt8
  private let quote: UInt8?

  init(_ dialect: CSVDialect, state: State = .fieldStart) {
    delimiter = dialect.delimiter
    quote = dialect.quote
    self.state = state
  }

  /// Where a vector scan left off.
  init(_ dialect: CSVDialect, after scan: StructuralScan) {
    self.init(
      dialect,
      state: scan.inQuotes != 0
        ? .quoted : scan.mustEnd != 0 ? .afterQuote : scan.mayOpen != 0 ? .fieldStart : .unquoted)
  }

  /// What `byte` is; `next` is the one after it, 0 at the end.
  mutating func step(_ byte: UInt8, next: UInt8) -> Event {
    if state == .quoted {
      if byte == quote { state = .afterQuote }
      return .content
    }
    if byte == delimiter {
      state = .fieldStart
      return .delimiter
    }
    if byte == 0x0A {
      state = .fieldStart
      return .newline
    }
    switch state {
    case .fieldStart:
      state = byte == quote ? .quoted : .unquoted
      return .content
    case .afterQuote:
      if byte == quote {
        state = .quoted
        return .content
      }
      if byte == 0x0D, next == 0x0A { return .content }
      return .textAfterQuote
    case .unquoted, .quoted:
      return byte == quote ? .strayQuote : .content
    }
  }
}
