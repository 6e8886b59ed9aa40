#if canImport(CLibEdit)
  /// What the keys do that terminals send as escape sequences, and some that they send with Alt.
  enum KeySequences {
    enum Action {
      case command(EditorCommand)
      /// A function of libedit, by the key that no keyboard has and that it is bound to.
      case libedit(Injected)
    }

    /// Control characters that no key sends, for functions of libedit that sequences call.
    enum Injected: UInt32, CaseIterable {
      case enter = 0x80
      case nextWord, previousWord, deleteNextWord, deletePreviousWord, deleteNext, killRest
      case previousCharacter, nextCharacter, viCommandMode

      var function: String {
        switch self {
        case .enter: "ed-newline"
        case .nextWord: "em-next-word"
        case .previousWord: "ed-prev-word"
        case .deleteNextWord: "em-delete-next-word"
        case .deletePreviousWord: "ed-delete-prev-word"
        case .deleteNext: "ed-delete-next-char"
        case .killRest: "ed-kill-line"
        case .previousCharacter: "ed-prev-char"
        case .nextCharacter: "ed-next-char"
        case .viCommandMode: "vi-command-mode"
        }
      }
    }

    /// The action of a sequence without its leading escape; nil for one that is not known.
    static func action(_ sequence: String) -> Action? { table[sequence] }

    private static let table: [String: Action] = {
      let rows: [([String], Action)] = [
        (["\r", "\n"], .command(.newline)),
        (["[A", "OA"], .command(.up)), (["[B", "OB"], .command(.down)),
        (["[C", "OC"], .command(.right)), (["[D", "OD"], .libedit(.previousCharacter)),
        (["p", "[5~"], .command(.searchUp)), (["n", "[6~"], .command(.searchDown)),
        (["[H", "OH", "[1~", "[7~"], .command(.lineStart)),
        (["[F", "OF", "[4~", "[8~"], .command(.lineEnd)),
        (["_"], .command(.redo)),
        (["[Z"], .command(.completeBack)),
        (["[200~"], .command(.paste)),
        (["[3~"], .libedit(.deleteNext)),
        (["[3;5~", "[3;3~", "d"], .libedit(.deleteNextWord)),
        (["\u{8}", "\u{7F}"], .libedit(.deletePreviousWord)),
        (["[1;5C", "[1;3C", "[5C", "Oc", "\u{1B}[C", "f"], .command(.nextWord)),
        (["[1;5D", "[1;3D", "[5D", "Od", "\u{1B}[D", "b"], .libedit(.previousWord)),
      ]
      return Dictionary(
        rows.flatMap { keys, action in keys.map { ($0, action) } },
        uniquingKeysWith: { first, _ in first })
    }()
  }
#endif
