import Foundation
import TestSupport
import Testing

/// What the program prints for the commands in Tests/Cases.
@Suite struct CaseTests {
  static let files = Project.files(in: "Tests/Cases", withExtension: "case")
  static let isRecording = ProcessInfo.processInfo.environment["KAIZEN_RECORD"] != nil

  @Test(arguments: files) func file(_ path: String) throws {
    let program = try Program()
    var file = try CaseFile(parsing: Project.text(path))
    for (index, item) in file.cases.enumerated() {
      let actual = try item.run(with: program)
      if Self.isRecording {
        file.cases[index].expected = actual
      } else if actual != item.expected {
        let difference = unifiedDiff(expected: item.expected, actual: actual)
        Issue.record("\(path):\(item.line): \(item.title)\n\(difference)")
      }
    }
    if Self.isRecording {
      try file.description.write(toFile: Project.path(path), atomically: true, encoding: .utf8)
    }
  }
}
