import Display
import Language

/// What one cell gave when it ran.
package struct CellRun: Sendable {
  /// The cell's id, or its number where it has none.
  package var label: String
  package var id: String?
  /// What it shows in a notebook.
  package var text: String
  /// What it shows, as data.
  package var values: [JSONValue]
  /// The places of its lines among those of the session.
  package var steps = 0..<0
  /// The error that ended it.
  package var error: Diagnostic?
  /// What the text says of the error: the text ends with it.
  package var errorText = ""

  package init(
    label: String, id: String?, text: String, values: [JSONValue], error: Diagnostic? = nil
  ) {
    self.label = label
    self.id = id
    self.text = text
    self.values = values
    self.error = error
  }
}

extension Session {
  /// Runs the lines of a cell and gathers what they show, as a notebook records it.
  package func runCell(_ code: String, label: String, id: String?) -> CellRun {
    var outputs: [Output] = []
    let front = onOutput
    onOutput = { outputs.append($0) }
    defer { onOutput = front }
    let first = steps.count
    var failure: Diagnostic?
    var source = code
    do {
      for entry in splitEntries(code, grammar: grammar) {
        source = entry.text
        try run(entry.text)
        if isOver { break }
      }
    } catch {
      failure = diagnostic(error)
    }
    var text = outputs.map { $0.text(.notebook) }.joined()
    let errorText = failure.map { $0.render(source: source) + "\n" } ?? ""
    text += errorText
    var run = CellRun(
      label: label, id: id, text: text, values: outputs.map(\.recordedValue), error: failure)
    run.errorText = errorText
    run.steps = min(first, steps.count)..<steps.count
    return run
  }
}

extension Output {
  /// The output as data for a lock: a frame of many rows by its digest.
  var recordedValue: JSONValue {
    let text = json()
    if case .frame(let output) = self, output.frame.rowCount > 1_000 {
      return .object([
        Fact("kind", .string("frame")), Fact("rows", .int(Int64(output.frame.rowCount))),
        Fact("sha256", .string(digest(text))),
      ])
    }
    return (try? JSONValue.parse(text)) ?? .string(text)
  }
}
