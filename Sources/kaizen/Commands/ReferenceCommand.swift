import ArgumentParser
import Verbs

/// `kaizen reference`: the page docs/language.md, for `make reference`.
struct ReferenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference", abstract: "Print the reference of the language as Markdown.",
    shouldDisplay: false)

  func run() { writeOutput(Reference.text) }
}
