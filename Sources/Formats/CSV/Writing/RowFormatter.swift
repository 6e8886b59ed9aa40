import Columnar

/// Turns rows of a frame into lines.
struct RowFormatter: Sendable {
  private let columns: [Cells]
  private let delimiter: UInt8
  let header: [UInt8]

  /// The cells of a column, as far as they can be prepared for all rows.
  private enum Cells: Sendable {
    case ints(Column)
    case bools(Column)
    case dates(Column)
    case datetimes(Column)
    case durations(Column)
    case floats(Column, Buffer<Double>)
    /// Codes, and the entries as they stand in the file.
    case codes(Column, Codes, TextStorage)
    case texts(Column, TextStorage)
  }

  init(_ frame: Frame, delimiter: UInt8) throws {
    self.delimiter = delimiter
    let quoting = Quoting(delimiter: delimiter)
    columns = try frame.columns.map { column in
      switch column.storage {
      case .float(let values): return .floats(column, values)
      case .dictionary(let codes, let dictionary):
        return .codes(column, codes, try quoting.quoted(dictionary.entries))
      case .text(let texts): return .texts(column, texts)
      case .int8, .int16, .int32, .int64:
        switch column.type {
        case .bool: return .bools(column)
        case .date: return .dates(column)
        case .datetime: return .datetimes(column)
        case .duration: return .durations(column)
        default: return .ints(column)
        }
      }
    }
    var header: [UInt8] = []
    for (place, name) in frame.names.enumerated() {
      if place > 0 { header.append(delimiter) }
      var name = name
      name.withUTF8 { quoting.append($0, to: &header) }
    }
    header.append(0x0A)
    self.header = header
  }

  /// Appends the lines of `rows`. Throws `cancelled`.
  func append(_ rows: Range<Int>, to text: inout [UInt8]) throws {
    let quoting = Quoting(delimiter: delimiter)
    text.reserveCapacity(text.count + rows.count * columns.count * 8)
    for row in rows {
      if row & 4095 == 0 { try Cancellation.check() }
      for (place, cells) in columns.enumerated() {
        if place > 0 { text.append(delimiter) }
        append(cells, row, quoting, to: &text)
      }
      text.append(0x0A)
    }
  }

  private func append(
    _ cells: Cells, _ row: Int, _ quoting: Quoting, to text: inout [UInt8]
  ) {
    switch cells {
    case .ints(let column):
      if !column.isNull(row) { Self.append(Self.integer(column, row), to: &text) }
    case .floats(let column, let values):
      if !column.isNull(row) {
        var digits = values[row].description
        digits.withUTF8 { text.append(contentsOf: $0) }
      }
    case .codes(let column, let codes, let entries):
      if !column.isNull(row) { text.append(contentsOf: entries.utf8(codes[row])) }
    case .texts(let column, let texts):
      if !column.isNull(row) { quoting.append(texts.utf8(row), to: &text) }
    case .bools(let column):
      if !column.isNull(row) {
        text.append(contentsOf: (Self.integer(column, row) != 0 ? "true" : "false").utf8)
      }
    case .dates(let column):
      if !column.isNull(row) {
        let days = Int32(truncatingIfNeeded: Self.integer(column, row))
        Self.append(to: &text) { Calendar.write(date: days, to: $0) }
      }
    case .datetimes(let column):
      if !column.isNull(row) {
        let moment = Self.integer(column, row)
        Self.append(to: &text) { Calendar.write(datetime: moment, to: $0) }
      }
    case .durations(let column):
      if !column.isNull(row) {
        text.append(contentsOf: DurationText.text(microseconds: Self.integer(column, row)).utf8)
      }
    }
  }

  @inline(__always)
  private static func integer(_ column: Column, _ row: Int) -> Int64 {
    switch column.storage {
    case .int8(let values): Int64(values[row])
    case .int16(let values): Int64(values[row])
    case .int32(let values): Int64(values[row])
    case .int64(let values): values[row]
    default: 0
    }
  }

  /// Appends the text that `write` leaves in a small buffer.
  @inline(__always)
  private static func append(
    to text: inout [UInt8], _ write: (UnsafeMutablePointer<UInt8>) -> Int
  ) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Calendar.maximumTextLength) { buffer in
      let count = write(buffer.baseAddress!)
      text.append(contentsOf: buffer[..<count])
    }
  }

  @inline(__always)
  private static func append(_ value: Int64, to text: inout [UInt8]) {
    append(to: &text) { target in
      // Digits from the last to the first, at the end of the buffer, then moved to its start.
      var rest = value.magnitude
      var place = Calendar.maximumTextLength
      repeat {
        place -= 1
        target[place] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      } while rest > 0
      if value < 0 {
        place -= 1
        target[place] = 0x2D
      }
      let count = Calendar.maximumTextLength - place
      target.update(from: target + place, count: count)
      return count
    }
  }
}

/// Which texts need quotes, and how they are written.
struct Quoting: Sendable {
  private let delimiter: UInt8
  private let words = NullWords()

  init(delimiter: UInt8) { self.delimiter = delimiter }

  private func isNeeded(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = text.first, let last = text.last, let start = text.baseAddress else {
      return true
    }
    for byte in text
    where byte == delimiter || byte == 0x22 || byte == 0x0A || byte == 0x0D { return true }
    return first == 0x20 || first == 0x09 || last == 0x20 || last == 0x09
      || words.index(start, text.count) != nil
  }

  func append(_ text: UnsafeBufferPointer<UInt8>, to target: inout [UInt8]) {
    guard isNeeded(text) else { return target.append(contentsOf: text) }
    target.append(0x22)
    for byte in text {
      if byte == 0x22 { target.append(0x22) }
      target.append(byte)
    }
    target.append(0x22)
  }

  /// Every entry as it is written.
  func quoted(_ entries: TextStorage) throws -> TextStorage {
    var bytes: [UInt8] = []
    let offsets = try Buffer<Int>(count: entries.count + 1)
    offsets.base[0] = 0
    for entry in 0..<entries.count {
      append(entries.utf8(entry), to: &bytes)
      offsets.base[entry + 1] = bytes.count
    }
    return TextStorage(offsets: offsets, bytes: try Buffer(bytes))
  }
}
