import ArgumentParser
import Display
import Language
import Notebooks
import Terminal

/// `kaizen complete LINE POS`
struct CompleteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "complete", abstract: "Say what could stand at a place in a line, for editors.",
    discussion: """
      With --json one object: `start` and `end` are the UTF-8 offsets that a candidate takes the \
      place of. Nothing of the line itself runs.
      """)

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The line, or all lines up to it.")
  var line: String

  @Argument(help: "The place, in bytes of UTF-8 from the start.")
  var position: Int

  @Option(
    help: ArgumentHelp("Lines that run before, for the names they bind.", valueName: "lines"))
  var after: String?

  func run() throws {
    let frontEnd = FrontEnd(globals.run)
    let session = frontEnd.session
    session.isInteractive = true
    if let after {
      session.onOutput = { _ in }
      try frontEnd.runScript(after)
    }
    guard position >= 0, position <= line.utf8.count else {
      try frontEnd.finish {
        throw Diagnostic(
          .usage, "the place \(position) is not in the line, which has \(line.utf8.count) bytes")
      }
      return
    }
    let completion = Completion(session)
    completion.prepare(line)
    let found = completion.candidates(line, cursor: position)
    if globals.run.format == .json {
      writeOutput(
        JSONValue.object([
          Fact("kind", .string("completion")),
          Fact("start", .int(Int64(found.replacement.lowerBound))),
          Fact("end", .int(Int64(found.replacement.upperBound))),
          Fact(
            "candidates",
            .array(
              found.candidates.map {
                .object([
                  Fact("text", .string($0.text)), Fact("kind", .string($0.kind)),
                  Fact("detail", .string($0.detail)),
                ])
              })),
        ]).text + "\n")
      return
    }
    let table = ReportTable(
      key: "candidates",
      columns: [
        ReportColumn("text", title: ""), ReportColumn("kind", title: ""),
        ReportColumn("detail", title: ""),
      ], rows: found.candidates.map { [.text($0.text), .text($0.kind), .text($0.detail)] })
    if !found.candidates.isEmpty {
      try frontEnd.write(.report(Report(kind: "completion", sections: [.table(table)])))
    }
  }
}
