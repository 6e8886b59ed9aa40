import ArgumentParser
import Columnar
import Language
import Pipelines
import Terminal

/// The program: a prompt, a script on standard input or behind `-c`, or one command.
@main
struct Kaizen: ParsableCommand {
  static let version = Engine.version

  static let configuration = CommandConfiguration(
    commandName: "kaizen",
    abstract: "Explore, model and automate tables, at a prompt that remembers.",
    usage: """
      kaizen [<options>]                      the prompt, or the lines on standard input
      kaizen [<options>] --resume             the prompt with the lines of the last session
      kaizen [<options>] -c <lines>           run lines
      kaizen [<options>] replay <notebook>    run a notebook
      kaizen [<options>] pipeline run <file>  run a pipeline
      kaizen [<options>] <verb> <file> …      load a file and run one verb on it
      """,
    discussion: """
      Inside, `?` lists the verbs. Exit status: 0 done; 1 a command failed; 2 a mistake in the \
      line, an option or a parameter; 3 an output differs from the record; 4 an input is missing or \
      is not the one pinned; 5 a check failed; 6 a gate failed; 75 try again; 130 interrupted.
      """,
    version: "kaizen \(version)",
    subcommands: [
      ReplayCommand.self, PromoteCommand.self, PipelineCommand.self, StepCommand.self,
      CompleteCommand.self, CompletionsCommand.self, ManualCommand.self, ReferenceCommand.self,
    ])

  @OptionGroup var globals: GlobalOptions

  @Option(name: .customShort("c"), help: ArgumentHelp("Run these lines.", valueName: "lines"))
  var lines: [String] = []

  @Flag(help: "Bring back the lines of the last session at the prompt.")
  var resume = false

  func run() throws {
    let frontEnd = FrontEnd(globals.run)
    if resume {
      guard lines.isEmpty, TerminalInfo.current.inputIsTerminal else {
        throw ValidationError("--resume is for the prompt")
      }
      try Prompt(frontEnd).run(resuming: true)
    } else if !lines.isEmpty {
      // Several are one program.
      try frontEnd.runScript(lines.joined(separator: "\n"))
    } else {
      try Self.runInput(frontEnd)
    }
  }

  /// The prompt, or the lines on standard input where that is no terminal.
  private static func runInput(_ frontEnd: FrontEnd) throws {
    if TerminalInfo.current.inputIsTerminal {
      try Prompt(frontEnd).run()
    } else {
      try frontEnd.runStandardInput()
    }
  }

  /// The commands that are no verbs taken from the registry.
  private static var commandNames: Set<String> {
    Set(configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"])
  }

  /// `kaizen hist datasets/penguins.csv body_mass_g`
  private static func runVerb(_ words: [String], _ options: RunOptions) throws {
    let frontEnd = FrontEnd(options)
    let line: VerbLine
    do {
      line = try VerbLine(words)
    } catch let error as Diagnostic {
      frontEnd.write(error, source: "")
      throw ExitStatus(code: error.code.exitStatus)
    }
    try frontEnd.runScript(line.text)
  }

  static func main() {
    Signals.install(cancelling: UnsafeMutableRawPointer(Cancellation.flag))
    do {
      let (globals, rest) = try GlobalOptions.hoisted(Array(CommandLine.arguments.dropFirst()))
      let plain = RunOptions(plain: globals)
      if let plain, rest.isEmpty {
        try runInput(FrontEnd(plain))
      } else if let plain, rest.count == 2, rest[0] == "-c" {
        try FrontEnd(plain).runScript(rest[1])
      } else if let word = rest.first, !word.hasPrefix("-"), !commandNames.contains(word) {
        try runVerb(rest, try plain ?? GlobalOptions.parse(globals).run)
      } else {
        var command = try parseAsRoot(globals + rest)
        try command.run()
      }
    } catch let status as ExitStatus {
      exitProcess(status.code)
    } catch {
      let message = fullMessage(for: error)
      if exitCode(for: error) == .success {
        writeOutput(message.isEmpty ? "" : message + "\n")
        exitProcess(0)
      }
      writeError(message + "\n")
      exitProcess(2)
    }
  }
}

/// Ends the program with this status; what was wrong has been said.
struct ExitStatus: Error {
  let code: Int32
}
