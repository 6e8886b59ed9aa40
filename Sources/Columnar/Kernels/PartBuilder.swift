/// Gathers the vectors of one part of a column, in row order.
package struct PartBuilder: Sendable {
  private enum Pieces: Sendable {
    case bytes([Int8])
    case ints([Int64])
    case floats([Double])
    case texts(TextCoder)
  }

  private let type: DataType
  private var pieces: Pieces
  private var lower: Int64 = 0
  private var upper: Int64 = 0
  private var validity: [UInt64] = []
  private var hasNulls = false
  private var count = 0

  /// A builder for a part of `capacity` rows of a column of `type`.
  package init(type: DataType, capacity: Int) {
    self.type = type
    switch type {
    case .bool: pieces = .bytes([])
    case .float: pieces = .floats([])
    case .text: pieces = .texts(TextCoder())
    case .int, .date, .datetime, .duration: pieces = .ints([])
    }
    reserve(capacity)
  }

  private mutating func reserve(_ capacity: Int) {
    switch pieces {
    case .bytes(var list):
      list.reserveCapacity(capacity)
      pieces = .bytes(list)
    case .ints(var list):
      list.reserveCapacity(capacity)
      pieces = .ints(list)
    case .floats(var list):
      list.reserveCapacity(capacity)
      pieces = .floats(list)
    case .texts: break
    }
  }

  /// Appends the first `rows` values of `vector`. All but the last call bring a multiple of 64.
  package mutating func append(_ vector: Vector, rows: Int) throws {
    precondition(count & 63 == 0)
    count += rows
    var words = vector.validity.map { Array($0.prefix(Bitmap.wordCount(rows))) }
    if rows & 63 != 0, words != nil {
      words![words!.count - 1] |= ~((1 << UInt64(rows & 63)) - 1)
    }
    if words?.allSatisfy({ $0 == ~0 }) == true { words = nil }
    if words != nil { hasNulls = true }
    validity.append(contentsOf: words ?? Validity.full(rows))
    let taken = pieces
    pieces = .bytes([])
    switch taken {
    case .bytes(var list):
      appendZeroed(vector.bools, words, rows, to: &list) { Int8(bitPattern: $0) }
      pieces = .bytes(list)
    case .ints(var list):
      let start = list.count
      appendZeroed(vector.ints, words, rows, to: &list) { $0 }
      var (low, high) = (lower, upper)
      list.withUnsafeBufferPointer { list in
        for i in start..<start + rows {
          low = min(low, list[i])
          high = max(high, list[i])
        }
      }
      (lower, upper) = (low, high)
      pieces = .ints(list)
    case .floats(var list):
      appendZeroed(vector.floats, words, rows, to: &list) { $0 }
      pieces = .floats(list)
    case .texts(var coder):
      let texts = vector.texts
      for row in 0..<rows {
        coder.append(Validity.isSet(words, row) ? texts.views[row] : nil)
      }
      withExtendedLifetime(texts) {}
      pieces = .texts(coder)
    }
  }

  @inline(__always)
  private func appendZeroed<A, R: AdditiveArithmetic>(
    _ values: [A], _ words: [UInt64]?, _ rows: Int, to list: inout [R], _ body: (A) -> R
  ) {
    precondition(values.count >= rows)
    let start = list.count
    list.append(contentsOf: elementwise(values, rows, body))
    guard let words else { return }
    for row in 0..<rows where !Validity.isSet(words, row) { list[start + row] = .zero }
  }

  /// The column of all parts, in order; `count` rows in all.
  package static func column(
    _ parts: [PartBuilder], type: DataType, count: Int
  ) throws -> Column {
    let hasNulls = parts.contains { $0.hasNulls }
    let validity = hasNulls ? try Bitmap(parts: parts.map(\.validity), count: count) : nil
    let storage: Storage
    switch type {
    case .bool:
      storage = .int8(
        try joined(parts, count) { (part: PartBuilder) -> [Int8] in
          if case .bytes(let list) = part.pieces { list } else { [] }
        } convert: {
          $0
        })
    case .float:
      storage = .float(
        try joined(parts, count) { (part: PartBuilder) -> [Double] in
          if case .floats(let list) = part.pieces { list } else { [] }
        } convert: {
          $0
        })
    case .text:
      storage = try TextCoder.joined(
        parts.map { if case .texts(let coder) = $0.pieces { coder } else { TextCoder() } },
        count: count)
    case .int, .date, .datetime, .duration:
      let lower = parts.reduce(0) { min($0, $1.lower) }
      let upper = parts.reduce(0) { max($0, $1.upper) }
      func list(_ part: PartBuilder) -> [Int64] {
        if case .ints(let list) = part.pieces { list } else { [] }
      }
      if lower >= Int8.min, upper <= Int8.max {
        storage = .int8(
          try joined(parts, count, list, convert: { Int8(truncatingIfNeeded: $0) }))
      } else if lower >= Int16.min, upper <= Int16.max {
        storage = .int16(
          try joined(parts, count, list, convert: { Int16(truncatingIfNeeded: $0) }))
      } else if lower >= Int32.min, upper <= Int32.max {
        storage = .int32(
          try joined(parts, count, list, convert: { Int32(truncatingIfNeeded: $0) }))
      } else {
        storage = .int64(try joined(parts, count, list, convert: { $0 }))
      }
    }
    return Column(type: type, storage: storage, validity: validity)
  }

  @inline(__always)
  private static func joined<A, R: BitwiseCopyable>(
    _ parts: [PartBuilder], _ count: Int, _ list: (PartBuilder) -> [A],
    convert: (A) -> R
  ) throws -> Buffer<R> {
    let buffer = try Buffer<R>(count: count)
    var row = 0
    for part in parts {
      let values = list(part)
      precondition(row + values.count <= count)
      // SAFETY: the parts together hold `count` rows.
      let target = buffer.base + row
      values.withUnsafeBufferPointer { values in
        for i in 0..<values.count { target[i] = convert(values[i]) }
      }
      row += values.count
    }
    precondition(row == count)
    return buffer
  }
}

extension Bitmap {
  /// Words of parts, each but the last a multiple of 64 rows, one after the other; what is set past
  /// `count` is cleared.
  package init(parts: [[UInt64]], count: Int) throws {
    let words = try Buffer<UInt64>(count: Bitmap.wordCount(count))
    var word = 0
    for part in parts {
      for bits in part {
        words.base[word] = bits
        word += 1
      }
    }
    precondition(word == words.count)
    if count & 63 != 0 { words.base[word - 1] &= (1 << UInt64(count & 63)) - 1 }
    self.init(words: words, count: count)
  }
}
