import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where the cells of a column lie, as bare addresses, so that a cell is written without counting
/// references.
///
/// SAFETY: valid while the frame and the quoted texts that it points into are alive.
struct CellSource {
  enum Kind {
    case bool, date, datetime, duration, float
    case int8, int16, int32, int64
    case codes8, codes16, codes32
    case text
  }

  let kind: Kind
  let values: UnsafeRawPointer
  /// Words with a set bit for each row that has a value; nil where all have.
  let validity: UnsafePointer<UInt64>?
  let offsets: UnsafePointer<Int>
  let bytes: UnsafePointer<UInt8>
  /// The storage of a bool, date, datetime or duration, in bytes.
  let width: Int
  /// The length of the longest text of a dictionary.
  let longest: Int

  /// `texts` are the column's texts as they are to stand in the file.
  init(_ column: Column, texts: TextStorage) {
    validity = column.validity.map { UnsafePointer($0.words.base) }
    offsets = UnsafePointer(texts.offsets.base)
    bytes = UnsafePointer(texts.bytes.base)
    var longest = 0
    if case .dictionary = column.storage {
      for entry in 0..<texts.count {
        longest = max(longest, texts.offsets[entry + 1] - texts.offsets[entry])
      }
    }
    self.longest = longest
    let plain: Kind
    switch column.storage {
    case .int8(let buffer): (plain, values, width) = (.int8, UnsafeRawPointer(buffer.base), 1)
    case .int16(let buffer): (plain, values, width) = (.int16, UnsafeRawPointer(buffer.base), 2)
    case .int32(let buffer): (plain, values, width) = (.int32, UnsafeRawPointer(buffer.base), 4)
    case .int64(let buffer): (plain, values, width) = (.int64, UnsafeRawPointer(buffer.base), 8)
    case .float(let buffer): (plain, values, width) = (.float, UnsafeRawPointer(buffer.base), 8)
    case .dictionary(.uint8(let codes), _):
      (plain, values, width) = (.codes8, UnsafeRawPointer(codes.base), 1)
    case .dictionary(.uint16(let codes), _):
      (plain, values, width) = (.codes16, UnsafeRawPointer(codes.base), 2)
    case .dictionary(.uint32(let codes), _):
      (plain, values, width) = (.codes32, UnsafeRawPointer(codes.base), 4)
    case .text: (plain, values, width) = (.text, UnsafeRawPointer(texts.offsets.base), 0)
    }
    switch column.type {
    case .bool: kind = .bool
    case .date: kind = .date
    case .datetime: kind = .datetime
    case .duration: kind = .duration
    default: kind = plain
    }
  }

  @inline(__always)
  func isNull(_ row: Int) -> Bool {
    guard let validity else { return false }
    return validity[row &>> 6] &>> UInt64(truncatingIfNeeded: row & 63) & 1 == 0
  }

  @inline(__always)
  private func value<Value>(_ row: Int, _: Value.Type) -> Value {
    values.assumingMemoryBound(to: Value.self)[row]
  }

  @inline(__always)
  private func integer(_ row: Int) -> Int64 {
    switch width {
    case 1: Int64(value(row, Int8.self))
    case 2: Int64(value(row, Int16.self))
    case 4: Int64(value(row, Int32.self))
    default: value(row, Int64.self)
    }
  }

  /// The place of a row's text among the texts.
  @inline(__always)
  private func entry(_ row: Int) -> Int {
    switch kind {
    case .codes8: Int(value(row, UInt8.self))
    case .codes16: Int(value(row, UInt16.self))
    case .codes32: Int(value(row, UInt32.self))
    default: row
    }
  }

  /// The most bytes that the cells of `rows` take together.
  func capacity(_ rows: Range<Int>) -> Int {
    switch kind {
    case .codes8, .codes16, .codes32:
      // A long entry may be a rare one.
      if longest <= 32 { return longest * rows.count }
      var total = 0
      for row in rows {
        let entry = entry(row)
        total += offsets[entry + 1] - offsets[entry]
      }
      return total
    case .text: return offsets[rows.upperBound] - offsets[rows.lowerBound]
    case .int8: return rows.count * 4
    case .int16: return rows.count * 6
    case .duration: return rows.count * 40
    default: return rows.count * Calendar.maximumTextLength
    }
  }

  /// Writes a cell and returns where it ends.
  ///
  /// SAFETY: `target` has room for the cell and 32 bytes more.
  @inline(__always)
  func write(_ row: Int, _ target: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
    if isNull(row) { return target }
    switch kind {
    case .int8: return NumberText.write(Int64(value(row, Int8.self)), target)
    case .int16: return NumberText.write(Int64(value(row, Int16.self)), target)
    case .int32: return NumberText.write(Int64(value(row, Int32.self)), target)
    case .int64: return NumberText.write(value(row, Int64.self), target)
    case .float: return NumberText.write(value(row, Double.self), target)
    case .codes8, .codes16, .codes32, .text:
      let entry = entry(row)
      let start = offsets[entry]
      let count = offsets[entry &+ 1] &- start
      if count <= 16 {
        // Buffers may be read 64 bytes past their end.
        UnsafeMutableRawPointer(target).storeBytes(
          of: UnsafeRawPointer(bytes + start).loadUnaligned(as: SIMD16<UInt8>.self),
          as: SIMD16<UInt8>.self)
      } else {
        memcpy(target, bytes + start, count)
      }
      return target + count
    case .bool: return NumberText.copy(integer(row) != 0 ? "true" : "false", target)
    case .date:
      return target + Calendar.write(date: Int32(truncatingIfNeeded: integer(row)), to: target)
    case .datetime: return target + Calendar.write(datetime: integer(row), to: target)
    case .duration:
      var text = DurationText.text(microseconds: integer(row))
      return text.withUTF8 { text in
        if let start = text.baseAddress { memcpy(target, start, text.count) }
        return target + text.count
      }
    }
  }
}
