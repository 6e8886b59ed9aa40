import ArgumentParser
import Notebooks
import Verbs

/// `kaizen completions SHELL`
struct CompletionsCommand: ParsableCommand {
  enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

  static let configuration = CommandConfiguration(
    commandName: "completions", abstract: "Print the script that completes kaizen in a shell.",
    discussion: """
      bash: kaizen completions bash > ~/.local/share/bash-completion/completions/kaizen
      zsh:  kaizen completions zsh > a folder of $fpath, as _kaizen
      fish: kaizen completions fish > ~/.config/fish/completions/kaizen.fish
      """)

  @Argument(help: "bash, zsh or fish")
  var shell: Shell

  func run() {
    let words = CommandLineWords.all
    switch shell {
    case .bash: writeOutput(bash(words))
    case .zsh: writeOutput(zsh(words))
    case .fish: writeOutput(fish(words))
    }
  }

  private func bash(_ words: CommandLineWords) -> String {
    """
    # bash completion for kaizen
    _kaizen() {
      local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" first= i
      COMPREPLY=()
      case "$before" in
    \(words.options.filter { !$0.values.isEmpty }.map { option in
      "    \(option.name)) COMPREPLY=($(compgen -W '\(option.values.joined(separator: " "))' -- \"$word\")); return;;"
    }.joined(separator: "\n"))
      esac
      for ((i = 1; i < COMP_CWORD; i++)); do
        [[ "${COMP_WORDS[i]}" == -* ]] || { first="${COMP_WORDS[i]}"; break; }
      done
      if [[ "$word" == -* ]]; then
        COMPREPLY=($(compgen -W '\(words.options.map(\.name).joined(separator: " "))' -- "$word"))
      elif [[ -z "$first" ]]; then
        COMPREPLY=($(compgen -W '\((words.commands + words.verbs).map(\.name).joined(separator: " "))' -- "$word"))
      elif [[ "$first" == completions ]]; then
        COMPREPLY=($(compgen -W 'bash zsh fish' -- "$word"))
      else
        COMPREPLY=($(compgen -f -- "$word"))
      fi
    }
    complete -o filenames -F _kaizen kaizen

    """
  }

  private func zsh(_ words: CommandLineWords) -> String {
    func quoted(_ text: String) -> String { text.replacing("'", with: "'\\''") }
    func described(_ list: [CommandLineWords.Word]) -> String {
      list.map { "    '\($0.name):\(quoted($0.meaning.replacing(":", with: "\\:")))'" }
        .joined(separator: "\n")
    }
    return """
      #compdef kaizen
      # zsh completion for kaizen
      _kaizen() {
        local -a commands verbs options
        commands=(
      \(described(words.commands))
        )
        verbs=(
      \(described(words.verbs))
        )
        options=(
      \(described(words.options.map { .init(name: $0.name, meaning: $0.meaning) }))
        )
        if [[ $PREFIX == -* ]]; then
          _describe -o option options
        elif (( CURRENT == 2 )); then
          _describe command commands
          _describe verb verbs
        elif [[ ${words[2]} == completions ]]; then
          compadd bash zsh fish
        else
          _files
        fi
      }
      _kaizen "$@"

      """
  }

  private func fish(_ words: CommandLineWords) -> String {
    func quoted(_ text: String) -> String {
      "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
    var lines = ["# fish completion for kaizen"]
    for word in words.commands + words.verbs {
      lines.append(
        "complete -c kaizen -n __fish_use_subcommand -f -a \(word.name) -d \(quoted(word.meaning))")
    }
    for option in words.options where option.name.hasPrefix("--") {
      let values =
        option.values.isEmpty ? "" : " -x -a " + quoted(option.values.joined(separator: " "))
      lines.append(
        "complete -c kaizen -l \(option.name.dropFirst(2)) -d \(quoted(option.meaning))\(values)")
    }
    lines.append(
      "complete -c kaizen -n '__fish_seen_subcommand_from completions' -f -a 'bash zsh fish'")
    return lines.joined(separator: "\n") + "\n"
  }
}

/// The words of the command line with what they mean, for shells and the manual page.
struct CommandLineWords {
  struct Word {
    var name: String
    var meaning: String
  }

  struct Option {
    var name: String
    var values: [String] = []
    var meaning: String
  }

  var commands: [Word]
  var verbs: [Word]
  var options: [Option]

  static var all: CommandLineWords {
    let commands = Kaizen.configuration.subcommands
      .filter { $0.configuration.shouldDisplay }
      .map {
        Word(name: $0.configuration.commandName ?? "", meaning: $0.configuration.abstract)
      }
    let names = Set(commands.map(\.name))
    return CommandLineWords(
      commands: commands,
      verbs: Registry.catalog.verbs.map { $0.declaration }.filter { !names.contains($0.name) }
        .map { Word(name: $0.name, meaning: $0.summary) },
      options: [
        Option(name: "-c", meaning: "Run these lines."),
        Option(
          name: "--resume", meaning: "Bring back the lines of the last session at the prompt."),
        Option(name: "--threads", meaning: "Threads that compute; results do not depend on it."),
        Option(name: "--memory", meaning: "What columns may take, as 2GB."),
        Option(name: "--json", meaning: "Results as JSON, one object a line."),
        Option(
          name: "--format", values: GlobalOptions.Format.allCases.map(\.rawValue),
          meaning: "How results are written."),
        Option(
          name: "--errors", values: GlobalOptions.ErrorFormat.allCases.map(\.rawValue),
          meaning: "How errors are written."),
        Option(
          name: "--allow", meaning: "A folder that a replayed notebook may use besides its own."),
        Option(name: "--no-color", meaning: "No colours."),
        Option(name: "--version", meaning: "Show the version."),
        Option(name: "--help", meaning: "Show help."),
      ])
  }
}
