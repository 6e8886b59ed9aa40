import Foundation

/// The files of this project.
package enum Project {
  /// The folder of Package.swift.
  package static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  package static func path(_ relative: String) -> String { root + "/" + relative }

  /// The text of the file at `relative`, which is UTF-8.
  package static func text(_ relative: String) throws -> String {
    try String(contentsOfFile: path(relative), encoding: .utf8)
  }

  /// Paths of the files below `folder`, relative to the root, sorted; none if there is no such folder.
  package static func files(in folder: String, withExtension fileExtension: String) -> [String] {
    let found = FileManager.default.enumerator(atPath: path(folder))?.compactMap { $0 as? String }
    return (found ?? []).filter { $0.hasSuffix("." + fileExtension) }
      .map { folder + "/" + $0 }.sorted()
  }
}
