import Language
import Query

/// A command of the language: its declaration, and the checks of one call.
///
/// A verb never prints: it lowers to a plan, or gives a value that renderers draw.
package protocol Verb: Sendable {
  static var declaration: VerbDeclaration { get }

  /// Whether a `where` clause leaves out the rows before the verb sees them, as it does for all that
  /// show, reduce or fit. `derive` and `fill` keep those rows and do it themselves.
  static var filtersWhere: Bool { get }

  /// Takes the call apart. Throws a `Diagnostic` for items, clauses or options that do not fit.
  init(_ call: Call) throws
}

extension Verb {
  package static var filtersWhere: Bool { true }
}

/// A verb that makes rows of rows: it adds to the plan, which runs when its rows are needed.
package protocol FrameVerb: Verb {
  /// The plan with this stage on top of `input`.
  func lower(_ input: LogicalPlan) throws -> LogicalPlan
}

/// A verb that makes rows of the rows of its input and of other bound frames, as `join`.
package protocol PartnerVerb: Verb {
  /// The names of the other frames.
  var partners: [Name] { get }

  /// The plan with this stage on top of `input` and of `partners`, which are as many as named.
  func lower(_ input: LogicalPlan, with partners: [LogicalPlan]) throws -> LogicalPlan
}

/// A verb that begins a pipeline, as `load`.
package protocol SourceVerb: Verb {
  /// What the pipeline starts from; `stages` are those that follow, of which the source may read
  /// ahead to bring no more than they need. At the start of a line without stages the source may
  /// bind a name itself and give nothing.
  func source(in session: Session, followedBy stages: [Stage]) throws -> Value
}

/// A verb that acts on a value and the session.
package protocol ActionVerb: Verb {
  /// Whether it works on a frame: at the start of a line that is the current one.
  var needsInput: Bool { get }

  /// What the verb gives for `input`, which is nil at the start of a line where no frame is
  /// current. Throws a `Diagnostic` or a `DataError`; the session is then set back.
  func run(on input: Value?, in session: Session) throws -> Value
}

/// What a verb says of itself: for the parser, help, completion, the reference page and tests.
package struct VerbDeclaration: Sendable {
  /// What a verb is for; help lists verbs by it.
  package enum Purpose: String, Sendable, CaseIterable {
    case bring = "Bring data in and out"
    case look = "Look"
    case plot = "Plot"
    case change = "Change rows and columns"
    case summarise = "Summarise"
    case model = "Model"
    case keep = "Check, keep and automate"
    case session = "Session"
  }

  /// What a saved notebook does with a line of this verb.
  package enum Recording: Sendable {
    /// It becomes a cell: it reads or shows data.
    case recorded
    /// It is left out: it concerns the session or the screen only.
    case left
  }

  package struct Option: Sendable {
    package var name: String
    /// What may stand behind `=`, as `number`, `classical|robust`.
    package var values: String
    package var meaning: String

    package init(_ name: String, _ values: String, _ meaning: String) {
      self.name = name
      self.values = values
      self.meaning = meaning
    }
  }

  /// The clauses of the general grammar that a verb takes.
  package struct Clauses: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let by = Clauses(rawValue: 1)
    package static let `where` = Clauses(rawValue: 2)
    package static let sort = Clauses(rawValue: 4)
    package static let into = Clauses(rawValue: 8)
    package static let on = Clauses(rawValue: 16)
    package static let `as` = Clauses(rawValue: 32)
  }

  package var name: String
  package var purpose: Purpose
  /// One line: what it does.
  package var summary: String
  /// The call's form, as `head [N] [by KEYS]`.
  package var synopsis: String
  /// Paragraphs that say what the summary cannot.
  package var details: [String]
  package var clauses: Clauses
  package var options: [Option]
  /// Lines that run as they stand on the bundled data, each with the lines it needs before it.
  package var examples: [Example]
  /// Words a person may search for, as `duplicates` for `dedupe`.
  package var keywords: [String]
  /// Other spellings of the verb.
  package var synonyms: [String]
  package var recording: Recording
  /// Whether text literals among the items are paths of files.
  package var takesPaths: Bool
  package var wordCount: Int
  package var isJuxtaposed: Bool
  package var prepositions: Set<String>
  package var takesConditions: Bool
  /// Whether items may be `name = expression`, as in `derive` and `agg`.
  package var takesNamedItems: Bool
  /// Whether any `name=value` is taken, as parameters of `replay`.
  package var takesAnyOption: Bool

  package init(
    _ name: String, _ purpose: Purpose, _ summary: String, synopsis: String,
    details: [String] = [], clauses: Clauses = [], options: [Option] = [], examples: [Example],
    keywords: [String] = [], synonyms: [String] = [], recording: Recording = .recorded,
    takesPaths: Bool = false, wordCount: Int = 0, isJuxtaposed: Bool = false,
    prepositions: Set<String> = [], takesConditions: Bool = false, takesNamedItems: Bool = false,
    takesAnyOption: Bool = false
  ) {
    self.name = name
    self.purpose = purpose
    self.summary = summary
    self.synopsis = synopsis
    self.details = details
    self.clauses = clauses
    self.options = options
    self.examples = examples
    self.keywords = keywords
    self.synonyms = synonyms
    self.recording = recording
    self.takesPaths = takesPaths
    self.wordCount = wordCount
    self.isJuxtaposed = isJuxtaposed
    self.prepositions = prepositions
    self.takesConditions = takesConditions
    self.takesNamedItems = takesNamedItems
    self.takesAnyOption = takesAnyOption
  }

  /// What the parser needs to know.
  package var syntax: VerbSyntax {
    VerbSyntax(
      name: name, wordCount: wordCount, isJuxtaposed: isJuxtaposed, prepositions: prepositions,
      takesConditions: takesConditions, options: options.map(\.name),
      takesNamedItems: takesNamedItems)
  }
}

/// An example of a help page: lines that run in order in a fresh session beside `datasets/`.
package struct Example: Sendable, ExpressibleByStringLiteral {
  package var lines: [String]

  package init(_ lines: String...) { self.lines = lines }

  package init(stringLiteral line: String) { lines = [line] }
}
