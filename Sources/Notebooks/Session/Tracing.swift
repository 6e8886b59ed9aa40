import Columnar
import Language
import Query

/// A verb that makes a frame of its input's columns, and can say which come from where.
package protocol TracedVerb: ActionVerb {
  /// The lineage of what it gives for an input of this one.
  func lineage(of input: FrameLineage, in session: Session) throws -> FrameLineage
}

/// Where the columns of frames come from: carried from name to name as lines run.
extension Session {
  /// The lineage of what a name is bound to; nil where nothing is known.
  package func lineage(of name: String) -> FrameLineage? { state.lineages[name] }

  /// Says where the columns come from of a frame that has just been bound.
  package func trace(_ name: String, _ lineage: FrameLineage?) { state.lineages[name] = lineage }

  /// The rows of the value that flows through the pipeline now, with what is known of it.
  package func tracedPlan(of value: Value) -> LogicalPlan? {
    let plan = plan(of: value)
    if case .frame = value { return plan?.traced(flow) }
    return plan
  }

  /// Notes where the columns of an exported file come from: from a bound name, or from what flows
  /// through the pipeline.
  package func traceExport(_ path: String, of name: String?) {
    step.lineages[files.absolute(path)] = name == nil ? flow : name.flatMap { lineage(of: $0) }
  }

  /// Runs `body`, the evaluation of a pipeline that starts from `source`, and notes where what it
  /// gives comes from.
  ///
  /// A value of other data that is read by its name, as `$average`, is a constant to the plan: columns
  /// and rows that were made where one was read have origins that nobody knows.
  func tracing(_ body: () throws -> Value) rethrows -> Value {
    guard tracesColumns else { return try body() }
    let outer = (reads: step.reads, traced: traced, origin: origin)
    (step.reads, traced, origin) = ([], [], nil)
    defer {
      step.reads.formUnion(outer.reads)
      (traced, origin) = (outer.traced, outer.origin)
    }
    let value = try body()
    if case .plan(let plan) = value { flow = plan.lineage }
    if step.reads.subtracting(traced).contains(where: isFromData) {
      flow = flow?.unchanged(from: origin ?? .unknown)
    }
    return value
  }

  /// Whether a name stands for something that data decide.
  private func isFromData(_ name: String) -> Bool {
    switch state.bindings[name] {
    case .scalar, .frame, .plan: !state.constants.contains(name)
    default: name == Step.lastShown
    }
  }

  /// Whether data have no part in an expression.
  func isConstant(_ expression: Expr) -> Bool {
    expression.freeNames.allSatisfy { state.constants.contains($0.text) }
  }

  /// Notes that a source has read the files that the step has had since `count` of them, into `value`
  /// or into names of its own.
  func traceSource(since count: Int, writes before: Set<String>, _ value: Value) -> Value {
    guard tracesColumns else { return value }
    let files = step.inputs.dropFirst(count).map { $0 }
    func whole(_ schema: Schema) -> FrameLineage? {
      files.isEmpty ? nil : .whole(files, columns: schema.names)
    }
    for name in step.writes.subtracting(before) {
      guard let bound = state.bindings[name], let schema = plan(of: bound)?.schema else { continue }
      state.lineages[name] = whole(schema)
      if case .plan(let plan) = bound {
        state.bindings[name] = .plan(plan.traced(whole(schema)))
      }
    }
    guard let plan = plan(of: value) else { return value }
    flow = whole(plan.schema)
    origin = flow
    if case .plan = value { return .plan(plan.traced(flow)) }
    return value
  }
}
