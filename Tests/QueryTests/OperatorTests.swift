import Columnar
import Language
import Query
import Testing

/// Operators over whole columns against the same operators one row at a time.
@Suite struct OperatorTests {
  static let sizes = [0, 1, 2, 63, 64, 65, 127, 128, 129]
  /// Around the ends of batches and parts; few expressions, as the oracle is slow.
  static let largeSizes = [4095, 4097, 65_535, 65_537]
  static let largeExpressions = ["a * 1000 + b", "case { f: 1, g: 2.5, else: a }", "s ?? u"]

  static let expressions =
    largeExpressions + [
      "a + b", "a - b", "a * b", "a / b", "a // b", "a % b", "-a", "a + x", "x - a", "x * y",
      "x // y", "x % y", "-x", "x / y", "x / 0", "a % 0", "a // 0",
      "a == b", "a != b", "a < b", "a <= b", "a > b", "a >= b", "a < x", "x >= a", "x == y",
      "s != u", "s < u", "s >= \"green\"", "u == \"v7\"", "u < \"v5\"", "f == g",
      "d == @1970-01-20", "d < d", "d <= when", "when >= d", "when < @1970-01-15",
      "f and g", "f or g", "f and a > 3", "s == \"red\"", "not f", "f and a > 3",
      "a > 3 or x / y > 1", "f or a // b == 2",
      "not (f and not g)", "a is null", "s is not null", "a == null", "null != s",
      "a ?? b", "x ?? a", "a ?? 7", "d ?? when", "null ?? a",
      "a in [1, 2, 3]", "a not in [1, 2, 3]", "a in [1, null]", "x in [0.5, 2]",
      "a in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]", "s in [\"red\", \"blue\"]",
      "u in [\"v1\", \"v2\"]",
      "a in [b, 3]", "a in [b, null]", "a in 2..5", "a in 2..<5", "x in 0.5..", "a in ..3",
      "s in \"b\"..\"h\"",
      "when in @1970-01-02..<@1970-01-10", "d in @1970-01-05..@1970-01-05", "a in b..9",
      "if a > b then a else b", "if f then x else a", "if a > 3 then s else \"none\"",
      "if b != 0 then a // b else -1", "case { a > 5: \"big\", a > 2: \"mid\" }",
      "case { b == 0: 0, a // b > 1: 1, else: a // b }",
      "1 + 2 * 3", "null and f", "false and f", "true or null", "5% + x",
    ]

  @Test(arguments: expressions) func agreesWithOracle(_ text: String) throws {
    let expression = try expression(text)
    let isLarge = Self.largeExpressions.contains(text)
    for size in Self.sizes + (isLarge ? Self.largeSizes : []) {
      let frame = try generated(size, seed: UInt64(size) &+ 17)
      let bound = try bind(expression, in: Scope(schema: frame.schema))
      let column = try bound.evaluate(on: frame).column
      #expect(column.count == size)
      #expect(bound.type == nil || column.type == bound.type)
      for row in 0..<size {
        let expected = try Oracle(row: frame.boxed(row)).value(expression)
        let value = column[row]
        guard value.matches(expected) else {
          Issue.record("\(text), \(size) rows, row \(row): \(value), expected \(expected)")
          return
        }
        if value.isNull { #expect(column.slotIsZero(row), "\(text) row \(row)") }
      }
    }
  }

  @Test(arguments: [1, 2, 8]) func sameWithAnyNumberOfThreads(_ threads: Int) throws {
    let frame = try generated(100_000, seed: 3)
    let text = "if x / y > 1 then concat(s, \"-\", u) else upper(u)"
    let bound = try bind(expression(text), in: Scope(schema: frame.schema))
    let expected = try bound.evaluate(on: frame).column
    let before = Workers.threadCount
    Workers.threadCount = threads
    defer { Workers.threadCount = before }
    let column = try bound.evaluate(on: frame).column
    #expect(column.values == expected.values)
  }

  @Test func filterCountsWhatItLeavesOut() throws {
    let frame = try generated(1000, seed: 5)
    let bound = try bindCondition(expression("a > 3"), in: Scope(schema: frame.schema))
    let mask = try bound.evaluateMask(on: frame).mask
    let values = (0..<1000).map { frame.boxed($0)["a"] ?? .null }
    #expect(mask.nullCount == values.count { $0.isNull })
    #expect(
      mask.selectedCount
        == values.count { if case .int(let value) = $0 { value > 3 } else { false } })
  }

