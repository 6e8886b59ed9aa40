import Columnar
import Display
import Notebooks

extension PipelineSpec {
  /// The text of `pipeline.yaml`: plain YAML, the same for the same pipeline.
  package var text: String {
    var lines = [
      "# Made by promote; an edited file runs, with a warning.", "kaizen: 1",
      "pipeline: \(scalar(name))", "source: \(scalar(source))", "root: \(scalar(root))",
    ]
    if let schedule { lines.append("schedule: \(scalar(schedule.text))") }
    if !parameters.isEmpty {
      lines.append("parameters:")
      for parameter in parameters { lines.append("  " + parameter.yaml) }
    }
    if !artifacts.isEmpty {
      lines.append("artifacts:")
      for artifact in artifacts {
        switch artifact.kind {
        case .frame(let schema):
          lines.append("  \(scalar(artifact.id)):")
          lines.append("    type: frame")
          lines.append("    columns:")
          for field in schema.fields {
            lines.append("      - {name: \(scalar(field.name)), type: \(field.type.rawValue)}")
          }
        case .scalar(let type):
          lines.append("  \(scalar(artifact.id)): {type: scalar, of: \(type.rawValue)}")
        case .model: lines.append("  \(scalar(artifact.id)): {type: model}")
        }
      }
    }
    lines.append("steps:")
    for step in steps {
      lines.append("  - id: \(scalar(step.id))")
      lines.append("    kind: \(scalar(step.kind))")
      if !step.needs.isEmpty { lines.append("    needs: \(list(step.needs))") }
      if !step.gives.isEmpty { lines.append("    gives: \(list(step.gives))") }
      if !step.inputs.isEmpty { lines.append("    inputs: \(list(step.inputs))") }
      if !step.outputs.isEmpty { lines.append("    outputs: \(list(step.outputs))") }
      if !step.after.isEmpty { lines.append("    after: \(list(step.after))") }
      if step.retries > 0 { lines.append("    retries: \(step.retries)") }
      if let timeout = step.timeout { lines.append("    timeout: \(Seconds.text(timeout))") }
      lines.append("    program: |2-")
      for line in step.program.split(separator: "\n", omittingEmptySubsequences: false) {
        lines.append(line.isEmpty ? "" : "      " + line)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func list(_ texts: [String]) -> String {
    "[\(texts.map(scalar).joined(separator: ", "))]"
  }

  private func scalar(_ text: String) -> String { YAML.scalar(text) }
}
