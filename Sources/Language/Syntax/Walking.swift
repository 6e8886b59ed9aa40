/// What a name in a syntax tree refers to.
package enum NameRole: Sendable, Hashable {
  /// A bare name in a stage: a column, as far as the tree tells.
  case column
  /// A bare name at the top level or a pipeline's source: a bound value.
  case value
  /// `$name`: a bound scalar or parameter.
  case variable
  /// A function that is called, perhaps one of the user's own.
  case function
  /// A name that the statement binds or makes.
  case binding
}

extension Expr {
  /// Each part of the expression, the whole first.
  package func forEachPart(_ body: (Expr) -> Void) {
    body(self)
    switch kind {
    case .format(let parts):
      for case .expression(let part) in parts { part.forEachPart(body) }
    case .list(let elements): for element in elements { element.forEachPart(body) }
    case .record(let fields): for field in fields { field.value.forEachPart(body) }
    case .call(_, let arguments): for argument in arguments { argument.forEachPart(body) }
    case .index(let base, let index):
      base.forEachPart(body)
      index.forEachPart(body)
    case .unary(_, let operand), .isNull(let operand, _): operand.forEachPart(body)
    case .binary(_, let left, let right), .formula(let left, let right):
      left.forEachPart(body)
      right.forEachPart(body)
    case .range(let lower, let upper, _):
      lower?.forEachPart(body)
      upper?.forEachPart(body)
    case .conditional(let condition, let then, let otherwise):
      condition.forEachPart(body)
      then.forEachPart(body)
      otherwise.forEachPart(body)
    case .choice(let arms, let otherwise):
      for arm in arms {
        arm.condition.forEachPart(body)
        arm.value.forEachPart(body)
      }
      otherwise?.forEachPart(body)
    case .null, .bool, .integer, .float, .percentage, .text, .date, .datetime, .duration, .size,
      .regex, .name, .variable, .placeholder:
      break
    }
  }

  /// Each name with its role; bare names have the role `bare`.
  package func forEachName(bare: NameRole, _ body: (Name, NameRole) -> Void) {
    forEachPart { part in
      switch part.kind {
      case .name(let name): body(Name(name, part.span), bare)
      case .variable(let name): body(Name(name, part.span), .variable)
      case .call(let function, _): body(function, .function)
      default: break
      }
    }
  }

  /// The bare names in the expression, each once, in the order they first stand.
  package var names: [String] {
    var seen: Set<String> = []
    var names: [String] = []
    forEachPart { part in
      if case .name(let name) = part.kind, seen.insert(name).inserted { names.append(name) }
    }
    return names
  }
}

extension Stage {
  /// Each expression of the stage in the order written; values of options are left out where they
  /// are plain words, which name no column for certain.
  package func forEachExpression(_ body: (Expr) -> Void) {
    func visit(_ items: [Item]) {
      for item in items {
        if let each = item.each { body(each) }
        body(item.value)
      }
    }
    visit(items)
    for clause in clauses {
      switch clause.kind {
      case .by(let items), .on(let items), .preposition(_, let items): visit(items)
      case .where(let condition): body(condition)
      case .sort(let keys): for key in keys { body(key.value) }
      case .option(_, let value): if case .name = value.kind { continue } else { body(value) }
      case .into, .as: break
      }
    }
    conditions.forEach(body)
  }

  /// Each name in the stage: bare ones as columns, made ones as bindings.
  package func forEachName(_ body: (Name, NameRole) -> Void) {
    forEachExpression { $0.forEachName(bare: .column, body) }
    for item in items {
      if let name = item.name { body(name, .binding) }
      if let name = item.renamed { body(name, .binding) }
    }
    for clause in clauses {
      switch clause.kind {
      case .by(let items): for case let name? in items.map(\.name) { body(name, .binding) }
      case .into(let names): for name in names { body(name, .binding) }
      case .as(let name): body(name, .binding)
      default: break
      }
    }
  }
}

extension Pipeline {
  /// Each name in the pipeline: its source as a value, what its stages name as `Stage` says.
  package func forEachName(_ body: (Name, NameRole) -> Void) {
    if let source { body(source, .value) }
    for stage in stages { stage.forEachName(body) }
  }
}

extension Statement {
  /// Each name in the statement with its role, as far as the tree tells: whether a verb takes an
  /// item as a frame's or model's name (`join zones`, `evaluate m`) only the verb knows.
  package func forEachName(_ body: (Name, NameRole) -> Void) {
    switch kind {
    case .bind(let names, let value):
      switch value {
      case .pipeline(let pipeline): pipeline.forEachName(body)
      case .expression(let expression): expression.forEachName(bare: .value, body)
      }
      for name in names { body(name, .binding) }
    case .rebind(let name, let stages):
      if let name { body(name, .value) }
      for stage in stages { stage.forEachName(body) }
      if let name { body(name, .binding) }
    case .pipeline(let pipeline): pipeline.forEachName(body)
    case .expression(let expression): expression.forEachName(bare: .value, body)
    case .parameter(let parameter):
      parameter.value?.forEachName(bare: .value, body)
      body(parameter.name, .binding)
    case .definition(let definition):
      let parameters = Set(definition.parameters.map(\.text))
      // Parameters are the definition's own.
      func visit(_ name: Name, _ role: NameRole) {
        if role == .value || role == .variable, parameters.contains(name.text) { return }
        body(name, role)
      }
      switch definition.body {
      case .pipeline(let pipeline): pipeline.forEachName(visit)
      case .expression(let expression): expression.forEachName(bare: .value, visit)
      }
      body(definition.name, .binding)
    case .loop(let variable, let values, let statements):
      values.forEachName(bare: .value, body)
      for statement in statements {
        statement.forEachName { name, role in
          if role == .value || role == .variable, name.text == variable.text { return }
          body(name, role)
        }
      }
    case .inspect(_, let statement): statement.forEachName(body)
    case .shell, .help, .prose: break
    }
  }
}
