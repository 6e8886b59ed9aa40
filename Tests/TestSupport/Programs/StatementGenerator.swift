import Language

/// Random statements; what the grammar forbids (an option twice, no item) is not made.
extension SyntaxGenerator {
  /// One statement of any kind.
  package mutating func statement(_ depth: Int = 3) -> Statement {
    Statement(statementKind(depth), none)
  }

  private mutating func statementKind(_ depth: Int) -> Statement.Kind {
    switch below(12) {
    case 0: return .bind(names: [plainName()], value: .expression(value(depth)))
    case 1:
      let names = [Name("train"), Name("test set")].prefix(1 + below(2))
      return .bind(names: Array(names), value: .pipeline(pipeline(depth, isSourced: true)))
    case 2:
      return .rebind(name: chance(50) ? plainName() : nil, stages: many(1...2) { $0.stage(depth) })
    case 3: return .expression(value(depth))
    case 4:
      let keys = ["min", "max", "doc"].prefix(below(4))
      return .parameter(
        ParameterDeclaration(
          name: plainName(), value: expression(depth),
          options: keys.map { (Name($0), optionValue(depth)) }))
    case 5:
      let body: Definition.Body =
        chance(50)
        ? .expression(value(depth)) : .pipeline(pipeline(depth, isSourced: true))
      return .definition(
        Definition(name: plainName(), parameters: [Name("p"), Name("q")], body: body))
    case 6 where depth > 0:
      return .loop(
        variable: Name("v"), values: expression(depth),
        body: many(1...2) { $0.statement(depth - 2) })
    case 7 where depth > 0:
      return .inspect(chance(50) ? .time : .plan, Statement(.pipeline(pipeline(depth)), none))
    case 8: return .prose(pick(["", "a note", "# Heading", "with # sign", "  indented"]))
    case 9: return pick([.shell("ls -l"), .help("join"), .help("")])
    default: return .pipeline(pipeline(depth))
    }
  }

  /// A value at the top level: what would be read as a pipeline or a line of its own is wrapped.
  private mutating func value(_ depth: Int) -> Expr {
    Expr(.list([expression(depth)]), none)
  }

  private mutating func pipeline(_ depth: Int, isSourced: Bool = false) -> Pipeline {
    let isSourced = isSourced || chance(50)
    return Pipeline(
      source: isSourced ? pick([Name("a"), Name("odd name"), Name("_")]) : nil,
      stages: many(1...3) { $0.stage(depth) })
  }

  mutating func stage(_ depth: Int) -> Stage {
    let verbs = [
      "select", "derive", "filter", "agg", "fill", "line", "export", "check", "gate", "fit",
      "rename", "sort", "hist", "load", "describe",
    ]
    let verb = pick(verbs)
    var stage = Stage(verb: Name(verb), span: none)
    if verb == "fit" { stage.words = [Name("ols")] }
    stage.items = items(verb, depth)
    stage.clauses = clauses(verb, depth)
    if verb == "check" || (verb == "gate" && chance(50)) {
      stage.conditions = many(1...2) { $0.expression(depth) }
    }
    return stage
  }

  private mutating func items(_ verb: String, _ depth: Int) -> [Item] {
    switch verb {
    case "describe": return many(0...2) { Item(value: $0.expression(depth)) }
    case "load": return [Item(value: Expr(chance(50) ? .name("-") : .text("x.csv"), none))]
    case "derive", "agg":
      return many(1...3) {
        $0.chance(20)
          ? Item(value: $0.expression(depth), each: $0.expression(1))
          : Item(name: $0.name(), value: $0.expression(depth))
      }
    case "rename": return many(1...2) { Item(value: $0.expression(1), renamed: $0.name()) }
    case "fit":
      return [
        Item(
          value: Expr(
            .formula(
              response: Expr(.name(plainName().text), none),
              terms: expression(depth, inFormula: true)), none))
      ]
    case "export":
      return [
        Item(value: expression(1)), Item(value: expression(1), isJuxtaposed: true),
      ]
    default: return many(1...3) { Item(value: $0.expression(depth)) }
    }
  }

  private mutating func clauses(_ verb: String, _ depth: Int) -> [Clause] {
    var kinds: [Clause.Kind] = []
    if chance(25) {
      kinds.append(
        .by(
          many(1...2) {
            Item(name: $0.chance(30) ? $0.name() : nil, value: $0.expression(depth - 1))
          }))
    }
    if chance(25) { kinds.append(.where(expression(depth))) }
    if chance(20) {
      kinds.append(
        .sort(
          many(1...2) { SortKey(value: $0.expression(1), isDescending: $0.chance(50)) }))
    }
    if chance(10) { kinds.append(.into(many(1...2) { $0.name() })) }
    if chance(10) { kinds.append(.on(many(1...2) { Item(value: $0.expression(1)) })) }
    if chance(10) { kinds.append(.as(name())) }
    let preposition = ["fill": "with", "line": "over", "gate": "beats"][verb]
    if let preposition, chance(60) {
      kinds.append(.preposition(Name(preposition), many(1...2) { Item(value: $0.expression(1)) }))
    }
    for key in ["seed", "null", "odd key"].prefix(below(4)) {
      kinds.append(.option(Name(key), optionValue(depth)))
    }
    return kinds.shuffled(using: &random).map { Clause($0, none) }
  }

  private mutating func optionValue(_ depth: Int) -> Expr {
    let words = ["robust", "github-actions", "n:1", "1:1", "a.b", "by", "odd word", "in", "n:"]
    return chance(50) ? Expr(.name(pick(words)), none) : expression(depth - 1)
  }
}
