import Columnar
import Language
import Notebooks
import Query
import Terminal

/// What the words of a line are, as far as can be told before it runs: columns that are there and
/// those that are not, functions, and where a mistake stands.
final class LineColors {
  private let completion: Completion
  private var session: Session { completion.session }
  private let functionNames = Set(Functions.all.map(\.name))

  init(_ completion: Completion) { self.completion = completion }

  /// The pieces of `text`. The word at `cursor` may still grow and is not called a mistake.
  func pieces(_ text: String, cursor: Int) -> [Highlight] {
    let grammar = session.grammar
    var pieces = Highlight.pieces(of: text, grammar: grammar)
    var lexer = Lexer(text, grammar: grammar)
    let bytes = Array(text.utf8)
    while let line = lexer.nextLine() {
      pieces += names(line.tokens, in: bytes, cursor: cursor, grammar)
    }
    if let span = mistake(text, cursor: cursor, grammar) { pieces.append(Highlight(span, .error)) }
    return pieces
  }

  private func names(
    _ tokens: [Token], in bytes: [UInt8], cursor: Int, _ grammar: Grammar
  ) -> [Highlight] {
    var stages = Stages(in: bytes)
    var made: Set<String> = []
    var pieces: [Highlight] = []
    for (index, token) in tokens.enumerated() {
      if case .end = token.kind { break }
      defer { stages.take(token) }
      if stages.stage.isEmpty { made = [] }
      let name: String
      switch token.kind {
      case .name(let text), .quotedName(let text): name = text
      default: continue
      }
      let next = index + 1 < tokens.count ? tokens[index + 1] : token
      let isGrowing = token.span.end == cursor
      if let style = style(name, next, stages, &made, grammar) {
        if style == .unknown, isGrowing { continue }
        pieces.append(Highlight(token.span, style))
      }
    }
    return pieces
  }

  /// What a name is; nil for one that nothing more is known of than that it is a name.
  private func style(
    _ name: String, _ next: Token, _ stages: Stages, _ made: inout Set<String>, _ grammar: Grammar
  ) -> Highlight.Style? {
    if case .symbol(.openParenthesis) = next.kind {
      let isKnown = functionNames.contains(name) || session.state.definitions[name] != nil
      return isKnown ? .function : stages.stage.isEmpty ? nil : .unknown
    }
    guard let word = stages.verbWord else { return stages.isAfterPipe ? verb(name, grammar) : nil }
    guard let declaration = session.catalog.declaration(word),
      let schema = completion.schema(stages.earlier)
    else { return nil }
    let rest = stages.stage.dropFirst()
    if case .symbol(.assign) = next.kind, stages.depth == 0 {
      made.insert(name)
      return nil
    }
    if declaration.prepositions.contains(name), stages.depth == 0 { return .keyword }
    if rest.count < declaration.wordCount { return nil }
    if case .symbol(.arrow)? = rest.last?.kind { return nil }
    if case .symbol(.assign)? = rest.last?.kind, stages.depth == 0, !declaration.takesNamedItems {
      return nil
    }
    let form = VerbForm(declaration)
    let isColumn: Bool
    switch declaration.clause(behind: rest) {
    case nil: isColumn = form.items.contains(.columns)
    case "by", "where", "sort": isColumn = !form.slot(behind: "by").slot.contains(.metrics)
    default: isColumn = false
    }
    if !isColumn { return nil }
    let isThere = schema.index(of: name) != nil || made.contains(name) || name == "_"
    return isThere ? .column : .unknown
  }

  private func verb(_ name: String, _ grammar: Grammar) -> Highlight.Style? {
    let isVerb =
      session.catalog.declaration(name) != nil
      || grammar.verbs.keys.contains { $0.hasPrefix(name) }
    return isVerb ? .verb : .unknown
  }

  /// Where the parser stops, if that is not where the text goes on being typed.
  private func mistake(_ text: String, cursor: Int, _ grammar: Grammar) -> Span? {
    do {
      _ = try Parser.parse(text, grammar: grammar)
      return nil
    } catch {
      var end = text.utf8.count
      for byte in text.utf8.reversed() {
        if byte != UInt8(ascii: " ") { break }
        end -= 1
      }
      guard let span = error.span, span.end < end, span.end > span.start,
        !(span.start...span.end).contains(cursor)
      else { return nil }
      return span
    }
  }
}
