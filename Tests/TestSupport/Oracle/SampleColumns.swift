import Columnar

/// A kind of column to test with: each storage and type, with the values that go wrong.
package enum SampleKind: String, CaseIterable, Sendable {
  case bool, int8, int16, int32, int64, int64Extremes, fewFloats, floats, floatExtremes
  case fewTexts, manyTexts, plainText, date, datetime, duration
}

/// Where the nulls of a sample are.
package enum NullPattern: String, CaseIterable, Sendable {
  case none, all, random, ends
}

/// The row counts at which kernels go wrong.
package let boundaryCounts = [0, 1, 2, 63, 64, 65, 127, 128, 129]

/// A column of `count` pseudo-random values; the same arguments give the same column.
package func sampleColumn(
  _ kind: SampleKind, count: Int, nulls: NullPattern = .none, seed: UInt64 = 1
) throws -> Column {
  var generator = RandomGenerator(seed: seed)
  func isNull(_ row: Int) -> Bool {
    switch nulls {
    case .none: false
    case .all: true
    case .random: generator.next(below: 4) == 0
    case .ends: row == 0 || row == count - 1
    }
  }
  func below(_ bound: UInt64) -> Int64 { Int64(generator.next(below: bound)) }
  func ints(_ type: DataType, _ value: () -> Int64) throws -> Column {
    try .ints((0..<count).map { isNull($0) ? nil : value() }, type: type)
  }
  func floats(_ value: () -> Double) throws -> Column {
    try .floats((0..<count).map { isNull($0) ? nil : value() })
  }
  func texts(_ value: () -> String) throws -> Column {
    try .texts((0..<count).map { isNull($0) ? nil : value() })
  }
  let letters = Array("aäbß€𝄞 zZ")
  func text() -> String { String((0..<below(6)).map { _ in letters[Int(below(9))] }) }
  switch kind {
  case .bool: return try .bools((0..<count).map { isNull($0) ? nil : below(2) == 1 })
  case .int8: return try ints(.int) { below(7) - 3 }
  case .int16: return try ints(.int) { below(20_000) - 10_000 }
  case .int32: return try ints(.int) { below(2_000_000_000) - 1_000_000_000 }
  case .int64: return try ints(.int) { below(50) * 1_000_000_000_000 - 7 }
  case .int64Extremes:
    let extremes = [Int64.min, .min + 1, -1, 0, 1, .max - 1, .max]
    return try ints(.int) { extremes[Int(below(7))] }
  case .fewFloats: return try floats { Double(below(9) - 4) / 4 }
  case .floats: return try floats { Double(below(1 << 40)) / 1024 - 1e8 }
  case .floatExtremes:
    let extremes = [
      -.infinity, -Double.greatestFiniteMagnitude, -1, -.leastNonzeroMagnitude, -0.0, 0.0,
      .leastNonzeroMagnitude, 1, .greatestFiniteMagnitude, .infinity,
    ]
    return try floats { extremes[Int(below(10))] }
  case .fewTexts: return try texts { ["", "a", "b", "ab", "ä", "Z"][Int(below(6))] }
  case .manyTexts: return try texts(text)
  case .plainText:
    let coded = try texts(text)
    let plain = (0..<count).map { row in
      if case .text(let value) = coded[row] { value } else { "" }
    }
    return Column(
      type: .text, storage: .text(try TextStorage(plain)), validity: coded.validity)
  case .date: return try ints(.date) { below(800) - 400 }
  case .datetime: return try ints(.datetime) { below(1000) * 86_400_000_123 }
  case .duration: return try ints(.duration) { below(1_000_000) - 500_000 }
  }
}

extension Column {
  /// All values, boxed.
  package var scalars: [Scalar] { (0..<count).map { self[$0] } }
}
