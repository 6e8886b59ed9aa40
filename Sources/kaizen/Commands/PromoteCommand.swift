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

  @Flag(help: "Write nothing: exit status 3 where the folder is not what promotion writes.")
  var check = false

  func run() throws {
    let frontEnd = FrontEnd(globals.run)
    let files = frontEnd.session.files
    try frontEnd.finish {
      if check {
        frontEnd.write(
          .message(
            try Promotion.check(
              files.absolute(notebook), into: files.absolute(folder), like: frontEnd.session)))
        return
      }
      frontEnd.write(
        .report(
          try Promotion.promote(
            files.absolute(notebook), into: files.absolute(folder), like: frontEnd.session)))
    }
  }
}
