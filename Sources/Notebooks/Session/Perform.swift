import Columnar
import Display
import Language
import Query

/// How each kind of statement runs.
extension Session {
  func perform(_ statement: Statement) throws {
    switch statement.kind {
    case .pipeline(let pipeline):
      let value = try evaluate(pipeline)
      try showResult(value)
    case .expression(let expression):
      try showResult(try evaluate(expression))
    case .bind(let names, let bound):
      try bind(names, bound)
    case .rebind(let name, let stages):
      try rebind(name, stages)
    case .parameter(let declaration):
      try declare(declaration)
    case .definition(let definition):
      state.definitions[definition.name.text] = definition
      step.writes.insert(definition.name.text)
      step.isChange = true
    case .loop(let variable, let values, let body):
      try loop(variable, values, body)
    case .inspect(let inspection, let statement):
      step.recording = .left
      try inspect(inspection, statement)
    case .shell(let text):
      step.recording = .left
      try shell(text, span: statement.span)
    case .help(let text):
      try perform(helpStatement(text, span: statement.span))
    case .prose:
      break
    }
  }

  private func helpStatement(_ topic: String, span: Span) -> Statement {
    let items = topic.isEmpty ? [] : [Item(value: Expr(.text(topic), span))]
    let stage = Stage(verb: Name("help", span), items: items, span: span)
    return Statement(.pipeline(Pipeline(source: nil, stages: [stage])), span)
  }

  /// Shows what a pipeline or expression gave, and remembers it as `_`.
  func showResult(_ value: Value) throws {
    switch value {
    case .nothing: return
    case .plan(let plan) where plan.isStreamed && shownRows != nil:
      // As many rows are read as are shown.
      let (rows, report) = try plan.settled()
      let (frame, _) = try Execution.run(.take(rows, .range(0..<(shownRows ?? 0))))
      lastReport = report
      try show(
        .frame(
          FrameOutput(
            frame: frame, rowCount: FrameShape(rows).rowCount, footer: report.footer)))
      remember(.plan(rows))
    case .plan(let plan):
      let (frame, report) = try Execution.run(plan)
      lastReport = report
      try show(.frame(FrameOutput(frame: frame, footer: report.footer)))
      remember(.frame(frame))
    case .frame(let frame):
      try show(.frame(FrameOutput(frame: frame)))
      remember(value)
    case .scalar(let scalar):
      try show(.report(scalar.report))
      remember(value)
    case .frames(let parts):
      for part in parts { try show(.frame(FrameOutput(frame: part))) }
    case .object(let object):
      try show(object.output)
      remember(value)
    case .output(let output):
      try show(output)
      remember(value)
    case .outputs(let outputs):
      for output in outputs { try show(output) }
    }
  }

  private func remember(_ value: Value) {
    if step.recording == .left { return }
    state.last = value
    step.writes.insert(Step.lastShown)
  }

  private func bind(_ names: [Name], _ bound: Statement.Bound) throws {
    let value =
      switch bound {
      case .pipeline(let pipeline): try evaluate(pipeline)
      case .expression(let expression): try evaluate(expression)
      }
    try bind(names, to: value, from: bound)
  }

  private func bind(_ names: [Name], to value: Value, from bound: Statement.Bound? = nil) throws {
    if names.count > 1 {
      try bindParts(names, value)
      return
    }
    let name = names[0]
    let previous = state.bindings[name.text]
    switch value {
    case .plan(let plan) where plan.isStreamed:
      let (rows, report) = try plan.settled()
      lastReport = report
      bind(name.text, to: .plan(rows))
      trace(name.text, flow)
      if case .pipeline(let pipeline) = bound, isBareLoad(pipeline) { use(name.text) }
      try show(.message(.bound(name.text, FrameShape(rows), report: report, replaces: previous)))
    case .plan(let plan):
      let (frame, report) = try Execution.run(plan)
      lastReport = report
      bind(name.text, to: .frame(frame))
      trace(name.text, flow)
      if case .pipeline(let pipeline) = bound, isBareLoad(pipeline) { use(name.text) }
      try show(.message(.bound(name.text, FrameShape(frame), report: report, replaces: previous)))
    case .frame(let frame):
      bind(name.text, to: value)
      trace(name.text, flow)
      if case .pipeline(let pipeline) = bound, isBareLoad(pipeline) { use(name.text) }
      try show(.message(.bound(name.text, FrameShape(frame), report: nil, replaces: previous)))
    case .scalar(let scalar):
      bind(name.text, to: value)
      if case .expression(let expression) = bound, isConstant(expression) {
        state.constants.insert(name.text)
      }
      try show(.message(.bound(name.text, scalar)))
    case .object(let object):
      bind(name.text, to: value)
      if case .pipeline(let pipeline) = bound, !pipeline.stages.isEmpty, !isBareLoad(pipeline) {
        try show(object.introduction(as: name.text))
        return
      }
      try show(
        .message(
          Message(
            subject: name.text, text: object.summary, kind: "binding",
            facts: [Fact("name", .string(name.text))])))
    case .output, .outputs:
      bind(name.text, to: value)
      try show(
        .message(
          Message(
            subject: name.text, text: "a report", kind: "binding",
            facts: [Fact("name", .string(name.text))])))
    case .frames(let parts):
      throw Diagnostic(
        .arguments, "this gives \(parts.count) frames, but there is one name for them",
        span: name.span, hints: ["train, test = …"])
    case .nothing:
      throw Diagnostic(.arguments, "this gives nothing to bind", span: name.span)
    }
  }

