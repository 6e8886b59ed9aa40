import ArgumentParser
import Columnar
import Display
import Language
import Notebooks
import Terminal
import Verbs

/// `kaizen replay x.md`
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Run a notebook from top to bottom in a fresh session.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The notebook, a Markdown file.")
  var notebook: String

  @Option(
    name: .customShort("p"),
    help: ArgumentHelp("Give a parameter a value.", valueName: "name=value"))
  var parameters: [String] = []

  @Flag(help: "Compare with the recorded outputs: exit status 3 where one differs.")
  var check = false

  @Flag(help: "Write the new outputs into the notebook.")
  var accept = false

  @Option(name: .customShort("o"), help: "Write a copy with the outputs of this run.")
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Show and compare from this cell on, by id or number; those before it run unseen.",
      valueName: "cell"))
  var from: String?

  func validate() throws {
    if check, accept { throw ValidationError("--check and --accept exclude each other") }
  }

  func run() throws {
    let frontEnd = FrontEnd(globals.run)
    let session = frontEnd.session
    try frontEnd.finish {
      var request = ReplayRequest(path: session.files.absolute(notebook))
      request.mode = check ? .check : accept ? .accept : .run
      request.arguments = try parameterArguments(parameters)
      request.copy = output.map { session.files.absolute($0) }
      request.first = from
      request.allowed = globals.allow.map { session.files.absolute($0) }
      let isSilent = check || accept || output != nil
      let summary = try session.recording(request) { run in
        switch globals.run.format {
        case .json:
          writeOutput(
            JSONValue.object([
              Fact("kind", .string("cell")), Fact("id", run.id.map { .string($0) } ?? .null),
              Fact("outputs", .array(run.values)),
            ]).text + "\n")
        default: if !isSilent { writeOutput(run.text) }
        }
      }
      frontEnd.write(summary)
    }
  }
}

/// `name=value` as typed, taken apart. A name among `known` may hold `=` itself. Throws `usage`.
func parameterArguments(
  _ texts: [String], of known: [String] = []
) throws -> [(name: String, value: String)] {
  try texts.map { text in
    let meant = known.filter { text.hasPrefix($0 + "=") }
    if meant.count > 1 {
      throw Diagnostic(
        .usage, "-p \"\(text)\" can be meant for \(meant.count) parameters",
        notes: ["parameters: \(meant.joined(separator: ", "))"],
        hints: ["a file of values leaves no doubt: --parameters values.yaml"])
    }
    if let name = meant.first { return (name, String(text.dropFirst(name.count + 1))) }
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw Diagnostic(.usage, "-p takes name=value, not \"\(text)\"")
    }
    return (String(text[..<equals]), String(text[text.index(after: equals)...]))
  }
}
