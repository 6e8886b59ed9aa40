/// Cases: commands and exactly what they print.
///
///     # what is shown
///     load "datasets/penguins.csv" as p
///     p | count
///     ----
///     344
///     ====
///     # the next one
///     $ printf 'a,b\n1\n' > short.csv
///     load "short.csv" as s
///     ----
///     error[format]: …
///     exit 1
///
/// The first line says what is shown. Lines that begin with `$ ` are run by the shell, each before
/// what follows it, with `kaizen` on its path; lines that begin with `> ` continue them. All other
/// lines go to one `kaizen` on its standard input. Below `----` stands what was printed, standard
/// output and standard error as they came; `exit N` follows what ended with another status than 0.
/// A line of output that would read as `====` or `exit N` has a backslash before it, and output whose
/// last line has no end is followed by `\no newline`.
package struct CaseFile: Sendable, Hashable {
  package struct Case: Sendable, Hashable {
    /// What is shown, without the `#`.
    package var title: String
    /// The lines above `----`.
    package var commands: [String]
    /// The lines below it, as they stand in the file.
    package var expected: [String]
    /// The line of the file that the case begins on, counted from 1.
    package var line: Int

    package init(title: String, commands: [String], expected: [String] = [], line: Int = 1) {
      self.title = title
      self.commands = commands
      self.expected = expected
      self.line = line
    }
  }

  package struct Malformed: Error, CustomStringConvertible {
    package var line: Int
    package var reason: String
    package var description: String { "line \(line): \(reason)" }
  }

  package var cases: [Case]

  /// The cases of `text`; `description` gives the same text again, if it ends with a newline.
  package init(parsing text: String) throws(Malformed) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    cases = []
    var next = 0
    while next < lines.count {
      let start = next
      guard lines[next].hasPrefix("# ") else {
        throw Malformed(line: next + 1, reason: "a case begins with `# ` and what it shows")
      }
      guard let rule = lines[next...].firstIndex(of: "----") else {
        throw Malformed(line: next + 1, reason: "no line `----` below the commands")
      }
      let end = lines[rule...].firstIndex(of: "====") ?? lines.count
      if end == lines.count - 1 {
        throw Malformed(line: end + 1, reason: "no case below the last `====`")
      }
      cases.append(
        Case(
          title: String(lines[next].dropFirst(2)), commands: Array(lines[next + 1..<rule]),
          expected: Array(lines[rule + 1..<end]), line: start + 1))
      next = end + 1
    }
    if cases.isEmpty { throw Malformed(line: 1, reason: "no case") }
  }

  package init(_ cases: [Case]) { self.cases = cases }
}

extension CaseFile: CustomStringConvertible {
  /// The text of the file.
  package var description: String {
    cases.map { item in
      (["# " + item.title] + item.commands + ["----"] + item.expected)
        .map { $0 + "\n" }.joined()
    }.joined(separator: "====\n")
  }
}

extension CaseFile.Case {
  /// What is run, in this order.
  package enum Step: Sendable, Hashable {
    case shell(String)
    /// Lines for one `kaizen`.
    case lines([String])
  }

  package var steps: [Step] {
    var steps: [Step] = []
    for line in commands {
      switch steps.last {
      case .shell(let command) where line.hasPrefix("> "):
        steps[steps.count - 1] = .shell(command + "\n" + line.dropFirst(2))
      case _ where line.hasPrefix("$ "):
        steps.append(.shell(String(line.dropFirst(2))))
      case .lines(let lines):
        steps[steps.count - 1] = .lines(lines + [line])
      default:
        steps.append(.lines([line]))
      }
    }
    return steps
  }

  /// The steps run by `program` in a fresh folder, as lines to stand below `----`.
  package func run(with program: Program) throws -> [String] {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    return try steps.flatMap { step in
      let result =
        switch step {
        case .shell(let command): try program.run(shell: command, in: folder)
        case .lines(let lines):
          try program.run(input: lines.map { $0 + "\n" }.joined(), in: folder)
        }
      return Self.lines(of: result)
    }
  }

  /// What was printed and how it ended, as lines to stand below `----`.
  static func lines(of result: Program.Result) -> [String] {
    var lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
      .map { isMarker($0) ? "\\" + $0 : String($0) }
    if lines.last == "" {
      lines.removeLast()
    } else {
      lines.append("\\no newline")
    }
    if result.status != 0 { lines.append("exit \(result.status)") }
    return lines
  }

  private static func isMarker(_ line: Substring) -> Bool {
    let bare = line.drop { $0 == "\\" }
    if bare == "====" || (bare == "no newline" && bare.count < line.count) { return true }
    return bare.hasPrefix("exit ") && Int(bare.dropFirst(5)) != nil
  }
}
