import Columnar
import TestSupport
import Testing

@Suite struct GroupingTests {
  private func check(_ columns: [Column], _ count: Int) throws {
    let expected = Oracle.groups(columns.map(\.scalars), rowCount: count)
    let grouping = try Grouping(keys: columns, rowCount: count)
    var ids = [UInt32](repeating: 0, count: count)
    for (group, rows) in expected.enumerated() { for row in rows { ids[row] = UInt32(group) } }
    #expect(grouping.groupCount == expected.count)
    #expect(Array(try grouping.ids) == ids)
    #expect(Array(grouping.firstRows) == expected.map { UInt32($0[0]) })
    #expect(Array(try grouping.sizes()) == expected.map { UInt32($0.count) })
    let segments = try grouping.segments
    #expect(
      (0..<grouping.groupCount).map { segments.range($0).map { Int(segments.rows[$0]) } }
        == expected)
    let byAppearance = expected.sorted { $0[0] < $1[0] }
    let other = try Grouping(keys: columns, rowCount: count, order: .firstAppearance)
    #expect(Array(other.firstRows) == byAppearance.map { UInt32($0[0]) })
    for (group, rows) in byAppearance.enumerated() { for row in rows { ids[row] = UInt32(group) } }
    #expect(Array(try other.ids) == ids)
    #expect(
      Array(try distinctRows(columns, rowCount: count))
        == byAppearance.map { UInt32($0[0]) })
  }

  @Test(arguments: SampleKind.allCases)
  func oneKeyAgreesWithTheOracle(_ kind: SampleKind) throws {
    for count in boundaryCounts {
      for nulls in NullPattern.allCases {
        try check([try sampleColumn(kind, count: count, nulls: nulls)], count)
      }
    }
  }

  @Test func severalKeysAgreeWithTheOracle() throws {
    let kinds: [[SampleKind]] = [
      [.fewTexts, .bool], [.int8, .date, .fewFloats], [.int64Extremes, .int64Extremes],
      [.floatExtremes, .int64Extremes, .fewTexts], [.plainText, .manyTexts, .int16, .datetime],
      [.bool, .int64Extremes], [.int32, .int32, .int32],
    ]
    for kinds in kinds {
      for count in [0, 1, 129, 600] {
        try check(
          try kinds.enumerated().map {
            try sampleColumn($1, count: count, nulls: .random, seed: UInt64($0 + 7))
          }, count)
      }
    }
  }

  @Test func noKeysAreOneGroup() throws {
    let some = try Grouping(keys: [], rowCount: 3)
    #expect(some.groupCount == 1 && some.firstRows[0] == 0)
    #expect(Array(try some.ids) == [0, 0, 0])
    let none = try Grouping(keys: [], rowCount: 0)
    #expect(none.groupCount == 1 && none.firstRows[0] == noRow)
    #expect(try distinctRows([], rowCount: 3).count == 1)
  }

  @Test func groupsCrossParts() throws {
    let count = Workers.partSize + 1
    for kind in [SampleKind.int8, .int32, .int16] {
      let column = try sampleColumn(kind, count: count, nulls: .random)
      let scalars = column.scalars
      let grouping = try Grouping(keys: [column], rowCount: count)
      let ids = try grouping.ids
      #expect(Set(scalars).count == grouping.groupCount)
      let firsts = try column.take(grouping.firstRows).scalars
      #expect((0..<count).allSatisfy { firsts[Int(ids[$0])] == scalars[$0] })
      #expect(zip(firsts, firsts.dropFirst()).allSatisfy { Oracle.precedes($0, $1) })
      var seen = Set<UInt32>()
      var isFirst = true
      for row in 0..<count where seen.insert(ids[row]).inserted {
        isFirst = isFirst && grouping.firstRows[Int(ids[row])] == row
      }
      #expect(isFirst)
    }
  }

  /// Few distinct keys in a wide range are hashed, many are sorted, and both across parts.
  @Test func wideKeysAreNumberedInOrder() throws {
    let count = 2 * Workers.partSize + 5
    for distinct in [300, 1 << 40] {
      var generator = RandomGenerator(seed: 4)
      let keys = (0..<count).map { _ in
        Int64(generator.next(below: UInt64(distinct))) * 1_000_003 - 9
      }
      let grouping = try Grouping(keys: [.ints(keys)], rowCount: count)
      let sorted = Set(keys).sorted()
      let number = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1, UInt32($0)) })
      #expect(grouping.groupCount == sorted.count)
      #expect(zip(try grouping.ids, keys).allSatisfy { $0 == number[$1] })
      #expect(zip(grouping.firstRows, sorted).allSatisfy { keys[Int($0)] == $1 })
    }
  }

  @Test func plainTextsAreCodedInOrderOfAppearance() throws {
    let count = 2 * Workers.partSize + 5
    let texts = (0..<count).map { "t\($0 * 7919 % 1000)" }
    let column = Column(type: .text, storage: .text(try TextStorage(texts)))
    guard case .dictionary(let codes, let dictionary) = try column.dictionaryEncoded().storage
    else {
      Issue.record("not coded")
      return
    }
    #expect(dictionary.count == 1000)
    #expect((0..<1000).allSatisfy { dictionary.entries[$0] == texts[$0] })
    #expect((0..<count).allSatisfy { codes[$0] == $0 % 1000 })
    #expect(try distinctRows([column], rowCount: count).count == 1000)
  }
}
