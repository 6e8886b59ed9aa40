/// Puts columns one after the other as they come, each copied to its place at once: what
/// `Column.concatenate` gives, without all of them in memory beside it.
package struct ColumnCollector {
  private let type: DataType
  /// How many rows there will be.
  private let rowCount: Int
  private var filled = 0
  private var storage: Storage?
  private var validity: Buffer<UInt64>?
  private var texts = TextIndex()
  /// Columns of plain text, which are put together at the end.
  private var pieces: [Column] = []

  /// What it holds: the place of all rows, and plain text that is put together at the end.
  package var held: [Column] {
    pieces + (storage.map { [Column(type: type, storage: $0)] } ?? [])
  }

  /// A collector of `count` rows.
  package init(_ type: DataType, count: Int) {
    self.type = type
    rowCount = count
  }

  /// Adds a column, which must be of the type. Throws `memory`, and `value` beyond the rows that
  /// were announced.
  package mutating func append(_ column: Column) throws {
    guard column.type == type, filled + column.count <= rowCount else {
      throw DataError(.invalidValue, "more rows, or others, than were announced")
    }
    if column.count == rowCount || !pieces.isEmpty {
      try keep(column)
      return
    }
    if case .text(let text) = column.storage {
      guard let (codes, dictionary) = try coded(text) else {
        try keep(column)
        return
      }
      try copyValidity(column)
      try copyCodes(codes, dictionary)
      filled += column.count
      return
    }
    try copyValidity(column)
    switch column.storage {
    case .int8(let buffer): try copyIntegers(buffer, width: 1)
    case .int16(let buffer): try copyIntegers(buffer, width: 2)
    case .int32(let buffer): try copyIntegers(buffer, width: 4)
    case .int64(let buffer): try copyIntegers(buffer, width: 8)
    case .float(let buffer):
      let target = try floats()
      // SAFETY: the count was checked against the rows announced.
      (target.base + filled).update(from: buffer.base, count: buffer.count)
    case .dictionary(let codes, let dictionary): try copyCodes(codes, dictionary)
    case .text: break
    }
    filled += column.count
  }

  /// The rows together. All that were announced must have come.
  package mutating func column() throws -> Column {
    if !pieces.isEmpty {
      let whole = try Column.concatenate(pieces)
      pieces = []
      return whole
    }
    guard filled == rowCount else {
      throw DataError(.invalidValue, "\(filled) of \(rowCount) rows have come")
    }
    let bitmap = validity.map { Bitmap(words: $0, count: rowCount) }
    if case .dictionary(let codes, _)? = storage {
      let dictionary = TextDictionary(try texts.storage())
      return Column(type: type, storage: .dictionary(codes, dictionary), validity: bitmap)
    }
    if let storage { return Column(type: type, storage: storage, validity: bitmap) }
    return try Column.scalars([], type: type)
  }

  /// Plain text as codes; nil where that would save little. A batch may have too many values to be
  /// worth a dictionary that all rows together have few of.
  private func coded(_ text: TextStorage) throws -> (Codes, TextDictionary)? {
    let limit = rowCount / 16
    var entries = TextIndex()
    let codes = try Buffer<UInt32>(count: text.count)
    for row in 0..<text.count {
      if row & 4095 == 0 { try Cancellation.check() }
      // SAFETY: the buffer has an element a row.
      codes.base[row] = entries.insert(text.utf8(row))
      if entries.count > limit { return nil }
    }
    if texts.count + entries.count > limit * 2 { return nil }
    return (.uint32(codes), TextDictionary(try entries.storage()))
  }

  private mutating func keep(_ column: Column) throws {
    if pieces.isEmpty, filled > 0 {
      // The first plain text behind codes.
      var codes = ColumnCollector(type, count: filled)
      codes.filled = filled
      codes.texts = texts
      codes.validity = try validity.map { try $0.slice(0..<Bitmap.wordCount(filled)) }
      codes.storage = try storage.map {
        try Column(type: type, storage: $0).slice(0..<filled).storage
      }
      pieces.append(try codes.column())
      (storage, validity) = (nil, nil)
    }
    pieces.append(column)
    filled += column.count
  }

  private mutating func copyValidity(_ column: Column) throws {
    if validity == nil, column.validity == nil { return }
    let target: Buffer<UInt64>
    if let validity {
      target = validity
    } else {
      target = try Buffer(repeating: 0, count: Bitmap.wordCount(rowCount))
      set(0..<filled, in: target)
      validity = target
    }
    guard let bits = column.validity else {
      set(filled..<filled + column.count, in: target)
      return
    }
    let shift = UInt64(filled & 63)
    for index in 0..<bits.words.count {
      let word = bits.words[index]
      let place = filled >> 6 + index
      // SAFETY: the count was checked against the rows announced.
      target.base[place] |= word << shift
      if shift != 0, place + 1 < target.count { target.base[place + 1] |= word >> (64 - shift) }
    }
  }

  private func set(_ rows: Range<Int>, in words: Buffer<UInt64>) {
    var row = rows.lowerBound
    while row < rows.upperBound {
      let end = min(row | 63 + 1, rows.upperBound)
      let count = UInt64(end - row)
      let bits: UInt64 = count == 64 ? ~0 : (1 << count) - 1
      // SAFETY: the rows lie within those announced.
      words.base[row >> 6] |= bits << UInt64(row & 63)
      row = end
    }
  }

  private mutating func floats() throws -> Buffer<Double> {
    if case .float(let buffer)? = storage { return buffer }
    let buffer = try Buffer<Double>(count: rowCount)
    storage = .float(buffer)
    return buffer
  }

  /// Copies integers, after the ones before have been widened if these are wider.
  private mutating func copyIntegers<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ buffer: Buffer<Element>, width: Int
  ) throws {
    if storage?.integerWidth ?? 0 < width { storage = try widened(to: width) }
    let start = filled
    func copy<Target: FixedWidthInteger & BitwiseCopyable & Sendable>(
      _ target: Buffer<Target>
    ) throws {
      try Workers.run(parts: Workers.partCount(buffer.count)) { part in
        for row in Workers.part(part, of: buffer.count) {
          // SAFETY: the count was checked against the rows announced.
          target.base[start + row] = Target(truncatingIfNeeded: buffer.base[row])
        }
      }
    }
    switch storage {
    case .int8(let target)?: try copy(target)
    case .int16(let target)?: try copy(target)
    case .int32(let target)?: try copy(target)
    case .int64(let target)?: try copy(target)
    default: break
    }
  }

  private func widened(to width: Int) throws -> Storage {
    func copied<Target: FixedWidthInteger & BitwiseCopyable & Sendable>() throws -> Buffer<Target> {
      let target = try Buffer<Target>(count: rowCount)
      switch storage {
      case .int8(let known)?: target.copy(known, filled)
      case .int16(let known)?: target.copy(known, filled)
      case .int32(let known)?: target.copy(known, filled)
      default: break
      }
      return target
    }
    switch width {
    case 1: return .int8(try copied())
    case 2: return .int16(try copied())
    case 4: return .int32(try copied())
    default: return .int64(try copied())
    }
  }

  /// Copies codes as those of one dictionary, after the ones before have been widened if there are
  /// more entries than fit.
  private mutating func copyCodes(_ codes: Codes, _ dictionary: TextDictionary) throws {
    let map = (0..<dictionary.count).map { texts.insert(dictionary.entries.utf8($0)) }
    let known: Codes? = if case .dictionary(let known, _)? = storage { known } else { nil }
    let target = try known.widened(for: texts.count, rowCount: rowCount, filled: filled)
    storage = .dictionary(target, dictionary)
    let start = filled
    func copy<Target: FixedWidthInteger & BitwiseCopyable & Sendable>(
      _ buffer: Buffer<some FixedWidthInteger & Sendable>, to target: Buffer<Target>
    ) throws {
      try Workers.run(parts: Workers.partCount(buffer.count)) { part in
        map.withUnsafeBufferPointer { map in
          for row in Workers.part(part, of: buffer.count) {
            // SAFETY: codes index their dictionary, and the count was checked.
            let code = map[Int(truncatingIfNeeded: buffer.base[row])]
            target.base[start + row] = Target(truncatingIfNeeded: code)
          }
        }
      }
    }
    func copy<Target: FixedWidthInteger & BitwiseCopyable & Sendable>(
      to target: Buffer<Target>
    ) throws {
      switch codes {
      case .uint8(let buffer): try copy(buffer, to: target)
      case .uint16(let buffer): try copy(buffer, to: target)
      case .uint32(let buffer): try copy(buffer, to: target)
      }
    }
    switch target {
    case .uint8(let target): try copy(to: target)
    case .uint16(let target): try copy(to: target)
    case .uint32(let target): try copy(to: target)
    }
  }
}

