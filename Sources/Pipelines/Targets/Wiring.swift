import Columnar
import Language
import Notebooks

/// A pipeline as it is seen from a target's folder, `targets/NAME/` in the pipeline's own.
package struct Wiring: Sendable {
  /// The pipeline with the parameters that may be written down.
  package let spec: PipelineSpec
  /// Its parameters that are secrets: a target passes on the variables of the environment that have
  /// them, by name.
  package let secrets: [Secret]
  /// The pipeline's folder as seen from the project, which is the repository, or the folder that
  /// holds the notebook and the pipeline; `.` where they are the same.
  package let folder: String
  /// The image for targets whose steps run in containers: it has `kaizen` in it, nothing else. The
  /// project is mounted at `/project`.
  package let image: String

  package init(_ spec: PipelineSpec, folder: String, image: String? = nil) {
    var plain = spec
    plain.parameters = spec.parameters.plain
    self.spec = plain
    secrets = spec.parameters.compactMap(\.asSecret)
    self.folder = folder
    self.image = image ?? "localhost/kaizen:\(Engine.version)"
  }

  /// What stands for `pipeline.yaml` in the target's folder. No word of a command comes from the user
  /// but for ids of steps, which hold letters, digits, `-` and `_` and begin with no `-`.
  package var pipeline: String { "../../pipeline.yaml" }
  /// The folder of what passes between steps, in the target's.
  package var artifacts: String { "artifacts" }
  /// The file of parameter values, in the target's folder.
  package var values: String { "parameters.yaml" }

  /// A path that is relative to the pipeline's root, from the target's folder. It begins with `../`
  /// or `/`, so that nothing takes it for an option.
  package func path(_ path: String) -> String {
    path.hasPrefix("/") || spec.root.hasPrefix("/")
      ? Path.normalized(path.hasPrefix("/") ? path : spec.root + "/" + path)
      : Path.normalized("../../\(spec.root)/\(path)")
  }

  /// Throws `usage` where the pipeline's folder has a mark in which a tool would see more than a name.
  func refuse(_ marks: [String], because reason: String) throws {
    guard marks.contains(where: folder.contains) else { return }
    throw Diagnostic(
      .usage, "\(reason), and the pipeline's folder has that", notes: ["folder: \(folder)"])
  }

  /// The file that says that a step is done; it is written last.
  package func mark(_ step: String) -> String { "\(artifacts)/\(StepFolder.mark(step))" }

  /// The files of what a step gives, in the order of `gives`.
  package func gives(_ step: PipelineSpec.Step) -> [String] {
    spec.given(by: step).map { "\(artifacts)/\($0.fileName)" }
  }

  /// The files of what a step needs from others.
  package func needs(_ step: PipelineSpec.Step) -> [String] {
    spec.needed(by: step).map { "\(artifacts)/\($0.fileName)" }
  }

  /// Steps that must be done before and of which nothing is read: checks, gates, and those that
  /// write a file which this one reads.
  package func guards(_ step: PipelineSpec.Step) -> [String] {
    let makers = Set(
      step.needs.compactMap { need in spec.artifacts.first { $0.id == need }?.step })
    return spec.dependencies(of: step).filter { !makers.contains($0) }
  }

  /// The files that a step reads and no step writes, from the target's folder.
  package func sources(_ step: PipelineSpec.Step) -> [String] {
    let made = Set(spec.steps.flatMap(\.outputs))
    return step.inputs.filter { !made.contains($0) }.map(path)
  }

  /// The files that a step writes and no other does, from the target's folder: what may be called its
  /// own by tools in which a file has one maker.
  package func outputs(_ step: PipelineSpec.Step) -> [String] {
    step.outputs.uniqued.filter { path in spec.steps.count { $0.outputs.contains(path) } == 1 }
      .map(path)
  }

  /// The variables of the environment that have secrets, each once.
  var secretVariables: [String] { secrets.map(\.variable).uniqued }

  /// Those of them that a step needs.
  func secretVariables(of step: PipelineSpec.Step) -> [String] {
    secrets.filter { step.program.names($0.name) }.map(\.variable).uniqued
  }

  /// The words of the command that runs a step in the target's folder, with the parameters in the
  /// file `values`. None of them means anything to a shell.
  package func command(_ step: String, values: String? = nil) -> [String] {
    var words = ["kaizen", "step", "run", pipeline, step, "--artifacts", artifacts]
    if !spec.parameters.isEmpty { words += ["--parameters", values ?? self.values] }
    return words
  }

  /// The values that the pipeline was promoted with, as `--parameters` reads them; nil where it has
  /// no parameters.
  package var valuesFile: GeneratedFile? {
    if spec.parameters.isEmpty { return nil }
    var lines: [String] = []
    for parameter in spec.parameters {
      if let documentation = parameter.documentation { lines.append("# " + comment(documentation)) }
      lines.append("\(YAML.scalar(parameter.name)): \(parameter.valueYAML)")
    }
    return GeneratedFile(path: values, lines: lines)
  }

  /// A text for a comment of any file: without what ends a line or hides in it, at most 100
  /// characters. Put something behind it: it may end with a backslash.
  package func comment(_ text: String) -> String {
    let plain = String(
      text.map { $0.unicodeScalars.allSatisfy(\.isVisible) ? $0 : " " })
    return plain.count > 100 ? plain.prefix(99) + "…" : plain
  }
}

extension Unicode.Scalar {
  /// Whether it may stand in a comment: it neither ends the line nor hides.
  fileprivate var isVisible: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .format, .surrogate: false
    default: true
    }
  }
}

extension Parameter {
  /// The value as it is typed behind `-p name=`.
  package var typed: String {
    switch value {
    case .text(let text): text
    case .date, .datetime: String(value.literal.drop { $0 == "@" })
    default: value.literal
    }
  }

  /// The value in YAML: a number or a truth value where it is one there, too, else a text.
  var valueYAML: String {
    switch value {
    case .int, .bool: value.literal
    case .float(let number) where number.isFinite: value.literal
    default: YAML.quoted(typed)
    }
  }
}

extension PipelineSpec {
  /// The names of the parameters that a step reads, in their order.
  package func parametersRead(by step: Step) -> [String] {
    parameters.map(\.name).filter { step.program.names($0) }
  }
}
