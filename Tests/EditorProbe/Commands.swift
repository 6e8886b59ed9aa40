import Synchronization
import Terminal

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

private final class Counter: Sendable {
  let value = Atomic<Int>(0)
}

/// Loads nothing, slowly, until the flag says that Ctrl-C was pressed.
func runLongCommand(_ flag: UnsafeMutablePointer<Int32>) {
  let counter = Counter()
  let line = ProgressLine {
    ProgressLine.Amount(
      label: "load trips.csv", unit: "rows", done: counter.value.load(ordering: .relaxed),
      total: 100_000)
  }
  Signals.beginCommand()
  line.begin()
  // usleep is opaque to the compiler, so the flag is read anew each time.
  while flag.pointee == 0 {
    usleep(1000)
    counter.value.wrappingAdd(1, ordering: .relaxed)
  }
  line.end()
  print(Signals.endCommand() ? "cancelled" : "ended")
}

/// A command that is done before anyone could wonder.
func runShortCommand() {
  let line = ProgressLine {
    ProgressLine.Amount(label: "load trips.csv", unit: "rows", done: 1, total: 2)
  }
  Signals.beginCommand()
  line.begin()
  line.end()
  Signals.endCommand()
  print("done")
}

/// A command that goes on until a newline is typed, whatever else is pressed.
func runStubbornCommand(_ flag: UnsafeMutablePointer<Int32>) {
  Signals.beginCommand()
  write("running\n")
  var byte: UInt8 = 0
  while byte != UInt8(ascii: "\n") {
    let count = read(STDIN_FILENO, &byte, 1)
    if count == 0 { break }
  }
  let wasCancelled = flag.pointee == 1 && Signals.endCommand()
  write("\(wasCancelled ? "cancelled" : "ended"), flag \(flag.pointee)\n")
}

/// Writes until that fails, and says why.
func flood() {
  let line = String(repeating: "x", count: 1000) + "\n"
  while write(line) {}
  let reason = String(cString: strerror(errno))
  _ = "write failed: \(reason)\n".withCString { write(STDERR_FILENO, $0, strlen($0)) }
}

@discardableResult
private func write(_ text: String) -> Bool {
  text.withCString { write(STDOUT_FILENO, $0, strlen($0)) } > 0
}
