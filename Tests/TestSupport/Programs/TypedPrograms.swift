import Language

/// Random pipelines over a frame `t` of columns i (int), x (float), s (text), b (bool) and d (date),
/// whose expressions have the types that their places ask for: most of them run.
package struct TypedPrograms {
  private var random: SeededGenerator
  private let none = Span(0, 0)

  package init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  private mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
  private mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }
  private func make(_ kind: Expr.Kind) -> Expr { Expr(kind, none) }
  private func column(_ name: String) -> Expr { make(.name(name)) }
  private func call(_ function: String, _ arguments: Expr...) -> Expr {
    make(.call(function: Name(function), arguments: arguments))
  }

  /// A pipeline of one stage to three.
  package mutating func statement() -> Statement {
    let stages = (0...below(3)).map { place in stage(place) }
    return Statement(.pipeline(Pipeline(source: Name("t"), stages: stages)), none)
  }

  private mutating func stage(_ place: Int) -> Stage {
    var stage = Stage(verb: Name("filter"), span: none)
    func clause(_ kind: Clause.Kind) { stage.clauses.append(Clause(kind, none)) }
    switch below(9) {
    case 0, 1: stage.items = [Item(value: condition(3))]
    case 2, 3, 4:
      stage.verb = Name("derive")
      stage.items = (0...below(2)).map { item in
        Item(name: Name("new\(place)\(item)"), value: value(3))
      }
      if below(4) == 0 { clause(.where(condition(1))) }
      if below(4) == 0 { clause(.by([Item(value: column(pick(["s", "b", "d"])))])) }
    case 5:
      stage.verb = Name("sort")
      stage.items = []
      stage.items = [sortKey(), sortKey()]
    case 6 where place > 0:
      stage.verb = Name("agg")
      stage.items = [
        Item(name: Name("n"), value: call("count")),
        Item(name: Name("i"), value: call(pick(["sum", "min", "max", "mean"]), number(2))),
        Item(name: Name("x"), value: call(pick(["mean", "sd", "median"]), number(1))),
        Item(name: Name("d"), value: call("max", column("d"))),
      ]
      clause(.by([Item(value: column("s")), Item(value: column("b"))]))
      if below(3) == 0 { clause(.where(condition(1))) }
    case 7:
      stage.verb = Name("take")
      let isRange = below(2) == 0
      stage.items = [
        Item(
          value: isRange
            ? make(.range(lower: whole(1), upper: whole(6), isHalfOpen: false)) : whole(5))
      ]
    default:
      stage.verb = Name("fill")
      stage.items = [Item(value: column("x"))]
      clause(.preposition(Name("with"), [Item(value: number(1))]))
    }
    return stage
  }

  private mutating func sortKey() -> Item {
    let key = pick([column("i"), column("x"), column("s"), column("d"), column("b")])
    return Item(value: below(2) == 0 ? key : make(.unary(.minus, key)))
  }

  private func whole(_ value: Int64) -> Expr { make(.integer(value)) }

  private mutating func value(_ depth: Int) -> Expr {
    switch below(5) {
    case 0, 1: number(depth)
    case 2: text(depth)
    case 3: condition(depth)
    default: date(depth)
    }
  }

  /// Either of two values by a condition, as `if` or `case`.
  private mutating func choice(_ depth: Int, _ value: (inout Self) -> Expr) -> Expr {
    if below(2) == 0 {
      return make(
        .conditional(
          condition: condition(depth), then: value(&self), otherwise: value(&self)))
    }
    let arms = (0...below(2)).map { _ in
      ChoiceArm(condition: condition(depth), value: value(&self))
    }
    return make(.choice(arms: arms, otherwise: below(2) == 0 ? value(&self) : nil))
  }

  private mutating func number(_ depth: Int) -> Expr {
    guard depth > 0 else {
      return pick([
        column("i"), column("x"), whole(0), whole(7), make(.float(0.5)), make(.percentage(25)),
      ])
    }
    let next = depth - 1
    switch below(8) {
    case 0, 1, 2:
      let operation = pick([
        BinaryOperator.add, .subtract, .multiply, .divide, .floorDivide, .remainder, .power,
      ])
      return make(.binary(operation, number(next), number(next)))
    case 3: return make(.unary(.minus, number(next)))
    case 4: return call(pick(["abs", "round", "floor", "sqrt"]), number(next))
    case 5: return make(.binary(.coalesce, number(next), number(next)))
    case 6: return choice(next) { $0.number(next) }
    default: return below(2) == 0 ? number(0) : call("length", text(next))
    }
  }

  private mutating func condition(_ depth: Int) -> Expr {
    guard depth > 0 else { return column("b") }
    let next = depth - 1
    switch below(9) {
    case 0, 1:
      let operation = pick([
        BinaryOperator.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual,
      ])
      return make(.binary(operation, number(next), number(next)))
    case 2: return make(.binary(.and, condition(next), condition(next)))
    case 3: return make(.binary(.or, condition(next), condition(next)))
    case 4: return make(.unary(.not, condition(next)))
    case 5: return make(.isNull(value(next), isNegated: below(2) == 0))
    case 6:
      let range = Expr.Kind.range(
        lower: whole(-3), upper: below(3) == 0 ? nil : number(0), isHalfOpen: false)
      return make(.binary(pick([.isIn, .isNotIn]), number(next), make(range)))
    case 7:
      let list = make(.list([make(.text("b")), make(.text("é")), make(.text("it's"))]))
      return make(.binary(pick([.isIn, .isNotIn]), text(next), list))
    default:
      let regex = make(
        .regex(pattern: pick(["^a", "[bé]", "x/y", "\\d"]), isCaseInsensitive: true))
      return make(.binary(pick([.matches, .doesNotMatch]), text(next), regex))
    }
  }

  private mutating func text(_ depth: Int) -> Expr {
    guard depth > 0 else {
      return pick([column("s"), make(.text("a \"q\"")), make(.text("é\n{}"))])
    }
    let next = depth - 1
    switch below(5) {
    case 0: return call(pick(["upper", "trim", "reverse"]), text(next))
    case 1: return call("concat", text(next), text(next))
    case 2:
      return make(
        .format([.expression(number(next)), .text(" {x} "), .expression(text(next))]))
    case 3: return choice(next) { $0.text(next) }
    default: return make(.binary(.coalesce, column("s"), text(next)))
    }
  }

  private mutating func date(_ depth: Int) -> Expr {
    guard depth > 0 else { return below(2) == 0 ? column("d") : make(.date(19_782)) }
    let length = make(
      .duration([DurationPart(amount: Double(1 + below(30)), unit: pick([.day, .week, .month]))]))
    return make(.binary(pick([.add, .subtract]), date(depth - 1), length))
  }
}
