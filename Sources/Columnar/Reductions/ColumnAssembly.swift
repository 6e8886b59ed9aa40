extension Column {
  /// Integers in the narrowest width; slots where `validity` is not set must be 0.
  init<Element: FixedWidthInteger & Sendable>(
    integers: Buffer<Element>, type: DataType, validity: Bitmap?
  ) throws {
    let count = integers.count
    let bounds = try Workers.map(parts: Workers.partCount(count)) { part in
      var lowest: Element = 0
      var highest: Element = 0
      for row in Workers.part(part, of: count) {
        // SAFETY: the part lies within the buffer.
        lowest = Swift.min(lowest, integers.base[row])
        highest = Swift.max(highest, integers.base[row])
      }
      return (lowest: lowest, highest: highest)
    }
    let lowest = Int64(truncatingIfNeeded: bounds.map(\.lowest).min() ?? 0)
    let highest = Int64(truncatingIfNeeded: bounds.map(\.highest).max() ?? 0)
    let storage: Storage
    switch IntegerWidth(lowest...highest) {
    case .one: storage = .int8(try integers.converted())
    case .two: storage = .int16(try integers.converted())
    case .four: storage = .int32(try integers.converted())
    case .eight: storage = .int64(try integers as? Buffer<Int64> ?? integers.converted())
    }
    self.init(type: type, storage: storage, validity: validity)
  }

  /// A column of `count` integers in the narrowest width, from their values by row; nil is null.
  static func integers(
    count: Int, type: DataType, _ value: @Sendable (Int) throws -> Int64?
  ) throws -> Column {
    let values = try Buffer<Int64>(count: count)
    let validity = try Buffer<UInt64>(repeating: 0, count: Bitmap.wordCount(count))
    try Workers.run(parts: Workers.partCount(count)) { part in
      for row in Workers.part(part, of: count) {
        let known = try value(row)
        // SAFETY: the part lies within both buffers and has validity words of its own.
        values.base[row] = known ?? 0
        if known != nil { validity.base[row >> 6] |= 1 << UInt64(row & 63) }
      }
    }
    return try Column(
      integers: values, type: type, validity: Bitmap(words: validity, count: count))
  }

  /// A column of `count` floats, from their values by row; NaN is null.
  static func floats(count: Int, _ value: @Sendable (Int) throws -> Double) throws -> Column {
    let values = try Buffer<Double>(count: count)
    let validity = try Buffer<UInt64>(repeating: 0, count: Bitmap.wordCount(count))
    try Workers.run(parts: Workers.partCount(count)) { part in
      for row in Workers.part(part, of: count) {
        let known = try value(row)
        // SAFETY: the part lies within both buffers and has validity words of its own.
        values.base[row] = known.isNaN ? 0 : known
        if !known.isNaN { validity.base[row >> 6] |= 1 << UInt64(row & 63) }
      }
    }
    return Column(
      type: .float, storage: .float(values), validity: Bitmap(words: validity, count: count))
  }
}

extension Buffer {
  /// `count` elements that `fill` writes, a range of places at a time and from several threads.
  static func filled(
    _ count: Int, _ fill: @Sendable (Range<Int>, UnsafeMutablePointer<Element>) -> Void
  ) throws -> Buffer {
    let filled = try Buffer(count: count)
    try Workers.run(parts: Workers.partCount(count)) { part in
      fill(Workers.part(part, of: count), filled.base)
    }
    return filled
  }
}
