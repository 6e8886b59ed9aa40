/// The canonical text of a statement: one line, but for loops over several lines. Parsed again it
/// means the same, and its text is the same.
///
/// With `grammar` a value that begins with the name of a verb is put in backticks, as
/// `` `head` * 2 `` must be.
package func print(_ statement: Statement, grammar: Grammar? = nil) -> String {
  StatementPrinter(grammar: grammar).text(statement)
}

/// The canonical text of an expression.
package func print(_ expression: Expr) -> String { ExpressionPrinter.text(expression) }

/// The canonical text of a pipeline.
package func print(_ pipeline: Pipeline) -> String {
  StatementPrinter(grammar: nil).text(pipeline)
}

/// The canonical text of a stage.
package func print(_ stage: Stage) -> String { StagePrinter.text(stage) }

struct StatementPrinter {
  let grammar: Grammar?

  func text(_ statement: Statement) -> String {
    switch statement.kind {
    case .bind(let names, let value): return "\(list(names)) = \(text(value))"
    case .rebind(let name, let stages):
      return (name.map { LiteralText.name($0.text) + " " } ?? "") + "|= " + text(stages)
    case .pipeline(let pipeline): return text(pipeline)
    case .expression(let expression): return text(expression)
    case .parameter(let parameter):
      let options = parameter.options.map { StagePrinter.option($0.name, $0.value) }
      let value = parameter.value.map { ["= " + ExpressionPrinter.text($0)] } ?? []
      return (["param \(LiteralText.name(parameter.name.text))"] + value + options)
        .joined(separator: " ")
    case .definition(let definition):
      let head = "def \(LiteralText.name(definition.name.text))(\(list(definition.parameters)))"
      switch definition.body {
      case .expression(let expression): return "\(head) = \(text(expression))"
      case .pipeline(let pipeline): return "\(head) = \(text(pipeline))"
      }
    case .loop(let variable, let values, let body):
      let head =
        "for \(LiteralText.name(variable.text)) in "
        + "\(ExpressionPrinter.text(values, mayEndOpen: false)) {"
      let lines = body.map(text)
      if lines.count == 1, !lines[0].contains("\n"), !takesWholeLine(body[0]) {
        return "\(head) \(lines[0]) }"
      }
      let indented = lines.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
        .map { "\n  \($0)" }
      return head + indented.joined() + "\n}"
    case .inspect(let inspection, let statement):
      return "\(inspection.rawValue) \(text(statement))"
    case .shell(let text): return text.isEmpty ? "!" : "! \(text)"
    case .help(let text): return text.isEmpty ? "?" : "? \(text)"
    case .prose(let text):
      return text.isEmpty ? "#" : text.hasPrefix("#") ? "#\(text)" : "# \(text)"
    }
  }

  private func takesWholeLine(_ statement: Statement) -> Bool {
    switch statement.kind {
    case .shell, .help, .prose: true
    case .inspect(_, let inner): takesWholeLine(inner)
    default: false
    }
  }

  private func list(_ names: [Name]) -> String {
    names.map { LiteralText.name($0.text) }.joined(separator: ", ")
  }

  private func text(_ value: Statement.Bound) -> String {
    switch value {
    case .pipeline(let pipeline): text(pipeline)
    case .expression(let expression): text(expression)
    }
  }

  /// An expression where a verb could stand.
  private func text(_ expression: Expr) -> String {
    let text = ExpressionPrinter.text(expression)
    guard let grammar, let word = leadingWord(text) else { return text }
    guard grammar.verbs[word] != nil || grammar.synonyms[word] != nil,
      !grammar.functions.contains(word) || text.utf8.count == word.utf8.count
    else { return text }
    return quotingWord(text, word)
  }

  func text(_ pipeline: Pipeline) -> String {
    let stages = text(pipeline.stages)
    guard let source = pipeline.source else { return stages }
    // What was last shown is a source like any other.
    let name = source.text == "_" ? "_" : LiteralText.name(source.text)
    return pipeline.stages.isEmpty ? name : "\(name) | \(stages)"
  }

  private func text(_ stages: [Stage]) -> String {
    stages.map(StagePrinter.text).joined(separator: " | ")
  }
}

/// The name that a text begins with, if it has no backticks.
func leadingWord(_ text: String) -> String? {
  let word = String(text.unicodeScalars.prefix(while: \.continuesName))
  return LiteralText.isBare(word) ? word : nil
}

func quotingWord(_ text: String, _ word: String) -> String {
  "`\(word)`" + String(text.unicodeScalars.dropFirst(word.unicodeScalars.count))
}
