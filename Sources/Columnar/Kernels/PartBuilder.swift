/// Memory for the values of a column of known width, filled by all parts at once.
package struct ColumnTarget: Sendable {
  fileprivate enum Values: Sendable {
    case bools(Buffer<Int8>)
    case floats(Buffer<Double>)
    /// The width depends on the values, so each part keeps its own until all are known.
    case parts
  }

  let type: DataType
  let count: Int
  fileprivate let values: Values

  /// A target for `count` rows of `type`.
  package init(type: DataType, count: Int) throws {
    self.type = type
    self.count = count
    switch type {
    case .bool: values = .bools(try Buffer(count: count))
    case .float: values = .floats(try Buffer(count: count))
    case .int, .date, .datetime, .duration, .text: values = .parts
    }
  }
}

/// Gathers the vectors of one part of a column, in row order.
package struct PartBuilder: Sendable {
  private let target: ColumnTarget
  private let range: Range<Int>
  private var ints: [Int64] = []
  private var texts = TextCoder()
  private var lower: Int64 = 0
  private var upper: Int64 = 0
  private var validity: [UInt64] = []
  private var hasNulls = false
  private var count = 0

  /// A builder for the rows in `range`, which begins at a multiple of 64.
  package init(_ target: ColumnTarget, rows range: Range<Int>) {
    precondition(range.lowerBound & 63 == 0 && range.upperBound <= target.count)
    self.target = target
    self.range = range
    switch target.type {
    case .int, .date, .datetime, .duration: ints.reserveCapacity(range.count)
    case .bool, .float, .text: break
    }
  }

  /// Appends the first `rows` values of `vector`. All but the last call bring a multiple of 64.
  package mutating func append(_ vector: Vector, rows: Int) {
    precondition(count & 63 == 0 && count + rows <= range.count)
    let start = range.lowerBound + count
    count += rows
    var words = vector.validity.map { Array($0.prefix(Bitmap.wordCount(rows))) }
    if rows & 63 != 0, words != nil {
      words![words!.count - 1] |= ~((1 << UInt64(rows & 63)) - 1)
    }
    if words?.allSatisfy({ $0 == ~0 }) == true { words = nil }
    if words != nil { hasNulls = true }
    validity.append(contentsOf: words ?? Validity.full(rows))
    switch target.values {
    case .bools(let buffer):
      write(vector.bools, words, rows, at: start, of: buffer) { Int8(bitPattern: $0) }
    case .floats(let buffer): write(vector.floats, words, rows, at: start, of: buffer) { $0 }
    case .parts:
      if target.type == .text {
        texts.append(vector.texts, validity: words, rows: rows)
      } else {
        appendInts(vector.ints, words, rows)
      }
    }
  }

  @inline(__always)
  private func write<A, R: AdditiveArithmetic & BitwiseCopyable>(
    _ values: [A], _ words: [UInt64]?, _ rows: Int, at start: Int, of buffer: Buffer<R>,
    _ body: (A) -> R
  ) {
    precondition(values.count >= rows && start + rows <= buffer.count)
    // SAFETY: the rows are this part's own, and inside the buffer.
    let output = buffer.base + start
    values.withUnsafeBufferPointer { values in
      for row in 0..<rows { output[row] = body(values[row]) }
    }
    guard let words else { return }
    for row in 0..<rows where !Validity.isSet(words, row) { output[row] = .zero }
  }

  private mutating func appendInts(_ values: [Int64], _ words: [UInt64]?, _ rows: Int) {
    precondition(values.count >= rows)
    let start = ints.count
    ints.append(contentsOf: values[0..<rows])
    if let words {
      for row in 0..<rows where !Validity.isSet(words, row) { ints[start + row] = 0 }
    }
    var (low, high) = (lower, upper)
    ints.withUnsafeBufferPointer { ints in
      for i in start..<start + rows {
        low = min(low, ints[i])
        high = max(high, ints[i])
      }
    }
    (lower, upper) = (low, high)
  }

  /// The column of all parts, in order.
  package static func column(_ parts: [PartBuilder], _ target: ColumnTarget) throws -> Column {
    let count = target.count
    precondition(parts.reduce(0) { $0 + $1.count } == count)
    let hasNulls = parts.contains { $0.hasNulls }
    let validity = hasNulls ? try Bitmap(parts: parts.map(\.validity), count: count) : nil
    let storage: Storage
    switch target.values {
    case .bools(let buffer): storage = .int8(buffer)
    case .floats(let buffer): storage = .float(buffer)
    case .parts where target.type == .text:
      storage = try TextCoder.joined(parts.map(\.texts), count: count)
    case .parts:
      let lower = parts.reduce(0) { min($0, $1.lower) }
      let upper = parts.reduce(0) { max($0, $1.upper) }
      switch IntegerWidth(lower...upper) {
      case .one: storage = .int8(try joined(parts, count) { Int8(truncatingIfNeeded: $0) })
      case .two: storage = .int16(try joined(parts, count) { Int16(truncatingIfNeeded: $0) })
      case .four: storage = .int32(try joined(parts, count) { Int32(truncatingIfNeeded: $0) })
      case .eight: storage = .int64(try joined(parts, count) { $0 })
      }
    }
    return Column(type: target.type, storage: storage, validity: validity)
  }

  @inline(__always)
  private static func joined<R: BitwiseCopyable & Sendable>(
    _ parts: [PartBuilder], _ count: Int, convert: @Sendable (Int64) -> R
  ) throws -> Buffer<R> {
    let buffer = try Buffer<R>(count: count)
    try Workers.run(parts: parts.count) { index in
      let part = parts[index]
      precondition(part.ints.count == part.range.count)
      // SAFETY: each part writes its own rows.
      let output = buffer.base + part.range.lowerBound
      part.ints.withUnsafeBufferPointer { values in
        for row in 0..<values.count { output[row] = convert(values[row]) }
      }
    }
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
