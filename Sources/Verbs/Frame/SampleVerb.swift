import Language
import Notebooks
import Query

/// `frame | sample 10% [seed=N] [by keys]`
struct SampleVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "sample", .change, "Rows chosen at random, in their order",
    synopsis: "sample N|P% [seed=N] [by KEYS]",
    details: ["Without a seed one is drawn and written into the line."], clauses: [.by],
    options: [.init("seed", "0…", "start of the random numbers: the same seed, the same rows")],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "penguins | sample 3 seed=42"),
      Example(
        "load \"datasets/penguins.csv\" as penguins", "penguins | sample 10% seed=1 by species"),
    ], keywords: ["random", "subset", "rows"])

  let call: Call
  let needsInput = true

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1, "a number of rows or a share, as sample 1%")
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    guard let input, let plan = session.tracedPlan(of: input) else {
      throw Diagnostic(.type, "`sample` works on a frame", span: call.stage.verb.span)
    }
    let item = call.items[0].value
    let size: LogicalPlan.Sample.Size
    switch try call.scalar(item) {
    case .int: size = .rows(try call.wholeNumber(item))
    case .float(let share) where share >= 0 && share <= 1: size = .fraction(share)
    default: throw call.misuse("`sample` needs a number of rows or a share to 100%", at: item.span)
    }
    let seed = try session.seed(call)
    return .plan(
      .sample(
        plan, size, seed: seed,
        by: try plan.boundKeys(call.byItems, scope: call.scope(plan.schema))))
  }
}
