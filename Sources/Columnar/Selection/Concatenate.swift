extension Column {
  /// The columns one after the other. They must be at least one and of one type, else `type` is
  /// thrown. Integers come out in the widest of their widths; dictionaries are merged, entries in
  /// order of first appearance.
  package static func concatenate(_ columns: [Column]) throws -> Column {
    guard let first = columns.first else {
      throw DataError(.invalidValue, "there are no columns to put one after the other")
    }
    if let other = columns.first(where: { $0.type != first.type }) {
      throw DataError(
        .typeMismatch, "\(other.type.rawValue) cannot follow \(first.type.rawValue) in one column")
    }
    if columns.count == 1 { return first }
    var starts: [Int] = []
    var total = 0
    for column in columns {
      starts.append(total)
      total += column.count
    }
    try RowLimit.check(total)
    return Column(
      type: first.type, storage: try joinedStorage(columns, starts: starts, total: total),
      validity: try joinedValidity(columns, starts: starts, total: total))
  }

  private static func joinedStorage(
    _ columns: [Column], starts: [Int], total: Int
  ) throws -> Storage {
    switch columns[0].type {
    case .float:
      let joined = try Buffer<Double>(count: total)
      for (column, start) in zip(columns, starts) {
        guard case .float(let buffer) = column.storage else { continue }
        // SAFETY: the starts were added up from the counts.
        (joined.base + start).update(from: buffer.base, count: buffer.count)
      }
      return .float(joined)
    case .text:
      if columns.contains(where: { if case .text = $0.storage { true } else { false } }) {
        return .text(try joinedText(columns, total: total))
      }
      return try joinedCodes(columns, starts: starts, total: total)
    default:
      switch columns.map({ $0.storage.integerWidth }).max() ?? 8 {
      case 1: return .int8(try joinedIntegers(columns, starts, total))
      case 2: return .int16(try joinedIntegers(columns, starts, total))
      case 4: return .int32(try joinedIntegers(columns, starts, total))
      default: return .int64(try joinedIntegers(columns, starts, total))
      }
    }
  }

  private static func joinedIntegers<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ columns: [Column], _ starts: [Int], _ total: Int
  ) throws -> Buffer<Element> {
    let joined = try Buffer<Element>(count: total)
    func copy(_ buffer: Buffer<some FixedWidthInteger & Sendable>, to start: Int) throws {
      try Workers.run(parts: Workers.partCount(buffer.count)) { part in
        // SAFETY: the starts were added up from the counts.
        for index in Workers.part(part, of: buffer.count) {
          joined.base[start + index] = Element(truncatingIfNeeded: buffer.base[index])
        }
      }
    }
    for (column, start) in zip(columns, starts) {
      switch column.storage {
      case .int8(let buffer): try copy(buffer, to: start)
      case .int16(let buffer): try copy(buffer, to: start)
      case .int32(let buffer): try copy(buffer, to: start)
      case .int64(let buffer): try copy(buffer, to: start)
      case .float, .dictionary, .text: break
      }
    }
    return joined
  }

  private static func joinedCodes(
    _ columns: [Column], starts: [Int], total: Int
  ) throws -> Storage {
    var index = TextIndex()
    let joined = try Buffer<UInt32>(count: total)
    var shared: TextDictionary?
    var isShared = true
    for column in columns {
      guard case .dictionary(_, let dictionary) = column.storage else { continue }
      if shared == nil { shared = dictionary }
      isShared = isShared && dictionary === shared
    }
    func copy(
      _ codes: Buffer<some FixedWidthInteger & Sendable>, _ map: [UInt32], _ validity: Bitmap?,
      to start: Int
    ) throws {
      try Workers.run(parts: Workers.partCount(codes.count)) { part in
        let rows = Workers.part(part, of: codes.count)
        // SAFETY: the starts were added up from the counts; codes index their dictionary.
        for row in rows {
          let code = Int(truncatingIfNeeded: codes.base[row])
          joined.base[start + row] = map.isEmpty ? UInt32(truncatingIfNeeded: code) : map[code]
        }
        // What stands for code 0 here is another code there, but null rows hold 0 in every column.
        guard let validity, !map.isEmpty else { return }
        for row in rows where !validity[row] { joined.base[start + row] = 0 }
      }
    }
    for (column, start) in zip(columns, starts) {
      guard case .dictionary(let codes, let dictionary) = column.storage else { continue }
      var map: [UInt32] = []
      if !isShared {
        for entry in 0..<dictionary.count {
          map.append(index.insert(dictionary.entries.utf8(entry)))
        }
      }
      switch codes {
      case .uint8(let buffer): try copy(buffer, map, column.validity, to: start)
      case .uint16(let buffer): try copy(buffer, map, column.validity, to: start)
      case .uint32(let buffer): try copy(buffer, map, column.validity, to: start)
      }
    }
    let dictionary = try isShared ? shared : TextDictionary(index.storage())
    guard let dictionary else {
      throw DataError(.typeMismatch, "a text column without texts")
    }
    return .dictionary(try Codes(joined, entryCount: dictionary.count), dictionary)
  }

  private static func joinedText(_ columns: [Column], total: Int) throws -> TextStorage {
    let texts = try columns.map { try $0.plainText() }
    let offsets = try Buffer<Int>(count: total + 1)
    let bytes = try Buffer<UInt8>(count: texts.reduce(0) { $0 + $1.offsets[$1.count] })
    var row = 0
    var offset = 0
    for text in texts {
      let length = text.offsets[text.count]
      (bytes.base + offset).update(from: text.bytes.base, count: length)
      for index in 0..<text.count { offsets.base[row + index] = offset + text.offsets.base[index] }
      row += text.count
      offset += length
    }
    offsets.base[total] = offset
    return TextStorage(offsets: offsets, bytes: bytes)
  }

  private static func joinedValidity(
    _ columns: [Column], starts: [Int], total: Int
  ) throws -> Bitmap? {
    if columns.allSatisfy({ $0.validity == nil }) { return nil }
    let joined = try Buffer<UInt64>(repeating: 0, count: Bitmap.wordCount(total))
    for (column, start) in zip(columns, starts) {
      let bits = try column.validity ?? Bitmap(repeating: true, count: column.count)
      let shift = UInt64(start & 63)
      for index in 0..<bits.words.count {
        let word = bits.words[index]
        let place = start >> 6 + index
        joined.base[place] |= word << shift
        if shift != 0, place + 1 < joined.count { joined.base[place + 1] |= word >> (64 - shift) }
      }
    }
    return Bitmap(words: joined, count: total)
  }
}

