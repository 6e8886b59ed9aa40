import Columnar
import Language
import Query
import TestSupport
import Testing

/// Expressions that run fused, against the same operators one row at a time.
@Suite struct FusionTests {
  static let sizes = [0, 1, 63, 64, 65, 4095, 4096, 4097, 65_535, 65_537]

  static let values = [
    "a + b", "a * b - c", "a - 1", "2 * a + c", "c * 3", "x * a + b", "x - y", "x / 2 + a",
    "x / y", "(a + b) * (a - b)", "(x + a) * (y - b)", "w + a", "w * 1000", "1 - x", "7 - a",
    "x * x * x", "a + b + c + a + b",
  ]

  static let conditions = [
    "a > 3", "a >= -2", "a < 1", "a <= 0", "a == 2", "a != 2", "3 < a", "a > 1000000", "c == 70000",
    "x > 0.5", "x <= y", "0.25 >= x", "a < x", "a + b > c", "x * y >= a", "w > 5000000000",
    "a > 1 and x > 0", "a > 1 or x / y > 1", "not (a > 2)", "a == 1 and (b == 1 or c > 0)",
    "s == \"red\"", "s != \"red\" and a > 0", "a in [1, 2]",
  ]

  /// Columns of every width, with or without nulls.
  static func frame(_ size: Int, nulls: NullPattern) throws -> Frame {
    func column(_ kind: SampleKind, _ seed: UInt64) throws -> Column {
      try sampleColumn(kind, count: size, nulls: nulls, seed: seed)
    }
    var generator = RandomGenerator(seed: 9)
    let words = ["red", "green", "blue", "", "gré"]
    return Frame(
      names: ["a", "b", "c", "w", "x", "y", "s"],
      columns: [
        try column(.int8, 1), try column(.int8, 2), try column(.int32, 3), try column(.int64, 4),
        try column(.fewFloats, 5), try column(.fewFloats, 6),
        try .texts((0..<size).map { _ in words[Int(generator.next(below: 5))] }),
      ], rowCount: size)
  }

  @Test(arguments: values) func valuesAgreeWithOracle(_ text: String) throws {
    let expression = try expression(text)
    for size in Self.sizes {
      for nulls in size < 4096 ? NullPattern.allCases : [.none, .random] {
        let frame = try Self.frame(size, nulls: nulls)
        let bound = try bind(expression, in: Scope(schema: frame.schema))
        let column = try bound.evaluate(on: frame).column
        #expect(column.count == size)
        for row in stride(from: 0, to: size, by: size < 4096 ? 1 : 61) {
          let expected = try Oracle(row: frame.boxed(row)).value(expression)
          #expect(column[row].matches(expected), "\(text) \(size) \(nulls) row \(row)")
          if column.isNull(row) { #expect(column.slotIsZero(row)) }
        }
      }
    }
  }

  @Test(arguments: conditions) func conditionsAgreeWithOracle(_ text: String) throws {
    let expression = try expression(text)
    for size in Self.sizes {
      for nulls in size < 4096 ? NullPattern.allCases : [.none, .random] {
        let frame = try Self.frame(size, nulls: nulls)
        let bound = try bindCondition(expression, in: Scope(schema: frame.schema))
        let mask = try bound.evaluateMask(on: frame).mask
        let (column, _) = try bound.evaluate(on: frame)
        #expect(mask.nullCount == column.nullCount && mask.selected.count == size)
        #expect(mask.selectedCount == mask.selected.setCount)
        for row in stride(from: 0, to: size, by: size < 4096 ? 1 : 61) {
          let expected = try Oracle(row: frame.boxed(row)).value(expression)
          #expect(
            mask.selected[row] == (expected == .bool(true)), "\(text) \(size) \(nulls) \(row)")
        }
      }
    }
  }

  /// Expressions over dictionary-coded columns, worked out once for each combination of entries,
  /// against the same over plain texts, row by row.
  @Test(arguments: [
    "concat(s, \"-\", r)", "upper(s)", "s == r", "s < r", "length(s) * 2 + length(r)",
    "concat(s, r, q)", "contains(s, \"e\") and starts(r, \"a\")", "concat(s, \"-\", n)",
  ])
  func combinationsOfEntriesAgreeWithRows(_ text: String) throws {
    var generator = RandomGenerator(seed: 4)
    let words: [String?] = ["red", "green", "blue", "", "gré", "a", "ab", "abc", nil]
    for size in [0, 1, 63, 64, 65, 4097, 65_535, 65_537, 131_073] {
      let samples = (0..<3).map { _ in
        (0..<size).map { _ in words[Int(generator.next(below: UInt64(words.count)))] }
      }
      func frame(_ column: ([String?]) throws -> Column) throws -> Frame {
        Frame(
          names: ["s", "r", "q", "n"],
          columns: try samples.map(column) + [try .ints((0..<size).map { Int64($0 % 5) })],
          rowCount: size)
      }
      let coded = try frame { try .texts($0) }
      let plain = try frame { texts in
        Column(
          type: .text, storage: .text(try TextStorage(texts.map { $0 ?? "" })),
          validity: try Bitmap(texts.map { $0 != nil }))
      }
      let bound = try bind(expression(text), in: Scope(schema: coded.schema))
      let (found, expected) = (
        try bound.evaluate(on: coded).column, try bound.evaluate(on: plain).column
      )
      #expect(found.type == expected.type && found.nullCount == expected.nullCount)
      #expect(found.scalars == expected.scalars, "\(text) \(size)")
    }
  }

  /// A block with something out of the ordinary is left to the kernels, and no other.
  @Test func infinitiesAndOverflowsAreSeen() throws {
    let size = 10_000
    var values: [Double?] = (0..<size).map { Double($0) }
    (values[5000], values[9999]) = (.infinity, -.infinity)
    let whole = try Column.ints((0..<size).map { Int64($0) << 49 })
    let frame = Frame(names: ["x", "n"], columns: [try .floats(values), whole])
    let scope = Scope(schema: frame.schema)
    let (kept, keptNotes) = try bind(expression("x * 2"), in: scope).evaluate(on: frame)
    #expect(kept[5000] == .float(.infinity) && kept.nullCount == 0 && keptNotes.isEmpty)
    let (gone, notes) = try bind(expression("x * 0 + 1"), in: scope).evaluate(on: frame)
    #expect(gone.isNull(5000) && gone.isNull(9999) && gone.nullCount == 2)
    #expect(notes.nullsFromUndefined == 2 && gone[4999] == .float(1))
    let (quotients, zeros) = try bind(expression("1 / x"), in: scope).evaluate(on: frame)
    #expect(quotients.isNull(0) && quotients.nullCount == 1 && zeros.nullsFromDivision == 1)
    let bound = try bind(expression("n * 4"), in: scope)
    let error = #expect(throws: DataError.self) { try bound.evaluate(on: frame) }
    #expect(error?.code == .overflow && error?.row == 4096)
  }

  @Test func sameBitsWithAnyNumberOfThreads() throws {
    let frame = try Self.frame(200_000, nulls: .random)
    let scope = Scope(schema: frame.schema)
    let before = Workers.threadCount
    defer { Workers.threadCount = before }
    for text in ["x * a + b", "a * b - c"] {
      let bound = try bind(expression(text), in: scope)
      let results = try [1, 2, 3, 8].map { threads in
        Workers.threadCount = threads
        return try bound.evaluate(on: frame).column.values
      }
      #expect(results.allSatisfy { $0 == results[0] })
    }
  }
}
