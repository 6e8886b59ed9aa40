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
  /// Absolute paths.
  let inputs: [String]
  let exports: [String]
  /// `read`, `check`, `fit`, `gate`, `export`, `transform`, `look` or `define`.
  let kind: String
  /// What the step may be named after.
  let subject: String?
  /// What its names were bound to afterwards.
  let values: [(name: String, value: Value)]

  /// nil for prose and for lines that are no part of a program.
  init?(_ step: Step, heading: String?) {
    text = step.text
    reads = step.reads.subtracting([Step.currentFrame])
    readsCurrentFrame = step.reads.contains(Step.currentFrame)
    writes = step.writes.subtracting([Step.currentFrame, Step.lastShown])
    inputs = step.inputs
    exports = step.exports
    values = writes.sorted().compactMap { name in
      step.after.bindings[name].map { (name, $0) }
    }
    switch step.statement.kind {
    case .prose, .parameter, .help, .shell, .inspect: return nil
    case .definition: (kind, subject) = ("define", nil)
    default:
      let verbs = step.statement.verbs
      let written = writes.sorted().first
      if verbs.contains("gate") {
        (kind, subject) = ("gate", reads.sorted().first)
      } else if verbs.contains("check") {
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
  /// Places among the lines, ascending.
  let kept: [Int]

  init(_ lines: [Line]) throws {
    var sinks = lines.indices.filter { lines[$0].kind == "export" || lines[$0].kind == "gate" }
    if sinks.isEmpty { sinks = lines.indices.filter { lines[$0].kind == "check" } }
    guard !sinks.isEmpty else {
      throw Diagnostic(
        .usage, "there is nothing to automate: the notebook exports, checks and gates nothing",
        hints: ["export daily \"daily.csv\""])
    }
    var keeps = Set(sinks)
    // A check on a frame that is kept guards what follows; what it needs is kept, too.
    while true {
      let before = keeps
      keeps = Slice.closure(of: keeps, lines)
      let names = Set(keeps.flatMap { lines[$0].writes.union(lines[$0].reads) })
      for index in lines.indices
      where lines[index].kind == "check" && !lines[index].reads.isDisjoint(with: names) {
        keeps.insert(index)
      }
      if keeps == before { break }
    }
    for index in keeps where lines[index].reads.contains(Step.lastShown) {
      throw Diagnostic(
        .usage, "`_` stands for what was last shown; a pipeline needs a name",
        notes: ["line: \(lines[index].text)"])
    }
    for index in keeps where lines[index].readsCurrentFrame {
      throw Diagnostic(
        .usage, "a definition that works on the current frame cannot be promoted",
        notes: ["line: \(lines[index].text)"], hints: ["def clean(x) = x | filter …"])
    }
    kept = keeps.sorted()
  }

  /// `lines` and all that they depend on. A line that binds a name anew ends what came before it,
  /// unless it reads that name itself.
  private static func closure(of sinks: Set<Int>, _ lines: [Line]) -> Set<Int> {
    var kept: Set<Int> = []
    var needed: Set<String> = []
    for index in lines.indices.reversed() {
      let line = lines[index]
      guard line.kind != "define" else { continue }
      if sinks.contains(index) || !line.writes.isDisjoint(with: needed) {
        kept.insert(index)
        needed.subtract(line.writes)
        needed.formUnion(line.reads)
      }
    }
    return kept
  }
}
