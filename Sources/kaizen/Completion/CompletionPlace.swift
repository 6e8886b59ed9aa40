import Language

/// Where in a line the cursor stands: what completion must know of the text before it.
struct CompletionPlace {
  /// What surrounds the cursor.
  enum Surroundings: Equatable {
    case words
    /// Text whose quote is not closed.
    case text(quote: Character)
    /// A name in backticks.
    case quotedName
    /// A `$` and a name.
    case variable
    /// What follows `?` or `!` at the start of a line.
    case help, shell
    /// A comment, a number, a regex: nothing can be offered.
    case nothing
  }

  let surroundings: Surroundings
  /// What has been typed of the thing at the cursor, and the UTF-8 offset where it begins. In text the
  /// quote is not part of it.
  let typed: String
  let start: Int
  /// The tokens of the stage before what is typed, the verb first.
  let stage: [Token]
  /// The texts of the stages before it, the source of the pipeline first.
  let earlier: [String]
  /// Whether a `|` or `|=` stands before the stage.
  let isAfterPipe: Bool
  /// Whether a name and `=` stand before it.
  let isBound: Bool
  /// Brackets open in the stage.
  let depth: Int

  /// The place at `cursor`, a UTF-8 offset into `text`.
  init(_ text: String, cursor: Int, grammar: Grammar) {
    let bytes = Array(text.utf8.prefix(max(0, cursor)))
    let before = String(decoding: bytes, as: UTF8.self)
    if let brace = Self.openBrace(before, grammar) {
      // In an f-string: the place of an expression, in the stage around it.
      let (outer, inner) = Self.places(bytes, around: brace, grammar)
      surroundings = [.help, .shell].contains(inner.surroundings) ? .nothing : inner.surroundings
      (start, typed) = (brace + 1 + inner.start, inner.typed)
      (stage, depth) = (outer.stage + inner.stage, outer.depth + 1 + inner.depth)
      (earlier, isAfterPipe, isBound) = (outer.earlier, outer.isAfterPipe, outer.isBound)
      return
    }
    var wordStart = bytes.count
    while wordStart > 0, Self.isWordByte(bytes[wordStart - 1]) { wordStart -= 1 }
    var surroundings = Surroundings.words
    var start = wordStart
    if let last = Self.lastLine(of: before, grammar).last {
      switch last.kind {
      case .help: (surroundings, start) = (.help, last.span.start + 1)
      case .shell: surroundings = .shell
      case .prose: surroundings = .nothing
      case .error(let problem) where problem.message.hasSuffix("quote is never closed"):
        let quote = bytes[last.span.start...].first { $0 == 0x22 || $0 == 0x27 } ?? 0x22
        surroundings = .text(quote: Character(Unicode.Scalar(quote)))
        start = last.span.start + 1
        if bytes[last.span.start] != quote { start += 1 }
      case .error(let problem) where problem.message.hasSuffix("backtick is never closed"):
        (surroundings, start) = (.quotedName, last.span.start + 1)
      case .error(let problem) where problem.message.hasSuffix("regex is never closed"):
        surroundings = .nothing
      default: break
      }
    }
    if surroundings == .words {
      if Self.endsInComment(before, grammar) {
        surroundings = .nothing
      } else if wordStart < bytes.count, (0x30...0x39).contains(bytes[wordStart]) {
        surroundings = .nothing
      } else if wordStart > 0, bytes[wordStart - 1] == UInt8(ascii: "$") {
        (surroundings, start) = (.variable, wordStart - 1)
      } else if wordStart > 0, bytes[wordStart - 1] == UInt8(ascii: "@") {
        surroundings = .nothing
      }
    }
    if surroundings == .help {
      while start < bytes.count, bytes[start] == 0x20 { start += 1 }
    }
    self.surroundings = surroundings
    self.start = min(start, bytes.count)
    typed = String(decoding: bytes[self.start...], as: UTF8.self)
    // The quote or backtick that begins it is no part of what stands before.
    let opening = surroundings == .quotedName ? 1 : 0
    var end = self.start - opening
    if case .text = surroundings {
      end = self.start - 1
      if end > 0, bytes[end - 1] == UInt8(ascii: "f"), end < 2 || !Self.isWordByte(bytes[end - 2]) {
        end -= 1
      }
    }
    let head = String(decoding: bytes[..<max(0, end)], as: UTF8.self)
    let pieces = Stages(Self.lastLine(of: head, grammar), in: Array(bytes[..<max(0, end)]))
    stage = pieces.stage
    earlier = pieces.earlier
    isAfterPipe = pieces.isAfterPipe
    isBound = pieces.isBound
    depth = pieces.depth
  }

  /// Where an f-string begins that has an open brace at `brace`, and where its expression ends.
  private static func places(
    _ bytes: [UInt8], around brace: Int, _ grammar: Grammar
  ) -> (outer: CompletionPlace, inner: CompletionPlace) {
    func end(of bytes: ArraySlice<UInt8>) -> CompletionPlace {
      CompletionPlace(
        String(decoding: bytes, as: UTF8.self), cursor: bytes.count, grammar: grammar)
    }
    return (end(of: bytes[..<brace]), end(of: bytes[(brace + 1)...]))
  }

  /// Where the braces of an f-string are open at the end of the text.
  private static func openBrace(_ text: String, _ grammar: Grammar) -> Int? {
    guard case .error(let problem)? = lastLine(of: text, grammar).last?.kind,
      problem.message == "the `{` is never closed", let span = problem.span
    else { return nil }
    return span.start
  }

  /// The word of the stage's verb.
  var verbWord: String? {
    switch stage.first?.kind {
    case .name(let name): name
    case .keyword(.sort): "sort"
    default: nil
    }
  }

  /// Whether nothing stands before this in its line.
  var isAtStart: Bool { stage.isEmpty && !isAfterPipe && !isBound && earlier.isEmpty }

  static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }

  /// The tokens of the statement that the text ends in; none where the last one is over.
  private static func lastLine(of text: String, _ grammar: Grammar) -> [Token] {
    var lexer = Lexer(text, grammar: grammar)
    var last: Lexer.Line?
    while let line = lexer.nextLine() { last = line }
    guard let last else { return [] }
    let rest = text.utf8.dropFirst(last.span.end)
    if last.isComplete, rest.contains(UInt8(ascii: "\n")) { return [] }
    return last.tokens.filter { if case .end = $0.kind { false } else { true } }
  }

  private static func endsInComment(_ text: String, _ grammar: Grammar) -> Bool {
    guard let last = Lexer.highlight(text, grammar: grammar).last, last.category == .comment else {
      return false
    }
    return last.span.end >= text.utf8.count
  }
}
