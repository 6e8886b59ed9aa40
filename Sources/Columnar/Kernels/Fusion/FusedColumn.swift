/// Whether any of `count` values is infinite or not a number.
///
/// SAFETY: there must be as many.
func isAnyNotFinite(_ values: UnsafeMutablePointer<Double>, _ count: Int) -> Bool {
  var bits: UInt64 = 0
  for place in 0..<count { bits |= (values[place] - values[place]).bitPattern }
  return bits != 0
}

extension FusedNode {
  /// The values of all `count` rows as a column of `type`; nil if the expression is not worth it.
  ///
  /// `fallback` gives the vector of a batch of rows where something is out of the ordinary.
  package func column(
    type: DataType, count: Int,
    fallback: @escaping @Sendable (Range<Int>) throws -> Vector
  ) throws -> Column? {
    if depth > 8 { return nil }
    if isFloat {
      guard type == .float, let block = block(Double.self) else { return nil }
      return try floats(block, count, fallback)
    }
    guard type == .int, let bounds, operandsFit32Bits, let block = block(Int32.self) else {
      return try wideIntegers(type: type, count: count)
    }
    if bounds.lowerBound >= Int16.min, bounds.upperBound <= Int16.max {
      let values = try integers(Int16.self, block, count)
      return try column(values.buffer, values.bounds, type) { .int16($0) }
    }
    let values = try integers(Int32.self, block, count)
    return try column(values.buffer, values.bounds, type) { .int32($0) }
  }

  /// Whether the parts, too, keep to 32 bits.
  private var operandsFit32Bits: Bool {
    guard let bounds, Int32(exactly: bounds.lowerBound) != nil,
      Int32(exactly: bounds.upperBound) != nil
    else { return false }
    guard case .arithmetic(_, let left, let right) = self else { return true }
    return left.operandsFit32Bits && right.operandsFit32Bits
  }

  private func wideIntegers(type: DataType, count: Int) throws -> Column? {
    guard type == .int, bounds != nil, let block = block(Int64.self) else { return nil }
    let values = try integers(Int64.self, block, count)
    return try column(values.buffer, values.bounds, type) { .int64($0) }
  }

  private func floats(
    _ block: @escaping FusedBlock<Double>, _ count: Int,
    _ fallback: @escaping @Sendable (Range<Int>) throws -> Vector
  ) throws -> Column {
    let output = try Buffer<Double>(count: count)
    let known = try validity()
    let (depth, batchSize) = (depth, Vector.batchSize)
    let parts = try Workers.map(parts: Workers.partCount(count)) { part in
      var replaced: [(word: Int, bits: [UInt64])] = []
      let range = Workers.part(part, of: count)
      try withUnsafeTemporaryAllocation(of: Double.self, capacity: depth * batchSize) { room in
        guard let room = room.baseAddress else { return }
        for start in stride(from: range.lowerBound, to: range.upperBound, by: batchSize) {
          try Cancellation.check()
          let rows = start..<min(start + batchSize, range.upperBound)
          // SAFETY: the rows are this part's own; there is room for as many blocks as are used.
          let target = output.base + start
          let isSuspect = block(rows, target, room)
          if isSuspect || isAnyNotFinite(target, rows.count) {
            let vector = try fallback(rows)
            let (values, bits) = (vector.floats, vector.validity)
            for place in 0..<rows.count { target[place] = values[place] }
            replaced.append((start >> 6, bits ?? Validity.full(rows.count)))
          } else if known == nil {
            continue
          }
          clear(
            target, rows, replaced.last.flatMap { $0.word == start >> 6 ? $0.bits : nil }, known)
        }
      }
      return replaced
    }
    let replaced = parts.flatMap { $0 }
    return Column(
      type: .float, storage: .float(output),
      validity: try merged(known, replaced, count: count))
  }

