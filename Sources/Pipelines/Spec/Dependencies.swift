extension PipelineSpec {
  /// The ids of the steps that must be done before `step` begins, in their order: those that make
  /// what it needs, those named by `after`, those that write a file which it reads or writes, every
  /// gate before it, and every check on what it comes from.
  package func dependencies(of step: Step) -> [String] {
    guard let place = steps.firstIndex(where: { $0.id == step.id }) else { return [] }
    let makers = Set(step.needs.compactMap { need in artifacts.first { $0.id == need }?.step })
    let own = sources(of: step)
    return steps[..<place].filter { earlier in
      if makers.contains(earlier.id) || step.after.contains(earlier.id) { return true }
      if earlier.outputs.contains(where: { step.inputs.contains($0) || step.outputs.contains($0) })
      {
        return true
      }
      switch earlier.kind {
      case "gate": return true
      case "check": return !sources(of: earlier).isDisjoint(with: own)
      default: return false
      }
    }.map(\.id)
  }

  /// The steps from which a step has what it needs, those of these among them.
  private func sources(of step: Step) -> Set<String> {
    var found: Set<String> = []
    var waiting = step.needs
    while let need = waiting.popLast() {
      guard let maker = artifacts.first(where: { $0.id == need })?.step,
        found.insert(maker).inserted, let earlier = steps.first(where: { $0.id == maker })
      else { continue }
      waiting += earlier.needs
    }
    return found
  }
}
