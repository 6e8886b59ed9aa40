import Columnar
import TestSupport

@testable import Formats

/// Which rows of a sample are null.
enum NullPattern: CaseIterable {
  case none, all, first, last, alternate, sparse, runs

  func isNull(_ row: Int, of count: Int) -> Bool {
    switch self {
    case .none: false
    case .all: true
    case .first: row == 0
    case .last: row == count - 1
    case .alternate: row % 2 == 1
    case .sparse: row % 997 == 5
    case .runs: row / 64 % 3 == 1
    }
  }
}

/// A column of each kind of storage that the format tells apart.
enum ArrowSamples {
  static let kinds = [
    "bool", "int8", "int16", "int32", "int64", "float", "date", "datetime", "duration", "coded",
    "coded16", "coded32", "plain",
  ]

  static func column(_ kind: String, count: Int, _ pattern: NullPattern) throws -> Column {
    func ints(_ type: DataType, _ value: (Int) -> Int64) throws -> Column {
      try Column.ints(
        (0..<count).map { pattern.isNull($0, of: count) ? nil : value($0) }, type: type)
    }
    func texts(_ value: (Int) -> String) throws -> Column {
      try Column.texts((0..<count).map { pattern.isNull($0, of: count) ? nil : value($0) })
    }
    switch kind {
    case "bool": return try ints(.bool) { Int64($0 % 3 == 0 ? 1 : 0) }
    case "int8": return try ints(.int) { Int64($0 % 255) - 127 }
    case "int16": return try ints(.int) { Int64($0 % 60_000) - 30_000 }
    case "int32": return try ints(.int) { Int64($0) * 100_003 - 5_000_000 }
    case "int64":
      return try ints(.int) {
        $0 == 0 ? .min : $0 == 1 ? .max : Int64($0) &* 0x1E37_79B9_7F4A_7C15
      }
    case "float":
      return try Column.floats(
        (0..<count).map { row in
          pattern.isNull(row, of: count)
            ? nil
            : [0.1, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, 1e300][row % 6]
              / Double(row + 1)
        })
    case "date": return try ints(.date) { Int64($0 % 90_000) - 30_000 }
    case "datetime": return try ints(.datetime) { Int64($0) * 86_399_000_001 - 1_000_000_000 }
    case "duration": return try ints(.duration) { Int64($0) * 1_234_567 - 10_000_000 }
    case "coded": return try texts { ["ä", "", "hello", "日本語"][($0 * 7) % 4] }
    case "coded16": return try texts { "value \($0 % 1000)" }
    case "coded32": return try texts { "value \($0)" }
    default:
      let texts = try TextStorage(
        (0..<count).map { pattern.isNull($0, of: count) ? "" : "text \($0 &* 31)" })
      return Column(
        type: .text, storage: .text(texts),
        validity: try Bitmap((0..<count).map { !pattern.isNull($0, of: count) }))
    }
  }

  static func file(_ bytes: [UInt8]) throws -> ArrowFile {
    try ArrowFile(ByteSource(name: "t.arrow", bytes: bytes))
  }

  static func read(_ bytes: [UInt8], _ columns: [String]? = nil) throws -> ArrowResult {
    let file = try file(bytes)
    return try file.read(batches: 0..<file.batchCount, columns: columns)
  }
}

/// What is wrong with `read` beside `written`; nil if names, types and every value are the same.
func difference(_ read: Frame, _ written: Frame) -> String? {
  guard read.schema == written.schema, read.rowCount == written.rowCount else {
    return "\(read.schema) with \(read.rowCount) rows"
  }
  for (index, column) in read.columns.enumerated() {
    let other = written.columns[index]
    guard column.nullCount == other.nullCount else { return "\(read.names[index]): nulls" }
    for row in 0..<read.rowCount {
      let (value, expected) = (column[row], other[row])
      if case .float(let a) = value, case .float(let b) = expected {
        if a.bitPattern != b.bitPattern { return "\(read.names[index]) row \(row): \(a) \(b)" }
      } else if value != expected {
        return "\(read.names[index]) row \(row): \(value) \(expected)"
      }
      if column.isNull(row), column.slot(row) != 0 { return "row \(row): a slot of null is not 0" }
    }
  }
  return nil
}

extension Column {
  /// What the slot of a row holds, null or not: its number, code or length.
  fileprivate func slot(_ row: Int) -> Double {
    switch storage {
    case .int8(let buffer): Double(buffer[row])
    case .int16(let buffer): Double(buffer[row])
    case .int32(let buffer): Double(buffer[row])
    case .int64(let buffer): Double(buffer[row])
    case .float(let buffer): buffer[row]
    case .dictionary(let codes, _): Double(codes[row])
    case .text(let text): Double(text.utf8(row).count)
    }
  }
}
