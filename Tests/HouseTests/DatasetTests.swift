import Foundation
import TestSupport
import Testing

/// The bundled tables and what their README says of them.
@Suite struct DatasetTests {
  static let files = Project.files(in: "datasets", withExtension: "csv")

  @Test func thereAreSome() { #expect(Self.files.count >= 7) }

  @Test(arguments: files) func readmeTellsItsSizeSourceAndLicence(_ path: String) throws {
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    let readme = try Project.text("datasets/README.md")
    let parts = readme.components(separatedBy: "\n## \(name)\n")
    try #require(parts.count == 2, "datasets/README.md has no section \(name)")
    let section = parts[1].components(separatedBy: "\n## ")[0]

    let rows = try records(of: Project.text(path))
    let header = try #require(rows.first)
    #expect(section.contains("\n\(rows.count - 1) rows × \(header.count) columns"))
    #expect(section.contains("\n- Source: "))
    #expect(section.contains("\n- Licence: "))
    for column in header {
      let isTold = section.split(separator: "\n").contains { line in
        line.hasPrefix("| ")
          && line.split(separator: "|")[0].components(separatedBy: ",")
            .contains { $0.trimmingCharacters(in: .whitespaces) == column }
      }
      #expect(isTold, "the README does not say what `\(column)` means")
    }
    #expect(readme.contains("| [\(name)](#\(name.replacing(".", with: ""))) | \(rows.count - 1) |"))
  }

  @Test(arguments: files) func isCleanAndSmall(_ path: String) throws {
    let text = try Project.text(path)
    #expect(text.utf8.count < 200_000)
    #expect(!text.contains("\r"))
    #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
    let rows = try records(of: text)
    let width = try #require(rows.first?.count)
    #expect(rows.allSatisfy { $0.count == width })
  }

  /// The records of a file whose quotes are well placed; a reader of its own, so that the tables are
  /// not judged by the reader that they test.
  private func records(of text: String) throws -> [[String]] {
    var records: [[String]] = []
    var record = [""]
    var isQuoted = false
    for character in text.unicodeScalars {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: record.append("")
      case "\n" where !isQuoted:
        records.append(record)
        record = [""]
      default: record[record.count - 1].unicodeScalars.append(character)
      }
    }
    try #require(!isQuoted && record == [""])
    return records
  }
}
