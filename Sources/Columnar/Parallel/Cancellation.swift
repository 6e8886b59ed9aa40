import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

let processorCount = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

/// The one flag that Ctrl-C raises and every long loop polls.
package enum Cancellation {
  /// SAFETY: allocated once, never freed; a signal handler written in C stores 1 to it.
  package nonisolated(unsafe) static let flag: UnsafeMutablePointer<Atomic<Int32>> = {
    let flag = UnsafeMutablePointer<Atomic<Int32>>.allocate(capacity: 1)
    flag.initialize(to: Atomic(0))
    return flag
  }()

  package static var isRequested: Bool { flag.pointee.load(ordering: .relaxed) != 0 }

  package static func request() { flag.pointee.store(1, ordering: .relaxed) }

  package static func reset() { flag.pointee.store(0, ordering: .relaxed) }

  /// Throws `DataError.cancelled` if Ctrl-C was pressed. Call every few thousand rows.
  package static func check() throws {
    if isRequested { throw DataError.cancelled }
  }
}
