import Notebooks

/// A file that promotion writes, by its path in a folder.
package struct GeneratedFile: Sendable, Equatable {
  package var path: String
  package var text: String

  package init(path: String, text: String) {
    self.path = path
    self.text = text
  }

  /// A file of these lines.
  package init(path: String, lines: [String]) {
    self.init(path: path, text: lines.joined(separator: "\n") + "\n")
  }
}

/// An orchestrator that can run a pipeline. What is written for it is wiring only: every step is the
/// one command `kaizen step run pipeline.yaml ID`, and what passes between steps are the files that
/// this command reads and writes.
package protocol PipelineTarget: Sendable {
  /// As `target=` names it; also the name of its folder in `targets/`.
  static var name: String { get }
  /// How it is held to be true, with the commands for this pipeline.
  static func verification(of wiring: Wiring) -> Verification
  /// The files in the target's folder, by their paths there.
  ///
  /// Whatever names, paths and parameter values hold, none of it is run: what the orchestrator or a
  /// shell would take for code is quoted, or passed in a file. Throws `usage` where the orchestrator
  /// cannot express the pipeline.
  static func files(for wiring: Wiring) throws -> [GeneratedFile]
}

/// What a target's files were tried with.
package struct Verification: Sendable {
  package enum Level: String, Sendable {
    /// The orchestrator itself ran the pipeline, and every artifact had the digest of our own run.
    case executed
    /// Held against the orchestrator's own schema or linter; nothing was run by it.
    case validated
    /// Written as its documentation says; nothing of it was tried.
    case emitted
  }

  /// A program with its arguments, run in the target's folder without a shell.
  package struct Command: Sendable {
    package var words: [String]
    /// Variables that are set for it; a value's `$PWD` stands for the target's folder.
    package var environment: [(name: String, value: String)]

    package init(_ words: String..., environment: [(name: String, value: String)] = []) {
      self.words = words
      self.environment = environment
    }

    /// As it is typed in a shell.
    package var text: String {
      (environment.map { "\($0.name)=\($0.value)" } + words.map(Shell.word)).joined(separator: " ")
    }
  }

  package var level: Level
  /// In order; a later one is run where the one before it ended with 0.
  package var commands: [Command]
  /// The programs that must be on the `PATH`: those that the commands begin with, and others.
  package var programs: [String]
  /// How to install what they need.
  package var install: String
  /// What they show.
  package var proves: String
  /// What they do not show.
  package var limits: String

  package init(
    level: Level, commands: [Command], programs: [String] = [], install: String, proves: String,
    limits: String
  ) {
    self.level = level
    self.commands = commands
    self.programs = commands.compactMap(\.words.first) + programs
    self.install = install
    self.proves = proves
    self.limits = limits
  }
}

/// Words of commands for a shell.
package enum Shell {
  /// A word that a shell takes as it is, whatever it holds.
  package static func word(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
          || "_-./,:=+@".utf8.contains($0)
      }
    return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }
}

extension Shell {
  /// A command that is run again, `retries` times at most, while it ends with 75; any other status is
  /// the command's own. The words mean nothing to a shell.
  static func retrying(_ words: [String], _ retries: Int) -> String {
    let command = words.joined(separator: " ")
    guard retries > 0 else { return command }
    return "n=0; until \(command); do s=$?; [ $s -eq 75 ] && [ $n -lt \(retries) ] || exit $s; "
      + "n=$((n + 1)); sleep $((n * n)); done"
  }
}
