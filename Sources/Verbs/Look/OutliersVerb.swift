import Columnar
import Language
import Notebooks
import Query

/// `outliers columns [method=iqr|zscore|mad] [k=…] [by keys] [where condition]`
struct OutliersVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "outliers", .look, "Counts the values far from the others, a row a column",
    synopsis: "outliers [COLUMNS] [method=iqr|zscore|mad] [k=N] [by KEYS] [where CONDITION]",
    details: [
      "iqr: more than k interquartile ranges (1.5) outside of the quartiles; zscore: more than k "
        + "standard deviations (3) from the mean; mad: more than k median absolute deviations "
        + "(3.5), scaled to a standard deviation, from the median. The result is a frame with the "
        + "fences and how many values lie below and above. `filter is_outlier(x)` keeps the rows."
    ], clauses: [.by, .where],
    options: [
      .init("method", "iqr|zscore|mad", "what is far; default iqr"),
      .init("k", "0…", "how far, in units of the method"),
    ],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "outliers by species"),
      Example(
        "load \"datasets/titanic.csv\" as titanic", "titanic | outliers fare, age method=mad"),
    ], keywords: ["extreme", "tukey", "fences", "anomalies", "iqr", "zscore"])

  let call: Call
  let method: String
  let reach: Double
  let needsInput = true

  init(_ call: Call) throws {
    self.call = call
    method = try call.choiceOption("method", among: ["iqr", "zscore", "mad"]) ?? "iqr"
    let standard = method == "iqr" ? 1.5 : method == "zscore" ? 3.0 : 3.5
    reach = try call.numberOption("k", in: 0...1e6) ?? standard
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let frame = try call.frame(input, session)
    var items = call.items
    if items.isEmpty {
      let keys = Set(call.byItems.compactMap { derivedName($0.value) })
      items = frame.schema.fields.filter { $0.type.isNumeric && !keys.contains($0.name) }
        .map { Item(value: Expr(.name($0.name), call.stage.verb.span)) }
    }
    let names = try resolveSelection(items, schema: frame.schema)
    guard !names.isEmpty else { throw call.misuse("there is no numeric column to look at") }
    var plan: LogicalPlan?
    for name in names {
      guard frame.schema[name]?.isNumeric == true else {
        throw Diagnostic(
          .type,
          "`outliers` needs numbers, and `\(name)` is "
            + (frame.schema[name]?.rawValue ?? "none"), span: items[0].value.span)
      }
      let part = try summary(of: name, frame)
      plan = try plan.map { try $0.appending(part, span: call.stage.span) } ?? part
    }
    return .plan(plan ?? .frame(frame, label: "frame"))
  }

  /// One row a group: the column's name, its fences and what lies outside.
  private func summary(of name: String, _ frame: Frame) throws -> LogicalPlan {
    let span = call.stage.verb.span
    func column(_ name: String) -> Expr { Expr(.name(name), span) }
    func called(_ function: String, _ arguments: Expr...) -> Expr {
      Expr(.call(function: Name(function, span), arguments: arguments), span)
    }
    func combined(_ operation: BinaryOperator, _ left: Expr, _ right: Expr) -> Expr {
      Expr(.binary(operation, left, right), span)
    }
    func number(_ value: Double) -> Expr { Expr(.float(value), span) }
    func item(_ name: String, _ value: Expr) -> Item { Item(name: Name(name, span), value: value) }
    let x = called("float", column(name))
    let scope = call.scope(frame.schema)
    var plan = LogicalPlan.frame(frame, label: "frame")
    let (value, far, lower, upper) = ("\0x", "\0far", "\0lower", "\0upper")
    plan = try plan.deriving([item(value, x)], scope: scope)
    let center: [Item]
    switch method {
    case "iqr":
      center = [
        item("\0q1", called("quantile", column(value), number(0.25))),
        item("\0q3", called("quantile", column(value), number(0.75))),
        item(far, combined(.subtract, column("\0q3"), column("\0q1"))),
      ]
    case "zscore":
      center = [
        item("\0q1", called("mean", column(value))), item("\0q3", column("\0q1")),
        item(far, called("sd", column(value))),
      ]
    default:
      // The constant makes it the standard deviation of normal values.
      center = [
        item("\0q1", called("median", column(value))), item("\0q3", column("\0q1")),
        item("\0off", called("abs", combined(.subtract, column(value), column("\0q1")))),
        item(far, combined(.multiply, called("median", column("\0off")), number(1.4826))),
      ]
    }
    let distance = combined(.multiply, number(reach), column(far))
    plan = try plan.deriving(
      center + [
        item(lower, combined(.subtract, column("\0q1"), distance)),
        item(upper, combined(.add, column("\0q3"), distance)),
      ], keys: call.byItems, scope: scope)
    let below = combined(.less, column(value), column(lower))
    let above = combined(.greater, column(value), column(upper))
    return try plan.aggregated(
      [
        item("column", Expr(.text(name), span)), item("values", called("count", column(value))),
        item("lower", called("min", column(lower))), item("upper", called("max", column(upper))),
        item("below", called("sum", below)), item("above", called("sum", above)),
        item("share", called("mean", combined(.or, below, above))),
        item("least", called("min", column(value))),
        item("greatest", called("max", column(value))),
      ], keys: call.byItems, scope: scope)
  }
}
