#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Buffer {
  /// Has the system give the buffer's memory now, on all threads, in steps between which Ctrl-C is
  /// looked at.
  ///
  /// For what is then written in no order: a few thousand rows may touch every page there is, and a
  /// busy machine takes longer for that than a person waits. Memory that was in use before costs
  /// next to nothing.
  func populate() throws {
    #if os(Linux)
      let step = BufferPool.smallestRegion
      let bytes = count * MemoryLayout<Element>.stride
      guard bytes >= step else { return }
      try Workers.run(parts: Workers.partCount(bytes, partSize: step)) { part in
        let range = Workers.part(part, of: bytes, partSize: step)
        // SAFETY: the range lies within the buffer, which begins at a page. Where the system cannot
        // (before Linux 5.14), pages come when they are written.
        madvise(UnsafeMutableRawPointer(base) + range.lowerBound, range.count, populateForWriting)
      }
    #endif
  }

  /// Sets every element, in steps between which Ctrl-C is looked at.
  func fill(_ value: Element) throws {
    let step = 1 << 18
    for start in stride(from: 0, to: count, by: step) {
      if start > 0 { try Cancellation.check() }
      (base + start).update(repeating: value, count: Swift.min(step, count - start))
    }
  }
}

/// MADV_POPULATE_WRITE, which older headers lack.
private let populateForWriting: Int32 = 23
