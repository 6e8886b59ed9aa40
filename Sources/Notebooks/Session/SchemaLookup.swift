import Columnar
import Language
import Query

/// What completion and colours ask of a line that has not run. Nothing is read from files and nothing
/// changes.
extension Session {
  /// The columns behind the stages of a pipeline, or those of the current frame for none; nil where
  /// they cannot be told without reading a file.
  ///
  /// A stage that is broken, or that does not give rows, is passed over: what was known before it is
  /// still worth offering.
  package func schema(behind stages: [String], peeked: [String: Frame?] = [:]) -> Schema? {
    plan(behind: stages, peeked: peeked)?.schema
  }

  /// The first rows that a stage as `load "x.csv"` brings; nil for one that brings none, reads
  /// standard input or several files, or fails. Nothing of this session changes.
  package func peek(_ stage: String) -> Frame? {
    guard let statements = try? Parser.parse(stage, grammar: grammar), statements.count == 1,
      case .pipeline(let pipeline) = statements[0].kind, pipeline.stages.count == 1,
      var first = pipeline.stages.first, catalog[first.verb.text] is any SourceVerb.Type,
      first.items.count == 1, case .text(let path) = first.items[0].value.kind,
      Path.isRegularFile(files.absolute(path)),
      let rest = try? Parser.parse("head 100", grammar: catalog.grammar(boundNames: [])),
      case .pipeline(let head)? = rest.first?.kind
    else { return nil }
    // Without its name it reads no more rows than are asked for.
    first.clauses.removeAll { if case .as = $0.kind { true } else { false } }
    let scratch = Session(catalog: catalog, files: files)
    let verb = catalog[first.verb.text].flatMap { type in
      try? type.init(
        Call(first, declaration: type.declaration, in: state))
    }
    guard let source = verb as? any SourceVerb,
      case .frame(let frame)? = try? source.source(in: scratch, followedBy: head.stages)
    else { return nil }
    return frame
  }

  /// The most frequent values of a text column behind the stages of a pipeline, at most `limit`.
  ///
  /// A column of a bound frame that no stage has touched is looked at in its first million rows; one
  /// that is computed, from the first rows of the frame.
  package func values(
    of column: String, behind stages: [String], limit: Int = 200, peeked: [String: Frame?] = [:]
  ) -> [String] {
    guard let first = source(of: stages, peeked) else { return [] }
    if case .frame(let frame) = first, let found = frame[column], found.type == .text,
      stages.count <= 1 || schema(behind: stages, peeked: peeked)?[column] == .text
    {
      return Self.frequentValues(found, limit: limit)
    }
    guard let plan = plan(behind: stages, peeked: peeked, rows: 10_000),
      plan.schema[column] == .text,
      case .project(let input, _) = LogicalPlan.project(plan, [column]),
      let (frame, _) = try? Execution.run(.project(input, [column])), let found = frame[column]
    else { return [] }
    return Self.frequentValues(found, limit: limit)
  }

  private static func frequentValues(_ column: Column, limit: Int) -> [String] {
    var counts: [String: Int] = [:]
    switch column.storage {
    case .dictionary(let codes, let dictionary):
      var byCode = [Int](repeating: 0, count: dictionary.count)
      for row in 0..<min(column.count, 1_000_000) where !column.isNull(row) {
        byCode[codes[row]] += 1
      }
      let frequent = byCode.indices.sorted { (byCode[$1], $0) < (byCode[$0], $1) }
      return frequent.prefix(limit).filter { byCode[$0] > 0 }.map { dictionary.entries[$0] }
    case .text(let texts):
      for row in 0..<min(column.count, 10_000) where !column.isNull(row) {
        counts[texts[row], default: 0] += 1
      }
    default: return []
    }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(limit).map(\.key)
  }

  /// The value that a pipeline begins with: that of the name which is its first stage, else the
  /// current frame's.
  private func source(of stages: [String], _ peeked: [String: Frame?]) -> Value? {
    if let first = stages.first, let known = peeked[first] { return known.map { .frame($0) } }
    if let first = stages.first, let name = bareName(first), let value = state.bindings[name] {
      return value
    }
    return state.current.flatMap { state.bindings[$0] }
  }

  private func bareName(_ text: String) -> String? {
    guard let statements = try? Parser.parse(text, grammar: grammar), statements.count == 1 else {
      return nil
    }
    switch statements[0].kind {
    case .expression(let expression):
      if case .name(let name) = expression.kind { return name }
    case .pipeline(let pipeline) where pipeline.stages.isEmpty: return pipeline.source?.text
    default: break
    }
    return nil
  }

  /// The plan of the stages, over the first rows of the source only where `rows` is given.
  private func plan(
    behind stages: [String], peeked: [String: Frame?], rows: Int? = nil
  ) -> LogicalPlan? {
    var rest = stages[...]
    if let first = rest.first {
      if peeked[first] != nil || bareName(first) != nil {
        rest = rest.dropFirst()
      } else if beginsPipeline(first) {
        return nil
      }
    }
    guard let value = source(of: stages, peeked), var plan = plan(of: value) else { return nil }
    if let rows { plan = .take(plan, .range(0..<rows)) }
    for stage in rest { plan = self.plan(plan, through: stage) ?? plan }
    return plan
  }

  /// Whether a stage brings rows that nothing is known of, as `load` does, or names what is not bound.
  private func beginsPipeline(_ text: String) -> Bool {
    guard let statements = try? Parser.parse(text, grammar: grammar), statements.count == 1,
      case .pipeline(let pipeline) = statements[0].kind, let stage = pipeline.stages.first
    else { return false }
    return catalog[stage.verb.text] is any SourceVerb.Type
  }

  private func plan(_ input: LogicalPlan, through text: String) -> LogicalPlan? {
    guard let statements = try? Parser.parse(text, grammar: grammar), statements.count == 1,
      case .pipeline(let pipeline) = statements[0].kind, pipeline.source == nil,
      pipeline.stages.count == 1, let type = catalog[pipeline.stages[0].verb.text],
      let verb = try? type.init(
        Call(pipeline.stages[0], declaration: type.declaration, in: state))
    else { return nil }
    switch verb {
    case let verb as any FrameVerb: return try? verb.lower(input)
    case let verb as any PartnerVerb:
      let partners = verb.partners.compactMap { name in
        state.bindings[name.text].flatMap { plan(of: $0) }
      }
      guard partners.count == verb.partners.count else { return nil }
      return try? verb.lower(input, with: partners)
    default: return nil
    }
  }

  /// The names of what `snapshot` has kept.
  package var snapshotNames: [String] { snapshots.keys.sorted() }
}
