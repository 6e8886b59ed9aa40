import Columnar
import Display
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Store {
  /// Removes all runs but the last `count`, then the records and objects that none of those that stay
  /// refers to, and what broken runs left. Throws `transient` while a run goes on.
  package func collect(keeping count: Int) throws -> Message {
    guard let lock = try FileLock.acquire(useLock, waits: false) else {
      throw Diagnostic(.transient, "a run is going on in \(root): try again when it has ended")
    }
    defer { withExtendedLifetime(lock) {} }
    let all = runFolders
    let old = all.dropLast(count)
    var keys: Set<String> = []
    for run in all.suffix(count) {
      for step in Path.entries(of: run.path) {
        if let key = run.outcome(of: step)?.key { keys.insert(key) }
      }
    }
    var kept: Set<String> = []
    for key in keys {
      guard let text = try? readText(record(key)), let json = try? JSONValue.parse(text),
        let record = StepRecord(json, key: key)
      else { continue }
      kept.formUnion(record.artifacts.map(\.object))
      kept.formUnion(record.outputs.map(\.object))
    }
    // What a step was given is needed to go into it.
    for run in all.suffix(count) {
      for step in Path.entries(of: run.path) {
        kept.formUnion(run.outcome(of: step)?.needs.map(\.object) ?? [])
      }
    }
    var bytes = 0
    var files = 0
    for name in Path.entries(of: root + "/objects") where !kept.contains(name) {
      bytes += remove(object(name))
      files += 1
    }
    for name in Path.entries(of: root + "/records")
    where !keys.contains(String(name.prefix { $0 != "." })) {
      bytes += remove("\(root)/records/\(name)")
    }
    for name in Path.entries(of: root + "/tmp") { bytes += remove("\(root)/tmp/\(name)") }
    for run in old { bytes += removeFolder(run.path) }
    return Message(
      text: "removed \(old.count) run\(old.count == 1 ? "" : "s") and \(files) "
        + "object\(files == 1 ? "" : "s"), \(grouped(bytes)) bytes",
      kind: "gc",
      facts: [
        Fact("runs", .int(Int64(old.count))), Fact("objects", .int(Int64(files))),
        Fact("bytes", .int(Int64(bytes))),
      ])
  }

  /// Removes a file and says how large it was.
  private func remove(_ path: String) -> Int {
    var status = stat()
    let size = lstat(path, &status) == 0 ? Int(status.st_size) : 0
    return unlink(path) == 0 ? size : 0
  }

  /// Removes a folder of a run, which holds folders of files.
  private func removeFolder(_ path: String) -> Int {
    var bytes = 0
    for name in Path.entries(of: path) {
      let child = path + "/" + name
      var status = stat()
      guard lstat(child, &status) == 0 else { continue }
      bytes += status.st_mode & S_IFMT == S_IFDIR ? removeFolder(child) : remove(child)
    }
    rmdir(path)
    return bytes
  }
}
