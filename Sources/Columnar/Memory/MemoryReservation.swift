import Synchronization

/// Bytes outside large buffers that count against the `MemoryBudget` as long as this lives.
final class MemoryReservation: Sendable {
  private let bytes = Mutex(0)

  init() {}

  /// Counts `total` bytes from now on. Throws `memory`, with nothing changed, if they are more than
  /// the budget leaves.
  func set(_ total: Int) throws {
    try bytes.withLock { known in
      if total > known {
        try MemoryBudget.reserve(total - known)
      } else {
        MemoryBudget.release(known - total)
      }
      known = total
    }
  }

  deinit { MemoryBudget.release(bytes.withLock { $0 }) }
}
