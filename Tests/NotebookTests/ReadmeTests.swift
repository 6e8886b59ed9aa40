import Display
import Foundation
import Notebooks
import TestSupport
import Testing

/// The sessions in README.md are what the prompt shows, line by line.
///
/// With KAIZEN_RECORD in the environment they are written anew.
@Suite struct ReadmeTests {
  static let isRecording = ProcessInfo.processInfo.environment["KAIZEN_RECORD"] != nil

  @Test func sessionsAreReal() throws {
    let text = try Project.text("README.md")
    let lines = try Lines()
    var blocks = 0
    let real = text.replacing(/```console\n((?s).*?)```\n/) { match in
      blocks += 1
      return "```console\n" + Self.session(String(match.1), in: lines) + "```\n"
    }
    #expect(blocks > 5)
    if Self.isRecording {
      try real.write(toFile: Project.path("README.md"), atomically: true, encoding: .utf8)
    } else {
      let difference = unifiedDiff(
        expected: text.components(separatedBy: "\n"), actual: real.components(separatedBy: "\n"))
      #expect(difference.isEmpty, "`make record` writes it anew:\n\(difference)")
    }
  }

  /// The lines behind `› ` run in order, each with the prompt it stands at and what it shows.
  private static func session(_ text: String, in lines: Lines) -> String {
    var shown = ""
    for line in text.split(separator: "\n") {
      guard let mark = line.range(of: "› ") else { continue }
      let command = String(line[mark.upperBound...])
      shown += prompt(lines.session) + command + "\n"
      let count = lines.outputs.count
      if let error = failure(of: command, in: lines) {
        shown += error + "\n"
      } else {
        shown += lines.outputs[count...].map { $0.text(RenderContext(rowLimit: 20)) }.joined()
      }
    }
    return shown
  }

  private static func prompt(_ session: Session) -> String {
    guard let name = session.state.current, case .frame(let frame)? = session.state.bindings[name]
    else { return "› " }
    return "\(name) \(frame.rowCount)×\(frame.columns.count) › "
  }
}
