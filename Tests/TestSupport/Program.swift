import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// The built `kaizen`, run as a person or a script would run it, with nothing of the environment
/// but what `ScratchFolder` sets.
package struct Program: Sendable {
  package struct Result: Sendable, Hashable {
    /// Standard output and standard error, in the order written.
    package var output: String
    /// The exit status; 128 and the signal's number for one that a signal ended.
    package var status: Int32
  }

  package struct Failure: Error, CustomStringConvertible {
    package var description: String
  }

  package let path: String
  /// After how many seconds a run is ended and its test fails.
  package var timeLimit = 120.0

  /// The program at `KAIZEN_BINARY`, else the release build, else the debug build.
  package init() throws {
    let environment = ProcessInfo.processInfo.environment
    let builds = ["release", "debug"].map { Project.root + "/.build/\($0)/kaizen" }
    let candidates = environment["KAIZEN_BINARY"].map { [$0] } ?? builds
    guard let path = candidates.first(where: FileManager.default.isExecutableFile(atPath:)) else {
      throw Failure(
        description: "no program at \(candidates.joined(separator: " or ")): make build")
    }
    self.path = path
  }

  /// `kaizen` with `arguments` and `input` on its standard input.
  package func run(
    _ arguments: [String] = [], input: String = "", in folder: ScratchFolder
  ) throws -> Result {
    try start(path, arguments, input: input, in: folder)
  }

  /// `command` run by bash, with `kaizen` on its path and nothing on its standard input.
  package func run(shell command: String, in folder: ScratchFolder) throws -> Result {
    let link = folder.path + "/bin/kaizen"
    if !FileManager.default.fileExists(atPath: link) {
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    }
    return try start("/bin/bash", ["-c", command], input: "", in: folder)
  }

  /// Files stand in for the pipes, so that nothing can block, and one open file for both outputs
  /// keeps their order.
  private func start(
    _ executable: String, _ arguments: [String], input: String, in folder: ScratchFolder
  ) throws -> Result {
    let inputPath = folder.path + "/input"
    let outputPath = folder.path + "/output"
    try Data(input.utf8).write(to: URL(fileURLWithPath: inputPath))

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, inputPath, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(
      &actions, 1, outputPath, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A group of its own, so that what it started ends with it.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))

    // The shell changes the folder: the call that would do it at the spawn is not in every libc.
    let command = ["sh", "-c", "cd \"$0\" && exec \"$@\"", folder.workPath, executable] + arguments
    let argv = command.map { strdup($0) } + [nil]
    let environment = folder.environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { (argv + environment).forEach { free($0) } }
    var pid = pid_t()
    let error = posix_spawn(&pid, "/bin/sh", &actions, &attributes, argv, environment)
    guard error == 0 else {
      throw Failure(
        description: "\(executable) does not start: \(String(cString: strerror(error)))")
    }
    let status = try wait(for: pid)
    let output = try Data(contentsOf: URL(fileURLWithPath: outputPath))
    return Result(output: String(decoding: output, as: UTF8.self), status: status)
  }

  private func wait(for pid: pid_t) throws -> Int32 {
    let deadline = Date.now + timeLimit
    var status: Int32 = 0
    while waitpid(pid, &status, WNOHANG) != pid {
      guard Date.now < deadline else {
        kill(-pid, SIGKILL)
        waitpid(pid, &status, 0)
        throw Failure(description: "no end within \(Int(timeLimit)) seconds")
      }
      usleep(1000)
    }
    let signal = status & 0x7f
    return signal == 0 ? (status >> 8) & 0xff : 128 + signal
  }
}
