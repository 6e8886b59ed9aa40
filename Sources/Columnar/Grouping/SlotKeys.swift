/// Key columns whose distinct values are so few that each combination that could occur has a slot.
///
/// A row's slot follows from its values by arithmetic alone: an integer less the least one, a
/// text's code, null behind the others; several keys are the digits of a number in mixed radix, the
/// first key's the highest. So nothing is hashed, and no row's group is ever written to memory.
struct SlotKeys: Sendable {
  let slotCount: Int
  let digits: [SlotDigit]
  /// So many slots are always worth it: all parts' states of a few words fit the cache.
  static let limit = 1 << 17

  /// How many slots are worth it for `rowCount` rows with states of `stride` words. States beyond the
  /// cache, which each part zeroes, adds to and merges, are still faster than rows in the order of
  /// their keys, up to about 8 million words. They take no more than 32 bytes a row.
  static func limit(rowCount: Int, stride: Int) -> Int {
    // Each thread has states, two more are being merged, and one is the whole.
    let words = min(1 << 23, 4 * rowCount / (Workers.threadCount + 3))
    return max(limit, min(words / stride, rowCount / 4))
  }

  /// Nil where the combinations are more than `limit`, or many more than the rows.
  init?(_ keys: [Column], rowCount: Int, limit: Int = SlotKeys.limit) throws {
    var digits: [SlotDigit] = []
    var slotCount = 1
    let limit = min(limit, max(4 * rowCount, 1 << 10))
    for key in keys {
      guard let digit = try SlotDigit(key, limit: limit) else { return nil }
      let (product, overflow) = slotCount.multipliedReportingOverflow(by: digit.count)
      if overflow || product > limit { return nil }
      slotCount = product
      digits.append(digit)
    }
    self.slotCount = slotCount
    self.digits = digits
  }

  /// All rows in one slot.
  init() {
    slotCount = 1
    digits = []
  }

  /// Slots that are known for each row, as the groups of a grouping.
  init(ids: Buffer<UInt32>, slotCount: Int) {
    self.slotCount = slotCount
    digits = [SlotDigit(ids: ids, count: slotCount)]
  }

  /// Writes the slots of `rows`, each times `stride`, which must fit 32 bits.
  ///
  /// SAFETY: the rows must lie within the keys, and `slots` must hold as many.
  func fill(_ rows: Range<Int>, stride: Int, into slots: UnsafeMutablePointer<UInt32>) {
    guard let last = digits.indices.last else {
      slots.update(repeating: 0, count: rows.count)
      return
    }
    for (place, digit) in digits.enumerated() {
      let factor = place == last ? stride : 1
      digit.add(
        rows, radix: place == 0 ? 0 : UInt32(digit.count), factor: UInt32(factor), to: slots)
    }
  }

  /// Where the first key's values of `row` and those behind it lie, which may be behind the last
  /// row's, and the bytes of each.
  func firstKeys(from row: Int) -> (keys: UnsafeRawPointer, size: Int)? {
    digits.first.map { $0.values(from: row) }
  }

  /// All slots in the order of their keys, null last.
  func inKeyOrder() throws -> Buffer<UInt32> {
    var order: [UInt32] = [0]
    for digit in digits {
      let places = try digit.inKeyOrder()
      var next: [UInt32] = []
      next.reserveCapacity(order.count * digit.count)
      for slot in order {
        let first = slot * UInt32(digit.count)
        for digit in places { next.append(first + digit) }
      }
      order = next
    }
    return try Buffer(order)
  }

  /// The slots whose states begin with a word above 0, in the order of their keys; without keys the
  /// one there is, even of no rows.
  func inKeyOrder(occurringIn states: Buffer<UInt64>, stride: Int) throws -> Buffer<UInt32> {
    let all = try inKeyOrder()
    if digits.isEmpty { return all }
    let size = 16_384
    let kept = try Workers.map(parts: Workers.partCount(all.count, partSize: size)) { part in
      // SAFETY: there is a state for each slot.
      Workers.part(part, of: all.count, partSize: size).map { all.base[$0] }
        .filter { states.base[Int($0) * stride] > 0 }
    }
    return try Buffer(Array(kept.joined()))
  }

