extension Column {
  /// Integers in the narrowest width; slots where `validity` is not set must be 0.
  init(integers: Buffer<Int64>, type: DataType, validity: Bitmap?) throws {
    let count = integers.count
    let bounds = try Workers.map(parts: Workers.partCount(count)) { part in
      var lowest: Int64 = 0
      var highest: Int64 = 0
      for row in Workers.part(part, of: count) {
        // SAFETY: the part lies within the buffer.
        lowest = Swift.min(lowest, integers.base[row])
        highest = Swift.max(highest, integers.base[row])
      }
      return (lowest: lowest, highest: highest)
    }
    let lowest = bounds.map(\.lowest).min() ?? 0
    let highest = bounds.map(\.highest).max() ?? 0
    let storage: Storage
    if lowest >= Int8.min, highest <= Int8.max {
      storage = .int8(try integers.converted())
    } else if lowest >= Int16.min, highest <= Int16.max {
      storage = .int16(try integers.converted())
    } else if lowest >= Int32.min, highest <= Int32.max {
      storage = .int32(try integers.converted())
    } else {
      storage = .int64(integers)
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
