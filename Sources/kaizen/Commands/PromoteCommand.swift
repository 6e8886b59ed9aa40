import ArgumentParser
import Notebooks
import Pipelines

/// `kaizen promote x.md folder/`
struct PromoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote", abstract: "Make a pipeline of a notebook.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The notebook, which must check clean.")
  var notebook: String

  @Argument(help: "The folder for pipeline.yaml.")
  var folder: String

  func run() throws {
    let frontEnd = FrontEnd(globals.run)
    let files = frontEnd.session.files
    try frontEnd.finish {
      frontEnd.write(
        .report(
          try Promotion.promote(
            files.absolute(notebook), into: files.absolute(folder), like: frontEnd.session)))
    }
  }
}
