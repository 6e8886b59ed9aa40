import Language

/// The shape of a syntax tree without its spans, to compare what two texts mean.
protocol Treelike {
  var tree: String { get }
}

extension Expr: Treelike {
  var tree: String {
    switch kind {
    case .name(let name): "name(\(name))"
    case .variable(let name): "$\(name)"
    case .text(let text): "text(\(text.debugDescription))"
    case .format(let parts): "format(\(joined(parts.map(\.tree))))"
    case .duration(let parts):
      "duration(\(parts.map { "\($0.amount)\($0.unit)" }.joined(separator: " ")))"
    case .list(let elements): "[\(elements.tree)]"
    case .record(let fields):
      "{\(fields.map { "\($0.key.text): \($0.value.tree)" }.joined(separator: ", "))}"
    case .call(let function, let arguments): "\(function.text)(\(arguments.tree))"
    case .index(let base, let index): "\(base.tree)[\(index.tree)]"
    case .unary(let operation, let operand): "(\(operation) \(operand.tree))"
    case .binary(let operation, let left, let right):
      "(\(left.tree) \(operation) \(right.tree))"
    case .range(let lower, let upper, let isHalfOpen):
      "(\(lower?.tree ?? "") \(isHalfOpen ? "..<" : "..") \(upper?.tree ?? ""))"
    case .isNull(let operand, let isNegated): "(\(operand.tree) \(isNegated ? "!" : "")null)"
    case .conditional(let condition, let then, let otherwise):
      "if(\([condition, then, otherwise].tree))"
    case .choice(let arms, let otherwise):
      "case(\(arms.map { "\($0.condition.tree): \($0.value.tree)" }.joined(separator: ", ")); \(otherwise?.tree ?? ""))"
    case .formula(let response, let terms): "(\(response.tree) ~ \(terms.tree))"
    default: "\(kind)"
    }
  }
}

extension FormatPart: Treelike {
  var tree: String {
    switch self {
    case .text(let text): text.debugDescription
    case .expression(let expression): expression.tree
    }
  }
}

extension [Expr] {
  var tree: String { map(\.tree).joined(separator: ", ") }
}

extension Item: Treelike {
  var tree: String {
    "item(\(name?.text ?? "-") \(value.tree) \(renamed?.text ?? "-") \(each?.tree ?? "-") "
      + "\(isJuxtaposed))"
  }
}

extension Clause: Treelike {
  var tree: String {
    switch kind {
    case .by(let items): "by [\(joined(items.map(\.tree)))]"
    case .where(let condition): "where \(condition.tree)"
    case .sort(let keys):
      "sort \(keys.map { "\($0.isDescending) \($0.value.tree)" }.joined(separator: ", "))"
    case .into(let names): "into [\(joined(names.map(\.text)))]"
    case .on(let items): "on [\(joined(items.map(\.tree)))]"
    case .as(let name): "as \(name.text)"
    case .preposition(let word, let items): "\(word.text) [\(joined(items.map(\.tree)))]"
    case .option(let name, let value): "\(name.text)=\(value.tree)"
    }
  }
}

extension Stage: Treelike {
  var tree: String {
    "\(verb.text)[\(joined(words.map(\.text)))] [\(joined(items.map(\.tree)))] [\(joined(clauses.map(\.tree)))] "
      + "\(conditions.tree)"
  }
}

extension Pipeline: Treelike {
  var tree: String { "\(source?.text ?? "") | [\(joined(stages.map(\.tree)))]" }
}

extension Statement: Treelike {
  var tree: String {
    switch kind {
    case .bind(let names, .pipeline(let pipeline)):
      "[\(joined(names.map(\.text)))] = \(pipeline.tree)"
    case .bind(let names, .expression(let value)): "[\(joined(names.map(\.text)))] := \(value.tree)"
    case .rebind(let name, let stages): "\(name?.text ?? "") |= [\(joined(stages.map(\.tree)))]"
    case .pipeline(let pipeline): pipeline.tree
    case .expression(let expression): expression.tree
    case .parameter(let parameter):
      "param \(parameter.name.text) \(parameter.value?.tree ?? "-") "
        + "\(parameter.options.map { "\($0.name.text)=\($0.value.tree)" }.joined(separator: " "))"
    case .definition(let definition):
      switch definition.body {
      case .pipeline(let body):
        "def \(definition.name.text)[\(joined(definition.parameters.map(\.text)))] \(body.tree)"
      case .expression(let body):
        "def \(definition.name.text)[\(joined(definition.parameters.map(\.text)))] := \(body.tree)"
      }
    case .loop(let variable, let values, let body):
      "for \(variable.text) \(values.tree) [\(joined(body.map(\.tree)))]"
    case .inspect(let inspection, let statement): "\(inspection) \(statement.tree)"
    case .shell(let text): "! \(text)"
    case .help(let text): "? \(text)"
    case .prose(let text): "# \(text)"
    }
  }
}

private func joined(_ parts: [String]) -> String { parts.joined(separator: ", ") }
