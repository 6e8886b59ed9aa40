import Columnar
import Language
import Notebooks
import Query

/// `cast columns to type [strict=false] [where condition]`
struct CastVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "cast", .change, "Gives columns another type",
    synopsis: "cast COLUMNS to TYPE [strict=false] [where CONDITION]",
    details: [
      "Types: int, float, bool, text, date, datetime; `date(\"%d.%m.%Y\")` and "
        + "`datetime(\"%Y-%m-%d %H:%M\")` read texts, and dates in whole numbers, by a format. A value "
        + "that the type cannot hold as it is ends the line with its row; with `strict=false` it "
        + "becomes null, counted, and floats are cut to whole numbers. With `where`, other rows keep "
        + "their value, if both fit one type."
    ], clauses: [.where],
    options: [.init("strict", "true|false", "whether a value that does not fit is an error")],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins", "penguins | cast year to text | schema year"),
      Example(
        "load \"datasets/titanic.csv\" as titanic",
        "titanic | cast age, fare to int strict=false | select age, fare | head 3"),
      Example(
        "load \"datasets/mtcars.csv\" as cars", "cars |= cast vs, am to bool", "cars | count by am"),
    ],
    keywords: [
      "text to number", "change type", "type", "convert", "astype", "parse", "int", "float", "date",
    ],
    synonyms: ["astype", "convert", "recast"], prepositions: ["to"])

  static let filtersWhere = false
  let call: Call
  let target: CastTarget
  let isStrict: Bool

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...10_000, "columns and a type, as cast year to text")
    guard let given = call.preposition("to"), given.count == 1 else {
      throw call.misuse("`cast` needs one type behind `to`, as cast year to text")
    }
    target = try CastVerb.target(given[0].value)
    isStrict = call.option("strict") == nil ? true : try call.flagOption("strict")
  }

  private static func target(_ expression: Expr) throws -> CastTarget {
    switch expression.kind {
    case .name(let name):
      if let type = DataType(rawValue: name), type != .duration { return CastTarget(type) }
    case .call(let function, let arguments):
      if let type = DataType(rawValue: function.text), type.isTemporal, arguments.count == 1,
        case .text(let format) = arguments[0].kind
      {
        do {
          return try CastTarget(type, format: format)
        } catch {
          throw Diagnostic(error, span: arguments[0].span)
        }
      }
    default: break
    }
    throw Diagnostic(
      .usage, "this is no type that values can be cast to", span: expression.span,
      notes: [
        "types: int, float, bool, text, date, datetime, date(\"%d.%m.%Y\"), datetime(\"…\")"
      ])
  }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    try input.casting(
      try resolveSelection(call.items, schema: input.schema), to: target, isStrict: isStrict,
      condition: call.condition, span: call.stage.span, scope: call.scope(input.schema))
  }
}
