import Columnar
import TestSupport
import Testing

@Suite struct SortingTests {
  @Test(arguments: SampleKind.allCases)
  func oneKeyAgreesWithTheOracle(_ kind: SampleKind) throws {
    for count in boundaryCounts {
      for nulls in NullPattern.allCases {
        let column = try sampleColumn(kind, count: count, nulls: nulls)
        for isDescending in [false, true] {
          let expected = Oracle.sortedRows([(column.scalars, isDescending)], rowCount: count)
          let keys = [SortColumn(column: column, isDescending: isDescending)]
          #expect(Array(try sortedRows(keys, rowCount: count)) == expected)
          for top in [0, 1, 7, count, count + 1] {
            let rows = try topRows(keys, rowCount: count, count: top)
            #expect(Array(rows) == Array(expected.prefix(top)))
          }
        }
      }
    }
  }

  @Test func severalKeysAgreeWithTheOracle() throws {
    let kinds: [[SampleKind]] = [
      [.fewTexts, .int8], [.bool, .fewFloats, .date], [.int64Extremes, .floatExtremes, .bool],
      [.floatExtremes, .floats, .int32], [.fewTexts, .plainText, .int64Extremes],
    ]
    for (number, kinds) in kinds.enumerated() {
      for count in [0, 1, 129, 700] {
        let columns = try kinds.enumerated().map {
          try sampleColumn($1, count: count, nulls: .random, seed: UInt64($0))
        }
        let keys = columns.enumerated().map {
          SortColumn(column: $1, isDescending: ($0 + number) % 2 == 0)
        }
        let expected = Oracle.sortedRows(
          keys.map { ($0.column.scalars, $0.isDescending) }, rowCount: count)
        #expect(Array(try sortedRows(keys, rowCount: count)) == expected)
        #expect(
          Array(try topRows(keys, rowCount: count, count: 11))
            == Array(expected.prefix(11)))
      }
    }
  }

  /// What room the first keys leave tells roughly where the next one's digit lies.
  @Test(arguments: [
    [SampleKind.int8, .floats], [.fewTexts, .floatExtremes], [.int32, .floats, .bool],
    [.bool, .int64Extremes], [.fewTexts, .int64Extremes, .floats], [.floats, .fewTexts],
    [.manyTexts, .fewFloats, .int64Extremes],
  ])
  func keysThatDoNotFitTogetherAgreeWithTheOracle(_ kinds: [SampleKind]) throws {
    for count in [0, 1, 65, 700, 40_000] {
      for nulls in count < 700 ? NullPattern.allCases : [.none, .random] {
        let columns = try kinds.enumerated().map {
          try sampleColumn($1, count: count, nulls: nulls, seed: UInt64($0 + 3))
        }
        for pattern in 0..<(count > 700 ? 2 : 4) {
          let keys = columns.enumerated().map {
            SortColumn(column: $1, isDescending: pattern >> $0 & 1 == 1)
          }
          let expected = Oracle.sortedRows(
            keys.map { ($0.column.scalars, $0.isDescending) }, rowCount: count)
          #expect(Array(try sortedRows(keys, rowCount: count)) == expected)
          let names = (0...kinds.count).map { "c\($0)" }
          let frame = Frame(
            names: names, columns: columns + [columns[0]], rowCount: count)
          let (sorted, taken) = try (frame.sorted(by: keys), frame.take(Buffer(expected)))
          for (column, other) in zip(sorted.columns, taken.columns) {
            #expect(column.scalars == other.scalars)
          }
        }
      }
    }
  }

  /// Values closer together than what the room left by the first key tells apart.
  @Test func keysThatTellLittleApartAreDecidedByAllOfThem() throws {
    let count = Workers.partSize + 1
    var generator = RandomGenerator(seed: 6)
    for rarely in [2, 200] {
      let values = (0..<count).map { row in
        let base = Double(row / 3 % 5000) * 1e5
        return generator.next(below: UInt64(rarely)) == 0
          ? base + Double(row % 4) * 1e-7 : generator.unit() * 1e9
      }
      let first = try Column.ints((0..<count).map { Int64($0 % 7) * 9_000_000 })
      for isDescending in [false, true] {
        let keys = [
          SortColumn(column: first),
          SortColumn(column: try .floats(values), isDescending: isDescending),
        ]
        let expected = Oracle.sortedRows(
          keys.map { ($0.column.scalars, $0.isDescending) }, rowCount: count)
        #expect(Array(try sortedRows(keys, rowCount: count)) == expected)
      }
    }
  }

  /// Few values far from all others lie in the outermost cells, whatever room there is.
  @Test(arguments: [1, 2, 100, 100_000])
  func valuesFarFromTheOthersDoNotRunIntoOtherKeys(_ keyCount: Int) throws {
    for count in [700, 40_000] {
      let first = try Column.ints((0..<count).map { Int64($0 * 7919 % keyCount) })
      let values = (0..<count).map { row -> Double in
        if row % 97 == 0 { return Double(row - count / 2) * 1e6 }
        return Double(row * 7919 % 1009) / 8
      }
      let nulled: [Double?] = values.enumerated().map { $0 % 5 == 0 ? nil : $1 }
      for isDescending in [false, true] {
        for column in try [Column.floats(values), Column.floats(nulled)] {
          let keys = [
            SortColumn(column: first), SortColumn(column: column, isDescending: isDescending),
          ]
          let expected = Oracle.sortedRows(
            keys.map { ($0.column.scalars, $0.isDescending) }, rowCount: count)
          #expect(Array(try sortedRows(keys, rowCount: count)) == expected)
        }
      }
    }
  }

  /// Columns with the codes of the first key and other texts are not that key.
  @Test func codesOfOtherTextsAreNotReadOffTheKey() throws {
    let key = try sampleColumn(.fewTexts, count: 300, nulls: .random)
    guard case .dictionary(let codes, let texts) = key.storage else {
      Issue.record("not coded")
      return
    }
    let other = Column(
      type: .text,
      storage: .dictionary(
        codes, TextDictionary(try TextStorage((0..<texts.count).map { "other \($0)" }))),
      validity: key.validity)
    let frame = Frame(names: ["a", "b"], columns: [key, other], rowCount: 300)
    let keys = [SortColumn(column: key)]
    let (sorted, taken) = try (
      frame.sorted(by: keys), frame.take(sortedRows(keys, rowCount: 300))
    )
    for place in 0..<2 { #expect(sorted.columns[place].scalars == taken.columns[place].scalars) }
  }

  @Test func sortsAreStableAcrossParts() throws {
    let count = Workers.partSize + 1
    for kind in [SampleKind.int8, .floats, .int32] {
      let column = try sampleColumn(kind, count: count, nulls: .random)
      let rows = try sortedRows([SortColumn(column: column)], rowCount: count)
      let scalars = try column.take(rows).scalars
      var isSorted = true
      for place in 1..<count {
        let (before, after) = (scalars[place - 1], scalars[place])
        if Oracle.precedes(after, before) { isSorted = false }
        if before == after, rows[place - 1] >= rows[place] { isSorted = false }
      }
      #expect(isSorted)
    }
  }

  @Test func noKeysKeepTheOrder() throws {
    #expect(Array(try sortedRows([], rowCount: 3)) == [0, 1, 2])
  }

  /// Values that crowd together must not be lost, nor slow the sort down by more than a round.
  @Test func skewedNumbersAreSorted() throws {
    let count = Workers.partSize + 1
    var generator = RandomGenerator(seed: 2)
    func floats(_ value: () -> Double) throws -> Column {
      try .floats((0..<count).map { $0 % 101 == 0 ? nil : value() })
    }
    let columns = try [
      // Over hundreds of orders of magnitude.
      floats {
        Double(sign: .plus, exponent: Int(generator.next(below: 2000)) - 1000, significand: 1)
      },
      // Nearly all equal, with a few far away on both sides.
      floats { generator.next(below: 50) == 0 ? (generator.unit() - 0.5) * 1e300 : 7 },
      // Crowded within a billionth of the range.
      floats { generator.next(below: 9000) == 0 ? 1e9 : generator.unit() },
      sampleColumn(.floatExtremes, count: count, nulls: .random),
      sampleColumn(.int64Extremes, count: count, nulls: .random),
    ]
    for column in columns {
      for isDescending in [false, true] {
        let key = SortColumn(column: column, isDescending: isDescending)
        let rows = try sortedRows([key], rowCount: count)
        let validCount = count - column.nullCount
        let numbers = rows.prefix(validCount).map { Oracle.number(column[Int($0)]) }
        #expect(rows.dropFirst(validCount).allSatisfy { column.isNull(Int($0)) })
        #expect(
          zip(numbers, numbers.dropFirst()).allSatisfy {
            isDescending ? $0 >= $1 : $0 <= $1
          })
        #expect(
          (1..<validCount).allSatisfy {
            numbers[$0 - 1] != numbers[$0] || rows[$0 - 1] < rows[$0]
              || column[Int(rows[$0 - 1])] != column[Int(rows[$0])]
          })
        #expect(Set(rows).count == count)
      }
      if column.type == .float {
        let sorted = column.scalars.filter { !$0.isNull }.map(Oracle.number).sorted()
        #expect(try column.quantiles([0, 1]).map(\.number) == [sorted.first, sorted.last])
        let probabilities = [0.001, 0.3, 0.5, 0.999]
        let places = probabilities.map { Int($0 * Double(sorted.count - 1)) }
        let quantiles = try column.quantiles(places.map { Double($0) / Double(sorted.count - 1) })
        for (place, quantile) in zip(places, quantiles) {
          let value = quantile.number ?? .nan
          // The probability may fall a rounding short of the place.
          #expect(value >= sorted[max(place - 1, 0)] && value <= sorted[place + 1])
        }
      }
    }
  }

  /// A float key is read off its sorted keys, which do not tell -0 from 0.
  @Test(arguments: [0, 1, 2, 65, Workers.partSize - 1, Workers.partSize + 1])
  func sortedFramesAreTheRowsInOrder(_ count: Int) throws {
    for kind in [SampleKind.floatExtremes, .floats, .int8, .fewTexts] {
      for nulls in count < 100 ? NullPattern.allCases : [.none, .random] {
        let key = try sampleColumn(kind, count: count, nulls: nulls)
        let other = try sampleColumn(.int32, count: count, nulls: .random, seed: 8)
        let frame = Frame(names: ["a", "b", "c"], columns: [other, key, key], rowCount: count)
        for isDescending in [false, true] {
          let keys = [SortColumn(column: key, isDescending: isDescending)]
          let rows = try sortedRows(keys, rowCount: count)
          let sorted = try frame.sorted(by: keys)
          let expected = try frame.take(rows)
          for (column, other) in zip(sorted.columns, expected.columns) {
            #expect(column.scalars == other.scalars)
            #expect(
              zip(column.scalars, other.scalars).allSatisfy {
                $0.number?.sign == $1.number?.sign
              })
          }
          let top = try frame.top(11, by: keys)
          #expect(top.columns[0].scalars == Array(expected.columns[0].scalars.prefix(11)))
        }
      }
    }
  }

  @Test func topRowsOfManyAgreeWithSorting() throws {
    let count = 2 * Workers.partSize + 1
    for kind in [SampleKind.floats, .fewFloats, .int8, .int64Extremes, .floatExtremes] {
      for nulls in [NullPattern.none, .random] {
        let first = try sampleColumn(kind, count: count, nulls: nulls)
        let second = try sampleColumn(.int64Extremes, count: count, nulls: .none, seed: 4)
        for isDescending in [false, true] {
          let one = SortColumn(column: first, isDescending: isDescending)
          for keys in [[one], [one, SortColumn(column: second)]] {
            let sorted = try sortedRows(keys, rowCount: count)
            for top in [1, 10, 700] {
              let rows = try topRows(keys, rowCount: count, count: top)
              #expect(Array(rows) == Array(sorted.prefix(top)))
            }
          }
        }
      }
    }
  }

  @Test func distinctRowsOfManyValuesAreTheFirst() throws {
    let count = Workers.partSize + 1
    for kind in [SampleKind.floats, .int32, .int64, .floatExtremes] {
      for nulls in [NullPattern.none, .random] {
        let column = try sampleColumn(kind, count: count, nulls: nulls)
        var seen: Set<Scalar> = []
        let expected = column.scalars.indices.filter { seen.insert(column[$0]).inserted }
        #expect(try distinctRows([column], rowCount: count).map { Int($0) } == expected)
      }
    }
  }
}
