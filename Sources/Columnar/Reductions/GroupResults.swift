/// The values of one item, filled in by ranges of groups.
///
/// SAFETY: ranges that several threads fill at once begin at multiples of 64 groups, so that each
/// has words of the validity of its own.
final class GroupResults: @unchecked Sendable {
  private let item: GroupItem
  private let place: Int
  private let result: StateResult
  private let form: Form
  private let count: Int
  private let validity: Buffer<UInt64>

  private enum Form {
    case floats(Buffer<Double>)
    case integers(Buffer<Int64>)
    /// Keys of values, to be turned back.
    case keys(Buffer<UInt64>)
    case rows(Buffer<UInt32>)
  }

  /// Room for the values of the item at `place` among the items.
  init(_ item: GroupItem, at place: Int, _ result: StateResult, groupCount: Int) throws {
    self.item = item
    self.place = place
    self.result = result
    count = groupCount
    validity = try Buffer(repeating: 0, count: Bitmap.wordCount(groupCount))
    switch result {
    case .row: form = .rows(try Buffer(count: groupCount))
    case .least, .greatest: form = .keys(try Buffer(count: groupCount))
    default:
      form =
        item.type == .float
        ? .floats(try Buffer(count: groupCount)) : .integers(try Buffer(count: groupCount))
    }
  }

  /// Fills in `groups`, whose states lie at `offsets` words, the first group's at the first offset.
  /// Throws `GroupFailure` for a sum that does not fit 64 bits.
  func fill(
    _ groups: Range<Int>, _ states: UnsafePointer<UInt64>, _ offsets: UnsafePointer<UInt32>
  ) throws {
    // SAFETY: the groups lie within the results, and the offsets within the states.
    func state(_ group: Int) -> UnsafePointer<UInt64> {
      states + Int(offsets[group &- groups.lowerBound])
    }
    let words = validity.base
    @inline(__always) func mark(_ group: Int) { words[group >> 6] |= 1 << UInt64(group & 63) }
    switch form {
    case .floats(let buffer):
      for group in groups {
        let value = result.float(state(group))
        buffer.base[group] = value.isNaN ? 0 : value
        if !value.isNaN { mark(group) }
      }
    case .integers(let buffer):
      for group in groups {
        do {
          let value = try result.integer(state(group))
          buffer.base[group] = value ?? 0
          if value != nil { mark(group) }
        } catch let error as DataError {
          throw GroupFailure(group: group, item: place, error: error)
        }
      }
    case .keys(let buffer):
      for group in groups {
        let key = result.key(state(group))
        buffer.base[group] = key ?? 0
        if key != nil { mark(group) }
      }
    case .rows(let buffer):
      guard case .row(let word) = result else { return }
      for group in groups {
        let row = state(group)[word]
        buffer.base[group] = row == 0 ? noRow : UInt32(truncatingIfNeeded: row &- 1)
      }
    }
  }

  /// The column, once all groups have been filled in.
  func column() throws -> Column {
    let validity = Bitmap(words: validity, count: count)
    switch form {
    case .floats(let buffer):
      return Column(type: .float, storage: .float(buffer), validity: validity)
    case .integers(let buffer):
      return try Column(integers: buffer, type: item.type, validity: validity)
    case .rows(let rows): return try item.arguments[0].takeOrNull(rows)
    case .keys(let keys): return try decoded(keys, validity)
    }
  }

  private func decoded(_ keys: Buffer<UInt64>, _ validity: Bitmap) throws -> Column {
    let column = try item.arguments[0].dictionaryEncoded()
    let parts = Workers.partCount(count)
    switch column.storage {
    case .float:
      let values = try Buffer<Double>(count: count)
      try Workers.run(parts: parts) { part in
        for group in Workers.part(part, of: count) {
          // SAFETY: the part lies within both buffers; a null's slot holds 0.
          let isValid = validity.words.base[group >> 6] >> UInt64(group & 63) & 1 == 1
          values.base[group] = isValid ? FloatKeys.value(keys.base[group]) : 0
        }
      }
      return Column(type: column.type, storage: .float(values), validity: validity)
    case .dictionary(_, let dictionary):
      let entries = try Buffer(dictionary.count == 0 ? [0] : dictionary.entriesByRank)
      let codes = try Buffer<UInt32>(count: count)
      try Workers.run(parts: parts) { part in
        for group in Workers.part(part, of: count) {
          // SAFETY: the keys are places among the entries; a null's slot holds code 0.
          let isValid = validity.words.base[group >> 6] >> UInt64(group & 63) & 1 == 1
          codes.base[group] = isValid ? entries.base[Int(keys.base[group])] : 0
        }
      }
      return Column(
        type: column.type,
        storage: .dictionary(try Codes(codes, entryCount: dictionary.count), dictionary),
        validity: validity)
    case .int8, .int16, .int32, .int64, .text:
      let values = try Buffer<Int64>(count: count)
      try Workers.run(parts: parts) { part in
        for group in Workers.part(part, of: count) {
          // SAFETY: the part lies within both buffers; a null's slot holds 0.
          let isValid = validity.words.base[group >> 6] >> UInt64(group & 63) & 1 == 1
          values.base[group] = isValid ? Int64(bitPattern: keys.base[group] ^ (1 << 63)) : 0
        }
      }
      return try Column(integers: values, type: column.type, validity: validity)
    }
  }
}
