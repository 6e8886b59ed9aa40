import Columnar

/// Lines of many rows, written in their order.
enum RowBlocks {
  /// Rows that one thread writes at a time, and blocks that all do before they are handed on.
  private static let size = 1024
  private static let round = 64

  /// Hands the text of each block of `0..<rowCount` to `sink`, in order.
  ///
  /// With `isCancellable` all threads make the texts, and it throws `cancelled` after Ctrl-C; else
  /// only what `sink` throws.
  static func write(
    _ rowCount: Int, isCancellable: Bool, to sink: (String) throws -> Void,
    _ text: @Sendable (Range<Int>) -> String
  ) throws {
    let blocks = Workers.partCount(rowCount, partSize: size)
    for first in stride(from: 0, to: blocks, by: round) {
      let count = min(round, blocks - first)
      @Sendable func block(_ place: Int) -> String {
        text(Workers.part(first + place, of: rowCount, partSize: size))
      }
      let texts = isCancellable ? try Workers.map(parts: count, block) : (0..<count).map(block)
      for text in texts { try sink(text) }
    }
  }
}
