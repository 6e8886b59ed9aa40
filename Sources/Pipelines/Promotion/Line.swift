import Columnar
import Language
import Notebooks

/// One line of a notebook as promotion sees it: what it reads, writes, and what kind of effect it
/// has.
struct Line {
  let text: String
  let reads: Set<String>
  /// Whether it works on the current frame in a way that its text does not say.
  let readsCurrentFrame: Bool
  let writes: Set<String>
  /// What a slice goes by; nothing for a definition, which is written into the steps that call it.
  let effects: LineEffects
  /// The frames that a check looks at.
  let guarded: Set<String>
  /// Absolute paths.
  let inputs: [String]
  let exports: [String]
  /// `read`, `check`, `fit`, `gate`, `export`, `transform`, `look` or `define`.
  let kind: String
  /// What the step may be named after.
  let subject: String?
  /// The step that a heading of the notebook puts it into.
  let heading: StepHeading?
  /// Whether it is random and says no seed.
  let lacksSeed: Bool
  /// What its names were bound to afterwards.
  let values: [(name: String, value: Value)]

  /// nil for prose and for lines that are no part of a program.
  init?(_ step: Step, heading: StepHeading?) {
    text = step.text
    self.heading = heading
    reads = step.reads.subtracting([Step.currentFrame])
    readsCurrentFrame = step.reads.contains(Step.currentFrame)
    writes = step.writes.subtracting([Step.currentFrame, Step.lastShown])
    inputs = step.inputs
    exports = step.exports
    lacksSeed = step.hasDrawnSeed
    values = writes.sorted().compactMap { name in
      step.after.bindings[name].map { (name, $0) }
    }
    guarded = step.reads.filter { step.before.isFrame($0) }
    switch step.statement.kind {
    case .prose, .parameter, .help, .shell, .inspect: return nil
    case .definition:
      (kind, subject) = ("define", nil)
      effects = LineEffects(reads: [], writes: [])
    default:
      effects = step.effects
      let verbs = step.statement.verbs
      let written = writes.sorted().first
      if verbs.contains("gate") {
        (kind, subject) = ("gate", reads.sorted().first)
      } else if verbs.contains("check") || verbs.contains("drift") {
        (kind, subject) = ("check", reads.sorted().first)
      } else if !exports.isEmpty {
        (kind, subject) = ("export", Path.stem(exports[0]))
      } else if verbs.contains("fit") {
        (kind, subject) = ("fit", written)
      } else if verbs.contains("load") {
        (kind, subject) = ("read", written)
      } else {
        (kind, subject) = (writes.isEmpty ? "look" : "transform", written)
      }
    }
  }
}

/// The lines that what a notebook exports and gates depends on.
struct Slice {
  /// Places among the lines, in the order in which they run: that of the notebook, but for checks,
  /// which stand right behind what they look at and so before all that use it.
  let kept: [Int]

  init(_ lines: [Line]) throws {
    var sinks = lines.indices.filter { lines[$0].kind == "export" || lines[$0].kind == "gate" }
    if sinks.isEmpty { sinks = lines.indices.filter { lines[$0].kind == "check" } }
    guard !sinks.isEmpty else {
      throw Diagnostic(
        .usage, "there is nothing to automate: the notebook exports, checks and gates nothing",
        hints: ["export daily \"daily.csv\""])
    }
    let graph = LineGraph(lines.map(\.effects))
    let guards = lines.indices.filter { lines[$0].kind == "check" }.map { index in
      let makers = graph.needs[index].filter {
        !lines[$0].writes.isDisjoint(with: lines[index].guarded)
      }
      return (line: index, of: Set(makers))
    }
    let kept = graph.slice(from: Set(sinks), guards: guards).sorted()
    for index in kept { try Slice.refuse(lines[index]) }
    self.kept = Slice.ordered(kept, lines, graph)
  }

  /// Throws for a line that cannot be automated, with the reason.
  private static func refuse(_ line: Line) throws {
    if line.reads.contains(Step.lastShown) {
      throw Diagnostic(
        .usage, "`_` stands for what was last shown; a pipeline needs a name",
        notes: ["line: \(line.text)"])
    }
    if line.readsCurrentFrame {
      throw Diagnostic(
        .usage, "a definition that works on the current frame cannot be promoted",
        notes: ["line: \(line.text)"], hints: ["def clean(x) = x | filter …"])
    }
    if line.lacksSeed {
      throw Diagnostic(
        .noSeed, "a random line without a seed is another one in every run",
        notes: ["with the seed that it drew just now:"], hints: [line.text])
    }
  }

  private static func ordered(_ kept: [Int], _ lines: [Line], _ graph: LineGraph) -> [Int] {
    var ordered: [Int] = []
    for index in kept {
      guard lines[index].kind == "check", lines[index].heading == nil else {
        ordered.append(index)
        continue
      }
      let needed = Set(graph.needs[index])
      var place = (ordered.lastIndex { needed.contains($0) } ?? -1) + 1
      while place < ordered.count, lines[ordered[place]].kind == "check" { place += 1 }
      ordered.insert(index, at: place)
    }
    return ordered
  }
}
