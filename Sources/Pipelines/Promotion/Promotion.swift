import Columnar
import Display
import Language
import Notebooks

/// Making a pipeline of a notebook: a slice back from what it exports, checks and gates, cut into
/// steps where the kind of effect changes.
package struct Promotion {
  package private(set) var spec: PipelineSpec
  /// Lines that only looked, in the notebook's spelling: they are no part of the pipeline.
  package private(set) var dropped: [String]
  /// The pipeline's folder as seen from the project.
  let folder: String
  /// The same as seen from the notebook's folder.
  let place: String
  /// The tables that the pipeline reads, as they were.
  package private(set) var sources: [(name: String, frame: Frame)] = []

  /// Promotes the lines that a clean replay of the notebook at `path` ran in `session`, into the
  /// folder `target`. Both absolute. `headings` are the steps that lines are put into, by the place
  /// of the line among the session's. Throws `usage` where nothing in it can be automated.
  package init(
    notebook path: String, session: Session, headings: [Int: StepHeading] = [:],
    parameters: [Parameter], into target: String, options: PromotionOptions = PromotionOptions()
  ) throws {
    let folder = Path.parent(path)
    let lines = session.steps.enumerated().filter { $0.element.recording == .recorded }.compactMap {
      Line($0.element, heading: headings[$0.offset])
    }
    let slice = try Slice(lines)
    let isKept = Set(slice.kept)
    dropped = lines.indices.filter { !isKept.contains($0) }.map { lines[$0].text }
    let groups = Self.cut(slice.kept.map { lines[$0] })
    let definitions = Self.definitions(for: slice.kept, lines)
    let project = Self.project(folder, target)
    var number = 0
    var steps: [PipelineSpec.Step] = []
    var artifacts: [PipelineSpec.Artifact] = []
    // Which step last gave each name, and with what value.
    var makers: [String: (step: Int, value: Value)] = [:]
    var ids: Set<String> = []
    for group in groups {
      var id = group.name
      // Orchestrators make names of files, jobs and variables of it.
      id = String(
        id.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }.drop { $0 == "-" }
          .prefix(40))
      while id.last == "-" { id.removeLast() }
      if id.isEmpty { id = group.kind }
      if ids.contains(id) {
        var suffix = 2
        while ids.contains("\(id)-\(suffix)") { suffix += 1 }
        id = "\(id)-\(suffix)"
      }
      ids.insert(id)
      var step = PipelineSpec.Step(
        id: id, kind: group.kind, program: "", needs: [], gives: [], inputs: [], outputs: [],
        retries: group.heading?.retries ?? options.retries,
        timeout: group.heading?.timeout ?? options.timeout)
      var program: [String] = []
      var own: Set<String> = []
      for line in group.lines {
        // `def` lines are written into each step that calls them.
        for definition in definitions[number] where !program.contains(definition) {
          program.append(definition)
        }
        number += 1
        for name in line.reads.sorted() where !own.contains(name) {
          guard let maker = makers[name] else { continue }
          let artifact = try Self.artifact(
            name, value: maker.value, step: steps[maker.step].id, line)
          if !artifacts.contains(where: { $0.id == artifact.id }) { artifacts.append(artifact) }
          if !steps[maker.step].gives.contains(name) { steps[maker.step].gives.append(name) }
          if !step.needs.contains(artifact.id) { step.needs.append(artifact.id) }
        }
        program.append(line.text)
        own.formUnion(line.writes)
        for input in line.inputs {
          guard project == "/" || input.hasPrefix(project + "/") else {
            throw Diagnostic(
              .usage, "the input \(Path.relative(input, to: folder)) lies outside the project",
              notes: ["line: \(line.text)", "the project: \(project)"])
          }
          let path = Path.relative(input, to: folder)
          if !step.inputs.contains(path) { step.inputs.append(path) }
        }
        step.outputs += line.exports.map { Path.relative($0, to: folder) }
        if line.kind == "read" {
          for case (let name, .frame(let frame)) in line.values { sources.append((name, frame)) }
        }
      }
      step.program = program.joined(separator: "\n")
      steps.append(step)
      for line in group.lines {
        for (name, value) in line.values { makers[name] = (steps.count - 1, value) }
      }
    }
    spec = PipelineSpec(
      name: Path.stem(path), source: Path.name(path), root: Path.relative(folder, to: target),
      parameters: parameters, artifacts: artifacts, steps: steps, schedule: options.schedule)
    self.folder = Path.relative(target, to: project)
    place = Path.relative(target, to: folder)
  }

  /// The folder that inputs must lie in: that of the repository, or the one that holds the notebook's
  /// and the pipeline's folder.
  private static func project(_ folder: String, _ target: String) -> String {
    var place = folder
    while place != "/" {
      if Path.exists(place + "/.git") { return place }
      place = Path.parent(place)
    }
    place = Path.parent(folder)
    while place != "/", !(target + "/").hasPrefix(place + "/") { place = Path.parent(place) }
    return place
  }

  /// The `def` lines that each of the kept lines calls, as they stood when it ran.
  private static func definitions(for kept: [Int], _ lines: [Line]) -> [[String]] {
    kept.map { index in
      lines[index].reads.sorted().compactMap { name in
        lines[..<index].last { $0.kind == "define" && $0.writes.contains(name) }?.text
      }
    }
  }

  private static func artifact(
    _ name: String, value: Value, step: String, _ line: Line
  ) throws -> PipelineSpec.Artifact {
    switch value {
    case .frame(let frame):
      return .init(name: name, kind: .frame(frame.schema), step: step)
    case .scalar(.duration(let duration)) where duration.months != 0:
      throw Diagnostic(
        .usage,
        "`\(name)` counts calendar months; such a duration cannot pass from one step to another",
        notes: ["line: \(line.text)"], hints: ["param \(name) = …"])
    case .scalar(let scalar):
      return .init(name: name, kind: .scalar(scalar.type ?? .text), step: step)
    case .object: return .init(name: name, kind: .model, step: step)
    default:
      throw Diagnostic(
        .usage, "`\(name)` is \(value.typeName); it cannot pass from one step to another",
        notes: ["line: \(line.text)"])
    }
  }

  /// Lines that run together.
  private struct Group {
    var kind: String
    var subject: String?
    var heading: StepHeading?
    var lines: [Line]

    /// What the step is called, before odd characters are taken out.
    var name: String { heading?.name ?? kind + (subject.map { "-\($0)" } ?? "") }

    /// A step that a heading makes is of the kind that what follows has to wait for.
    mutating func add(_ line: Line) {
      let ranks = ["transform", "look", "read", "fit", "export", "check", "gate"]
      let rank = { (kind: String) in ranks.firstIndex(of: kind) ?? 0 }
      if lines.isEmpty || rank(line.kind) > rank(kind) { kind = line.kind }
      lines.append(line)
    }
  }

  /// A step ends where the kind of effect changes or a heading begins another; lines that only
  /// transform join what follows.
  private static func cut(_ lines: [Line]) -> [Group] {
    var groups: [Group] = []
    var pending: [Line] = []
    func close() {
      if pending.isEmpty { return }
      groups.append(Group(kind: "transform", subject: nil, lines: pending))
      pending = []
    }
    for line in lines {
      if let heading = line.heading {
        if groups.last?.heading != heading || !pending.isEmpty {
          close()
          groups.append(Group(kind: line.kind, subject: nil, heading: heading, lines: []))
        }
        groups[groups.count - 1].add(line)
        continue
      }
      if line.kind == "transform" {
        pending.append(line)
        continue
      }
      let followsOn =
        groups.last?.kind == line.kind && groups.last?.heading == nil && pending.isEmpty
        && (line.kind == "export" || line.kind == "check")
      if followsOn {
        groups[groups.count - 1].lines.append(line)
      } else {
        groups.append(Group(kind: line.kind, subject: line.subject, lines: pending + [line]))
      }
      pending = []
    }
    close()
    return groups
  }
}
