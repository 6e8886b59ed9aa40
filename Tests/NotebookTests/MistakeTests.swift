import Columnar
import Display
import Foundation
import Language
import Notebooks
import TestSupport
import Testing
import Verbs

/// Lines as people bring them from other languages: each gives one error of the code that stands
/// below it, with the caret on the text that stands there, and, where one is known, a line that
/// then works.
///
/// The files in Tests/Mistakes hold a line, then indented what it gives: the code, the place, and
/// behind `=>` the line that is offered, with `(fails)` where that does not run. `# use NAME` makes a
/// table current for the lines below it; penguins is at first. With KAIZEN_RECORD
/// in the environment they are written anew.
@Suite struct MistakeTests {
  static let isRecording = ProcessInfo.processInfo.environment["KAIZEN_RECORD"] != nil

  let folder: TestSupport.ScratchFolder
  let frames: [(name: String, frame: Frame)]

  init() throws {
    folder = try TestSupport.ScratchFolder()
    let session = Session(
      catalog: Registry.catalog, files: FileAccess(base: folder.workPath))
    var frames: [(name: String, frame: Frame)] = []
    for name in ["titanic", "weather", "penguins"] {
      try session.run("load \"\(Project.path("datasets/\(name).csv"))\" as \(name)")
      if case .frame(let frame)? = session.state.bindings[name] { frames.append((name, frame)) }
    }
    self.frames = frames
    // Lines of shells name the file.
    try FileManager.default.copyItem(
      atPath: Project.path("datasets/penguins.csv"), toPath: folder.workPath + "/penguins.csv")
  }

  /// A session with the tables bound and one of them current.
  private func session(_ current: String) -> Session {
    let session = Session(
      catalog: Registry.catalog, files: FileAccess(base: folder.workPath))
    for (name, frame) in frames { session.bind(name, to: .frame(frame)) }
    session.use(current)
    return session
  }

  /// What a line gives: nothing if it works, else the error and the line offered.
  private func outcome(
    _ line: String, _ current: String
  ) -> (text: String, isError: Bool, isMended: Bool) {
    do {
      try session(current).run(line)
      return ("works", false, false)
    } catch let error as Diagnostic {
      let bytes = Array(line.utf8)
      let span = error.span ?? Span(0, 0)
      let start = min(max(span.start, 0), bytes.count)
      let place = String(
        decoding: bytes[start..<min(max(span.end, start), bytes.count)], as: UTF8.self)
      var text = "\(error.code.rawValue) `\(place)`"
      let offered = error.hints
      let working = offered.first { hint in (try? session(current).run(hint)) != nil }
      if let working {
        text += " => \(working)"
      } else if let hint = offered.first {
        text += " => \(hint) (fails)"
      }
      return (text, true, working != nil)
    } catch {
      return ("\(error)", true, false)
    }
  }

  @Test func offersTheLineThatWasMeant() throws {
    var (wrong, mended) = (0, 0)
    for file in Project.files(in: "Tests/Mistakes", withExtension: "txt") {
      var recorded: [String] = []
      var expected: [String: String] = [:]
      var line = ""
      var current = "penguins"
      let text = try Project.text(file)
      for row in text.split(separator: "\n", omittingEmptySubsequences: false) {
        if row.hasPrefix("    ") {
          expected[line] = String(row.dropFirst(4))
        } else {
          line = String(row)
        }
      }
      for row in text.split(separator: "\n", omittingEmptySubsequences: false)
      where !row.hasPrefix("    ") {
        recorded.append(String(row))
        if row.hasPrefix("# use ") { current = String(row.dropFirst(6)) }
        if row.isEmpty || row.hasPrefix("# ") { continue }
        let outcome = outcome(String(row), current)
        recorded.append("    " + outcome.text)
        wrong += outcome.isError ? 1 : 0
        mended += outcome.isMended ? 1 : 0
        if !Self.isRecording {
          #expect(outcome.text == expected[String(row)], "\(file): \(row)")
        }
      }
      if Self.isRecording {
        try recorded.joined(separator: "\n").write(
          toFile: Project.path(file), atomically: true, encoding: .utf8)
      }
    }
    #expect(wrong >= 300)
    #expect(Double(mended) >= 0.6 * Double(wrong), "\(mended) of \(wrong)")
  }
}
