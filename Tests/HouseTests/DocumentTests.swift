import Foundation
import TestSupport
import Testing

/// What the documents promise.
@Suite struct DocumentTests {
  @Test(arguments: ["README.md", "CONTRIBUTING.md"])
  func namesTheTwoCommands(_ path: String) throws {
    let text = try Project.text(path)
    #expect(text.contains("make run") && text.contains("make test"))
  }

  static let documents =
    ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "datasets/README.md"]
    + Project.files(in: "docs", withExtension: "md")

  /// A link to a file of the project leads somewhere.
  @Test(arguments: documents) func linksLeadSomewhere(_ path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    for match in try Project.text(path).matches(of: /\]\(([^)#:\s]+)(#[^)]*)?\)/) {
      let target = (folder as NSString).appendingPathComponent(String(match.1))
      #expect(
        FileManager.default.fileExists(atPath: Project.path(target)), "\(path) links to \(target)")
    }
  }

  /// The targets that the documents name are in the Makefile.
  @Test(arguments: documents) func makeTargetsExist(_ path: String) throws {
    let makefile = try Project.text("Makefile")
    for match in try Project.text(path).matches(of: /`make ([a-z-]+)/) {
      #expect(makefile.contains("\n\(match.1):"), "\(path) names make \(match.1)")
    }
  }

  /// Decisions are numbered without gaps, and the list of them is whole.
  @Test func decisionsAreNumberedAndListed() throws {
    let records = Project.files(in: "docs/decisions", withExtension: "md")
      .filter { !$0.hasSuffix("/README.md") }
    #expect(!records.isEmpty)
    let list = try Project.text("docs/decisions/README.md")
    for (index, path) in records.enumerated() {
      let name = path.split(separator: "/").last.map(String.init) ?? ""
      let number = String(index + 1)
      #expect(name.hasPrefix(String(repeating: "0", count: 4 - number.count) + number + "-"))
      #expect(list.contains("](\(name))"), "docs/decisions/README.md does not list \(name)")
    }
  }
}
