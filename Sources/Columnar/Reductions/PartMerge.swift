import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Merges parts' states into those of all rows, each slot's in the order of the parts, while other
/// parts are still added up.
///
/// Slots are merged in chunks: whoever has finished a part merges the chunks for which all parts
/// before it have been merged, unless another thread has them, and goes on. So no thread waits for
/// the slowest one after every part.
final class PartMerge: Sendable {
  private let slotCount: Int
  private let stride: Int
  private let merging: StateMerge
  private let total: Buffer<UInt64>
  private let places: Buffer<UInt32>?
  private let roomLimit: Int
  private let progress: Mutex<State>

  private static let chunkSize = 4096

  private struct State {
    /// For each chunk the part that is merged next, and whether a thread has it.
    var next: [Int]
    var isTaken: [Bool]
    /// What is to be merged of the parts that are finished.
    var finished: [Int: (room: Buffer<UInt64>, chunksLeft: Int)] = [:]
    /// Rooms of zeros.
    var free: [Buffer<UInt64>] = []
    var roomCount = 0
    var hasFailed = false
  }

  /// The states in `total` take those of a part's slots: at their places, or at their own numbers.
  /// At most `roomLimit` parts have states at once, which must be more than there are threads.
  ///
  /// SAFETY: there must be a state at each place, and no place twice.
  init(
    _ merging: StateMerge, slotCount: Int, stride: Int, into total: Buffer<UInt64>,
    at places: Buffer<UInt32>?, roomLimit: Int
  ) {
    (self.merging, self.slotCount, self.stride) = (merging, slotCount, stride)
    (self.total, self.places, self.roomLimit) = (total, places, roomLimit)
    let chunks = Workers.partCount(slotCount, partSize: PartMerge.chunkSize)
    progress = Mutex(
      State(
        next: Array(repeating: 0, count: chunks), isTaken: Array(repeating: false, count: chunks)))
  }

  /// Adds up the states of each part by `body`, which has room for them, all 0.
  func run(parts: Int, _ body: @Sendable (Int, UnsafeMutablePointer<UInt64>) throws -> Void) throws
  {
    try Workers.run(parts: parts) { part in
      do {
        let room = try self.room()
        try body(part, room.base)
        finish(part, room)
      } catch {
        progress.withLock { $0.hasFailed = true }
        throw error
      }
    }
    let chunks = Workers.partCount(slotCount, partSize: PartMerge.chunkSize)
    try Workers.run(parts: chunks) { mergeFinished($0) }
  }

  private func room() throws -> Buffer<UInt64> {
    while true {
      let (room, isNew, hasFailed) = progress.withLock { progress in
        if let room = progress.free.popLast() { return (room as Buffer<UInt64>?, false, false) }
        let isNew = progress.roomCount < roomLimit
        if isNew { progress.roomCount += 1 }
        return (nil, isNew, progress.hasFailed)
      }
      if let room { return room }
      if isNew { return try Buffer(repeating: 0, count: slotCount * stride) }
      // The lowest part that is not finished has room, so that there will be some.
      if hasFailed { throw DataError.cancelled }
      try Cancellation.check()
      mergeAll(from: 0)
      sched_yield()
    }
  }

  private func finish(_ part: Int, _ room: Buffer<UInt64>) {
    let chunks = progress.withLock { progress in
      progress.finished[part] = (room, progress.next.count)
      return progress.next.count
    }
    // Threads that finish together begin with different chunks.
    mergeAll(from: chunks * (part % Workers.threadCount) / Workers.threadCount)
  }

  private func mergeAll(from first: Int) {
    let chunks = Workers.partCount(slotCount, partSize: PartMerge.chunkSize)
    for place in 0..<chunks { mergeFinished((first + place) % chunks) }
  }

  /// Merges a chunk of all parts whose turn it is; nothing if another thread does.
  private func mergeFinished(_ chunk: Int) {
    while true {
      let taken = progress.withLock { progress -> Buffer<UInt64>? in
        guard !progress.isTaken[chunk], let part = progress.finished[progress.next[chunk]]
        else { return nil }
        progress.isTaken[chunk] = true
        return part.room
      }
      guard let room = taken else { return }
      merge(room, chunk)
      progress.withLock { progress in
        let part = progress.next[chunk]
        progress.isTaken[chunk] = false
        progress.next[chunk] += 1
        progress.finished[part]?.chunksLeft -= 1
        if progress.finished[part]?.chunksLeft == 0 {
          progress.finished[part] = nil
          progress.free.append(room)
        }
      }
    }
  }

  /// Merges the states of a chunk's slots, and leaves zeros.
  private func merge(_ room: Buffer<UInt64>, _ chunk: Int) {
    let range = Workers.part(chunk, of: slotCount, partSize: PartMerge.chunkSize)
    // SAFETY: the room has a state for each slot, and the total one at each place.
    if let places {
      for slot in range {
        merging.merge(
          room.base + slot * stride, into: total.base + Int(places.base[slot]) * stride, count: 1)
      }
      (room.base + range.lowerBound * stride).update(repeating: 0, count: range.count * stride)
      return
    }
    // So few at a time that they are in the cache when they become zeros.
    for first in Swift.stride(from: range.lowerBound, to: range.upperBound, by: 512) {
      let count = min(512, range.upperBound - first)
      let states = room.base + first * stride
      merging.merge(states, into: total.base + first * stride, count: count)
      states.update(repeating: 0, count: count * stride)
    }
  }
}
