import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How many bytes the columns of a session may take.
///
/// Large buffers count against it: one that does not fit is an error where the kernel would end the
/// program. Small ones, and what the program itself needs, are in the slack above it.
package enum MemoryBudget {
  private static let given = Atomic<Int>(0)
  private static let taken = Atomic<Int>(0)

  /// Buffers of fewer bytes are not counted.
  static let smallestCounted = 1 << 16
  /// What may be used beyond the budget while a result is made of its parts.
  private static let slack = 128 << 20

  /// Bytes; 60% of what was free when it was first asked for unless it is set. Setting 0 brings that
  /// back.
  package static var limit: Int {
    get {
      let set = given.load(ordering: .relaxed)
      return set > 0 ? set : automatic
    }
    set { given.store(max(newValue, 0), ordering: .relaxed) }
  }

  /// Whether the limit was set.
  package static var isSet: Bool { given.load(ordering: .relaxed) > 0 }

  /// Bytes that large buffers take now.
  package static var used: Int { taken.load(ordering: .relaxed) }

  /// Bytes that are left for more columns.
  package static var available: Int { max(0, limit - used) }

  private static let automatic: Int = {
    let free = freeBytes() ?? 4 << 30
    return max(free / 10 * 6, 64 << 20)
  }()

  /// Counts `bytes` as taken. Throws `memory` if they are more than the budget leaves.
  static func reserve(_ bytes: Int) throws {
    let before = taken.wrappingAdd(bytes, ordering: .relaxed).oldValue
    let (total, overflow) = before.addingReportingOverflow(bytes)
    guard !overflow, total <= limit.addingReportingOverflow(slack).partialValue else {
      release(bytes)
      throw DataError(
        .memory,
        "this needs \(text(bytes)) more than the \(text(before)) in use, over the budget of "
          + text(limit),
        hints: ["keep fewer rows or columns first, or raise it: set memory=\(next(total))"])
    }
  }

  static func release(_ bytes: Int) { taken.wrappingSubtract(bytes, ordering: .relaxed) }

  /// A budget that `bytes` fit into, as it is typed.
  package static func next(_ bytes: Int) -> String {
    let gigabytes = max(1, (Double(bytes) * 1.3 / 1e9).rounded(.up))
    return "\(Int(min(gigabytes, 1e9)))GB"
  }

  /// A number of bytes as people write it: `1.2 GB`, `20 MB`.
  package static func text(_ bytes: Int) -> String {
    for (unit, size) in [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)] where Double(bytes) >= size {
      let tenths = Int((Double(bytes) / size * 10).rounded())
      return tenths % 10 == 0 || tenths >= 1000
        ? "\((tenths + 5) / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
    }
    return "\(bytes) bytes"
  }

  /// What the system says could be used without harm to others; nil where it does not say.
  private static func freeBytes() -> Int? {
    let pages = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    var free = pages > 0 ? pages / 2 : nil
    if let line = fileText("/proc/meminfo")?.split(separator: "\n").first(where: {
      $0.hasPrefix("MemAvailable:")
    }), let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) {
      free = kilobytes * 1024
    }
    // A container may have less than the machine.
    for (folder, limit, usage) in [
      ("/sys/fs/cgroup", "memory.max", "memory.current"),
      ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes"),
    ] {
      guard let limit = fileNumber("\(folder)/\(limit)"),
        let usage = fileNumber("\(folder)/\(usage)")
      else { continue }
      // Pages of files that nobody needs are given up at once, and count as used.
      let cached =
        fileText("\(folder)/memory.stat")?.split(separator: "\n").lazy
        .first { $0.hasPrefix("inactive_file ") }
        .flatMap { Int($0.dropFirst("inactive_file ".count)) } ?? 0
      free = min(free ?? .max, max(0, limit - max(0, usage - cached)))
    }
    return free
  }

  private static func fileNumber(_ path: String) -> Int? {
    fileText(path).flatMap { Int($0.prefix { $0.isNumber }) }
  }

  private static func fileText(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(file, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}