  /// Sets the slots of nulls to 0: of those not set in `bits`, where given, else in `known`.
  private func clear<Lane: AdditiveArithmetic>(
    _ target: UnsafeMutablePointer<Lane>, _ rows: Range<Int>, _ bits: [UInt64]?, _ known: Bitmap?
  ) {
    for first in stride(from: 0, to: rows.count, by: 64) {
      let word = bits?[first >> 6] ?? known?.words.base[(rows.lowerBound + first) >> 6] ?? ~0
      if word == ~0 { continue }
      for bit in 0..<min(64, rows.count - first) where word >> UInt64(bit) & 1 == 0 {
        target[first + bit] = .zero
      }
    }
  }

  /// The validity with the words of some batches in place of what was known.
  private func merged(
    _ known: Bitmap?, _ replaced: [(word: Int, bits: [UInt64])], count: Int
  ) throws -> Bitmap? {
    if replaced.isEmpty { return known }
    let all = try known ?? Bitmap(repeating: true, count: count)
    let words = try all.words.slice(0..<all.words.count)
    for batch in replaced {
      for (index, bits) in batch.bits.enumerated() where batch.word + index < words.count {
        words.base[batch.word + index] = bits
      }
    }
    Bitmap.clearTail(words, count: count)
    return Bitmap(words: words, count: count)
  }

  private func integers<Lane: FusedLane & FixedWidthInteger, Element: FixedWidthInteger>(
    _ type: Element.Type, _ block: @escaping FusedBlock<Lane>, _ count: Int
  ) throws -> (buffer: Buffer<Element>, bounds: ClosedRange<Element>)
  where Element: BitwiseCopyable & Sendable {
    let output = try Buffer<Element>(count: count)
    let known = try validity()
    let (depth, batchSize) = (depth, Vector.batchSize)
    let parts = try Workers.map(parts: Workers.partCount(count)) { part in
      var (lower, upper): (Element, Element) = (0, 0)
      let range = Workers.part(part, of: count)
      try withUnsafeTemporaryAllocation(of: Lane.self, capacity: (depth + 1) * batchSize) { room in
        guard let room = room.baseAddress else { return }
        for start in stride(from: range.lowerBound, to: range.upperBound, by: batchSize) {
          try Cancellation.check()
          let rows = start..<min(start + batchSize, range.upperBound)
          // SAFETY: the rows are this part's own; there is room for as many blocks as are used.
          _ = block(rows, room, room + batchSize)
          if known != nil { clear(room, rows, nil, known) }
          let target = output.base + start
          for place in 0..<rows.count {
            let value = Element(truncatingIfNeeded: room[place])
            target[place] = value
            lower = value < lower ? value : lower
            upper = value > upper ? value : upper
          }
        }
      }
      return lower...upper
    }
    let bounds = parts.reduce(0...0) {
      min($0.lowerBound, $1.lowerBound)...max($0.upperBound, $1.upperBound)
    }
    return (output, bounds)
  }

  /// The column of `values`, in the narrowest width.
  private func column<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ values: Buffer<Element>, _ bounds: ClosedRange<Element>, _ type: DataType,
    _ storage: (Buffer<Element>) -> Storage
  ) throws -> Column {
    let narrowest: Storage
    if bounds.lowerBound >= Int8.min, bounds.upperBound <= Int8.max {
      narrowest = .int8(try values.converted())
    } else if bounds.lowerBound >= Int16.min, bounds.upperBound <= Int16.max {
      if Element.bitWidth == 16 {
        narrowest = storage(values)
      } else {
        narrowest = .int16(try values.converted())
      }
    } else if bounds.lowerBound >= Int32.min, bounds.upperBound <= Int32.max {
      if Element.bitWidth == 32 {
        narrowest = storage(values)
      } else {
        narrowest = .int32(try values.converted())
      }
    } else {
      narrowest = storage(values)
    }
    return Column(type: type, storage: narrowest, validity: try validity())
  }
}
