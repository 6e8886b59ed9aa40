import Columnar

/// Memory for the pieces of one column that one thread makes, handed out from few large regions,
/// since touching fresh memory costs more than filling it.
final class PieceArena {
  private var regions: [Buffer<UInt64>] = []
  private var used = 0

  /// Room for `count` elements, uninitialised, valid while the arena is, with 64 bytes to spare.
  func allocate<Element: BitwiseCopyable>(
    _ count: Int, of type: Element.Type
  ) throws -> UnsafeMutablePointer<Element> {
    let words = (count * MemoryLayout<Element>.stride + 64 + 7) / 8
    if regions.isEmpty || used + words > regions.last!.count {
      // The first region is small, for small files; later ones are whole huge pages.
      let usual = regions.isEmpty ? 1 << 13 : 1 << 18
      regions.append(try Buffer(count: max(words, usual)))
      used = 0
    }
    let start = regions.last!.base + used
    used += words
    return UnsafeMutableRawPointer(start).bindMemory(to: Element.self, capacity: max(count, 1))
  }

  /// Gives up what was handed out, for callers that look at pieces once.
  func reset() {
    if regions.count > 1 { regions.removeFirst(regions.count - 1) }
    used = 0
  }
}
