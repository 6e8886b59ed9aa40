import Columnar

/// Rows that come in frames of any size, handed on in multiples of a number of rows.
package struct RowBatches {
  private let size: Int
  private var waiting: [Frame] = []
  private var count = 0
  private var isEmpty = true

  /// Batches of a multiple of `size` rows, but for the last.
  package init(of size: Int) { self.size = size }

  /// Takes in rows, and hands on what is a multiple; returns what `body` does, true where it is not
  /// called.
  package mutating func add(_ frame: Frame, _ body: (Frame) throws -> Bool) throws -> Bool {
    waiting.append(frame)
    count += frame.rowCount
    guard count >= size else { return true }
    let rows = try Frame.concatenate(waiting)
    let whole = count / size * size
    waiting = whole < count ? [try rows.slice(whole..<count)] : []
    count -= whole
    isEmpty = false
    return try body(try rows.slice(0..<whole))
  }

  /// Hands on the rest; without any rows, none of them, so that their types are known.
  package mutating func finish(_ body: (Frame) throws -> Bool) throws {
    guard isEmpty || count > 0, !waiting.isEmpty else { return }
    _ = try body(try Frame.concatenate(waiting))
  }
}
