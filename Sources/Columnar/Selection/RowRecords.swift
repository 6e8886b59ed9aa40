/// Columns of a table side by side: all that a row has of them is one access to memory away.
///
/// For tables of which each row is looked up several times, and in no order: then laying them out
/// takes less than the accesses that it saves.
final class RowRecords: Sendable {
  /// The length of a line of the cache. No record goes beyond one.
  private static let lineSize = 64
  /// Tables up to this size fit the second-level cache, from which columns are read as fast one by
  /// one.
  private static let smallestSize = 1 << 19
  /// Of two columns laying out takes as long as it saves.
  private static let fewestColumns = 3

  private let records: Buffer<UInt64>
  /// How many bytes each record has, a power of two.
  private let stride: Int
  private let rowCount: Int

  private init(rowCount: Int, size: Int) throws {
    var stride = MemoryLayout<UInt64>.stride
    while stride < size { stride *= 2 }
    (self.rowCount, self.stride) = (rowCount, stride)
    records = try Buffer(count: rowCount * stride / MemoryLayout<UInt64>.stride)
  }

  /// Where a column's values are in the records.
  struct Field: Sendable {
    fileprivate let table: RowRecords
    fileprivate let offset: Int

    /// Lays out the values of the column.
    func fill<Element: BitwiseCopyable & Sendable>(_ values: Buffer<Element>) throws {
      let (stride, count) = (table.stride, table.rowCount)
      try Workers.run(parts: Workers.partCount(count)) { part in
        let first = UnsafeMutableRawPointer(table.records.base) + offset
        // SAFETY: each row has a record, with room for the value behind the offset.
        for row in Workers.part(part, of: count) {
          (first + row &* stride).storeBytes(of: values.base[row], as: Element.self)
        }
      }
    }

    /// Copies the values of `rows`, which must be in bounds, to `target`.
    func gather<Element: BitwiseCopyable>(
      _ rows: UnsafeBufferPointer<UInt32>, to target: UnsafeMutablePointer<Element>
    ) {
      guard let numbers = rows.baseAddress else { return }
      let (first, stride) = (UnsafeRawPointer(table.records.base) + offset, table.stride)
      for index in 0..<rows.count {
        target[index] = (first + Int(numbers[index]) &* stride).loadUnaligned(as: Element.self)
      }
    }
  }

  /// A place for each column that is worth one when `count` values are to be taken of it; the columns,
  /// nil for those to leave out, must have `rowCount` rows.
  static func fields(
    _ columns: [Column?], rowCount: Int, forTaking count: Int
  ) throws -> [Field?] {
    var fields: [Field?] = Array(repeating: nil, count: columns.count)
    let sizes = columns.map { $0?.valueSize ?? 0 }
    guard rowCount <= count / 4, sizes.reduce(0, +) * rowCount > smallestSize else { return fields }
    var places = columns.indices.filter { sizes[$0] > 0 }
    while places.count >= fewestColumns {
      var (chosen, size): ([(place: Int, offset: Int)], Int) = ([], 0)
      for place in places where size + sizes[place] <= lineSize {
        chosen.append((place, size))
        size += sizes[place]
      }
      places.removeAll { place in chosen.contains { $0.place == place } }
      if chosen.count < fewestColumns { continue }
      let table = try RowRecords(rowCount: rowCount, size: size)
      for (place, offset) in chosen { fields[place] = Field(table: table, offset: offset) }
    }
    return fields
  }
}

extension Column {
  /// How many bytes a value takes; nil for plain text.
  fileprivate var valueSize: Int? {
    switch storage {
    case .int8, .dictionary(.uint8, _): 1
    case .int16, .dictionary(.uint16, _): 2
    case .int32, .dictionary(.uint32, _): 4
    case .int64, .float: 8
    case .text: nil
    }
  }
}
