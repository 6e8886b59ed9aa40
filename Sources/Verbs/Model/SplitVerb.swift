import Columnar
import Display
import Language
import Notebooks
import Query

/// `train, test = frame | split 80% seed=7 [by keys]`
struct SplitVerb: TracedVerb {
  static let declaration = VerbDeclaration(
    "split", .model, "Cuts a frame at random into two, as for training and testing",
    synopsis: "A, B = FRAME | split P% [seed=N] [by KEYS]",
    details: [
      "The first part has exactly round(P·n) rows; both keep the order of rows. With `by` each "
        + "group is cut in that proportion. Without a seed one is drawn and written into the line."
    ], clauses: [.by],
    options: [.init("seed", "0…", "start of the random numbers: the same seed, the same parts")],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins", "train, test = penguins | split 80% seed=7"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "train, test = penguins | split 0.75 seed=1 by species"),
    ], keywords: ["train", "test", "holdout", "partition", "random", "stratify"])

  let call: Call
  let fraction: Double
  let needsInput = true

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1, "the share of the first part, as 80%")
    guard let share = try call.scalar(call.items[0].value).number, share > 0, share < 1 else {
      throw Diagnostic(
        .arguments, "the share must lie between 0% and 100%", span: call.items[0].value.span,
        hints: ["train, test = … | split 80% seed=7"])
    }
    fraction = share
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let frame = try call.frame(input, session)
    let seed = try session.seed(call)
    var strata: Grouping?
    if !call.byItems.isEmpty {
      let keys = try call.byItems.map { try call.column($0, of: frame).column }
      strata = try Grouping(keys: keys, rowCount: frame.rowCount)
    }
    let (first, second) = try splitRows(
      frame.rowCount, fraction: fraction, seed: seed, strata: strata)
    return .frames([try frame.take(first), try frame.take(second)])
  }

  func lineage(of input: FrameLineage, in session: Session) throws -> FrameLineage {
    var lineage = input
    lineage.decide(columns: call.byItems.flatMap { $0.value.freeNames.map(\.text) })
    return lineage
  }
}

extension Session {
  /// The seed that a call gives, or one drawn now and written into the recorded line. A notebook
  /// or pipeline without a seed could not be repeated: there it is an error.
  func seed(_ call: Call) throws -> UInt64 {
    if let seed = try call.integerOption("seed", in: 0...Int.max) { return UInt64(seed) }
    let seed = Int64.random(in: 1...999_999)
    guard recordOption("seed", Expr(.integer(seed), Span(0, 0)), in: call.stage) else {
      throw Diagnostic(
        .noSeed, "`\(call.verb)` in a definition or a loop needs a seed",
        span: call.stage.verb.span, hints: ["\(call.verb) … seed=\(seed)"])
    }
    try notify(
      .message(
        Message(
          text: "seed \(seed) drawn; seed=\(seed) gives the same rows again", kind: "seed",
          facts: [Fact("seed", .int(seed))])))
    return UInt64(seed)
  }
}