  /// The keys of `slots`: a column for each key.
  func columns(_ slots: Buffer<UInt32>) throws -> [Column] {
    var columns: [Column] = []
    var radix = slotCount
    for digit in digits {
      radix /= digit.count
      columns.append(try digit.column(slots, divisor: UInt32(max(radix, 1))))
    }
    return columns
  }
}

/// One key's part of a slot: a number below `count`.
struct SlotDigit: Sendable {
  let count: Int
  private let source: Source
  private let validity: Bitmap?
  /// What becomes digit 0.
  private let lowest: Int64
  private let column: Column?

  private enum Source: Sendable {
    case int8(Buffer<Int8>)
    case int16(Buffer<Int16>)
    case int32(Buffer<Int32>)
    case int64(Buffer<Int64>)
    case uint8(Buffer<UInt8>)
    case uint16(Buffer<UInt16>)
    case uint32(Buffer<UInt32>)
  }

  init(ids: Buffer<UInt32>, count: Int) {
    self.count = count
    source = .uint32(ids)
    validity = nil
    lowest = 0
    column = nil
  }

  /// Nil if the column has no digits, or more than `limit`.
  init?(_ column: Column, limit: Int) throws {
    validity = column.validity
    self.column = column
    let bounds: ClosedRange<Int64>
    switch column.storage {
    case .int8(let buffer): (source, bounds) = (.int8(buffer), try buffer.bounds())
    case .int16(let buffer): (source, bounds) = (.int16(buffer), try buffer.bounds())
    case .int32(let buffer): (source, bounds) = (.int32(buffer), try buffer.bounds())
    case .int64(let buffer): (source, bounds) = (.int64(buffer), try buffer.bounds())
    case .dictionary(let codes, let dictionary):
      bounds = 0...Int64(max(dictionary.count, 1) - 1)
      switch codes {
      case .uint8(let buffer): source = .uint8(buffer)
      case .uint16(let buffer): source = .uint16(buffer)
      case .uint32(let buffer): source = .uint32(buffer)
      }
    case .float, .text: return nil
    }
    lowest = bounds.lowerBound
    let (span, overflow) = bounds.upperBound.subtractingReportingOverflow(bounds.lowerBound)
    guard !overflow, span < Int64(limit) else { return nil }
    count = Int(span) + 1 + (validity == nil ? 0 : 1)
  }

  /// Multiplies the numbers by `radix`, or sets them where that is 0, adds the digits of `rows`, and
  /// multiplies the sums by `factor`.
  func add(
    _ rows: Range<Int>, radix: UInt32, factor: UInt32, to slots: UnsafeMutablePointer<UInt32>
  ) {
    switch source {
    case .int8(let buffer): add(buffer, rows, radix, factor, slots)
    case .int16(let buffer): add(buffer, rows, radix, factor, slots)
    case .int32(let buffer): add(buffer, rows, radix, factor, slots)
    case .int64(let buffer): add(buffer, rows, radix, factor, slots)
    case .uint8(let buffer): add(buffer, rows, radix, factor, slots)
    case .uint16(let buffer): add(buffer, rows, radix, factor, slots)
    case .uint32(let buffer): add(buffer, rows, radix, factor, slots)
    }
  }

