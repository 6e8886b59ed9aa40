import Columnar
import Language
import Notebooks
import Pipelines

/// `promote "x.md" to "folder/" [target=make]`, `promote verify "folder/"`
struct PromoteVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "promote", .keep, "Makes a pipeline of a notebook",
    synopsis:
      "promote \"FILE.md\" to \"FOLDER\" [target=NAME|[NAMES]] [schedule=\"CRON\"] "
      + "[retries=N] [timeout=TIME] [image=\"NAME\"] [check=true] "
      + "| promote verify [\"FOLDER\"] [target=NAME]",
    details: [
      "The lines that the notebook's exports, checks and gates depend on become steps of "
        + "pipeline.yaml; lines that only look are left out and listed. The notebook must check "
        + "clean. `kaizen pipeline run FOLDER/pipeline.yaml` runs it.",
      "Besides it writes checks.kz, checks proposed from the data that was read, and profile.json, "
        + "what later data can be held against. A heading `## step: NAME` puts the lines below it "
        + "into a step of their own. `check=true` writes nothing and says what in the folder is not "
        + "what promotion writes: edited by hand, missing or older than the notebook.",
      "`target=` writes wiring for other orchestrators into FOLDER/targets/NAME, several as "
        + "`target=[make, dvc]`; `native` stands for none. VERIFY.md says how each was tried, and "
        + "`promote verify` tries them with this pipeline. Without target, schedule, retries, "
        + "timeout and image, those of the last promotion stand.",
    ],
    options: [
      .init(
        "target", (Targets.names + [Targets.native]).joined(separator: "|"),
        "what runs it besides Kaizen, or a list of these"),
      .init("schedule", "\"30 6 * * 1-5\"", "when, in the fields of cron, in UTC"),
      .init("retries", "N", "how often a step that ends with 75 is tried again"),
      .init("timeout", "TIME", "how long a step may take, as 10min"),
      .init("image", "\"NAME\"", "the image for steps that run in containers"),
      .init("check", "true|false", "compare with what is there"),
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "heavy = penguins | filter body_mass_g > 5000", "export heavy \"heavy.csv\"",
        "save \"birds.md\"", "promote \"birds.md\" to \"birds/\""),
      Example(
        "load \"datasets/iris.csv\" as iris", "big = iris | filter sepal_length > 7",
        "export big \"big.csv\"", "save \"i.md\"",
        "promote \"i.md\" to \"i/\" target=make schedule=\"30 6 * * *\"",
        "promote \"i.md\" to \"i/\" check=true"),
    ],
    keywords: [
      "pipeline", "automate", "deploy", "production", "workflow", "schedule", "orchestrator",
      "make",
      "cron", "verify",
    ],
    recording: .left, isJuxtaposed: true, prepositions: ["to"])

  private enum Task {
    case promote(Item, to: Item)
    case verify(Item?)
  }

  private let task: Task
  private let call: Call
  let needsInput = false

  init(_ call: Call) throws {
    self.call = call
    if case .name("verify")? = call.items.first?.value.kind {
      try call.expectItems(1...2, "verify, and a folder")
      if call.preposition("to") != nil {
        throw call.misuse("`promote verify` takes a folder, as promote verify \"pipeline/\"")
      }
      if let other = call.options.first(where: { $0.name.text != "target" }) {
        throw call.misuse(
          "`promote verify` has no option `\(other.name.text)`", at: other.name.span)
      }
      task = .verify(call.items.count > 1 ? call.items[1] : nil)
      return
    }
    try call.expectItems(1...1, "one notebook")
    guard let target = call.preposition("to"), target.count == 1 else {
      throw call.misuse("`promote` needs a folder, as promote \"x.md\" to \"pipeline/\"")
    }
    task = .promote(call.items[0], to: target[0])
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    session.leaveOutOfHistory()
    switch task {
    case .promote(let notebook, let folder):
      let path = try session.files.readable(
        try call.path(notebook), span: notebook.value.span)
      let target = try session.files.writable(
        try call.path(folder, "the folder"), span: folder.value.span)
      let options = try options()
      if try call.flagOption("check") {
        return .output(
          .message(try Promotion.check(path, into: target, options: options, like: session)))
      }
      return .output(
        .report(try Promotion.promote(path, into: target, options: options, like: session)))
    case .verify(let folder):
      guard case .unrestricted = session.files.policy else {
        throw Diagnostic(
          .notAllowed, "a replayed notebook runs no other programs",
          span: call.items[0].value.span)
      }
      let path = session.files.absolute(try folder.map { try call.path($0, "the folder") } ?? ".")
      return .output(.report(try TargetCheck(try targets() ?? [], in: path, like: session).run()))
    }
  }

  /// nil where none of them is given: those of the promotion before stand.
  private func options() throws -> PromotionOptions? {
    let names = ["target", "schedule", "retries", "timeout", "image"]
    guard let first = names.lazy.compactMap({ call.option($0) }).first else { return nil }
    let retries = try call.integerOption("retries", in: 0...100)
    do {
      return try PromotionOptions(
        targets: try targets() ?? [], schedule: try call.textOption("schedule"), retries: retries,
        timeout: try time(), image: try call.textOption("image"))
    } catch var error as Diagnostic {
      if error.span == nil { error.span = first.span }
      throw error
    }
  }

  /// `10min`, or the same in quotes.
  private func time() throws -> String? {
    guard let value = call.option("timeout") else { return nil }
    if case .duration(let duration)? = try call.scalarOption("timeout") {
      guard duration.months == 0, duration.microseconds > 0 else {
        throw call.invalid("timeout", "a time, as 10min")
      }
      return "\(Double(duration.microseconds) / 1e6)s"
    }
    guard case .text(let text) = value.kind else {
      throw call.invalid("timeout", "a time, as 10min")
    }
    return text
  }

  /// The names behind `target=`: a word, words joined by `-`, text, or a list of these.
  private func targets() throws -> [String]? {
    guard let value = call.option("target") else { return nil }
    guard case .list(let elements) = value.kind else { return [try target(value)] }
    return try elements.map { try target($0) }
  }

  private func target(_ value: Expr) throws -> String {
    func word(_ value: Expr) -> String? {
      switch value.kind {
      case .name(let name): return name
      case .text(let text): return text
      case .binary(.subtract, let left, let right):
        guard let left = word(left), let right = word(right) else { return nil }
        return "\(left)-\(right)"
      default: return nil
      }
    }
    guard let name = word(value) else {
      throw Diagnostic(
        .usage, "`target` takes a name, or a list of names", span: value.span,
        notes: ["targets: \((Targets.names + [Targets.native]).joined(separator: ", "))"])
    }
    do {
      _ = try Targets.named([name].filter { $0 != Targets.native })
    } catch var error as Diagnostic {
      error.span = value.span
      throw error
    }
    return name
  }
}