extension Column {
  /// The texts of a text column, a value a row.
  func plainText() throws -> TextStorage {
    switch storage {
    case .text(let text): return text
    case .dictionary(let codes, let dictionary):
      let rows = try codes.widened()
      // A null row's code 0 may name an entry; its slot must be empty.
      if let validity {
        let masked = try Buffer(rows)
        for row in 0..<count where !validity[row] { masked.base[row] = noRow }
        return try dictionary.entries.gathered(masked)
      }
      return try dictionary.entries.gathered(rows)
    default: throw DataError(.typeMismatch, "not a text column")
    }
  }
}

extension Codes {
  /// The codes in 32 bits.
  func widened() throws -> Buffer<UInt32> {
    switch self {
    case .uint8(let codes): try codes.converted()
    case .uint16(let codes): try codes.converted()
    case .uint32(let codes): codes
    }
  }
}

extension Storage {
  /// Bytes of an integer; 0 for other storage.
  var integerWidth: Int {
    switch self {
    case .int8: 1
    case .int16: 2
    case .int32: 4
    case .int64: 8
    case .float, .dictionary, .text: 0
    }
  }
}

extension Frame {
  /// The rows of the frames one after the other. They must be at least one, with the same columns
  /// in the same order, else `type` is thrown.
  package static func concatenate(_ frames: [Frame]) throws -> Frame {
    guard let first = frames.first else {
      throw DataError(.invalidValue, "there are no frames to put one after the other")
    }
    if frames.contains(where: { $0.schema != first.schema }) {
      throw DataError(.typeMismatch, "the frames differ in the names or types of their columns")
    }
    let columns = try first.columns.indices.map { index in
      try Column.concatenate(frames.map { $0.columns[index] })
    }
    return Frame(
      names: first.names, columns: columns, rowCount: frames.reduce(0) { $0 + $1.rowCount })
  }
}
