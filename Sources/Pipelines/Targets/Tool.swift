import Columnar
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Programs of others, run as a user would.
enum Tool {
  /// A variable of the environment; nil where it is not set or empty.
  static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The path of a program; nil where none of that name is on the `PATH`, or at that path.
  static func find(_ name: String) -> String? {
    let folders = (variable("PATH") ?? "/usr/bin:/bin").split(separator: ":")
    let places = name.contains("/") ? [name] : folders.map { "\($0)/\(name)" }
    return places.first { access($0, X_OK) == 0 && !Path.isDirectory($0) }
  }

  /// Runs a command in `folder` with all that it says going to the file `output`, and returns its
  /// exit status. This program is found as `kaizen`, by a link in the folder `programs`. Throws `io`
  /// where it does not start, and `cancelled`; then it has been ended.
  static func run(
    _ command: Verification.Command, in folder: String, output: String, programs: String
  ) throws -> Int32 {
    guard let name = command.words.first, let program = find(name) else {
      throw Diagnostic(.io, "`\(command.words.first ?? "")` does not start")
    }
    try Path.createFolders(Path.parent(output))
    try Path.createFolders(programs)
    unlink(programs + "/kaizen")
    symlink(Engine.program, programs + "/kaizen")
    var variables = environmentVariables
    variables["PATH"] = programs + ":" + (variables["PATH"] ?? "/usr/bin:/bin")
    // A make that runs this one must not speak to the one that is run here.
    for name in ["MAKEFLAGS", "MAKELEVEL", "MFLAGS"] { variables[name] = nil }
    for (name, value) in command.environment {
      variables[name] = value.replacing("$PWD", with: folder)
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // Not every C library lets a program start in another folder.
    let words = ["sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", folder, program]
    var arguments = (words + command.words.dropFirst()).map { strdup($0) } + [nil]
    var environment = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in arguments + environment { free(text) } }
    var pid = pid_t()
    let status = posix_spawn(&pid, "/bin/sh", &actions, nil, &arguments, &environment)
    guard status == 0 else {
      throw Diagnostic(.io, "\(program): \(String(cString: strerror(status)))")
    }
    return try wait(for: pid)
  }

  /// The exit status of a process, 128 and the signal's number where one ended it. Throws `cancelled`
  /// after it has ended the process.
  static func wait(for pid: pid_t) throws -> Int32 {
    var status: Int32 = 0
    while true {
      let ended = waitpid(pid, &status, WNOHANG)
      if ended == pid { break }
      if ended < 0, errno != EINTR { break }
      if Cancellation.isRequested {
        kill(pid, SIGTERM)
        _ = waitpid(pid, &status, 0)
        throw DataError.cancelled
      }
      usleep(10_000)
    }
    let signal = status & 0x7f
    return signal != 0 ? 128 + signal : (status >> 8) & 0xff
  }

  private static var environmentVariables: [String: String] {
    var variables: [String: String] = [:]
    var place = environ
    // SAFETY: environ is an array that ends with a null pointer.
    while let entry = place.pointee {
      let text = String(cString: entry)
      if let equals = text.firstIndex(of: "=") {
        variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      place += 1
    }
    return variables
  }
}
