import Yams

extension YamlError {
  /// The problem and its line in one line of text; `lines` precede the YAML in its file.
  package func shortDescription(after lines: Int = 0) -> String {
    switch self {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      "line \(mark.line + lines): \(problem)"
    case .duplicatedKeysInMapping(let duplicates, _):
      "a key is given twice: \(duplicates.map { "\($0)" }.sorted().joined(separator: ", "))"
    default: "it is not YAML"
    }
  }
}
