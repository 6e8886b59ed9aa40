/// A piece of source text with its meaning.
package struct Token: Sendable {
  package enum Kind: Sendable {
    case name(String)
    /// A name in backticks: never a verb, keyword or preposition.
    case quotedName(String)
    /// `$name`
    case variable(String)
    case keyword(Keyword)
    case symbol(Symbol)
    /// At most 2^63, which only a minus sign in front makes a value.
    case integer(UInt64)
    case float(Double)
    /// The number before the sign.
    case percentage(Double)
    case duration([DurationPart])
    /// Bytes.
    case size(Int64)
    /// Days since 1970-01-01.
    case date(Int32)
    /// Microseconds since 1970-01-01T00:00.
    case datetime(Int64)
    case text(String)
    case format([FormatPiece])
    case regex(pattern: String, isCaseInsensitive: Bool)
    /// A line that is only a comment; one `#` and a space are stripped.
    case prose(String)
    /// What follows `!` at the start of a line.
    case shell(String)
    /// What follows `?` at the start of a line.
    case help(String)
    /// The end of a line inside the braces of `for`.
    case newline
    /// Behind the last token of a statement.
    case end
    /// Text that is no token, and why.
    case error(Diagnostic)
  }

  package var kind: Kind
  package var span: Span

  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

/// A part of an f-string: text, or the tokens between two braces, closed by an `end`.
package enum FormatPiece: Sendable {
  case text(String)
  case tokens([Token])
}

/// The reserved words.
package enum Keyword: String, Sendable, CaseIterable {
  case and, or, not, `in`, `is`, null
  case `true`, `false`, `if`, then, `else`, `case`
  case by, `where`, sort, into, on, `as`

  /// Whether it begins a clause of a stage.
  package var isClause: Bool {
    switch self {
    case .by, .where, .sort, .into, .on, .as: true
    default: false
    }
  }

  /// Whether it stands for a value, so that an operator may follow it.
  var isLiteral: Bool { self == .null || self == .true || self == .false }

  /// Whether a line cannot be complete behind it.
  var continuesLine: Bool { !isClause && !isLiteral }
}

/// Signs, those of other languages among them, so that an error can name the right one.
package enum Symbol: String, Sendable, CaseIterable {
  case openParenthesis = "("
  case closeParenthesis = ")"
  case openBracket = "["
  case closeBracket = "]"
  case openBrace = "{"
  case closeBrace = "}"
  case comma = ","
  case colon = ":"
  case pipe = "|"
  case pipeEqual = "|="
  case assign = "="
  case arrow = "->"
  case tilde = "~"
  case range = ".."
  case halfOpenRange = "..<"
  case dot = "."
  case power = "^"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case add = "+"
  case subtract = "-"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case matches = "=~"
  case doesNotMatch = "!~"
  case coalesce = "??"
  // Not part of the language.
  case doublePipe = "||"
  case pipeGreater = "|>"
  case ampersand = "&"
  case doubleAmpersand = "&&"
  case lessGreater = "<>"
  case exclamation = "!"
  case question = "?"
  case semicolon = ";"
  case colonEqual = ":="
  case doubleStar = "**"
  case tripleEqual = "==="
  case fatArrow = "=>"
  case magrittr = "%>%"

  /// Whether it ends an operand, so that an operator may follow.
  var endsOperand: Bool {
    switch self {
    case .closeParenthesis, .closeBracket, .closeBrace: true
    default: false
    }
  }

  /// Whether a line cannot be complete behind it, where it follows an operand.
  var continuesLine: Bool {
    switch self {
    case .openParenthesis, .openBracket, .openBrace, .range, .dot, .exclamation, .question,
      .semicolon:
      false
    default: !endsOperand
    }
  }

  /// The signs that begin with each ASCII character, longest first, for the longest match.
  static let byFirstByte: [[(bytes: [UInt8], symbol: Symbol)]] = {
    var table = [[(bytes: [UInt8], symbol: Symbol)]](repeating: [], count: 128)
    for length in [3, 2, 1] {
      for symbol in allCases where symbol.rawValue.utf8.count == length {
        let bytes = Array(symbol.rawValue.utf8)
        table[Int(bytes[0])].append((bytes, symbol))
      }
    }
    return table
  }()
}
