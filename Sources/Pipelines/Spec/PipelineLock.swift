import Display
import Language
import Notebooks

/// `pipeline.lock.json`: the digests of what promotion generated and of what it came from.
package struct PipelineLock: Sendable {
  /// SHA-256 by file name, relative to the lock's folder.
  package var files: [(path: String, sha256: String)]

  package init(files: [(path: String, sha256: String)]) { self.files = files }

  package var text: String {
    JSONValue.object([
      Fact("kaizen", .int(1)),
      Fact("files", .object(files.map { Fact($0.path, .string($0.sha256)) })),
    ]).indentedText + "\n"
  }

  /// A warning where the pipeline at `path` is not as promotion made it; nil where it is, or where
  /// no lock says so.
  static func editWarning(of path: String, text: String) -> String? {
    let lock = Path.parent(path) + "/pipeline.lock.json"
    guard Path.exists(lock) else { return nil }
    guard let locked = try? readText(lock), let root = try? JSONValue.parse(locked),
      case .string(let sha256)? = root["files"]?[Path.name(path)]
    else { return "pipeline.lock.json is damaged" }
    if sha256 == digest(text) { return nil }
    return "\(Path.name(path)) was edited after it was promoted"
  }
}