  @inline(__always)
  private func add<Element: FixedWidthInteger>(
    _ buffer: Buffer<Element>, _ rows: Range<Int>, _ radix: UInt32, _ factor: UInt32,
    _ slots: UnsafeMutablePointer<UInt32>
  ) {
    // SAFETY: the rows lie within the column, and the slots are as many.
    let values = buffer.base + rows.lowerBound
    let lowest = UInt32(truncatingIfNeeded: lowest)
    guard let validity else {
      if radix == 0, factor == 1 {
        for place in 0..<rows.count {
          slots[place] = UInt32(truncatingIfNeeded: values[place]) &- lowest
        }
      } else if radix == 0, factor & (factor &- 1) == 0 {
        // Not every processor multiplies several numbers of 32 bits at once.
        let shift = UInt32(truncatingIfNeeded: factor.trailingZeroBitCount)
        for place in 0..<rows.count {
          slots[place] = (UInt32(truncatingIfNeeded: values[place]) &- lowest) &<< shift
        }
      } else if radix == 0 {
        for place in 0..<rows.count {
          slots[place] = (UInt32(truncatingIfNeeded: values[place]) &- lowest) &* factor
        }
      } else {
        for place in 0..<rows.count {
          let digit = UInt32(truncatingIfNeeded: values[place]) &- lowest
          slots[place] = (slots[place] &* radix &+ digit) &* factor
        }
      }
      return
    }
    let words = validity.words.base
    let null = UInt32(truncatingIfNeeded: count - 1)
    for place in 0..<rows.count {
      let row = rows.lowerBound &+ place
      let isValid = words[row >> 6] >> UInt64(row & 63) & 1 == 1
      let digit = isValid ? UInt32(truncatingIfNeeded: values[place]) &- lowest : null
      slots[place] = ((radix == 0 ? 0 : slots[place] &* radix) &+ digit) &* factor
    }
  }

  /// Where the values of `row` and those behind it lie, and the bytes of each.
  fileprivate func values(from row: Int) -> (keys: UnsafeRawPointer, size: Int) {
    func values<Element>(_ buffer: Buffer<Element>) -> (keys: UnsafeRawPointer, size: Int) {
      (UnsafeRawPointer(buffer.base + row), MemoryLayout<Element>.stride)
    }
    return switch source {
    case .int8(let buffer): values(buffer)
    case .int16(let buffer): values(buffer)
    case .int32(let buffer): values(buffer)
    case .int64(let buffer): values(buffer)
    case .uint8(let buffer): values(buffer)
    case .uint16(let buffer): values(buffer)
    case .uint32(let buffer): values(buffer)
    }
  }

  /// The digits in the order of the keys, null's last.
  func inKeyOrder() throws -> [UInt32] {
    guard case .dictionary(_, let dictionary)? = column?.storage, dictionary.count > 0 else {
      return Array(0..<UInt32(count))
    }
    return try dictionary.entriesByRank + Array(UInt32(dictionary.count)..<UInt32(count))
  }

  /// The keys in the slots, of which the digit is the slot over `divisor`, modulo `count`.
  func column(_ slots: Buffer<UInt32>, divisor: UInt32) throws -> Column {
    guard let column else { return Column(type: .int, storage: .int64(try slots.converted())) }
    let (count, null) = (UInt32(self.count), validity == nil ? .max : UInt32(self.count - 1))
    if case .dictionary(_, let dictionary) = column.storage {
      let codes = try Buffer<UInt32>(count: slots.count)
      let words = try Buffer<UInt64>(repeating: 0, count: Bitmap.wordCount(slots.count))
      try Workers.run(parts: Workers.partCount(slots.count)) { part in
        for group in Workers.part(part, of: slots.count) {
          // SAFETY: a part has words of its own.
          let digit = slots.base[group] / divisor % count
          codes.base[group] = digit == null ? 0 : digit
          if digit != null { words.base[group >> 6] |= 1 << UInt64(group & 63) }
        }
      }
      return Column(
        type: .text,
        storage: .dictionary(try Codes(codes, entryCount: dictionary.count), dictionary),
        validity: Bitmap(words: words, count: slots.count))
    }
    let lowest = lowest
    return try .integers(count: slots.count, type: column.type) { group in
      let digit = slots.base[group] / divisor % count
      return digit == null ? nil : lowest + Int64(digit)
    }
  }
}
