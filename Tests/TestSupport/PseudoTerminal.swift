import CPseudoTerminal

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A program that runs on a terminal of its own: keys go in, and what a person would see comes out.
///
/// There are no fixed waits: a test says what it expects to see and how long it is ready to wait.
package final class PseudoTerminal {
  /// Why a terminal or program could not be had, or what did not come in time.
  package enum Failure: Error, CustomStringConvertible {
    case system(String, Int32)
    case timeout(waitingFor: String, screen: String)

    package var description: String {
      switch self {
      case .system(let call, let code): "\(call): \(String(cString: strerror(code)))"
      case .timeout(let text, let screen): "waited for \(text); the screen shows:\n\(screen)"
      }
    }
  }

  /// The seconds a test waits for what comes at once on an idle machine.
  package static let patience = 60.0

  package private(set) var display: TerminalScreen
  /// Every byte the program wrote.
  package private(set) var output: [UInt8] = []
  package let processID: pid_t

  private let master: Int32
  private let cutsRows: Bool
  private var isClosed = false
  private var exitStatus: Int32?

  /// Starts `command` (a path and its arguments). `environment` is all it gets, with `TERM` and
  /// `PATH` where they are missing.
  package init(
    command: [String], width: Int = 80, height: Int = 24,
    environment: [String: String] = ["LANG": "C.UTF-8"], workingDirectory: String? = nil
  ) throws {
    display = TerminalScreen(width: width, height: height)
    cutsRows = environment["XTERM_VERSION"] != nil
    var variables = ["TERM": "xterm-256color", "PATH": "/usr/bin:/bin"]
    variables.merge(environment) { $1 }
    let arguments = command.map { strdup($0) } + [nil]
    let settings = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { (arguments + settings).forEach { free($0) } }
    var master: Int32 = -1
    let child = kz_spawn_on_terminal(
      arguments, settings, workingDirectory, Int32(width), Int32(height), &master)
    if child < 0 { throw Failure.system("spawn \(command[0])", errno) }
    self.master = master
    processID = child
  }

  deinit {
    if exitStatus == nil {
      kill(processID, SIGKILL)
      var status: Int32 = 0
      waitpid(processID, &status, 0)
    }
    close(master)
  }

  /// The rows the screen shows.
  package var screen: [String] {
    drain()
    return display.rows
  }

  /// Types `keys`: `\r` is Enter, `\u{3}` Ctrl-C.
  package func send(_ keys: String) {
    var bytes = Array(keys.utf8)[...]
    while !bytes.isEmpty {
      // A program that answers while it is typed at must not wait for us to read.
      var waiting = pollfd(fd: master, events: Int16(POLLIN | POLLOUT), revents: 0)
      if poll(&waiting, 1, 1000) < 0, errno != EINTR { return }
      if Int32(waiting.revents) & POLLIN != 0 { readOnce() }
      if Int32(waiting.revents) & POLLOUT != 0 {
        let count = bytes.prefix(512).withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
        if count > 0 { bytes = bytes.dropFirst(count) }
      }
      if Int32(waiting.revents) & POLLHUP != 0 { return }
    }
  }

  /// Types a paste, as terminals send it.
  package func paste(_ text: String) { send("\u{1B}[200~\(text)\u{1B}[201~") }

  /// Waits until the screen, or what scrolled off it, shows `text`.
  package func waitFor(_ text: String, timeout: Double = PseudoTerminal.patience) throws {
    try wait(for: "\"\(text)\"", timeout: timeout) { $0.allText.contains(text) }
  }

  /// Waits until `condition` holds of what is shown. What is computing all the while, and did not get
  /// half of that time from the machine, is waited for longer.
  package func wait(
    for what: String, timeout: Double = PseudoTerminal.patience,
    _ condition: (TerminalScreen) -> Bool
  ) throws {
    var end = Self.now() + timeout
    let last = end + 9 * timeout
    var computed = computedSeconds
    while true {
      // What came while this process had to wait itself is looked at before it counts as too late.
      let isLate = Self.now() > end
      drain()
      if condition(display) { return }
      if isLate, !isClosed, Self.now() < last {
        let used = computedSeconds - computed
        computed += used
        if used > timeout / 100, used < timeout / 2 {
          end = Self.now() + timeout
          continue
        }
      }
      if isLate || isClosed {
        throw Failure.timeout(waitingFor: what, screen: display.text)
      }
      var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      _ = poll(&waiting, 1, 50)
    }
  }

  /// Waits until the program sleeps and has written nothing more: for a screen that should not
  /// change any more. Where the system does not say what a program does, waits a moment.
  package func settle() {
    var quiet = 0
    while quiet < 3 {
      let before = output.count
      usleep(5000)
      drain()
      quiet = output.count == before && isSleeping ? quiet + 1 : 0
      if isClosed { return }
    }
  }

  private var isSleeping: Bool { Self.status(of: processID).map { $0[0] == "S" } ?? true }

  /// The processor time that what has the terminal in the foreground has had; 0 where the system does
  /// not say.
  private var computedSeconds: Double {
    guard let fields = Self.status(of: tcgetpgrp(master)), fields.count > 12,
      let user = Double(fields[11]), let system = Double(fields[12])
    else { return 0 }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// Milliseconds of processor time that the program has had, whatever else ran on the machine; nil
  /// where the system does not say.
  package var processorMilliseconds: Double? {
    #if os(Linux)
      var clock = clockid_t()
      var time = timespec()
      guard clock_getcpuclockid(processID, &clock) == 0, clock_gettime(clock, &time) == 0
      else { return nil }
      return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    #else
      return nil
    #endif
  }

  /// What the system says of a process, from its state on.
  private static func status(of process: pid_t) -> [Substring]? {
    let descriptor = open("/proc/\(process)/stat", O_RDONLY)
    if descriptor < 0 { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = read(descriptor, &bytes, bytes.count)
    let text = String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    guard let end = text.lastIndex(of: ")") else { return nil }
    return text[text.index(after: end)...].split(separator: " ")
  }

  /// Gives the window another size. Rows that do not fit it go on in the next, or are cut, as
  /// terminals do that set `XTERM_VERSION`.
  package func resize(width: Int, height: Int) {
    drain()
    if cutsRows || display.showsOtherScreen {
      display.resize(width: width, height: height)
    } else {
      display.reflow(width: width, height: height)
    }
    Self.setSize(master, width: width, height: height)
  }

  /// Whether the terminal echoes and edits lines itself, as it does when no program edits.
  package var isCooked: Bool {
    var settings = termios()
    tcgetattr(master, &settings)
    return settings.c_lflag & tcflag_t(ECHO) != 0 && settings.c_lflag & tcflag_t(ICANON) != 0
  }

  /// Waits until the program ends; returns its exit code, or 128 and the signal it died of.
  package func waitForExit(timeout: Double = PseudoTerminal.patience) throws -> Int32 {
    let end = Self.now() + timeout
    while true {
      drain()
      if let exitStatus { return exitStatus }
      var status: Int32 = 0
      if waitpid(processID, &status, WNOHANG) == processID {
        let signal = status & 0x7F
        exitStatus = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
        drain()
        continue
      }
      if Self.now() > end {
        throw Failure.timeout(waitingFor: "the program's end", screen: display.text)
      }
      usleep(2000)
    }
  }

  /// Reads what is there.
  private func drain() {
    while !isClosed {
      var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      if poll(&waiting, 1, 0) <= 0 { return }
      readOnce()
    }
  }

  private func readOnce() {
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let count = read(master, &bytes, bytes.count)
    if count > 0 {
      output += bytes[..<count]
      display.feed(bytes[..<count])
    } else if count == 0 || errno != EINTR {
      isClosed = true
    }
  }

  private static func setSize(_ terminal: Int32, width: Int, height: Int) {
    var size = winsize()
    size.ws_col = UInt16(width)
    size.ws_row = UInt16(height)
    // SAFETY: TIOCSWINSZ reads one winsize, which lives for the call.
    _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
