import Display
import Language
import Notebooks

/// How a step ended.
package struct StepOutcome: Sendable {
  package var step: String
  package var seconds: Double
  package var error: Diagnostic?
  /// Whether an earlier run had given the same already.
  package var isReused = false
  package var attempts = 1
  /// What it was run for; nil where what it needs was not there.
  package var key: String?
  /// Objects of what it needed, by artifact.
  package var needs: [(id: String, object: String)] = []
  package var record: StepRecord?

  package init(step: String, seconds: Double, error: Diagnostic? = nil) {
    self.step = step
    self.seconds = seconds
    self.error = error
  }

  /// `done`, `reused` or the code of the error.
  package var kind: String { error?.code.rawValue ?? (isReused ? "reused" : "done") }

  /// For `outcome.json`: kind, reason and evidence, since orchestrators flatten exit statuses.
  package var json: JSONValue {
    var facts = [
      Fact("step", .string(step)), Fact("kind", .string(kind)),
      Fact("exit_status", .int(Int64(error?.code.exitStatus ?? 0))),
      Fact("attempts", .int(Int64(attempts))),
      Fact("key", key.map { .string($0) } ?? .null),
      Fact("needs", .object(needs.map { Fact($0.id, .string($0.object)) })),
    ]
    if let error {
      facts.append(Fact("reason", .string(error.message)))
      facts.append(Fact("evidence", .array(error.notes.map { .string($0) })))
    }
    if let record {
      facts.append(Fact("metrics", StepRecord.json(record.metrics)))
      facts.append(Fact("inputs", .object(record.inputs.map { Fact($0.path, .string($0.sha256)) })))
      facts.append(
        Fact("artifacts", .object(record.artifacts.map { Fact($0.name, .string($0.object)) })))
      facts.append(
        Fact("outputs", .object(record.outputs.map { Fact($0.path, .string($0.object)) })))
    }
    return .object(facts)
  }

  /// Reads an `outcome.json`; nil where it is none.
  package init?(_ json: JSONValue) {
    guard case .string(let step)? = json["step"], case .string(let kind)? = json["kind"],
      let needs = json.texts("needs")
    else { return nil }
    self.init(step: step, seconds: 0)
    isReused = kind == "reused"
    if case .int(let count)? = json["attempts"] { attempts = Int(clamping: count) }
    if case .string(let key)? = json["key"] { self.key = key }
    self.needs = needs.map { (id: $0.key, object: $0.value) }
    if kind != "done", kind != "reused" {
      guard let code = Diagnostic.Code(rawValue: kind), case .string(let reason)? = json["reason"]
      else { return nil }
      var notes: [String] = []
      if case .array(let evidence)? = json["evidence"] {
        notes = evidence.compactMap { if case .string(let text) = $0 { text } else { nil } }
      }
      error = Diagnostic(code, reason, notes: notes)
    }
    if let key, let inputs = json.texts("inputs"), let artifacts = json.texts("artifacts"),
      let outputs = json.texts("outputs")
    {
      record = StepRecord(
        step: step, key: key, artifacts: artifacts.map { (name: $0.key, object: $0.value) },
        outputs: outputs.map { (path: $0.key, object: $0.value) },
        inputs: inputs.map { (path: $0.key, sha256: $0.value) })
      record?.metrics = StepRecord.metrics(json["metrics"])
    }
  }
}