  @Test func overflowNamesTheRow() throws {
    var values = [Int64?](repeating: 1, count: 70_000)
    values[66_000] = .max
    values[66_001] = nil
    let frame = Frame(names: ["a"], columns: [try .ints(values)])
    for text in ["a + 1", "a * 2", "-(-a - 2)", "a * a"] {
      let bound = try bind(expression(text), in: Scope(schema: frame.schema))
      let error = #expect(throws: DataError.self) { try bound.evaluate(on: frame) }
      #expect(error?.code == .overflow && error?.row == 66_000, "\(text)")
    }
    // A null beside a value that would overflow does not.
    let other = Frame(
      names: ["a", "b"], columns: [try .ints([nil, 5]), try .ints([.min, 1])])
    let bound = try bind(expression("a - b"), in: Scope(schema: other.schema))
    #expect(try bound.evaluate(on: other).column.values == [.null, .int(4)])
  }

  @Test func nullsMadeOnTheWayAreCounted() throws {
    let frame = Frame(
      names: ["a", "x"],
      columns: [try .ints([1, 0, nil, 0]), try .floats([-1, 4, 0, nil])])
    func notes(_ text: String) throws -> EvaluationNotes {
      try bind(expression(text), in: Scope(schema: frame.schema)).evaluate(on: frame).notes
    }
    #expect(try notes("x / a").nullsFromDivision == 1)
    #expect(try notes("1 / a").nullsFromDivision == 2)
    #expect(try notes("log(x)").nullsFromUndefined == 1)
    #expect(try notes("int(\"q\")").nullsFromText == 4)
    // Rows that a choice or a condition leaves out fail for nobody.
    #expect(try notes("if a != 0 then 1 / a else 0").isEmpty)
    #expect(try notes("a != 0 and 1 / a > 0").isEmpty)
    #expect(try notes("a == 0 or 1 / a > 0").isEmpty)
  }
}

extension Scalar {
  /// Equal, or equal numbers, where a float stands for an int.
  func matches(_ other: Scalar) -> Bool {
    if self == other { return true }
    switch (self, other) {
    case (.float(let a), .int(let b)): return a == Double(b)
    case (.datetime(let a), .date(let b)): return a == Int64(b) * 86_400_000_000
    default: return false
    }
  }
}

extension Column {
  /// Whether the slot of a null row is as the invariant demands.
  func slotIsZero(_ row: Int) -> Bool {
    switch storage {
    case .int8(let buffer): buffer[row] == 0
    case .int16(let buffer): buffer[row] == 0
    case .int32(let buffer): buffer[row] == 0
    case .int64(let buffer): buffer[row] == 0
    case .float(let buffer): buffer[row] == 0
    case .dictionary(let codes, _): codes[row] == 0
    case .text(let text): text.utf8(row).isEmpty
    }
  }
}

extension Frame {
  func boxed(_ row: Int) -> [String: Scalar] {
    Dictionary(uniqueKeysWithValues: zip(names, columns.map { $0[row] }))
  }
}

/// Columns of every type with a fifth of nulls: ints `a`, `b`, floats `x`, `y`, dictionary text
/// `s`, plain text `u`, bools `f`, `g`, dates `d`, datetimes `when`.
func generated(_ size: Int, seed: UInt64) throws -> Frame {
  var state = seed
  func next(_ bound: UInt64) -> Int64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int64((state >> 33) % bound)
  }
  func column<T>(_ make: () -> T) -> [T?] {
    (0..<size).map { _ in next(5) == 0 ? nil : make() }
  }
  let words = ["red", "green", "blue", "", "gré"]
  let plain = column { "v\(next(40))" }
  let texts = try TextStorage(plain.map { $0 ?? "" })
  return Frame(
    names: ["a", "b", "x", "y", "s", "u", "f", "g", "d", "when"],
    columns: [
      try .ints(column { next(12) - 2 }), try .ints(column { next(9) - 4 }),
      try .floats(column { Double(next(40) - 20) / 4 }),
      try .floats(column { Double(next(9) - 4) / 2 }),
      try .texts(column { words[Int(next(5))] }),
      Column(type: .text, storage: .text(texts), validity: try Bitmap(plain.map { $0 != nil })),
      try .bools(column { next(2) == 0 }), try .bools(column { next(2) == 0 }),
      try .ints(column { next(30) }, type: .date),
      try .ints(column { next(30) * 43_200_000_000 }, type: .datetime),
    ], rowCount: size)
}
