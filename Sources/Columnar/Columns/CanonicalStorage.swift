extension Storage {
  /// Integers in the narrowest width for `range`, which must hold them all; other storage as it is.
  package func narrowed(_ range: ClosedRange<Int64>) throws -> Storage {
    let width = IntegerWidth(range)
    func narrow(_ buffer: Buffer<some FixedWidthInteger & Sendable>) throws -> Storage {
      switch width {
      case .one: .int8(try buffer.converted())
      case .two: .int16(try buffer.converted())
      case .four, .eight: .int32(try buffer.converted())
      }
    }
    guard width.rawValue < integerWidth else { return self }
    switch self {
    case .int16(let buffer): return try narrow(buffer)
    case .int32(let buffer): return try narrow(buffer)
    case .int64(let buffer): return try narrow(buffer)
    default: return self
    }
  }

  /// The least and greatest of the integers, with 0.
  func integerRange() throws -> ClosedRange<Int64> {
    func range(_ buffer: Buffer<some FixedWidthInteger & Sendable>) throws -> ClosedRange<Int64> {
      let ranges = try Workers.map(parts: Workers.partCount(buffer.count)) { part in
        var (lower, upper) = (buffer.base[0], buffer.base[0])
        // SAFETY: parts lie within the buffer, and there are none of an empty one.
        for row in Workers.part(part, of: buffer.count) {
          lower = min(lower, buffer.base[row])
          upper = max(upper, buffer.base[row])
        }
        return (Int64(lower), Int64(upper))
      }
      return ranges.reduce(0...0) {
        min($0.lowerBound, $1.0)...max($0.upperBound, $1.1)
      }
    }
    switch self {
    case .int8(let buffer): return try range(buffer)
    case .int16(let buffer): return try range(buffer)
    case .int32(let buffer): return try range(buffer)
    case .int64(let buffer): return try range(buffer)
    case .float, .dictionary, .text: return 0...0
    }
  }
}

extension Column {
  /// The column in the one storage that its values have, whatever it was computed from: integers in
  /// the narrowest width; texts as codes into a dictionary of those that occur, in order of first
  /// appearance, or, where more than `limit` differ, one after the other.
  package func canonical(limit: Int) throws -> Column {
    switch storage {
    case .float: return self
    case .dictionary, .text: return try canonicalText(limit: limit)
    case .int8: return self
    case .int16, .int32, .int64:
      return Column(
        type: type, storage: try storage.narrowed(storage.integerRange()), validity: validity)
    }
  }

  /// A text column in the one storage that its values have.
  package func canonicalText(limit: Int) throws -> Column {
    switch storage {
    case .text(let text):
      guard try !text.exceeds(limit, validity) else { return self }
      // Null rows are empty text, which is no entry because of them.
      return try dictionaryEncoded().canonicalText(limit: limit)
    case .dictionary(let codes, let dictionary):
      let order: EntryOrder
      switch codes {
      case .uint8(let buffer): order = try EntryOrder(buffer, validity, dictionary.count)
      case .uint16(let buffer): order = try EntryOrder(buffer, validity, dictionary.count)
      case .uint32(let buffer): order = try EntryOrder(buffer, validity, dictionary.count)
      }
      if order.entries.count > limit {
        return Column(type: type, storage: .text(try plainText()), validity: validity)
      }
      if order.isIdentity, codes.isNarrowest(entryCount: dictionary.count) { return self }
      return try recoded(codes, dictionary, order)
    default: return self
    }
  }

  private func recoded(
    _ codes: Codes, _ dictionary: TextDictionary, _ order: EntryOrder
  ) throws -> Column {
    let entries =
      order.entries.isEmpty
      ? try TextStorage([""]) : try dictionary.entries.gathered(try Buffer(order.entries))
    let map = order.map
    let recoded = try Buffer<UInt32>(count: count)
    func fill(_ codes: Buffer<some FixedWidthInteger & Sendable>) throws {
      try Workers.run(parts: Workers.partCount(count)) { part in
        map.withUnsafeBufferPointer { map in
          // SAFETY: codes index their dictionary, and the map is as long.
          for row in Workers.part(part, of: count) {
            let code = map[Int(truncatingIfNeeded: codes.base[row])]
            recoded.base[row] = code == noRow || isNull(row) ? 0 : code
          }
        }
      }
    }
    switch codes {
    case .uint8(let buffer): try fill(buffer)
    case .uint16(let buffer): try fill(buffer)
    case .uint32(let buffer): try fill(buffer)
    }
    return Column(
      type: type,
      storage: .dictionary(
        try Codes(recoded, entryCount: entries.count), TextDictionary(entries)),
      validity: validity)
  }
}

/// The entries of a dictionary that rows use, in order of first appearance.
private struct EntryOrder {
  var entries: [UInt32] = []
  /// The place of each entry among those; `noRow` for one that no row uses.
  var map: [UInt32]

  /// Whether all entries are used, in their order.
  var isIdentity: Bool {
    !map.isEmpty && entries.count == map.count && !map.indices.contains { map[$0] != UInt32($0) }
  }

  /// Ends as soon as every entry has been seen.
  init(
    _ codes: Buffer<some FixedWidthInteger & Sendable>, _ validity: Bitmap?, _ count: Int
  ) throws {
    map = [UInt32](repeating: noRow, count: count)
    for row in 0..<codes.count {
      if entries.count == count { break }
      if row & 0xFFFF == 0 { try Cancellation.check() }
      let code = Int(truncatingIfNeeded: codes.base[row])
      guard map[code] == noRow, validity.map({ $0[row] }) ?? true else { continue }
      map[code] = UInt32(entries.count)
      entries.append(UInt32(code))
    }
  }
}

extension TextStorage {
  /// Whether more than `limit` of the texts of rows with a value differ.
  fileprivate func exceeds(_ limit: Int, _ validity: Bitmap?) throws -> Bool {
    if count <= limit { return false }
    var index = TextIndex()
    for row in 0..<count {
      if row & 4095 == 0 { try Cancellation.check() }
      if let validity, !validity[row] { continue }
      _ = index.insert(utf8(row))
      if index.count > limit { return true }
    }
    return false
  }
}

extension Codes {
  fileprivate func isNarrowest(entryCount: Int) -> Bool {
    switch self {
    case .uint8: true
    case .uint16: entryCount > 1 << 8
    case .uint32: entryCount > 1 << 16
    }
  }
}
