import Columnar
import Display
import Language
import Query

/// How pipelines and top-level expressions become values.
extension Stage {
  /// The condition of its `where` clause.
  fileprivate var condition: Expr? {
    for case .where(let condition) in clauses.map(\.kind) { return condition }
    return nil
  }

  /// The place of the first text among its items: an error about a file belongs there.
  fileprivate var pathSpan: Span? {
    items.first { if case .text = $0.value.kind { true } else { false } }?.value.span
  }
}

extension Session {
  /// The value of a pipeline: a plan that has not run yet where it ends in rows.
  func evaluate(_ pipeline: Pipeline) throws -> Value {
    try tracing { try run(pipeline) }
  }

  /// The rows that a pipeline starts from, named, so that `plan` and `time` can say what is read.
  private func start(from name: Name) throws -> Value {
    let value = try self.value(of: name)
    traced.insert(name.text)
    flow = lineage(of: name.text)
    origin = flow
    if case .frame(let frame) = value { return .plan(.frame(frame, label: name.text).traced(flow)) }
    return value
  }

  private func run(_ pipeline: Pipeline) throws -> Value {
    var value: Value?
    var stages = try withSeeds(pipeline.stages)[...]
    if let source = pipeline.source {
      value = try start(from: source)
      if stages.isEmpty { return try self.value(of: source) }
    } else if let first = stages.first {
      let verb = try verb(first)
      if let source = verb as? any SourceVerb {
        note(verb)
        stages = stages.dropFirst()
        let (count, writes) = (step.inputs.count, step.writes)
        value = try located(first) { try source.source(in: self, followedBy: Array(stages)) }
        value = value.map { traceSource(since: count, writes: writes, $0) }
      } else if needsInput(verb) {
        let name = try currentName(for: first.verb)
        value = try start(from: name)
        makeSourceExplicit(name, pipeline)
      }
    }
    for stage in stages {
      try Cancellation.check()
      value = try apply(stage, to: value)
    }
    return value ?? .nothing
  }

  /// The verb of a stage, its call taken apart.
  private func verb(_ stage: Stage) throws -> any Verb {
    guard let type = catalog[stage.verb.text] else {
      throw Diagnostic(
        .unknownVerb, "there is no verb `\(stage.verb.text)`", span: stage.verb.span,
        label: nearest(stage.verb.text, among: catalog.declarations.map(\.name)).map {
          "did you mean `\($0)`?"
        })
    }
    noteVariables(stage)
    return try located(stage) {
      try type.init(
        Call(stage, declaration: type.declaration, in: state))
    }
  }

  private func needsInput(_ verb: any Verb) -> Bool {
    if let action = verb as? any ActionVerb { return action.needsInput }
    return verb is any FrameVerb || verb is any PartnerVerb
  }

  private func note(_ verb: any Verb) {
    if type(of: verb).declaration.recording == .left { step.recording = .left }
  }

  /// The scalars and definitions that a stage reads, for slicing.
  private func noteVariables(_ stage: Stage) {
    for name in stage.variableNames where state.bindings[name] != nil { step.reads.insert(name) }
    noteCalls(stage.callNames)
  }

  /// Definitions that are called, with all that they call and read in turn.
  private func noteCalls(_ names: Set<String>) {
    var waiting = Array(names)
    var seen: Set<String> = []
    while let name = waiting.popLast() {
      guard seen.insert(name).inserted, let definition = state.definitions[name] else { continue }
      step.reads.insert(name)
      guard case .expression(let body) = definition.body else { continue }
      let own = Set(definition.parameters.map(\.text))
      body.forEachPart { part in
        switch part.kind {
        case .call(let function, _): waiting.append(function.text)
        case .name(let used), .variable(let used):
          if !own.contains(used), state.bindings[used] != nil { step.reads.insert(used) }
        default: break
        }
      }
    }
  }

  private func apply(_ stage: Stage, to value: Value?) throws -> Value {
    let verb = try verb(stage)
    note(verb)
    var input = value
    if type(of: verb).filtersWhere, let condition = stage.condition, let value {
      input = .plan(try located(stage) { try filter(value, where: condition, stage) })
    }
    if let verb = verb as? any FrameVerb {
      guard let input, let plan = tracedPlan(of: input) else { throw notRows(stage, input) }
      return .plan(try located(stage) { try verb.lower(plan) })
    }
    if let verb = verb as? any PartnerVerb {
      guard let input, let plan = tracedPlan(of: input) else { throw notRows(stage, input) }
      let partners = try verb.partners.map { try partner($0) }
      return .plan(try located(stage) { try verb.lower(plan, with: partners) })
    }
    if let verb = verb as? any ActionVerb {
      if tracesColumns, case .plan(let plan)? = input { flow = plan.lineage }
      let given = flow
      let result = try located(stage) { try verb.run(on: input, in: self) }
      flow = try (tracesColumns ? verb as? any TracedVerb : nil).map {
        try $0.lineage(of: given ?? .unknown, in: self)
      }
      return result
    }
    throw Diagnostic(
      .usage, "`\(stage.verb.text)` begins a line; it cannot follow `|`", span: stage.verb.span)
  }

