import Columnar
import Display
import Language
import Notebooks

/// What decides whether a step has to run: its key.
extension PipelineRun {
  /// The digest of all that a step's results depend on: the program, the parameters it names, the
  /// files it reads, what it needs of other steps (`needs`, objects by artifact) and the engine.
  func key(of step: PipelineSpec.Step, needs: [(id: String, object: String)]) throws -> String {
    var lines = ["kaizen \(Engine.version)", step.program]
    for parameter in parameters where step.program.names(parameter.name) {
      let value = try parameter.asSecret?.value()
      lines.append("parameter \(parameter.name) \(value ?? parameter.value.literal)")
    }
    for need in needs.sorted(by: { $0.id < $1.id }) {
      lines.append("artifact \(need.id) \(need.object)")
    }
    for path in step.inputs.sorted() {
      lines.append("input \(path) \(try inputDigest(path) ?? "missing")")
    }
    for name in step.gives {
      guard let artifact = spec.artifacts.first(where: { $0.step == step.id && $0.name == name })
      else { continue }
      lines.append("gives \(name) \(artifact.kind)")
    }
    // Lengths, so that no text can pass for two others.
    return digest(lines.map { "\($0.utf8.count) \($0)\n" }.joined())
  }

  /// The SHA-256 of a file relative to the root; nil where there is none.
  func inputDigest(_ path: String) throws -> String? {
    let file = Path.normalized(root + "/" + path)
    guard Path.exists(file), !Path.isDirectory(file) else { return nil }
    return try digest(ofFile: file).sha256
  }

  /// Objects of what a step needs, by artifact; `records` are those of steps that have run, by step.
  /// Throws `no-such-file` for what has not been made yet.
  func needs(
    of step: PipelineSpec.Step, _ records: [String: StepRecord]
  ) throws -> [(id: String, object: String)] {
    try step.needs.map { need in
      guard let artifact = spec.artifacts.first(where: { $0.id == need }),
        let object = records[artifact.step]?.object(of: artifact.name)
      else {
        let maker = spec.artifacts.first { $0.id == need }?.step ?? "?"
        throw Diagnostic(
          .noSuchFile, "step \(step.id) needs `\(need)`, which step \(maker) has not made yet")
      }
      return (need, object)
    }
  }

  /// The record under a key, if all that it names is there and sound and the files that the step read
  /// are as they were; nil otherwise.
  func soundRecord(_ key: String) throws -> StepRecord? {
    let path = store.record(key)
    guard Path.exists(path), let text = try? readText(path), let json = try? JSONValue.parse(text),
      let record = StepRecord(json, key: key)
    else { return nil }
    for input in record.inputs where try inputDigest(input.path) != input.sha256 { return nil }
    for artifact in record.artifacts where !store.isSound(artifact.object) { return nil }
    for output in record.outputs where !store.isSound(output.object) { return nil }
    return record
  }

  /// The records of all steps that a step needs, as they stand in the store, added to `records`.
  package func gatherRecords(
    for step: PipelineSpec.Step, into records: inout [String: StepRecord]
  ) throws {
    for need in step.needs {
      guard let maker = spec.artifacts.first(where: { $0.id == need })?.step,
        records[maker] == nil, let earlier = spec.steps.first(where: { $0.id == maker })
      else { continue }
      try gatherRecords(for: earlier, into: &records)
      guard let needs = try? needs(of: earlier, records) else { continue }
      records[maker] = try soundRecord(try key(of: earlier, needs: needs))
    }
  }

  /// Puts the files that a step wrote back where they are missing or other than it wrote them.
  func restoreOutputs(_ record: StepRecord) throws {
    for output in record.outputs {
      if try inputDigest(output.path) == output.object { continue }
      let target = Path.normalized(root + "/" + output.path)
      guard Path.contains(root, Path.real(target)) || Path.contains(folder, Path.real(target))
      else {
        throw Diagnostic(.notAllowed, "\(output.path) lies outside the pipeline's folder")
      }
      try Path.createFolders(Path.parent(target))
      try copyFile(store.object(output.object), to: target)
    }
  }
}
