import Language

/// The stages of a statement, taken token by token: where the one that was last taken stands.
struct Stages {
  /// The tokens of the present stage, the verb first.
  private(set) var stage: [Token] = []
  /// The texts of the stages before it, the source of the pipeline first.
  private(set) var earlier: [String] = []
  /// Whether a `|` or `|=` stands before the stage.
  private(set) var isAfterPipe = false
  /// Whether a name and `=` stand before it.
  private(set) var isBound = false
  /// Brackets open in the stage.
  private(set) var depth = 0

  private let bytes: [UInt8]
  private var stageStart: Int?
  private var isFirst = true
  private var opensBlock = false

  /// The stages of a statement of the text `bytes`, before its first token.
  init(in bytes: [UInt8]) { self.bytes = bytes }

  init(_ tokens: [Token], in bytes: [UInt8]) {
    self.init(in: bytes)
    for token in tokens { take(token) }
  }

  mutating func take(_ token: Token) {
    let start = stageStart ?? token.span.start
    stageStart = start
    defer { isFirst = false }
    switch token.kind {
    case .newline:
      begin(behind: token)
      (earlier, isAfterPipe, isBound, isFirst) = ([], false, false, true)
      return
    case .symbol(.openBrace) where opensBlock && depth == 0:
      begin(behind: token)
      (earlier, isAfterPipe, isBound, opensBlock) = ([], false, false, false)
      return
    case .symbol(.pipe) where depth == 0, .symbol(.pipeEqual) where depth == 0:
      let end = max(start, min(token.span.start, bytes.count))
      let text = String(decoding: bytes[min(start, end)..<end], as: UTF8.self)
      if text.contains(where: { !$0.isWhitespace }) { earlier.append(text) }
      begin(behind: token)
      isAfterPipe = true
      return
    case .symbol(.assign) where depth == 0 && earlier.isEmpty && !isBound && isNamesOnly:
      begin(behind: token)
      isBound = true
      return
    case .name("for") where isFirst: opensBlock = true
    case .name("time") where isFirst, .name("plan") where isFirst:
      begin(behind: token)
      return
    case .symbol(.openParenthesis), .symbol(.openBracket), .symbol(.openBrace): depth += 1
    case .symbol(.closeParenthesis), .symbol(.closeBracket), .symbol(.closeBrace):
      depth = max(0, depth - 1)
    default: break
    }
    stage.append(token)
  }

  /// The word of the stage's verb, once it has been taken.
  var verbWord: String? {
    switch stage.first?.kind {
    case .name(let name): name
    case .keyword(.sort): "sort"
    default: nil
    }
  }

  private mutating func begin(behind token: Token) {
    stage = []
    depth = 0
    stageStart = token.span.end
  }

  /// Whether the stage so far is `a` or `a, b`, as before `=`.
  private var isNamesOnly: Bool {
    !stage.isEmpty && !isAfterPipe
      && stage.enumerated().allSatisfy { index, token in
        switch token.kind {
        case .name, .quotedName: index.isMultiple(of: 2)
        case .symbol(.comma): !index.isMultiple(of: 2)
        default: false
        }
      }
  }
}
