import Foundation
import TestSupport
import Testing
import Verbs

/// docs/language.md is what the program prints, and what it shows runs.
///
/// With KAIZEN_RECORD in the environment the file is written anew.
@Suite struct ReferenceTests {
  @Test func fileIsWhatTheProgramPrints() throws {
    if ReadmeTests.isRecording {
      let path = Project.path("docs/language.md")
      try Reference.text.write(toFile: path, atomically: true, encoding: .utf8)
      return
    }
    let difference = unifiedDiff(
      expected: try Project.text("docs/language.md").split(
        separator: "\n", omittingEmptySubsequences: false
      ).map(String.init),
      actual: Reference.text.split(separator: "\n", omittingEmptySubsequences: false)
        .map(String.init))
    #expect(difference.isEmpty, "`make reference` writes docs/language.md anew:\n\(difference)")
  }

  /// The texts between "```kaizen" and "```".
  static let blocks = Reference.text.matches(of: /```kaizen\n((?s).*?)\n```/).map { String($0.1) }

  @Test(arguments: blocks) func blockRuns(_ text: String) throws {
    let lines = try Lines()
    if let error = failure(of: text, in: lines) { Issue.record("\(text)\n\(error)") }
  }

  @Test func everySectionHasItsLink() {
    let headings = Reference.text.matches(of: /\n## (.*)\n/).map { String($0.1) }
    for heading in headings {
      let anchor = heading.lowercased().replacing(" ", with: "-")
      #expect(Reference.text.contains("](#\(anchor))"), "\(heading)")
    }
  }
}
