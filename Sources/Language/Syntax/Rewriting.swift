extension Expr {
  /// The expression with `body` applied to every part, innermost first.
  package func rewritten(_ body: (Expr) -> Expr) -> Expr {
    func part(_ expression: Expr) -> Expr { expression.rewritten(body) }
    let kind: Kind =
      switch self.kind {
      case .format(let parts):
        .format(
          parts.map { format in
            if case .expression(let inner) = format { .expression(part(inner)) } else { format }
          })
      case .list(let elements): .list(elements.map(part))
      case .record(let fields):
        .record(fields.map { RecordField(key: $0.key, value: part($0.value)) })
      case .call(let function, let arguments):
        .call(function: function, arguments: arguments.map(part))
      case .index(let base, let index): .index(part(base), part(index))
      case .unary(let operation, let operand): .unary(operation, part(operand))
      case .binary(let operation, let left, let right):
        .binary(operation, part(left), part(right))
      case .range(let lower, let upper, let isHalfOpen):
        .range(lower: lower.map(part), upper: upper.map(part), isHalfOpen: isHalfOpen)
      case .isNull(let operand, let isNegated): .isNull(part(operand), isNegated: isNegated)
      case .conditional(let condition, let then, let otherwise):
        .conditional(
          condition: part(condition), then: part(then), otherwise: part(otherwise))
      case .choice(let arms, let otherwise):
        .choice(
          arms: arms.map { ChoiceArm(condition: part($0.condition), value: part($0.value)) },
          otherwise: otherwise.map(part))
      case .formula(let response, let terms):
        .formula(response: part(response), terms: part(terms))
      case .null, .bool, .integer, .float, .percentage, .text, .date, .datetime, .duration, .size,
        .regex, .name, .variable, .placeholder:
        self.kind
      }
    return body(Expr(kind, span))
  }

  /// The expression with bare names as `$names`: how a top-level expression reads bound values.
  package var namesAsVariables: Expr {
    rewritten { expression in
      if case .name(let name) = expression.kind {
        Expr(.variable(name), expression.span)
      } else {
        expression
      }
    }
  }

  /// Bare names and `$names`, in the order written.
  package var freeNames: [Name] {
    var names: [Name] = []
    _ = rewritten { expression in
      switch expression.kind {
      case .name(let name), .variable(let name): names.append(Name(name, expression.span))
      default: break
      }
      return expression
    }
    return names
  }
}

extension Stage {
  /// The stage with `body` applied to each of its expressions, whole.
  package func mapExpressions(_ body: (Expr) -> Expr) -> Stage {
    func mapped(_ item: Item) -> Item {
      Item(
        name: item.name, value: body(item.value), renamed: item.renamed,
        each: item.each.map(body), isJuxtaposed: item.isJuxtaposed)
    }
    var stage = self
    stage.items = items.map(mapped)
    stage.conditions = conditions.map(body)
    stage.clauses = clauses.map { clause in
      let kind: Clause.Kind =
        switch clause.kind {
        case .by(let items): .by(items.map(mapped))
        case .where(let condition): .where(body(condition))
        case .sort(let keys):
          .sort(keys.map { SortKey(value: body($0.value), isDescending: $0.isDescending) })
        case .on(let items): .on(items.map(mapped))
        case .preposition(let word, let items): .preposition(word, items.map(mapped))
        case .option(let name, let value): .option(name, body(value))
        case .into, .as: clause.kind
        }
      return Clause(kind, clause.span)
    }
    return stage
  }

  /// The names of `$variables` in the stage.
  package var variableNames: Set<String> {
    var names: Set<String> = []
    visit { if case .variable(let name) = $0.kind { names.insert(name) } }
    return names
  }

  /// The names of functions that the stage calls.
  package var callNames: Set<String> {
    var names: Set<String> = []
    visit { if case .call(let function, _) = $0.kind { names.insert(function.text) } }
    return names
  }

  private func visit(_ body: (Expr) -> Void) {
    _ = mapExpressions { expression in
      _ = expression.rewritten { part in
        body(part)
        return part
      }
      return expression
    }
  }
}

extension Statement {
  /// The statement with `body` applied to each of its pipelines.
  package func mapPipelines(_ body: (Pipeline) -> Pipeline) -> Statement {
    let kind: Kind =
      switch self.kind {
      case .bind(let names, .pipeline(let pipeline)):
        .bind(names: names, value: .pipeline(body(pipeline)))
      case .pipeline(let pipeline): .pipeline(body(pipeline))
      case .rebind(let name, let stages):
        .rebind(name: name, stages: body(Pipeline(source: name, stages: stages)).stages)
      case .definition(let definition):
        if case .pipeline(let pipeline) = definition.body {
          .definition(
            Definition(
              name: definition.name, parameters: definition.parameters,
              body: .pipeline(body(pipeline))))
        } else {
          .definition(definition)
        }
      case .loop(let variable, let values, let statements):
        .loop(
          variable: variable, values: values, body: statements.map { $0.mapPipelines(body) })
      case .inspect(let inspection, let statement):
        .inspect(inspection, statement.mapPipelines(body))
      case .bind, .expression, .parameter, .shell, .help, .prose: self.kind
      }
    return Statement(kind, span)
  }

  /// The verbs of its stages.
  package var verbs: Set<String> {
    var verbs: Set<String> = []
    _ = mapPipelines { pipeline in
      for stage in pipeline.stages { verbs.insert(stage.verb.text) }
      return pipeline
    }
    return verbs
  }

  /// The statement with a source for the pipeline whose first stage stands at `span`.
  package func replacing(source: Name, inPipelineAt span: Span) -> Statement {
    mapPipelines { pipeline in
      var pipeline = pipeline
      if pipeline.stages.first?.span == span { pipeline.source = source }
      return pipeline
    }
  }

  /// The statement with an option added to the stage at `span`.
  package func adding(option name: String, value: Expr, toStageAt span: Span) -> Statement {
    mapPipelines { pipeline in
      var pipeline = pipeline
      for index in pipeline.stages.indices where pipeline.stages[index].span == span {
        pipeline.stages[index].clauses.append(Clause(.option(Name(name), value), span))
      }
      return pipeline
    }
  }
}
