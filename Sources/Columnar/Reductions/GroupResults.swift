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
    /// Of so few rows that they fit, and never null.
    case counts(Buffer<UInt32>)
    /// Keys of values, to be turned back.
    case keys(Buffer<UInt64>)
    case rows(Buffer<UInt32>)
  }

  /// Room for the values of the item at `place` among the items, of groups that together have no
  /// more than `rowLimit` rows.
  init(
    _ item: GroupItem, at place: Int, _ result: StateResult, groupCount: Int, rowLimit: Int
  ) throws {
    self.item = item
    self.place = place
    self.result = result
    count = groupCount
    validity = try Buffer(repeating: 0, count: Bitmap.wordCount(groupCount))
    switch result {
    case _ where result.isCount && rowLimit <= UInt32.max:
      form = .counts(try Buffer(count: groupCount))
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
    case .counts(let buffer):
      let counts = buffer.base
      switch result {
      case .count(let word):
        for group in groups { counts[group] = UInt32(truncatingIfNeeded: state(group)[word]) }
      case .nullCount(let word):
        for group in groups {
          counts[group] = UInt32(truncatingIfNeeded: state(group)[0] &- state(group)[word])
        }
      default:
        for group in groups { counts[group] = UInt32(truncatingIfNeeded: state(group)[0]) }
      }
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
    case .counts(let buffer):
      return try Column(integers: buffer, type: item.type, validity: nil)
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
    // SAFETY: groups are places among the keys. A null's slot holds 0.
    let storage: Storage
    switch column.storage {
    case .float:
      storage = .float(
        try .filled(count) { groups, values in
          for group in groups {
            values[group] = validity[group] ? FloatKeys.value(keys.base[group]) : 0
          }
        })
    case .dictionary(_, let dictionary):
      let entries = try Buffer(dictionary.count == 0 ? [0] : dictionary.entriesByRank)
      let codes = try Buffer<UInt32>.filled(count) { groups, codes in
        // SAFETY: the keys are places among the entries.
        for group in groups {
          codes[group] = validity[group] ? entries.base[Int(keys.base[group])] : 0
        }
      }
      storage = .dictionary(try Codes(codes, entryCount: dictionary.count), dictionary)
    case .int8, .int16, .int32, .int64, .text:
      let values = try Buffer<Int64>.filled(count) { groups, values in
        for group in groups {
          values[group] = validity[group] ? Int64(bitPattern: keys.base[group] ^ (1 << 63)) : 0
        }
      }
      return try Column(integers: values, type: column.type, validity: validity)
    }
    return Column(type: column.type, storage: storage, validity: validity)
  }
}
