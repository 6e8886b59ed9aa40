import TestSupport

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The editor on a terminal of its own, with a history file of its own.
final class Probe {
  let terminal: PseudoTerminal
  let historyPath: String
  private let ownsHistory: Bool

  init(
    width: Int = 80, height: Int = 24, environment: [String: String] = ["LANG": "C.UTF-8"],
    historyPath: String? = nil, arguments: [String] = []
  ) throws {
    ownsHistory = historyPath == nil
    self.historyPath = historyPath ?? Self.temporaryPath()
    terminal = try PseudoTerminal(
      command: [Self.executable, self.historyPath] + arguments, width: width, height: height,
      environment: environment)
    try terminal.waitFor("1 probe")
  }

  deinit { if ownsHistory { unlink(historyPath) } }

  /// Waits for the prompt of read number `number` as the last thing on the screen.
  func waitForPrompt(_ number: Int) throws {
    try waitFor("prompt \(number)") {
      $0.text.hasSuffix("\n\(number) probe ›") || $0.text.hasSuffix("\n\(number) probe >")
    }
  }

  func waitFor(_ what: String, _ condition: (TerminalScreen) -> Bool) throws {
    try terminal.wait(for: what, condition)
  }

  func wait(forCount count: Int, of text: String) throws {
    try waitFor("\(count) times \(text)") { $0.occurrences(of: text) >= count }
  }

  static func temporaryPath() -> String {
    "/tmp/kaizen-test-\(getpid())-\(UInt64.random(in: 0 ... .max))"
  }

  static func write(_ text: String, to path: String) throws {
    let file = fopen(path, "w")
    guard let file else { throw PseudoTerminal.Failure.system("open \(path)", errno) }
    fputs(text, file)
    fclose(file)
  }

  /// The processes that `process` started.
  static func children(of process: pid_t) -> [pid_t] {
    guard let file = fopen("/proc/\(process)/task/\(process)/children", "r") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ").compactMap {
      pid_t($0)
    }
  }

  /// The probe stands beside the tests in the build folder.
  static let executable: String = {
    var program = CommandLine.arguments[0]
    #if os(Linux)
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = readlink("/proc/self/exe", &bytes, bytes.count)
      if count > 0 { program = String(decoding: bytes[..<count], as: UTF8.self) }
    #endif
    let folder = program[..<(program.lastIndex(of: "/") ?? program.startIndex)]
    return folder + "/EditorProbe"
  }()
}
