import Language
import Notebooks
import Verbs

/// `kaizen hist datasets/penguins.csv body_mass_g` as lines of the language.
struct VerbLine {
  let text: String

  /// Throws `unknown-verb` where the first word is none.
  init(_ words: [String]) throws {
    let catalog = Registry.catalog
    let word = words[0]
    guard let verb = catalog[catalog.synonyms[word] ?? word] else {
      if let line = Self.line(forFile: word) {
        throw Diagnostic(.unknownVerb, "`\(word)` is a file, and no verb", hints: [line])
      }
      let names = catalog.declarations.map(\.name) + ["replay", "promote", "pipeline", "step"]
      throw Diagnostic(
        .unknownVerb, "there is no verb `\(word)`",
        notes: [
          nearest(word, among: names).map { "did you mean `kaizen \($0)`?" }
            ?? "`kaizen --help` says what there is"
        ])
    }
    var rest = words.dropFirst()
    var line = ""
    if !verb.declaration.takesPaths, let first = rest.first,
      Path.exists(first) ? !Path.isDirectory(first) : Self.looksLikeFile(first)
    {
      line = "load \(Self.quoted(first)) | "
      rest = rest.dropFirst()
    }
    line += verb.declaration.name
    for argument in rest { line += " " + Self.argument(argument, verb.declaration) }
    text = line
  }

  /// What a file that stands where a verb should can be given to; nil where there is no such file.
  private static func line(forFile word: String) -> String? {
    guard Path.isRegularFile(word) else { return nil }
    let file = word.contains { $0 == " " || $0 == "'" } ? quoted(word) : word
    if word.hasSuffix(".md") { return "kaizen replay \(file)" }
    if word.hasSuffix(".yaml") || word.hasSuffix(".yml") { return "kaizen pipeline run \(file)" }
    if word.hasSuffix(".kz") { return "kaizen < \(file)" }
    return "kaizen describe \(file)"
  }

  /// Whether a word that is no file can only have been meant as one.
  private static func looksLikeFile(_ word: String) -> Bool {
    [".csv", ".tsv", ".txt", ".gz", ".arrow", ".feather", ".kzm"].contains {
      word.lowercased().hasSuffix($0)
    }
  }

  /// An argument as it stands in a line: `--check` is an option, a path is text, all else is as it
  /// is.
  private static func argument(_ argument: String, _ verb: VerbDeclaration) -> String {
    if argument.hasPrefix("--") {
      let option = argument.dropFirst(2)
      guard let equals = option.firstIndex(of: "=") else { return "\(option)=true" }
      return "\(option[..<equals])=\(option[option.index(after: equals)...])"
    }
    let isPath =
      verb.takesPaths && !argument.hasPrefix("\"")
      && (argument.contains("/") || argument.contains("."))
    return isPath ? quoted(argument) : argument
  }

  private static func quoted(_ text: String) -> String {
    Language.print(Expr(.text(text), Span(0, 0)))
  }
}