  private func notRows(_ stage: Stage, _ input: Value?) -> Diagnostic {
    Diagnostic(
      .type,
      "`\(stage.verb.text)` works on a frame, and this is \(input?.typeName ?? "nothing")",
      span: stage.verb.span)
  }

  /// The rows of a bound name beside the input, under that name.
  private func partner(_ name: Name) throws -> LogicalPlan {
    let value = try value(of: name)
    traced.insert(name.text)
    if case .frame(let frame) = value {
      return .frame(frame, label: name.text).traced(lineage(of: name.text))
    }
    guard let plan = plan(of: value) else {
      throw Diagnostic(
        .type, "`\(name.text)` is \(value.typeName), not a frame", span: name.span)
    }
    return plan
  }

  private func filter(_ value: Value, where condition: Expr, _ stage: Stage) throws -> LogicalPlan {
    guard let plan = tracedPlan(of: value) else {
      throw Diagnostic(
        .type, "`where` needs a frame, and this is \(value.typeName)", span: condition.span)
    }
    return try plan.filtered(by: [condition], scope: scope(plan.schema))
  }

  /// The scope of expressions over columns of `schema`.
  package func scope(_ schema: Schema) -> Scope {
    Scope(
      schema: schema, variables: state.variables, lists: state.lists,
      boundNames: state.boundNames, definitions: state.definitions)
  }

  package func plan(of value: Value) -> LogicalPlan? {
    switch value {
    case .plan(let plan): plan
    case .frame(let frame): .frame(frame, label: "frame")
    default: nil
    }
  }

  /// Errors of the engine get the span of the stage.
  private func located<Result>(_ stage: Stage, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as DataError {
      throw Diagnostic(error, span: error.file == nil ? stage.span : stage.pathSpan ?? stage.span)
    } catch let error as Diagnostic {
      throw error.ordering(stage, hasClause: takesOrder(stage))
    }
  }

  private func takesOrder(_ stage: Stage) -> Bool {
    catalog.declarations.first { $0.name == stage.verb.text }?.clauses.contains(.sort) ?? false
  }

  func currentName(for verb: Name) throws -> Name {
    guard let current = state.current, state.bindings[current] != nil else {
      throw Diagnostic(
        .noFrame, "`\(verb.text)` needs a frame, and none is current", span: verb.span,
        notes: state.bindings.isEmpty ? [] : ["choose one with `use NAME`"],
        hints: state.bindings.isEmpty ? ["load \"datasets/penguins.csv\" as penguins"] : [])
    }
    return Name(current, verb.span)
  }

  /// Writes the current frame's name into the line as it is recorded, so that a saved notebook
  /// does not depend on which frame was current.
  private func makeSourceExplicit(_ name: Name, _ pipeline: Pipeline) {
    guard callDepth == 0 else {
      // The body of a definition stands in another line.
      step.reads.insert(Step.currentFrame)
      return
    }
    step.statement = step.statement.replacing(
      source: Name(name.text), inPipelineAt: pipeline.stages[0].span)
  }

  /// The value of a top-level expression: bare names are bound values.
  func evaluate(_ expression: Expr) throws -> Value {
    switch expression.kind {
    case .name(let name), .variable(let name):
      flow = lineage(of: name)
      return try value(of: Name(name, expression.span))
    case .placeholder:
      flow = nil
      return try value(of: Name("_", expression.span))
    case .call(let function, let arguments):
      if case .pipeline(let body)? = state.definitions[function.text]?.body,
        let definition = state.definitions[function.text]
      {
        return try call(definition, body, arguments, span: expression.span)
      }
      return .scalar(try scalar(expression))
    case .list(let elements):
      flow = nil
      return .frame(try list(elements, span: expression.span))
    default:
      return .scalar(try scalar(expression))
    }
  }

