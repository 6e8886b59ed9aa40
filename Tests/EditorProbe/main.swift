import Dispatch
import Terminal

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// Reads lines as the program does and says what it got, for tests on a pseudo-terminal.
// Arguments: the history file; or which command to run: `--progress` until Ctrl-C, `--short` for one
// that ends at once, `--stubborn` for one that Ctrl-C does not end, `--flood` for endless output,
// `--second` to read with a second editor, `--thread` with one on another thread.
let flag = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
flag.initialize(to: 0)
Signals.install(cancelling: flag)
switch CommandLine.arguments.dropFirst().first {
case "--progress": runLongCommand(flag)
case "--stubborn":
  runStubbornCommand(flag)
  if CommandLine.arguments.count > 2 { readLines() }
case "--flood": flood()
case "--short": runShortCommand()
case "--second":
  let first = LineEditor(LineEditor.Configuration(historyPath: nil))
  readLines()
  print("the first gives \(first.readLine(prompt: "first › "))")
case "--thread":
  DispatchQueue.global().async {
    readLines()
    exit(0)
  }
  dispatchMain()
default: readLines()
}
