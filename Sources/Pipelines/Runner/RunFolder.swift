import Columnar
import Display
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The folder of one run of a pipeline: `run.json`, a folder a step, and the events of its lineage.
package struct RunFolder: Sendable {
  package let id: String
  package let path: String

  package init(id: String, in store: Store) {
    self.id = id
    path = "\(store.runs)/\(id)"
  }

  /// The folder of a step's log and outcome.
  package func place(of step: String) -> String { "\(path)/\(step)" }

  var lock: String { path + "/lock" }
  var summary: String { path + "/run.json" }
  package var events: String { path + "/openlineage.ndjson" }

  /// Whether its runner is alive.
  package var isLive: Bool { FileLock.isHeld(lock) }

  /// A name for a run that begins now: the time in UTC and four digits that make it the only one.
  static func newID() -> String {
    let time = Timestamp.now.filter { $0.isNumber || $0 == "T" }.prefix(18)
    let digits = String(UInt16.random(in: 0 ... .max), radix: 16)
    return "\(time)-\(String(repeating: "0", count: 4 - digits.count))\(digits)"
  }

  /// What `run.json` says; nil where there is none that can be read.
  package var recorded: JSONValue? {
    guard let text = try? readText(summary) else { return nil }
    return try? JSONValue.parse(text)
  }

  /// Leaves word of what a step is given.
  func write(_ needs: [(id: String, object: String)], of step: String) throws {
    let json = JSONValue.object([
      Fact("needs", .object(needs.map { Fact($0.id, .string($0.object)) }))
    ])
    try writeText(json.text + "\n", to: place(of: step) + "/needs.json")
  }

  /// What the runner has left word of; nil where it has not.
  package func needs(of step: String) -> [(id: String, object: String)]? {
    guard let text = try? readText(place(of: step) + "/needs.json"),
      let json = try? JSONValue.parse(text)
    else { return nil }
    return json.texts("needs")?.map { (id: $0.key, object: $0.value) }
  }

  /// How a step ended in this run; nil where it has not.
  package func outcome(of step: String) -> StepOutcome? {
    guard let text = try? readText(place(of: step) + "/outcome.json"),
      let json = try? JSONValue.parse(text)
    else { return nil }
    return StepOutcome(json)
  }
}

extension Store {
  /// The runs, oldest first.
  package var runFolders: [RunFolder] {
    Path.entries(of: runs).sorted().map { RunFolder(id: $0, in: self) }
      .filter { Path.exists($0.summary) }
  }

  /// The run that `id` names, by the beginning of its name if that is enough, or the last. Throws
  /// `unknown-name`.
  package func run(_ id: String?) throws -> RunFolder {
    let all = runFolders
    guard let id else {
      guard let last = all.last else {
        throw Diagnostic(.unknownName, "this pipeline has not run yet")
      }
      return last
    }
    let found = all.filter { $0.id.hasPrefix(id) }
    if let exact = found.first(where: { $0.id == id }) { return exact }
    guard found.count == 1 else {
      throw Diagnostic(
        .unknownName, found.isEmpty ? "there is no run `\(id)`" : "several runs begin with `\(id)`",
        notes: ["runs: \(all.suffix(10).map(\.id).joined(separator: ", "))"])
    }
    return found[0]
  }
}

/// Points in time as logs write them.
enum Timestamp {
  /// The time now in UTC: `2024-03-01T08:30:15.123Z`.
  static var now: String {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    var parts = tm()
    var seconds = time.tv_sec
    gmtime_r(&seconds, &parts)
    func padded(_ number: Int, _ width: Int = 2) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let date =
      "\(Int(parts.tm_year) + 1900)-\(padded(Int(parts.tm_mon) + 1))-\(padded(Int(parts.tm_mday)))"
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded(Int($0)) }
    return "\(date)T\(clock.joined(separator: ":")).\(padded(time.tv_nsec / 1_000_000, 3))Z"
  }
}
