import ArgumentParser
import Display
import Language
import Notebooks
import Pipelines
import Terminal

/// `kaizen pipeline run pipeline.yaml`
struct PipelineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pipeline", abstract: "Run a pipeline.", subcommands: [Run.self])

  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "run", abstract: "Run all steps in order.")

    @OptionGroup var globals: GlobalOptions

    @Argument(help: "pipeline.yaml")
    var file: String

    @Option(
      name: .customShort("p"),
      help: ArgumentHelp("Give a parameter a value.", valueName: "name=value"))
    var parameters: [String] = []

    func run() throws {
      let frontEnd = FrontEnd(globals.run)
      try frontEnd.finish {
        let pipeline = try PipelineRun(
          path: frontEnd.session.files.absolute(file),
          arguments: try parameterArguments(parameters))
        if let warning = pipeline.warning { writeError("warning: \(warning)\n") }
        try pipeline.run(like: frontEnd.session) { frontEnd.write($0) }
        frontEnd.write(
          .message(
            Message(
              subject: pipeline.spec.name, text: "\(pipeline.spec.steps.count) steps done",
              kind: "pipeline")))
      }
    }
  }
}

/// `kaizen step run pipeline.yaml ID`
struct StepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step", abstract: "Run one step of a pipeline.", subcommands: [Run.self])

  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "run", abstract: "Run one step; those it needs must have run.")

    @OptionGroup var globals: GlobalOptions

    @Argument(help: "pipeline.yaml")
    var file: String

    @Argument(help: "The step's id.")
    var step: String

    @Option(
      name: .customShort("p"),
      help: ArgumentHelp("Give a parameter a value.", valueName: "name=value"))
    var parameters: [String] = []

    func run() throws {
      let frontEnd = FrontEnd(globals.run)
      try frontEnd.finish {
        let pipeline = try PipelineRun(
          path: frontEnd.session.files.absolute(file),
          arguments: try parameterArguments(parameters))
        guard let known = pipeline.spec.steps.first(where: { $0.id == step }) else {
          let ids = pipeline.spec.steps.map(\.id)
          throw Diagnostic(
            .usage, "there is no step `\(step)`", notes: ["steps: \(ids.joined(separator: ", "))"])
        }
        let outcome = try pipeline.run(known, like: frontEnd.session)
        frontEnd.write(outcome)
        if let error = outcome.error { throw error }
      }
    }
  }
}

extension FrontEnd {
  /// A line for a step that has ended.
  func write(_ outcome: StepOutcome) {
    let seconds = NumberFormat.decimals(2).text(outcome.seconds)
    let mark = outcome.error == nil ? "done" : "failed"
    let text =
      "\(mark) in \(seconds) s"
      + (outcome.error.map { " · \($0.message)" } ?? "")
    write(
      .message(
        Message(subject: outcome.step, text: text, kind: "step", facts: [])))
  }
}
