extension Column {
  /// The column as one of a type that holds all its values: ints as floats, dates as the datetimes of
  /// their midnights, nothing but nulls as anything. Throws `type` where `type` does not, and
  /// `overflow` for a date beyond the datetimes.
  package func widened(to type: DataType) throws -> Column {
    if type == self.type { return self }
    switch (self.type, type) {
    case (.int, .float):
      let floats = try Buffer<Double>(count: count)
      try forEachInteger { row, value in floats.base[row] = Double(value) }
      return Column(type: .float, storage: .float(floats), validity: validity)
    case (.date, .datetime):
      let times = try Buffer<Int64>(count: count)
      try forEachInteger { row, value in
        guard let time = Calendar.datetime(Int32(truncatingIfNeeded: value)) else {
          throw DataError(.overflow, "the date is beyond the datetimes", row: row)
        }
        times.base[row] = time
      }
      return Column(type: .datetime, storage: .int64(times), validity: validity)
    default:
      guard nullCount == count else {
        throw DataError(
          .typeMismatch, "a column of \(self.type.rawValue) is not one of \(type.rawValue)")
      }
      let rows = try Buffer<UInt32>(repeating: noRow, count: count)
      return try Column.scalars([.null], type: type).takeOrNull(rows)
    }
  }

  /// Calls `body` with each row and its integer, 0 where it is null, on several threads.
  private func forEachInteger(_ body: @Sendable (Int, Int64) throws -> Void) throws {
    func each(_ buffer: Buffer<some FixedWidthInteger & Sendable>) throws {
      try Workers.run(parts: Workers.partCount(buffer.count)) { part in
        // SAFETY: the part lies within the buffer.
        for row in Workers.part(part, of: buffer.count) {
          try body(row, Int64(truncatingIfNeeded: buffer.base[row]))
        }
      }
    }
    switch storage {
    case .int8(let buffer): try each(buffer)
    case .int16(let buffer): try each(buffer)
    case .int32(let buffer): try each(buffer)
    case .int64(let buffer): try each(buffer)
    case .float, .dictionary, .text: break
    }
  }
}
