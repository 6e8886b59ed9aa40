import Language

extension Session {
  /// The steps that a notebook holds: the recorded ones, or of those only what `names` need, with
  /// checks on the frames among them and the prose that stands before what is kept.
  ///
  /// Throws `unknown-name` for a name that is not bound.
  func steps(neededBy names: [Name]) throws -> [Step] {
    let recorded = steps.filter { $0.recording == .recorded }
    if names.isEmpty { return recorded }
    let graph = LineGraph(recorded.map(\.effects))
    var sinks: Set<Int> = []
    for name in names {
      if state.bindings[name.text] == nil, state.definitions[name.text] == nil {
        _ = try value(of: name)
      }
      // A name without a line is a parameter of a notebook that was opened.
      if let maker = graph.maker(of: name.text) { sinks.insert(maker) }
    }
    let kept = graph.slice(from: sinks, guards: graph.checks(in: recorded))
    return Self.withProse(recorded, kept: kept)
  }

  /// The kept lines, with the headings they stand under and the prose right before them.
  private static func withProse(_ steps: [Step], kept: Set<Int>) -> [Step] {
    var result: [Step] = []
    var pending: [Step] = []
    for (index, step) in steps.enumerated() {
      if case .prose(let text) = step.statement.kind {
        if let level = headingLevel(text) {
          // A heading of the same rank or above ends the section before it.
          pending.removeAll { earlier in
            guard case .prose(let old) = earlier.statement.kind else { return false }
            return (headingLevel(old) ?? 7) >= level
          }
        }
        pending.append(step)
      } else if kept.contains(index) {
        result += pending + [step]
        pending = []
      } else {
        // Words about a line that goes, go with it; its section may hold others.
        pending.removeAll { earlier in
          guard case .prose(let text) = earlier.statement.kind else { return false }
          return headingLevel(text) == nil
        }
      }
    }
    return result
  }

  /// The rank of the heading that a text begins with: 1 for `# Title`; nil where it begins with none.
  private static func headingLevel(_ text: String) -> Int? {
    let marks = text.prefix { $0 == "#" }.count
    return (1...6).contains(marks) && text.dropFirst(marks).first == " " ? marks : nil
  }
}
