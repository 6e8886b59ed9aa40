import Terminal

private let words = ["filter", "fit", "flipper_length_mm", "forget", "frames", "head", "köln"]

/// Reads lines until the end of input and says what each was.
func readLines() {
  let editor = LineEditor(
    LineEditor.Configuration(
      historyPath: CommandLine.arguments.dropFirst().first {
        !$0.hasPrefix("--") && $0.hasPrefix("/")
      },
      completion: { text, cursor in
        let before = String(decoding: Array(text.utf8)[..<cursor], as: UTF8.self)
        let word = before.split(separator: " ", omittingEmptySubsequences: false).last ?? ""
        return CompletionResult(
          replacement: cursor - word.utf8.count..<cursor,
          candidates: words.filter { $0.hasPrefix(word) }.map {
            CompletionResult.Candidate($0, detail: "\($0.count) letters")
          })
      },
      isComplete: { !$0.hasSuffix("|") && $0.count { $0 == "\"" } % 2 == 0 }))
  editor.usesViKeys = CommandLine.arguments.contains("--vi")
  var number = 0
  loop: while true {
    number += 1
    switch editor.readLine(prompt: "\(number) \u{1B}[1mprobe\u{1B}[0m › ") {
    case .line(let text):
      editor.remember(text)
      let shown = text.count > 200 ? "\(text.count) characters" : text.debugDescription
      print("got \(shown)")
      if text == "history" { print(editor.entries) }
    case .interrupted: print("interrupted")
    case .notUTF8(let line): print("line \(line) is not UTF-8")
    case .endOfInput:
      print("bye")
      break loop
    }
  }
}
