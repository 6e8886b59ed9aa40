import Columnar
import Display
import Language
import Notebooks

/// Steps or lines and which of them need which, to be drawn. Each node needs earlier ones only.
package struct Graph: Sendable {
  package struct Node: Sendable {
    package var label: String
    /// What is said behind it, as the files it writes.
    package var detail: String
    /// What kind of step it is, for colours.
    package var kind: String
    /// Places of the nodes it needs, ascending, all before it.
    package var needs: [Int]
  }

  package private(set) var nodes: [Node] = []

  /// The steps of a pipeline.
  package init(_ spec: PipelineSpec) {
    let places = Dictionary(
      spec.steps.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    nodes = spec.steps.map { step in
      Node(
        label: step.id, detail: step.outputs.joined(separator: ", "), kind: step.kind,
        needs: spec.dependencies(of: step).compactMap { places[$0] }.sorted())
    }
    // What is implied by other edges is not drawn.
    reduce()
  }

  /// The lines that a session has recorded.
  package init(_ steps: [Step]) {
    let recorded = steps.filter { step in
      if case .prose = step.statement.kind { return false }
      return step.recording == .recorded
    }
    let graph = LineGraph(recorded.map(\.effects))
    nodes = recorded.enumerated().map { index, step in
      let kind = Line(step, heading: nil)?.kind ?? "transform"
      let line = step.text.split(separator: "\n").first.map(String.init) ?? ""
      return Node(
        label: line.count > 60 ? line.prefix(59) + "…" : line, detail: "", kind: kind,
        needs: graph.needs[index])
    }
    reduce()
  }

  /// Takes out edges that a longer way implies.
  private mutating func reduce() {
    var ancestors: [Set<Int>] = []
    for (index, node) in nodes.enumerated() {
      let beyond = node.needs.reduce(into: Set<Int>()) { $0.formUnion(ancestors[$1]) }
      nodes[index].needs = node.needs.filter { !beyond.contains($0) }
      ancestors.append(beyond.union(node.needs))
    }
  }

  /// The graph in lines of text: a lane goes down from each node that others need, to the last of
  /// them. `●─╮` marks are those of `git log --graph`, in ASCII without `usesUnicode`.
  package func lines(usesUnicode: Bool = true) -> [String] {
    let (dot, bar, tee, end, across, cross) =
      usesUnicode ? ("●", "│", "├", "╰", "─", "┼") : ("*", "|", "+", "`", "-", "+")
    var last: [Int: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for need in node.needs { last[need] = index }
    }
    // The node whose lane it is; nil where the lane is free.
    var lanes: [Int?] = []
    return nodes.enumerated().map { index, node in
      let used = lanes.indices.filter { lane in lanes[lane].map(node.needs.contains) ?? false }
      var place = used.last.map { $0 + 1 } ?? 0
      while place < lanes.count, lanes[place] != nil { place += 1 }
      var text = ""
      let first = used.first ?? place
      for lane in 0..<place {
        let owner = lane < lanes.count ? lanes[lane] : nil
        let line = lane >= first ? across : " "
        if used.contains(lane), let owner {
          text += (last[owner] == index ? end : tee) + line
        } else if owner != nil {
          text += (lane > first ? cross : bar) + line
        } else {
          text += line + line
        }
      }
      text += dot
      for lane in lanes.indices where lane > place {
        text += lanes[lane] == nil ? "  " : " " + bar
      }
      for lane in used where lanes[lane].flatMap({ last[$0] }) == index { lanes[lane] = nil }
      while lanes.count <= place { lanes.append(nil) }
      if last[index] != nil { lanes[place] = index }
      while let free = lanes.last, free == nil { lanes.removeLast() }
      return text + " " + node.label + (node.detail.isEmpty ? "" : "  → " + node.detail)
    }
  }
}
