/// A batch of a few thousand values on their way through an expression.
///
/// Integers of every width are widened to 64 bits here, so that each kernel exists once; a batch
/// stays in the cache. A null row's slot may hold anything; the column made of the vectors has 0.
package struct Vector: Sendable {
  package enum Values: Sendable {
    /// 0 or 1 a row.
    case bools([UInt8])
    /// Ints, and days or microseconds of temporal types.
    case ints([Int64])
    case floats([Double])
    case texts(TextVector)
  }

  package var values: Values
  /// A bit a row, set where there is a value; nil where all rows have one.
  package var validity: [UInt64]?

  package init(_ values: Values, validity: [UInt64]? = nil) {
    self.values = values
    self.validity = validity
  }

  /// Rows that go through an expression at once. A multiple of 64.
  package static let batchSize = 4096

  /// The values as 0 and 1; empty if they are not bools.
  package var bools: [UInt8] {
    if case .bools(let values) = values { return values }
    return []
  }

  /// The values as integers, bools as 0 and 1; empty if they are neither.
  package var ints: [Int64] {
    switch values {
    case .ints(let values): values
    case .bools(let values): elementwise(values, values.count) { Int64($0) }
    default: []
    }
  }

  /// The values as floats, converted from ints and bools; empty if they are texts.
  package var floats: [Double] {
    switch values {
    case .floats(let values): values
    case .ints(let values): elementwise(values, values.count) { Double($0) }
    case .bools(let values): elementwise(values, values.count) { Double($0) }
    case .texts: []
    }
  }

  /// The values as texts; empty if they are not.
  package var texts: TextVector {
    if case .texts(let values) = values { return values }
    return TextVector(views: [], owners: [])
  }

  package func isNull(_ row: Int) -> Bool {
    guard let validity else { return false }
    return validity[row >> 6] >> UInt64(row & 63) & 1 == 0
  }

  /// A batch in which every row is `value`; a null is one of `type`.
  package static func constant(
    _ value: Scalar, type: DataType, count: Int = Vector.batchSize
  ) throws -> Vector {
    let validity =
      value.isNull ? [UInt64](repeating: 0, count: Bitmap.wordCount(count)) : nil
    switch (value, type) {
    case (.bool(let flag), _):
      return Vector(.bools([UInt8](repeating: flag ? 1 : 0, count: count)))
    case (.int(let number), .float):
      return Vector(.floats([Double](repeating: Double(number), count: count)))
    case (.date(let days), .datetime):
      guard let midnight = Calendar.datetime(days) else {
        throw DataError(.overflow, "\(Calendar.text(date: days)) is out of the range of datetimes")
      }
      return Vector(.ints([Int64](repeating: midnight, count: count)))
    case (.int(let number), _), (.datetime(let number), _):
      return Vector(.ints([Int64](repeating: number, count: count)))
    case (.date(let days), _):
      return Vector(.ints([Int64](repeating: Int64(days), count: count)))
    case (.duration(let length), _):
      return Vector(.ints([Int64](repeating: length.microseconds, count: count)))
    case (.float(let number), _):
      return Vector(.floats([Double](repeating: number, count: count)))
    case (.text(let text), _):
      return Vector(.texts(try TextVector(repeating: text, count: count)))
    case (.null, .bool):
      return Vector(.bools([UInt8](repeating: 0, count: count)), validity: validity)
    case (.null, .float):
      return Vector(.floats([Double](repeating: 0, count: count)), validity: validity)
    case (.null, .text):
      return Vector(.texts(try TextVector(repeating: "", count: count)), validity: validity)
    case (.null, _):
      return Vector(.ints([Int64](repeating: 0, count: count)), validity: validity)
    }
  }
}

/// Texts of a batch, each a view of bytes that one of the owners keeps alive.
///
/// SAFETY: views are only read while the vector is alive, and owners never change.
package struct TextVector: @unchecked Sendable {
  package var views: [UnsafeBufferPointer<UInt8>]
  package var owners: [any AnyObject & Sendable]

  package init(views: [UnsafeBufferPointer<UInt8>], owners: [any AnyObject & Sendable]) {
    self.views = views
    self.owners = owners
  }

  package init(repeating text: String, count: Int) throws {
    let storage = try TextStorage([text])
    self.init(
      views: Array(repeating: storage.utf8(0), count: count), owners: [storage])
  }

  package subscript(row: Int) -> String { String(decoding: views[row], as: UTF8.self) }
}

/// Bytes of texts that a kernel makes, in blocks that never move.
package final class TextArena: @unchecked Sendable {
  private var blocks: [UnsafeMutablePointer<UInt8>] = []
  private var free = 0
  private var next: UnsafeMutablePointer<UInt8>?

  package init() {}

  deinit { for block in blocks { block.deallocate() } }

  /// A copy of `bytes` that lives as long as the arena.
  package func copy(_ bytes: some Collection<UInt8>) -> UnsafeBufferPointer<UInt8> {
    let count = bytes.count
    let room = reserve(count)
    // SAFETY: `reserve` gave room for exactly `count` bytes that nobody else has.
    _ = UnsafeMutableBufferPointer(start: room, count: count).initialize(from: bytes)
    return UnsafeBufferPointer(start: room, count: count)
  }

  /// Takes back the last bytes of what was reserved last.
  package func giveBack(_ count: Int) {
    next = next.map { $0 - count }
    free += count
  }

  /// Room for `count` bytes, to be filled by the caller before anyone reads it.
  package func reserve(_ count: Int) -> UnsafeMutablePointer<UInt8> {
    if count > free || next == nil {
      let size = max(count, 1 << 16)
      let block = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
      blocks.append(block)
      next = block
      free = size
    }
    let room = next!
    next = room + count
    free -= count
    return room
  }
}
