extension Column {
  /// The values at `rows`, in their order. Throws `value` if a row is out of bounds.
  package func take(_ rows: Buffer<UInt32>) throws -> Column {
    try rows.checkRows(below: count, allowsNone: false)
    return try takeChecked(rows, hasNone: false)
  }

  /// The values at `rows`, in their order; null where a row is `noRow`. Throws `value` if a row is
  /// out of bounds.
  package func takeOrNull(_ rows: Buffer<UInt32>) throws -> Column {
    let hasNone = try rows.checkRows(below: count, allowsNone: true)
    return try takeChecked(rows, hasNone: hasNone)
  }

  /// The values of the rows that are set in `mask`, which must be as long as the column.
  package func filter(_ mask: Bitmap) throws -> Column {
    precondition(mask.count == count)
    return try takeChecked(try mask.rows(), hasNone: false)
  }

  /// As `takeOrNull`, of rows that have been checked; `present` has the bits set where there is a row,
  /// where somebody knows them.
  func takeChecked(
    _ rows: Buffer<UInt32>, hasNone: Bool, present: Bitmap? = nil
  ) throws -> Column {
    func gather<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
      _ buffer: Buffer<Element>
    ) throws -> Buffer<Element> {
      try buffer.gathered(rows, absent: hasNone ? 0 : nil)
    }
    let taken: Storage =
      switch storage {
      case .int8(let buffer): .int8(try gather(buffer))
      case .int16(let buffer): .int16(try gather(buffer))
      case .int32(let buffer): .int32(try gather(buffer))
      case .int64(let buffer): .int64(try gather(buffer))
      case .float(let buffer): .float(try buffer.gathered(rows, absent: hasNone ? 0 : nil))
      case .dictionary(.uint8(let codes), let dictionary):
        .dictionary(.uint8(try gather(codes)), dictionary)
      case .dictionary(.uint16(let codes), let dictionary):
        .dictionary(.uint16(try gather(codes)), dictionary)
      case .dictionary(.uint32(let codes), let dictionary):
        .dictionary(.uint32(try gather(codes)), dictionary)
      case .text(let text): .text(try text.gathered(rows))
      }
    var takenValidity = try validity?.gathered(rows)
    if hasNone, validity == nil { takenValidity = try present ?? .present(rows) }
    return Column(type: type, storage: taken, validity: takenValidity)
  }
}

extension Frame {
  /// The rows at `rows`, in their order. Throws `value` if a row is out of bounds.
  package func take(_ rows: Buffer<UInt32>) throws -> Frame {
    try rows.checkRows(below: rowCount, allowsNone: false)
    return try takeChecked(rows)
  }

  /// The rows at `rows`, which must be in bounds. One column after the other: rows in no order are
  /// looked up where they lie, and more of one column stays in the cache than of all.
  func takeChecked(_ rows: Buffer<UInt32>) throws -> Frame {
    Frame(
      names: names, columns: try columns.map { try $0.takeChecked(rows, hasNone: false) },
      rowCount: rows.count, origin: origin?.taken(rows))
  }
}

extension Buffer where Element == UInt32 {
  /// Throws `value` unless each row is below `count` or, where that is allowed, `noRow`; returns
  /// whether there is a `noRow`.
  @discardableResult
  func checkRows(below count: Int, allowsNone: Bool) throws -> Bool {
    let limit = UInt32(Swift.min(count, RowLimit.maximum))
    let parts = try Workers.map(parts: Workers.partCount(self.count)) { part in
      var isOutside = false
      var hasNone = false
      for index in Workers.part(part, of: self.count) {
        // SAFETY: the part lies within the buffer.
        let row = base[index]
        let isNone = row == noRow
        hasNone = hasNone || isNone
        isOutside = isOutside || (row >= limit && !isNone)
      }
      return (isOutside: isOutside, hasNone: hasNone)
    }
    let hasNone = parts.contains { $0.hasNone }
    if parts.contains(where: { $0.isOutside }) || (hasNone && !allowsNone) {
      let row = elements.first { $0 >= limit && !(allowsNone && $0 == noRow) } ?? 0
      throw DataError(.invalidValue, "there is no row \(row) among \(count) rows")
    }
    return hasNone
  }
}
