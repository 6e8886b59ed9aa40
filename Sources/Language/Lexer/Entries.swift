extension Parser {
  /// Whether the text can be parsed as it stands; false where it goes on: an open bracket, quote
  /// or backtick, a trailing `|`, `,`, operator or `\`.
  package static func isComplete(_ text: String, grammar: Grammar? = nil) -> Bool {
    var lexer = Lexer(text, grammar: grammar)
    var isComplete = true
    while let line = lexer.nextLine() { isComplete = line.isComplete }
    return isComplete
  }
}

/// A logical line of a script, and where it begins.
package struct Entry: Sendable, Equatable {
  /// The source text, without the white space around it; continuation lines keep their line ends.
  package var text: String
  /// The number of its first line, from 1.
  package var line: Int
  /// Its place in the text that was split.
  package var span: Span
}

/// The logical lines of a script, a notebook cell or a pasted block: continuations are joined,
/// and a line that starts with `|` goes on with the one before. Comments behind a line stay with
/// it; comment lines are entries of their own.
package func splitEntries(_ text: String, grammar: Grammar? = nil) -> [Entry] {
  var lexer = Lexer(text, grammar: grammar)
  var entries: [Entry] = []
  var lineNumber = 1
  var counted = 0
  while let line = lexer.nextLine() {
    let start = line.span.start
    for byte in lexer.bytes[counted..<start] where byte == Byte.newline { lineNumber += 1 }
    counted = start
    var end = min(max(lexer.position, line.span.end), lexer.bytes.count)
    while end > start, lexer.bytes[end - 1].isSpace || lexer.bytes[end - 1] == Byte.newline {
      end -= 1
    }
    entries.append(
      Entry(text: lexer.string(start, end), line: lineNumber, span: Span(start, end)))
  }
  return entries
}
