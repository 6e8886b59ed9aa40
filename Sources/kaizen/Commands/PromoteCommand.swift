import ArgumentParser
import Language
import Notebooks
import Pipelines

/// `kaizen promote x.md folder/`
struct PromoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote", abstract: "Make a pipeline of a notebook.",
    usage: """
      kaizen promote <notebook> <folder> [<options>]
      kaizen promote verify [<folder>] [--target <names>]
      """,
    discussion: """
      Without --target, --schedule, --retries, --timeout and --image those of the last promotion \
      into the folder stand. `promote verify` runs the commands of VERIFY.md whose tools are \
      installed.
      """)

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The notebook, which must check clean; or the word `verify`.")
  var notebook: String

  @Argument(help: "The folder for pipeline.yaml.")
  var folder: String?

  @Option(
    help: ArgumentHelp(
      "What runs it besides Kaizen, several with commas: \(Targets.names.joined(separator: ", ")); "
        + "native for nothing else.", valueName: "names"))
  var target: String?

  @Option(
    help: ArgumentHelp(
      "When, as cron has it, in UTC: \"30 6 * * 1-5\".", valueName: "fields"))
  var schedule: String?

  @Option(
    help: ArgumentHelp(
      "How often a step that ends with 75 is tried again.", valueName: "n"))
  var retries: Int?

  @Option(help: ArgumentHelp("How long a step may take, as 10min.", valueName: "time"))
  var timeout: String?

  @Option(help: ArgumentHelp("The image for steps in containers.", valueName: "name"))
  var image: String?

  @Flag(help: "Write nothing: exit status 3 where the folder is not what promotion writes.")
  var check = false

  private var targets: [String]? {
    target.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  func run() throws {
    let frontEnd = FrontEnd(globals.run)
    let session = frontEnd.session
    try frontEnd.finish {
      if notebook == "verify" {
        try frontEnd.write(
          .report(
            try TargetCheck(
              targets ?? [], in: session.files.absolute(folder ?? "."), like: session
            ).run()))
        return
      }
      guard let folder else {
        throw Diagnostic(
          .usage, "`promote` needs a folder", hints: ["kaizen promote \(notebook) pipeline/"])
      }
      let (path, place) = (session.files.absolute(notebook), session.files.absolute(folder))
      var options: PromotionOptions?
      if targets != nil || schedule != nil || retries != nil || timeout != nil || image != nil {
        options = try PromotionOptions(
          targets: targets ?? [], schedule: schedule, retries: retries, timeout: timeout,
          image: image)
      }
      try frontEnd.write(
        check
          ? .message(try Promotion.check(path, into: place, options: options, like: session))
          : .report(try Promotion.promote(path, into: place, options: options, like: session)))
    }
  }
}
