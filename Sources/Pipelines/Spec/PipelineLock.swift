import Display
import Language
import Notebooks

/// `pipeline.lock.json`: the digests of what promotion generated, of what it came from and of the
/// inputs that were there.
package struct PipelineLock: Sendable {
  package static let fileName = "pipeline.lock.json"

  /// SHA-256 by file name, relative to the lock's folder.
  package var files: [(path: String, sha256: String)]
  /// SHA-256 by path, relative to the pipeline's root.
  package var inputs: [(path: String, sha256: String)]
  /// What the promotion was asked for.
  package var options: PromotionOptions

  package init(
    files: [(path: String, sha256: String)], inputs: [(path: String, sha256: String)],
    options: PromotionOptions = PromotionOptions()
  ) {
    self.files = files
    self.inputs = inputs
    self.options = options
  }

  /// Reads the lock in a folder. Throws `no-such-file`, `corrupt`, and `usage` for options that this
  /// program does not know.
  package init(in folder: String) throws {
    let text = try readText(folder + "/" + Self.fileName)
    guard let root = try? JSONValue.parse(text), root["kaizen"] == .int(1),
      let files = root.texts("files"), let inputs = root.texts("inputs")
    else {
      throw Diagnostic(
        .corrupt, "\(Self.fileName) is damaged", notes: ["promote writes it anew"])
    }
    self.files = files.map { (path: $0.key, sha256: $0.value) }
    self.inputs = inputs.map { (path: $0.key, sha256: $0.value) }
    options = try root["options"].map { try PromotionOptions($0) } ?? PromotionOptions()
  }

  package var text: String {
    let asked = options == PromotionOptions() ? [] : [Fact("options", options.json)]
    let facts =
      [Fact("kaizen", .int(1))] + asked + [
        Fact("files", .object(files.map { Fact($0.path, .string($0.sha256)) })),
        Fact("inputs", .object(inputs.map { Fact($0.path, .string($0.sha256)) })),
      ]
    return JSONValue.object(facts).indentedText + "\n"
  }

  /// A warning where the pipeline at `path` is not as promotion made it; nil where it is, or where
  /// no lock says so.
  static func editWarning(of path: String, text: String) -> String? {
    let folder = Path.parent(path)
    guard Path.exists(folder + "/" + fileName) else { return nil }
    guard let lock = try? PipelineLock(in: folder),
      let locked = lock.files.first(where: { $0.path == Path.name(path) })
    else { return "\(fileName) is damaged" }
    if locked.sha256 == digest(text) { return nil }
    return "\(Path.name(path)) was edited after it was promoted"
  }
}
