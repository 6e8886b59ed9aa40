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
  private let merging: StateMerge
  private let total: Buffer<UInt64>
  private let places: Buffer<UInt32>?
  private let roomLimit: Int
  private let state: Mutex<State>

  static let chunkSize = 4096

  private struct State {
    /// For each chunk the part that is merged next, and whether a thread has it.
    var next: [Int]
    var isTaken: [Bool]
    /// What is to be merged of the parts that are finished.
    var finished: [Int: (room: Buffer<UInt64>, chunksLeft: Int)] = [:]
    /// The lowest part that is not finished.
    var lowest = 0
    /// The finished ones behind it.
    var ahead: Set<Int> = []
    /// Rooms of zeros.
    var free: [Buffer<UInt64>] = []
    var roomCount = 0
    var hasFailed = false
  }

  /// The states in `total` take those of a part's slots: at their places, or at their own numbers.
  /// At most `roomLimit` parts have states at once, and one more where all of them wait for it.
  ///
  /// SAFETY: there must be a state at each place, and no place twice.
  init(
    _ merging: StateMerge, slotCount: Int, into total: Buffer<UInt64>,
    at places: Buffer<UInt32>?, roomLimit: Int
  ) {
    (self.merging, self.slotCount) = (merging, slotCount)
    (self.total, self.places, self.roomLimit) = (total, places, roomLimit)
    let chunks = Workers.partCount(slotCount, partSize: PartMerge.chunkSize)
    state = Mutex(
      State(
        next: Array(repeating: 0, count: chunks), isTaken: Array(repeating: false, count: chunks)))
  }

  /// Adds up the states of each part by `body`, which has room for them, all 0.
  func run(parts: Int, _ body: @Sendable (Int, UnsafeMutablePointer<UInt64>) throws -> Void) throws
  {
    try Workers.run(parts: parts) { part in
      do {
        let room = try self.room(for: part)
        try body(part, room.base)
        finish(part, room)
      } catch {
        state.withLock { $0.hasFailed = true }
        throw error
      }
    }
    let chunks = Workers.partCount(slotCount, partSize: PartMerge.chunkSize)
    try Workers.run(parts: chunks) { mergeFinished($0) }
  }

  private func room(for part: Int) throws -> Buffer<UInt64> {
    while true {
      let (room, isNew) = state.withLock { state in
        if let room = state.free.popLast() { return (room as Buffer<UInt64>?, false) }
        // All others may be waiting for the lowest part; none comes after one that has failed.
        let isNew =
          state.roomCount < roomLimit || part == state.lowest || state.hasFailed
        if isNew { state.roomCount += 1 }
        return (nil, isNew)
      }
      if let room { return room }
      if isNew { return try .zeros(slotCount * merging.nextStride) }
      try Cancellation.check()
      mergeAll(from: 0)
      sched_yield()
    }
  }

  private func finish(_ part: Int, _ room: Buffer<UInt64>) {
    let chunks = state.withLock { state in
      state.finished[part] = (room, state.next.count)
      state.ahead.insert(part)
      while state.ahead.remove(state.lowest) != nil { state.lowest += 1 }
      return state.next.count
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
      let taken = state.withLock { state -> Buffer<UInt64>? in
        guard !state.isTaken[chunk], let part = state.finished[state.next[chunk]]
        else { return nil }
        state.isTaken[chunk] = true
        return part.room
      }
      guard let room = taken else { return }
      merge(room, chunk)
      state.withLock { state in
        let part = state.next[chunk]
        state.isTaken[chunk] = false
        state.next[chunk] += 1
        state.finished[part]?.chunksLeft -= 1
        if state.finished[part]?.chunksLeft == 0 {
          state.finished[part] = nil
          state.free.append(room)
        }
      }
    }
  }

  /// Merges the states of a chunk's slots, and leaves zeros.
  private func merge(_ room: Buffer<UInt64>, _ chunk: Int) {
    let slots = Workers.part(chunk, of: slotCount, partSize: PartMerge.chunkSize)
    // SAFETY: the room has a state for each slot, and the total one at each place.
    merging.merge(room, of: slots, into: total, at: places, clears: true)
  }
}

extension Buffer where Element: FixedWidthInteger {
  /// At least `count` integers, of which these are 0. They are read and written in no order, so that
  /// many are worth a huge page, in which no address has to be looked up.
  static func zeros(_ count: Int) throws -> Buffer {
    let stride = MemoryLayout<Element>.stride
    let least = count * stride > 1 << 18 ? BufferPool.smallestRegion / stride : 0
    let zeros = try Buffer(count: Swift.max(count, least))
    zeros.base.initialize(repeating: 0, count: count)
    return zeros
  }
}
