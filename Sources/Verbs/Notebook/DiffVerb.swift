import Language
import Notebooks

/// `diff "a.md" "b.md"`
struct DiffVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "diff", .keep, "Compares two notebooks by their lines and values",
    synopsis: "diff \"BEFORE.md\" \"AFTER.md\" [tolerance=1e-9]",
    details: [
      "Parameters, pinned inputs, lines and outputs. Where both notebooks have a lock the outputs "
        + "are compared by value, at full precision, and what is named is the value that differs; "
        + "otherwise by their text. Cells belong together by id, or by their lines."
    ],
    options: [.init("tolerance", "NUMBER", "the relative difference up to which numbers agree")],
    examples: [
      Example(
        "param floor = 4000", "load \"datasets/penguins.csv\" as penguins",
        "penguins | count where body_mass_g > $floor", "save \"birds.md\"",
        "replay \"birds.md\" floor=5000 output=\"heavy.md\"", "diff \"birds.md\" \"heavy.md\""),
      Example(
        "load \"datasets/penguins.csv\" as penguins", "penguins | count by species",
        "save \"birds.md\"", "save \"same.md\"", "diff \"birds.md\" \"same.md\""),
    ], keywords: ["compare", "notebook", "changes", "nbdime"], recording: .left, takesPaths: true,
    isJuxtaposed: true)

  let call: Call
  let needsInput = false

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(2...2, "two notebooks, as diff \"before.md\" \"after.md\"")
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let names = try call.items.map { try call.path($0) }
    let paths = try zip(names, call.items).map {
      try session.files.readable($0, span: $1.value.span)
    }
    let tolerance = try call.numberOption("tolerance", in: 0...1) ?? 1e-9
    session.leaveOutOfHistory()
    let comparison = try NotebookComparison(paths[0], paths[1], tolerance: tolerance)
    return .output(.report(comparison.report((names[0], names[1]))))
  }
}