  private func isBareLoad(_ pipeline: Pipeline) -> Bool {
    pipeline.source == nil && pipeline.stages.count == 1
      && catalog[pipeline.stages[0].verb.text] is any SourceVerb.Type
  }

  private func bindParts(_ names: [Name], _ value: Value) throws {
    guard case .frames(let parts) = value else {
      throw Diagnostic(
        .arguments, "\(names.count) names, but this gives \(value.typeName)", span: names[0].span)
    }
    guard parts.count == names.count else {
      throw Diagnostic(
        .arguments, "\(names.count) names, but this gives \(parts.count) frames",
        span: names[0].span)
    }
    for (name, part) in zip(names, parts) {
      let previous = state.bindings[name.text]
      bind(name.text, to: .frame(part))
      trace(name.text, flow)
      try show(.message(.bound(name.text, FrameShape(part), report: nil, replaces: previous)))
    }
  }

  private func rebind(_ name: Name?, _ stages: [Stage]) throws {
    let target = try name ?? currentName(for: stages[0].verb)
    step.statement = Statement(.rebind(name: target, stages: stages), step.statement.span)
    let former = try self.value(of: target)
    let before: FrameShape
    if case .plan(let plan) = former, plan.isStreamed {
      before = FrameShape(plan)
    } else {
      before = FrameShape(try frame(of: target))
    }
    let value = try evaluate(Pipeline(source: target, stages: stages))
    let after: FrameShape
    var report: ExecutionReport?
    switch value {
    case .frame(let frame):
      bind(target.text, to: value)
      trace(target.text, flow)
      after = FrameShape(frame)
    case .plan(let plan) where plan.isStreamed:
      let (rows, found) = try plan.settled()
      bind(target.text, to: .plan(rows))
      trace(target.text, flow)
      (after, report) = (FrameShape(rows), found)
    case .plan(let plan):
      let (frame, found) = try Execution.run(plan)
      bind(target.text, to: .frame(frame))
      trace(target.text, flow)
      (after, report) = (FrameShape(frame), found)
    default:
      throw Diagnostic(
        .arguments, "`\(stages[stages.count - 1].verb.text)` gives \(value.typeName), not rows",
        span: stages[stages.count - 1].span)
    }
    if let report { lastReport = report }
    try show(.message(.rebound(target.text, from: before, to: after, report: report)))
  }

  private func loop(_ variable: Name, _ values: Expr, _ body: [Statement]) throws {
    let elements = try elements(of: values)
    let shadowed = state.bindings[variable.text]
    let (lineages, constants) = (state.lineages, state.constants)
    state.lineages[variable.text] = nil
    state.constants.remove(variable.text)
    if isConstant(values) { state.constants.insert(variable.text) }
    for element in elements {
      state.bindings[variable.text] = .scalar(try element())
      for statement in body {
        try Cancellation.check()
        try perform(statement)
      }
    }
    state.bindings[variable.text] = shadowed
    state.lineages[variable.text] = lineages[variable.text]
    state.constants.remove(variable.text)
    if constants.contains(variable.text) { state.constants.insert(variable.text) }
    if shadowed == nil { step.reads.remove(variable.text) }
  }

  /// What `for` runs over: a list that is written, each value found when its turn comes, or the
  /// rows of a bound frame of one column.
  private func elements(of values: Expr) throws -> [() throws -> Scalar] {
    switch values.kind {
    case .list(let elements):
      return elements.map { element in { [self] in try scalar(element) } }
    case .name(let name), .variable(let name):
      let value = try value(of: Name(name, values.span))
      if case .frame(let frame) = value, frame.columns.count == 1 {
        return (0..<frame.rowCount).map { row in { frame.columns[0][row] } }
      }
      throw Diagnostic(
        .type, "`for` runs over a list, and `\(name)` is \(value.typeName)", span: values.span,
        label: "a list is [1, 2, 3] or a frame of one column")
    default:
      throw Diagnostic(.arguments, "`for` runs over a list, as [1, 2, 3]", span: values.span)
    }
  }
}
