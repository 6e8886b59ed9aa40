import Columnar
import Display
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What steps have given, by content: a folder that several runners may use at once.
///
/// `objects/` holds files named by their SHA-256, written aside and renamed, so that a name says what
/// is inside; `records/` holds, by a step's key, which objects it gave; `locks/` a lock a key; `runs/`
/// a folder a run. What is read is checked against its name: a damaged object counts as not there.
package struct Store: Sendable {
  /// Absolute.
  package let root: String

  package init(root: String) { self.root = root }

  package func object(_ name: String) -> String { "\(root)/objects/\(name)" }
  func record(_ key: String) -> String { "\(root)/records/\(key).json" }
  func lock(_ key: String) -> String { "\(root)/locks/\(key)" }
  /// Held by each run, shared, and alone by what removes things.
  var useLock: String { root + "/locks/store" }
  package var runs: String { root + "/runs" }

  /// A new path in the store for a file that will be an object; `ending` as `.arrow`.
  func temporary(_ ending: String) throws -> String {
    try Path.createFolders(root + "/tmp")
    return "\(root)/tmp/\(getpid())-\(UInt64.random(in: 0 ... .max))\(ending)"
  }

  /// Makes an object of the file at `path`, which is on disk and in the store, and returns its name.
  func adopt(_ path: String, ending: String) throws -> String {
    let name = try digest(ofFile: path).sha256 + ending
    try Path.createFolders(root + "/objects")
    guard rename(path, object(name)) == 0 else {
      throw DataError(
        .io, "\(object(name)) cannot be written: \(String(cString: strerror(errno)))",
        file: object(name))
    }
    return name
  }

  /// Makes an object of a copy of the file at `path`, and returns its name, which ends in `ending`.
  func copyIn(_ path: String, ending: String = "") throws -> String {
    let copy = try temporary(ending)
    defer { unlink(copy) }
    try copyFile(path, to: copy)
    return try adopt(copy, ending: ending)
  }

  /// Whether the object is there and is what its name says.
  package func isSound(_ name: String) -> Bool {
    guard let found = try? digest(ofFile: object(name)) else { return false }
    return name.hasPrefix(found.sha256)
  }
}

/// Copies a file, in place of what is there. Throws `no-such-file` and `io`; then the target is as it
/// was.
func copyFile(_ source: String, to target: String) throws {
  let file = open(source, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else {
    throw DataError(
      errno == ENOENT ? .fileNotFound : .io, "\(source): \(String(cString: strerror(errno)))",
      file: source)
  }
  defer { close(file) }
  var buffer = [UInt8](repeating: 0, count: 1 << 20)
  try AtomicFile.write(target) { sink in
    while true {
      try Cancellation.check()
      let count = read(file, &buffer, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw DataError(.io, "\(source): \(String(cString: strerror(errno)))", file: source)
      }
      if count == 0 { return }
      try buffer.withUnsafeBytes { try sink.write(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
  }
}

/// What a step gave when it ran with a key.
package struct StepRecord: Sendable {
  package var step: String
  package var key: String
  /// Objects by the names that the step gives.
  package var artifacts: [(name: String, object: String)]
  /// Objects by the paths of the files that it wrote, relative to the pipeline's root.
  package var outputs: [(path: String, object: String)]
  /// Digests by the paths of the files that it read, relative to the root.
  package var inputs: [(path: String, sha256: String)]
  /// What its evaluations and gates measured.
  package var metrics: [(name: String, value: Double)] = []
  /// Where the columns of what it gave and wrote come from, by dataset: OpenLineage's facet.
  var lineages: [(dataset: String, facet: JSONValue)] = []

  func object(of name: String) -> String? { artifacts.first { $0.name == name }?.object }

  var json: JSONValue {
    .object([
      Fact("kaizen", .int(1)), Fact("step", .string(step)), Fact("key", .string(key)),
      Fact("artifacts", .object(artifacts.map { Fact($0.name, .string($0.object)) })),
      Fact("outputs", .object(outputs.map { Fact($0.path, .string($0.object)) })),
      Fact("inputs", .object(inputs.map { Fact($0.path, .string($0.sha256)) })),
      Fact("metrics", Self.json(metrics)),
      Fact("column_lineage", .object(lineages.map { Fact($0.dataset, $0.facet) })),
    ])
  }

  /// A list, since two may have one name.
  static func json(_ metrics: [(name: String, value: Double)]) -> JSONValue {
    .array(metrics.map { .array([.string($0.name), .number($0.value)]) })
  }

  static func metrics(_ json: JSONValue?) -> [(name: String, value: Double)] {
    guard case .array(let pairs)? = json else { return [] }
    return pairs.compactMap { pair in
      guard case .array(let parts) = pair, parts.count == 2, case .string(let name) = parts[0]
      else {
        return nil
      }
      switch parts[1] {
      case .number(let value): return (name, value)
      case .int(let value): return (name, Double(value))
      default: return nil
      }
    }
  }

  init(
    step: String, key: String, artifacts: [(name: String, object: String)] = [],
    outputs: [(path: String, object: String)] = [], inputs: [(path: String, sha256: String)] = []
  ) {
    self.step = step
    self.key = key
    self.artifacts = artifacts
    self.outputs = outputs
    self.inputs = inputs
  }

  /// nil for what is no record of `key`.
  init?(_ json: JSONValue, key: String) {
    guard json["kaizen"] == .int(1), json["key"] == .string(key),
      case .string(let step)? = json["step"], let artifacts = json.texts("artifacts"),
      let outputs = json.texts("outputs"), let inputs = json.texts("inputs")
    else { return nil }
    self.step = step
    self.key = key
    self.artifacts = artifacts.map { (name: $0.key, object: $0.value) }
    self.outputs = outputs.map { (path: $0.key, object: $0.value) }
    self.inputs = inputs.map { (path: $0.key, sha256: $0.value) }
    metrics = Self.metrics(json["metrics"])
    lineages = Self.lineages(json["column_lineage"])
  }
}

extension JSONValue {
  /// The texts of the object under a key; nil where it is none, or holds something else.
  func texts(_ key: String) -> [(key: String, value: String)]? {
    guard case .object(let facts)? = self[key] else { return nil }
    var texts: [(key: String, value: String)] = []
    for fact in facts {
      guard case .string(let text) = fact.value else { return nil }
      texts.append((fact.key, text))
    }
    return texts
  }
}
