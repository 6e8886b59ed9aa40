import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A fixed-size region of values, aligned to 64 bytes and padded so that 64 bytes past the end may
/// be read.
///
/// Whoever makes a buffer fills it; after that it is shared and never written.
/// Regions of 2 MB and more come from a pool, and are advised for huge pages as far as they fill
/// them, since first-touch page faults cost more than the arithmetic that follows.
package final class Buffer<Element: BitwiseCopyable>: @unchecked Sendable {
  package let count: Int
  /// SAFETY: valid for `count` elements while the buffer is alive; use inside one function, after a
  /// bounds check of the whole range.
  package let base: UnsafeMutablePointer<Element>
  /// The length of the pool's region; 0 for one of the allocator's.
  private let regionLength: Int
  /// Whether another buffer has the region now.
  private var isTakenOver = false
  /// The least and the greatest integer, once they have been asked for.
  let knownBounds = Mutex<ClosedRange<Int64>?>(nil)

  /// An uninitialised region of `count` elements. Throws `memory` if there is not enough, or if
  /// it is over the `MemoryBudget`.
  package init(count: Int) throws {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !overflow, count >= 0, bytes < Int.max >> 1 else {
      throw DataError(.memory, "a column of \(count) values does not fit into memory")
    }
    if bytes >= MemoryBudget.smallestCounted { try MemoryBudget.reserve(bytes) }
    var region: UnsafeMutableRawPointer?
    if bytes + padding >= BufferPool.smallestRegion {
      regionLength = BufferPool.regionLength(bytes + padding)
      region = BufferPool.take(regionLength)
      #if os(Linux)
        let huge = (bytes + padding) / BufferPool.smallestRegion * BufferPool.smallestRegion
        if let region { madvise(region, huge, MADV_HUGEPAGE) }
      #endif
    } else {
      regionLength = 0
      if posix_memalign(&region, 64, bytes + padding) != 0 { region = nil }
    }
    guard let region else {
      if bytes >= MemoryBudget.smallestCounted { MemoryBudget.release(bytes) }
      throw DataError(.memory, "not enough memory for \(bytes) bytes")
    }
    self.count = count
    base = region.bindMemory(to: Element.self, capacity: Swift.max(count, 1))
    // SAFETY: the padding belongs to the region.
    (region + bytes).initializeMemory(as: UInt8.self, repeating: 0, count: padding)
  }

  /// A region with a copy of `elements`.
  package convenience init(_ elements: some Collection<Element>) throws {
    try self.init(count: elements.count)
    // SAFETY: the region holds exactly `count` elements.
    _ = UnsafeMutableBufferPointer(start: base, count: count).initialize(from: elements)
  }

  /// A region in which every element is `value`.
  package convenience init(repeating value: Element, count: Int) throws {
    try self.init(count: count)
    try fill(value)
  }

  private init(takingOver other: Buffer, count: Int, regionLength: Int) {
    self.count = count
    self.regionLength = regionLength
    base = other.base
    other.isTakenOver = true
  }

  /// The first `count` elements without a copy, but for small buffers. The region is theirs from then
  /// on: the buffer itself is not to be used any more. What lies behind goes back to the system.
  package func shortened(to count: Int) throws -> Buffer {
    precondition(count >= 0 && count <= self.count && !isTakenOver)
    let stride = MemoryLayout<Element>.stride
    guard regionLength > 0, count * stride + padding >= BufferPool.smallestRegion else {
      return try Buffer(elements[..<count])
    }
    let length = BufferPool.regionLength(count * stride + padding)
    let region = UnsafeMutableRawPointer(base)
    // SAFETY: the region is longer than `length`, a multiple of the page size, and nobody else's.
    if length < regionLength { munmap(region + length, regionLength - length) }
    MemoryBudget.release((self.count - count) * stride)
    (region + count * stride).initializeMemory(as: UInt8.self, repeating: 0, count: padding)
    return Buffer(takingOver: self, count: count, regionLength: length)
  }

  deinit {
    if isTakenOver { return }
    let bytes = count * MemoryLayout<Element>.stride
    if bytes >= MemoryBudget.smallestCounted { MemoryBudget.release(bytes) }
    if regionLength > 0 {
      BufferPool.give(base, regionLength)
    } else {
      free(base)
    }
  }

  /// The element at `index`; traps out of bounds, so callers check what came from a user.
  package subscript(index: Int) -> Element {
    precondition(index >= 0 && index < count)
    return base[index]
  }

  /// The elements without a check at each access.
  ///
  /// SAFETY: valid while the buffer is alive, which must be in a variable: that of a temporary is
  /// freed at once.
  package var elements: UnsafeBufferPointer<Element> {
    UnsafeBufferPointer(start: base, count: count)
  }
}

private let padding = 64
