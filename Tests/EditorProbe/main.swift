import Terminal

// Reads lines as the program does and says what it got, for tests on a pseudo-terminal.
// Arguments: the history file; or `--progress`, for a command that runs until Ctrl-C; or `--short`,
// for one that ends at once.
let flag = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
flag.initialize(to: 0)
Signals.install(cancelling: flag)
switch CommandLine.arguments.dropFirst().first {
case "--progress": runLongCommand(flag)
case "--short": runShortCommand()
default: readLines()
}