  /// A list of values as a frame of one column, as which it is bound.
  private func list(_ elements: [Expr], span: Span) throws -> Frame {
    let values = try elements.map { try scalar($0) }
    var type: DataType?
    for (value, element) in zip(values, elements) {
      guard let other = value.type else { continue }
      guard let known = type else {
        type = other
        continue
      }
      guard let fitting = commonType(known, other) else {
        throw Diagnostic(
          .type, "the values are of different types: \(known.rawValue) and \(other.rawValue)",
          span: element.span, label: other.rawValue)
      }
      type = fitting
    }
    guard let type else {
      throw Diagnostic(
        .type, "a list needs a value that is not null, which says its type", span: span)
    }
    let fitting = values.map { $0.converted(to: type) ?? $0 }
    return Frame(names: ["value"], columns: [try .scalars(fitting, type: type)])
  }

  /// The scalar that a top-level expression gives.
  func scalar(_ expression: Expr) throws -> Scalar {
    let (variables, lists) = (state.variables, state.lists)
    if case .index(let base, let key) = expression.kind, case .name(let name) = base.kind,
      case .frame? = state.bindings[name], case .text(let column) = key.kind
    {
      throw Diagnostic(
        .type, "`\(name)` is a frame, and its columns are picked by a stage", span: expression.span,
        hints: ["\(name) | select \(Language.print(Expr(.name(column), key.span)))"])
    }
    var calls: Set<String> = []
    expression.forEachPart {
      if case .call(let function, _) = $0.kind { calls.insert(function.text) }
    }
    noteCalls(calls)
    for name in expression.freeNames {
      if state.bindings[name.text] == nil { _ = try value(of: name) }
      step.reads.insert(name.text)
      if variables[name.text] == nil, lists[name.text] == nil,
        let value = state.bindings[name.text]
      {
        throw Diagnostic(
          .type, "`\(name.text)` is \(value.typeName); an expression needs a scalar",
          span: name.span, hints: ["\(name.text) | agg …"])
      }
    }
    var reading = expression.namesAsVariables
    var place: Span?
    _ = reading.rewritten { part in
      if case .placeholder = part.kind { place = part.span }
      return part
    }
    if let place {
      let last = try lastScalar(place)
      reading = reading.rewritten { part in
        if case .placeholder = part.kind { Expr(last.expression.kind, part.span) } else { part }
      }
    }
    return try evaluateScalar(reading, scope: scope(Schema([])))
  }

  /// What `_` stands for in an expression. Throws `unknown-name` and `type`.
  private func lastScalar(_ span: Span) throws -> Scalar {
    switch try value(of: Name("_", span)) {
    case .scalar(let scalar): return scalar
    case .frame(let frame) where frame.rowCount == 1 && frame.columns.count == 1:
      return frame.columns[0][0]
    case let other:
      throw Diagnostic(
        .type, "`_` is \(other.typeName); an expression needs a scalar", span: span,
        hints: ["_ | agg …"])
    }
  }

  /// Runs the body of `def f(x) = x | …` with the arguments bound to its parameters.
  private func call(
    _ definition: Definition, _ body: Pipeline, _ arguments: [Expr], span: Span
  ) throws -> Value {
    guard arguments.count == definition.parameters.count else {
      throw Diagnostic(
        .arguments,
        "`\(definition.name.text)` takes \(definition.parameters.count) "
          + "argument\(definition.parameters.count == 1 ? "" : "s"), not "
          + "\(arguments.count)", span: span)
    }
    step.reads.insert(definition.name.text)
    callDepth += 1
    defer { callDepth -= 1 }
    guard callDepth < 50 else {
      throw Diagnostic(.arguments, "`\(definition.name.text)` calls itself", span: span)
    }
    var values: [(value: Value, lineage: FrameLineage?, isConstant: Bool)] = []
    for argument in arguments {
      let value = try evaluate(argument)
      values.append((value, flow, isConstant(argument)))
    }
    let shadowed = definition.parameters.map { state.bindings[$0.text] }
    let (lineages, constants) = (state.lineages, state.constants)
    for (parameter, argument) in zip(definition.parameters, values) {
      state.bindings[parameter.text] = argument.value
      state.lineages[parameter.text] = argument.lineage
      state.constants.remove(parameter.text)
      if argument.isConstant { state.constants.insert(parameter.text) }
    }
    defer {
      (state.lineages, state.constants) = (lineages, constants)
      for (parameter, value) in zip(definition.parameters, shadowed) {
        state.bindings[parameter.text] = value
        if value == nil { step.reads.remove(parameter.text) }
      }
    }
    return try evaluate(body)
  }
}
