/// A condition over numeric columns and dictionary codes, whose truth is told a block at a time in
/// bits, without a column of bools.
package indirect enum FusedCondition: Sendable {
  /// Both sides of ints, or both of floats; null where one of them is.
  case comparison(Comparison, FusedNode, FusedNode)
  /// The truth by dictionary code of a column without nulls, 0 or 1.
  case entries(Column, [UInt8])
  /// Of conditions that are never null.
  case and(FusedCondition, FusedCondition)
  case or(FusedCondition, FusedCondition)
  case not(FusedCondition)
}

/// Fills `flags` with 0 or 1 for the rows, with room for 64-bit lanes and for further flags; returns
/// whether something is out of the ordinary.
private typealias FlagBlock =
  @Sendable (
    _ rows: Range<Int>, _ flags: UnsafeMutablePointer<UInt8>, _ room: ConditionRoom
  ) -> Bool

/// SAFETY: each region has room for the batches that the condition's depth asks for.
private struct ConditionRoom {
  var lanes: UnsafeMutableRawPointer
  var flags: UnsafeMutablePointer<UInt8>
}

extension FusedCondition {
  /// The rows of `count` for which it holds; nil if it cannot be told this way.
  ///
  /// `fallback` gives the vector of a batch of rows where something is out of the ordinary.
  package func mask(
    count: Int, fallback: @escaping @Sendable (Range<Int>) throws -> Vector
  ) throws -> RowMask? {
    let (depth, flagDepth) = (laneDepth, self.flagDepth)
    guard depth <= 12, flagDepth <= 12, let block else { return nil }
    let validity = try validity()
    let batchSize = Vector.batchSize
    let words = try Buffer<UInt64>(count: Bitmap.wordCount(count))
    let counts = try Workers.map(parts: Workers.partCount(count)) { part in
      var (selected, nulls) = (0, 0)
      let range = Workers.part(part, of: count)
      try withUnsafeTemporaryAllocation(
        byteCount: (depth * 8 + flagDepth + 1) * batchSize, alignment: 64
      ) { room in
        guard let base = room.baseAddress else { return }
        let flags = (base + depth * 8 * batchSize).assumingMemoryBound(to: UInt8.self)
        let room = ConditionRoom(lanes: base, flags: flags + batchSize)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: batchSize) {
          try Cancellation.check()
          let rows = start..<min(start + batchSize, range.upperBound)
          let first = start >> 6
          let wordCount = Bitmap.wordCount(rows.count)
          // SAFETY: the words are those of this part's rows.
          let target = words.base + first
          if block(rows, flags, room) {
            let vector = try fallback(rows)
            let bits = Validity.packed(vector.bools, rows.count)
            for word in 0..<wordCount {
              let valid = (vector.validity?[word] ?? ~0) & tail(word, rows.count)
              target[word] = bits[word] & valid
              nulls += (~valid & tail(word, rows.count)).nonzeroBitCount
            }
          } else {
            packFlags(flags, rows.count, into: target)
            if let validity {
              for word in 0..<wordCount {
                let valid = validity.words.base[first + word]
                target[word] &= valid
                nulls += (~valid & tail(word, rows.count)).nonzeroBitCount
              }
            }
          }
          for word in 0..<wordCount { selected += target[word].nonzeroBitCount }
        }
      }
      return (selected: selected, nulls: nulls)
    }
    let (selected, nulls) = counts.reduce((0, 0)) { ($0.0 + $1.selected, $0.1 + $1.nulls) }
    return RowMask(
      selected: Bitmap(words: words, count: count), falseCount: count - selected - nulls,
      nullCount: nulls)
  }

  /// The bits of a batch's word that belong to its `count` rows.
  private func tail(_ word: Int, _ count: Int) -> UInt64 {
    let rest = count - word << 6
    return rest >= 64 ? ~0 : (1 << UInt64(rest)) - 1
  }

  private func validity() throws -> Bitmap? {
    switch self {
    case .comparison(_, let left, let right):
      try Bitmap.intersection(left.validity(), right.validity())
    case .entries, .and, .or: nil
    case .not(let condition): try condition.validity()
    }
  }

  /// Whether it can be null.
  package var isNullable: Bool {
    switch self {
    case .comparison(_, let left, let right): left.hasNulls || right.hasNulls
    case .entries(let column, _): column.nullCount > 0
    case .and(let left, let right), .or(let left, let right):
      left.isNullable || right.isNullable
    case .not(let condition): condition.isNullable
    }
  }

  private var laneDepth: Int {
    switch self {
    case .comparison(_, let left, let right): max(left.depth + 1, right.depth + 2)
    case .entries: 0
    case .and(let left, let right), .or(let left, let right): max(left.laneDepth, right.laneDepth)
    case .not(let condition): condition.laneDepth
    }
  }

  private var flagDepth: Int {
    switch self {
    case .comparison, .entries: 0
    case .and(let left, let right), .or(let left, let right):
      max(left.flagDepth, right.flagDepth + 1)
    case .not(let condition): condition.flagDepth
    }
  }

  private var block: FlagBlock? {
    switch self {
    case .comparison(let comparison, let left, let right):
      switch comparison {
      case .equal: compared(left, right, FusedEqual.self)
      case .notEqual: compared(left, right, FusedNotEqual.self)
      case .less: compared(left, right, FusedLess.self)
      case .lessOrEqual: compared(left, right, FusedLessOrEqual.self)
      case .greater: compared(right, left, FusedLess.self, isSwapped: true)
      case .greaterOrEqual: compared(right, left, FusedLessOrEqual.self, isSwapped: true)
      }
    case .entries(let column, let truth): entryBlock(column, truth)
    case .and(let left, let right): joined(left, right) { $0 & $1 }
    case .or(let left, let right): joined(left, right) { $0 | $1 }
    case .not(let condition): condition.block.map { negated($0) }
    }
  }

  private func negated(_ block: @escaping FlagBlock) -> FlagBlock {
    return { rows, flags, room in
      let isSuspect = block(rows, flags, room)
      for place in 0..<rows.count { flags[place] ^= 1 }
      return isSuspect
    }
  }

  @inline(__always)
  private func joined(
    _ left: FusedCondition, _ right: FusedCondition,
    _ body: @escaping @Sendable (UInt8, UInt8) -> UInt8
  ) -> FlagBlock? {
    guard let first = left.block, let second = right.block else { return nil }
    return { rows, flags, room in
      let isSuspect = first(rows, flags, room)
      var rest = room
      rest.flags += Vector.batchSize
      let isAlsoSuspect = second(rows, room.flags, rest)
      for place in 0..<rows.count { flags[place] = body(flags[place], room.flags[place]) }
      return isSuspect || isAlsoSuspect
    }
  }

  private func entryBlock(_ column: Column, _ truth: [UInt8]) -> FlagBlock? {
    guard case .dictionary(let codes, let dictionary) = column.storage, column.nullCount == 0,
      truth.count >= max(dictionary.count, 1), let table = try? Buffer(truth)
    else { return nil }
    func look<Code: FixedWidthInteger & BitwiseCopyable & Sendable>(
      _ buffer: Buffer<Code>
    ) -> FlagBlock {
      return { rows, flags, _ in
        // SAFETY: codes are below the number of entries.
        let (source, known) = (buffer.base + rows.lowerBound, table.base)
        for place in 0..<rows.count {
          flags[place] = known[Int(truncatingIfNeeded: source[place])]
        }
        return false
      }
    }
    switch codes {
    case .uint8(let buffer): return look(buffer)
    case .uint16(let buffer): return look(buffer)
    case .uint32(let buffer): return look(buffer)
    }
  }

  /// `isSwapped` tells that a constant, where there is one, is more likely on the left.
  private func compared<Test: FusedTest>(
    _ left: FusedNode, _ right: FusedNode, _ test: Test.Type, isSwapped: Bool = false
  ) -> FlagBlock? {
    let plain = isSwapped ? right : left
    let other = isSwapped ? left : right
    if case .column(let column) = plain {
      if case .int(let value) = other, let block = narrow(column, value, test, isSwapped) {
        return block
      }
      if case .float(let value) = other, case .float(let buffer) = column.storage {
        return { rows, flags, _ in
          let source = buffer.base + rows.lowerBound
          for place in 0..<rows.count {
            let holds =
              isSwapped ? test.holds(value, source[place]) : test.holds(source[place], value)
            flags[place] = holds ? 1 : 0
          }
          return false
        }
      }
    }
    if left.isFloat { return lanes(left, right, test, Double.self) }
    guard left.bounds != nil, right.bounds != nil else { return nil }
    return lanes(left, right, test, Int64.self)
  }

  private func lanes<Test: FusedTest, Lane: FusedLane & Comparable>(
    _ left: FusedNode, _ right: FusedNode, _ test: Test.Type, _ lane: Lane.Type
  ) -> FlagBlock? {
    guard let first = left.block(lane), let second = right.block(lane) else { return nil }
    return { rows, flags, room in
      let a = room.lanes.assumingMemoryBound(to: Lane.self)
      let b = a + Vector.batchSize
      var isSuspect = first(rows, a, b)
      isSuspect = second(rows, b, b + Vector.batchSize) || isSuspect
      for place in 0..<rows.count { flags[place] = test.holds(a[place], b[place]) ? 1 : 0 }
      if Lane.readsFloats {
        let floats = room.lanes.assumingMemoryBound(to: Double.self)
        isSuspect =
          isSuspect || isAnyNotFinite(floats, rows.count)
          || isAnyNotFinite(floats + Vector.batchSize, rows.count)
      }
      return isSuspect
    }
  }

  /// Ints compared in the width they have; nil if the constant does not fit it.
  private func narrow<Test: FusedTest>(
    _ column: Column, _ value: Int64, _ test: Test.Type, _ isSwapped: Bool
  ) -> FlagBlock? {
    func block<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
      _ buffer: Buffer<Element>
    ) -> FlagBlock? {
      guard let value = Element(exactly: value) else { return nil }
      return { rows, flags, _ in
        let source = buffer.base + rows.lowerBound
        for place in 0..<rows.count {
          let holds =
            isSwapped ? test.holds(value, source[place]) : test.holds(source[place], value)
          flags[place] = holds ? 1 : 0
        }
        return false
      }
    }
    switch column.storage {
    case .int8(let buffer): return block(buffer)
    case .int16(let buffer): return block(buffer)
    case .int32(let buffer): return block(buffer)
    case .int64(let buffer): return block(buffer)
    case .float, .dictionary, .text: return nil
    }
  }
}

extension FusedNode {
  fileprivate var hasNulls: Bool {
    switch self {
    case .column(let column): column.nullCount > 0
    case .int, .float: false
    case .arithmetic(_, let left, let right): left.hasNulls || right.hasNulls
    case .converted(let part): part.hasNulls
    }
  }
}

/// A comparison that loops are made for, one for each of them.
private protocol FusedTest: Sendable {
  static func holds<Value: Comparable>(_ a: Value, _ b: Value) -> Bool
}

private enum FusedEqual: FusedTest {
  static func holds<Value: Comparable>(_ a: Value, _ b: Value) -> Bool { a == b }
}

private enum FusedNotEqual: FusedTest {
  static func holds<Value: Comparable>(_ a: Value, _ b: Value) -> Bool { a != b }
}

private enum FusedLess: FusedTest {
  static func holds<Value: Comparable>(_ a: Value, _ b: Value) -> Bool { a < b }
}

private enum FusedLessOrEqual: FusedTest {
  static func holds<Value: Comparable>(_ a: Value, _ b: Value) -> Bool { a <= b }
}
