import Columnar

/// Memory for the pieces of one column that one thread makes, handed out from few large regions,
/// since touching fresh memory costs more than filling it.
final class PieceArena {
  private var regions: [Buffer<UInt64>] = []
  private var used = 0
  /// Words in the next region: small at first, for small files and files of very many columns, then
  /// twice as many each time, up to whole huge pages.
  private var next = 1 << 9
  /// Words in the longest region of small pieces: a huge page with what buffers add at their end.
  private static let longest = ((2 << 20) - 64) / 8

  /// Room for `count` elements, uninitialised, valid while the arena is, with 64 bytes to spare.
  func allocate<Element: BitwiseCopyable>(
    _ count: Int, of type: Element.Type
  ) throws -> UnsafeMutablePointer<Element> {
    let words = (count * MemoryLayout<Element>.stride + 64 + 7) / 8
    let region: Buffer<UInt64>
    if let last = regions.last, used + words <= last.count {
      region = last
    } else {
      region = try Buffer(count: max(words, next))
      regions.append(region)
      next = min(next * 4, Self.longest)
      used = 0
    }
    // SAFETY: the region has room for the words behind those handed out.
    let start = region.base + used
    used += words
    return UnsafeMutableRawPointer(start).bindMemory(to: Element.self, capacity: max(count, 1))
  }

  /// Gives up what was handed out, for callers that look at pieces once.
  func reset() {
    if regions.count > 1 { regions.removeFirst(regions.count - 1) }
    used = 0
  }
}
