import ArgumentParser
import Columnar

/// Options that every command takes, before it or behind it.
struct GlobalOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, csv, tsv, json, md
  }

  enum ErrorFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Option(
    help: ArgumentHelp(
      "Threads that compute; results do not depend on it.", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "What columns may take, as 2GB; larger tables are streamed from disk.", valueName: "size"))
  var memory: String?

  @Flag(help: "One JSON object a line for each result shown; the same as --format json.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "How results are written: text, csv, tsv, json or md. With csv and tsv, tables only.",
      valueName: "format"))
  var format: Format?

  @Option(
    help: ArgumentHelp("How errors are written: text or json.", valueName: "format"))
  var errors: ErrorFormat = .text

  @Option(
    help: ArgumentHelp(
      "A folder that a replayed notebook may read and write besides its own.", valueName: "path"))
  var allow: [String] = []

  @Flag(help: "No colours.")
  var noColor = false

  /// The options as the program uses them.
  var run: RunOptions {
    RunOptions(
      threads: threads ?? 0, memory: memory.flatMap(Self.bytes) ?? 0,
      format: format ?? (json ? .json : .text), errors: errors,
      allowed: allow, usesColor: !noColor)
  }

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads takes a number from 1 to 1024")
    }
    if let memory, Self.bytes(memory) == nil {
      throw ValidationError("--memory takes a size from 1MB, as 500MB or 2GB")
    }
    if json, let format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) exclude each other")
    }
  }

  /// The bytes of a size as `2GB`, `500MB` or `1.5GiB`; nil if it is none, or below a megabyte.
  static func bytes(_ text: String) -> Int? {
    let units: [(name: String, bytes: Double)] = [
      ("GiB", 1_073_741_824), ("MiB", 1_048_576), ("TB", 1e12), ("GB", 1e9), ("MB", 1e6),
    ]
    for unit in units where text.hasSuffix(unit.name) {
      guard let number = Double(text.dropLast(unit.name.count)), number.isFinite else {
        return nil
      }
      let bytes = (number * unit.bytes).rounded()
      return bytes >= 1e6 && bytes <= 1e15 ? Int(bytes) : nil
    }
    return nil
  }

  private static let flags: Set<String> = ["--json", "--no-color"]
  private static let options: Set<String> = [
    "--threads", "--memory", "--format", "--errors", "--allow",
  ]
  /// Options of commands whose value may look like anything.
  private static let opaque: Set<String> = [
    "-c", "-p", "-o", "--from", "--store", "--step", "--every", "--run", "--after", "--artifacts",
    "--parameters", "--target", "--schedule", "--retries", "--timeout", "--image",
    "--executor-input",
    "--made-for",
  ]

  /// The arguments with those of this group in front, so that they may stand anywhere.
  static func hoisted(
    _ arguments: [String]
  ) throws -> (globals: [String], rest: [String]) {
    var globals: [String] = []
    var rest: [String] = []
    var index = 0
    while index < arguments.count {
      let argument = arguments[index]
      let name = argument.split(separator: "=", maxSplits: 1).first.map(String.init) ?? argument
      if argument == "--" {
        rest += arguments[index...]
        break
      }
      if flags.contains(argument) || (options.contains(name) && name != argument) {
        globals.append(argument)
      } else if options.contains(argument), index + 1 < arguments.count {
        globals += [argument, arguments[index + 1]]
        index += 1
      } else if opaque.contains(argument), index + 1 < arguments.count {
        rest += [argument, arguments[index + 1]]
        index += 1
      } else {
        rest.append(argument)
      }
      index += 1
    }
    return (globals, rest)
  }
}

/// The global options as values.
struct RunOptions: Sendable {
  /// 0 is one a processor.
  var threads = 0
  /// Bytes that columns may take; 0 leaves it to the program.
  var memory = 0
  var format = GlobalOptions.Format.text
  var errors = GlobalOptions.ErrorFormat.text
  var allowed: [String] = []
  var usesColor = true
}

extension RunOptions {
  /// Options that are written out and have nothing wrong with them; nil leaves all others to the
  /// parser, whose reflection takes as long as a small command.
  init?(plain arguments: [String]) {
    self.init()
    var givenFormat: GlobalOptions.Format?
    var isJSON = false
    var rest = arguments[...]
    while let option = rest.popFirst() {
      switch option {
      case "--json": isJSON = true
      case "--no-color": usesColor = false
      default:
        guard let value = rest.popFirst() else { return nil }
        switch option {
        case "--threads":
          guard let number = Int(value), (1...1024).contains(number) else { return nil }
          threads = number
        case "--memory":
          guard let bytes = GlobalOptions.bytes(value) else { return nil }
          memory = bytes
        case "--format":
          guard let known = GlobalOptions.Format(rawValue: value) else { return nil }
          givenFormat = known
        case "--errors":
          guard let known = GlobalOptions.ErrorFormat(rawValue: value) else { return nil }
          errors = known
        default: return nil
        }
      }
    }
    if isJSON, let givenFormat, givenFormat != .json { return nil }
    format = givenFormat ?? (isJSON ? .json : .text)
  }
}
