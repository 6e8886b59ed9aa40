import Language

/// What one line reads and writes, as a slice sees it: names, the current frame, `_`, and files.
package struct LineEffects: Sendable {
  package var reads: Set<String>
  package var writes: Set<String>

  package init(reads: Set<String>, writes: Set<String>) {
    self.reads = reads
    self.writes = writes
  }
}

extension Step {
  /// What the line read and wrote, files among it: a file that a line exports and a later one loads
  /// ties them together as a name does.
  package var effects: LineEffects {
    LineEffects(
      reads: reads.union(inputs.map(Self.file)), writes: writes.union(exports.map(Self.file)))
  }

  /// A file among the names of what is read and written; no name has this character.
  private static func file(_ path: String) -> String { "\u{0}" + path }

  /// The verbs of the line, those of pipelines within loops among them.
  package func hasVerb(_ name: String) -> Bool { statement.verbs.contains(name) }
}

/// Which lines need which: the def-use graph of lines that run from first to last.
///
/// What a line reads comes from the last line before it that wrote it. That is known from the lines
/// alone, so a slice is exact: it keeps what is needed and nothing else.
package struct LineGraph: Sendable {
  /// For each line the lines before it that it needs, ascending.
  package let needs: [[Int]]
  /// The last line that wrote each name.
  private let makers: [String: Int]

  package init(_ lines: [LineEffects]) {
    var makers: [String: Int] = [:]
    var needs: [[Int]] = []
    for (index, line) in lines.enumerated() {
      needs.append(Set(line.reads.compactMap { makers[$0] }).sorted())
      for name in line.writes { makers[name] = index }
    }
    self.needs = needs
    self.makers = makers
  }

  /// The last line that wrote `name`; nil where none did.
  package func maker(of name: String) -> Int? { makers[name] }

  /// `sinks` and all lines that they depend on. `guards` are lines that read only, each with the
  /// lines that made what it guards: one is kept as soon as one of those is.
  package func slice(from sinks: Set<Int>, guards: [(line: Int, of: Set<Int>)] = []) -> Set<Int> {
    var kept: Set<Int> = []
    var waiting = Array(sinks)
    while true {
      while let line = waiting.popLast() {
        guard kept.insert(line).inserted else { continue }
        waiting += needs[line]
      }
      waiting = guards.filter { !kept.contains($0.line) && !kept.isDisjoint(with: $0.of) }
        .map(\.line)
      if waiting.isEmpty { return kept }
    }
  }
}

extension LineGraph {
  /// The checks among `steps`, each with the lines that made the frames it looks at.
  package func checks(in steps: [Step]) -> [(line: Int, of: Set<Int>)] {
    steps.indices.compactMap { index in
      let step = steps[index]
      guard step.hasVerb("check"), step.writes.subtracting([Step.lastShown]).isEmpty else {
        return nil
      }
      let frames = step.reads.filter { step.before.isFrame($0) }
      let makers = needs[index].filter { !steps[$0].writes.isDisjoint(with: frames) }
      return (index, Set(makers))
    }
  }
}
