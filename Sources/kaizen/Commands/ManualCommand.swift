import ArgumentParser
import Language
import Notebooks
import Verbs

/// `kaizen man`: the manual page, made of what the program says of itself.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "man", abstract: "Print the manual page, for `man -l` or a folder of man pages.")

  func run() {
    let words = CommandLineWords.all
    var page = [
      ".TH KAIZEN 1 \"\" \"kaizen \(Kaizen.version)\" \"User Commands\"",
      ".SH NAME", "kaizen \\- " + escaped(lowered(Kaizen.configuration.abstract)),
      ".SH SYNOPSIS", ".nf",
    ]
    page += (Kaizen.configuration.usage ?? "").split(separator: "\n").map { escaped(String($0)) }
    page += [".fi", ".SH DESCRIPTION", escaped(Self.description)]
    page.append(".SH OPTIONS")
    for option in words.options {
      let values = option.values.isEmpty ? "" : " " + option.values.joined(separator: "|")
      page += [
        ".TP", "\\fB" + escaped(option.name) + "\\fR" + escaped(values), escaped(option.meaning),
      ]
    }
    page.append(".SH COMMANDS")
    page += items(words.commands)
    page.append(".SH VERBS")
    for purpose in VerbDeclaration.Purpose.allCases {
      let members = Registry.catalog.declarations.filter { $0.purpose == purpose }
      if members.isEmpty { continue }
      page.append(".SS " + escaped(purpose.rawValue))
      page += items(members.map { .init(name: $0.name, meaning: $0.summary) })
    }
    page.append(".SH SETTINGS")
    page.append("At the prompt and in the configuration file, as \\fBset rows=40\\fR.")
    for option in Registry.catalog.declaration("set")?.options ?? [] {
      page += [
        ".TP", "\\fB" + escaped(option.name) + "\\fR=" + escaped(option.values),
        escaped(option.meaning),
      ]
    }
    page.append(".SH KEYS")
    page += items(Self.keys)
    page.append(".SH FILES")
    page += items(Self.files)
    page.append(".SH ENVIRONMENT")
    page += items(Self.environment)
    page += [".SH EXIT STATUS", escaped(Kaizen.configuration.discussion)]
    writeOutput(page.joined(separator: "\n") + "\n")
  }

  private func items(_ words: [CommandLineWords.Word]) -> [String] {
    words.flatMap { [".TP", "\\fB" + escaped($0.name) + "\\fR", escaped($0.meaning)] }
  }

  /// Text as roff takes it: no line begins with a command.
  private func escaped(_ text: String) -> String {
    let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
      .replacing("`", with: "\\(ga").replacing("\n", with: " ")
    // Any other character by its number: what roff reads need not be UTF-8.
    let ascii = plain.unicodeScalars.reduce(into: "") { text, scalar in
      let digits = String(scalar.value, radix: 16, uppercase: true)
      let zeros = String(repeating: "0", count: max(0, 4 - digits.utf8.count))
      text += scalar.isASCII ? String(scalar) : "\\[u\(zeros)\(digits)]"
    }
    return ascii.hasPrefix(".") || ascii.hasPrefix("'") ? "\\&" + ascii : ascii
  }

  private func lowered(_ text: String) -> String {
    text.prefix(1).lowercased() + text.dropFirst().prefix { $0 != "." }
  }

  private static let description = """
    kaizen loads tables, looks at them, changes, models and checks them, one line at a time; saves the \
    lines that ran as a notebook, replays it, and makes a pipeline of it. Inside, ? lists the verbs and \
    ? topic explains one.
    """

  private static let keys: [CommandLineWords.Word] = [
    .init(name: "Tab, Shift-Tab", meaning: "Completes; again, goes through the menu."),
    .init(
      name: "Up, Down",
      meaning: "Moves between lines, then through the history of lines that begin so."),
    .init(name: "Right, End", meaning: "At the end of the line, takes the hint that is shown dim."),
    .init(name: "Ctrl-R", meaning: "Searches the history."),
    .init(name: "Ctrl-_, Alt-_", meaning: "Undoes and does again."),
    .init(name: "Ctrl-X Ctrl-E", meaning: "Edits the line in $VISUAL or $EDITOR."),
    .init(name: "Alt-Enter", meaning: "Begins another line."),
    .init(
      name: "Ctrl-C",
      meaning: "Drops the line, or stops the command, which then has changed nothing."),
    .init(name: "Ctrl-D", meaning: "Leaves, on an empty line."),
  ]

  private static let files: [CommandLineWords.Word] = [
    .init(name: "~/.config/kaizen/config", meaning: "Lines that run before the first prompt."),
    .init(name: "~/.local/state/kaizen/history", meaning: "The lines of all sessions."),
    .init(name: "~/.local/state/kaizen/sessions", meaning: "What --resume brings back."),
  ]

  private static let environment: [CommandLineWords.Word] = [
    .init(name: "KAIZENRC", meaning: "The configuration file; empty for none."),
    .init(
      name: "XDG_CONFIG_HOME, XDG_STATE_HOME",
      meaning: "Where configuration and history are instead."),
    .init(name: "NO_COLOR", meaning: "No colours where it is not empty."),
    .init(name: "VISUAL, EDITOR", meaning: "The editor of Ctrl-X Ctrl-E."),
  ]
}