extension Codes? {
  /// Codes for `rowCount` rows wide enough for `entryCount` entries, the first `filled` as they are.
  fileprivate func widened(for entryCount: Int, rowCount: Int, filled: Int) throws -> Codes {
    func copied<Target: FixedWidthInteger & BitwiseCopyable & Sendable>() throws -> Buffer<Target> {
      let target = try Buffer<Target>(count: rowCount)
      switch self {
      case .uint8(let known)?: target.copy(known, filled)
      case .uint16(let known)?: target.copy(known, filled)
      default: break
      }
      return target
    }
    switch self {
    case .uint8(let known)? where entryCount <= 1 << 8: return .uint8(known)
    case .uint16(let known)? where entryCount <= 1 << 16: return .uint16(known)
    case .uint32(let known)?: return .uint32(known)
    default: break
    }
    if entryCount <= 1 << 8 { return .uint8(try copied()) }
    if entryCount <= 1 << 16 { return .uint16(try copied()) }
    return .uint32(try copied())
  }
}

extension Buffer where Element: FixedWidthInteger {
  /// Sets the first `count` elements to those of a buffer that is at least as long, as this one is.
  fileprivate func copy(_ other: Buffer<some FixedWidthInteger>, _ count: Int) {
    precondition(count <= self.count && count <= other.count)
    // SAFETY: checked above.
    for row in 0..<count { base[row] = Element(truncatingIfNeeded: other.base[row]) }
  }
}
