import Display
import Language
import Notebooks
import Terminal

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension FrontEnd {
  /// The file of lines that run before the first prompt: `$KAIZENRC`, else
  /// `$XDG_CONFIG_HOME/kaizen/config`, else `~/.config/kaizen/config`. An empty KAIZENRC is none.
  static var configurationPath: String? {
    func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
    if let path = value("KAIZENRC") { return path.isEmpty ? nil : path }
    if let folder = value("XDG_CONFIG_HOME"), folder.hasPrefix("/") {
      return folder + "/kaizen/config"
    }
    return value("HOME").flatMap { $0.isEmpty ? nil : $0 + "/.config/kaizen/config" }
  }

  /// Runs the lines of the configuration file, if there is one. One that fails is said, with its
  /// place, and the others run: a prompt one cannot get into is no prompt. None of them is a line of
  /// the session: `undo`, `history` and `save` do not know them.
  func runConfiguration() {
    guard let path = Self.configurationPath else { return }
    let place = session.files.absolute(path)
    guard Path.exists(place) else {
      if getenv("KAIZENRC") != nil {
        write(Diagnostic(.io, "there is no configuration file \(path)"), source: "")
      }
      return
    }
    let text: String
    do {
      text = try readText(place)
    } catch {
      write(session.diagnostic(error), source: "")
      return
    }
    for entry in splitEntries(text, grammar: session.grammar) {
      if var error = runEntry(entry.text) {
        error.notes.append("in \(path), line \(entry.line)")
        write(error, source: entry.text, line: entry.line)
      }
      if session.isOver { break }
    }
    session.forgetHistory()
  }
}

extension Prompt {
  /// Notes from now on what runs, after the lines of the last session if these are to come back.
  func beginJournal(resuming: Bool) {
    guard let folder = LineEditor.journalFolder else { return }
    let session = frontEnd.session
    let record = resuming ? JournalRecord.last(in: folder) : nil
    JournalRecord.prune(folder)
    session.journal = Journal(in: folder, base: record?.base ?? session.files.base)
    if !resuming { return }
    guard let record else {
      frontEnd.write(Message.resumed("there is no session to bring back"))
      return
    }
    frontEnd.beginCommand()
    defer { frontEnd.endCommand() }
    do {
      let result = try session.resume(record)
      session.files.base = record.base
      let count = result.restored
      var text = "\(count) line\(count == 1 ? "" : "s") of the last session"
      if Path.current != record.base { text += ", which began in \(record.base)" }
      frontEnd.write(Message.resumed(text))
      for line in result.left { frontEnd.write(Message.resumed("not run again: \(line)")) }
      for (line, reason) in result.failed {
        frontEnd.write(reason, source: line)
      }
    } catch {
      frontEnd.write(session.diagnostic(error), source: "")
    }
  }
}

extension Message {
  /// What `--resume` has to say.
  fileprivate static func resumed(_ text: String) -> Message {
    Message(subject: "resumed", text: text, kind: "resume")
  }
}
