import Synchronization

/// UTF-8 texts one after the other, with the offset at which each begins.
package final class TextStorage: Sendable {
  package let count: Int
  /// `count + 1` offsets into `bytes`; the text of row i lies between offsets i and i + 1.
  package let offsets: Buffer<Int>
  package let bytes: Buffer<UInt8>
  private let distinctness = Mutex<Bool?>(nil)

  package init(offsets: Buffer<Int>, bytes: Buffer<UInt8>) {
    precondition(offsets.count > 0)
    count = offsets.count - 1
    self.offsets = offsets
    self.bytes = bytes
  }

  package convenience init(_ texts: [String]) throws {
    var offsets = [0]
    var bytes: [UInt8] = []
    for text in texts {
      bytes.append(contentsOf: text.utf8)
      offsets.append(bytes.count)
    }
    try self.init(offsets: Buffer(offsets), bytes: Buffer(bytes))
  }

  /// Whether no two texts are equal, once that has been asked for; `areDistinct` finds out.
  var knownDistinct: Bool? {
    get { distinctness.withLock { $0 } }
    set { distinctness.withLock { $0 = newValue } }
  }

  package subscript(row: Int) -> String { String(decoding: utf8(row), as: UTF8.self) }

  /// The bytes of a row, valid while the storage is alive.
  package func utf8(_ row: Int) -> UnsafeBufferPointer<UInt8> {
    let start = offsets[row]
    return UnsafeBufferPointer(start: bytes.base + start, count: offsets[row + 1] - start)
  }
}

/// The distinct texts of a column, in order of first appearance.
///
/// Entries are distinct; one that no row uses any more may remain after a filter.
package final class TextDictionary: Sendable {
  package let entries: TextStorage
  private let order = Mutex<Buffer<UInt32>?>(nil)

  package init(_ entries: TextStorage) { self.entries = entries }

  package var count: Int { entries.count }

  /// The ranks of the entries once they have been asked for; `ranks` makes them.
  var knownRanks: Buffer<UInt32>? {
    get { order.withLock { $0 } }
    set { order.withLock { $0 = newValue } }
  }
}
