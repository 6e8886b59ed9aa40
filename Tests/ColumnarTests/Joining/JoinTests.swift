import Columnar
import TestSupport
import Testing

@Suite struct JoinTests {
  @Test(arguments: SampleKind.allCases)
  func everyKindAgreesWithNestedLoops(_ sample: SampleKind) throws {
    for (leftCount, rightCount) in [(0, 5), (5, 0), (1, 1), (63, 65), (64, 64), (65, 63), (129, 7)]
    {
      for nulls in NullPattern.allCases {
        let left = try sampleColumn(sample, count: leftCount, nulls: nulls, seed: 3)
        let right = try sampleColumn(sample, count: rightCount, nulls: nulls, seed: 4)
        try check([left], [right], "\(sample) \(leftCount) \(rightCount) \(nulls)")
      }
    }
  }

  @Test func severalKeysAgreeWithNestedLoops() throws {
    let kinds: [[SampleKind]] = [
      [.int8, .fewTexts], [.bool, .fewFloats, .date], [.int64Extremes, .int64Extremes],
      [.floatExtremes, .int64Extremes, .fewTexts], [.plainText, .bool], [.int64, .int64, .int64],
    ]
    for kinds in kinds {
      for nulls in NullPattern.allCases {
        let left = try kinds.enumerated().map {
          try sampleColumn($1, count: 129, nulls: nulls, seed: UInt64($0 + 7))
        }
        let right = try kinds.enumerated().map {
          try sampleColumn($1, count: 65, nulls: nulls, seed: UInt64($0 + 70))
        }
        try check(left, right, "\(kinds) \(nulls)")
      }
    }
  }

  @Test func typesThatCompareByValueDoSoHere() throws {
    let ints = try Column.ints([1, 2, nil, -3, 1 << 53 + 1, .min, 0])
    let floats = try Column.floats([1, 2.5, -3, nil, 0x1p53, -0x1p63, -0.0, .infinity, 1])
    try check([ints], [floats], "int, float")
    try check([floats], [ints], "float, int")
    let day = Calendar.microsecondsPerDay
    let dates = try Column.ints([0, -1, 5, nil, 5], type: .date)
    let moments = try Column.ints([0, -day, 5 * day, 5 * day + 1, nil, -1], type: .datetime)
    try check([dates], [moments], "date, datetime")
    try check([moments], [dates], "datetime, date")
    #expect(throws: DataError.self) { try KeyMatches(left: [ints], right: [dates]) }
    #expect(throws: DataError.self) { try KeyMatches(left: [ints], right: [.texts(["1"])]) }
  }

  @Test func textsOfEveryShapeAgreeWithNestedLoops() throws {
    let sets: [[String?]] = [
      [
        "id1", "id2", "id10", "id01", "id001", "id", nil, "x1", "id1a", "id12345678", "id100000000",
      ],
      ["0", "00", "", "10", "9", "99999999", "100000000", "9999999999999999", "a", nil, "1é"],
      ["a\u{0}", "a", "", "abcdefg", "abcdefgh", nil, "a\u{0}b"],
      ["prefix-is-longer-1", "prefix-is-longer-2", "prefix-is-longer-", "prefix-is-", nil],
      [
        "the quick brown fox", "the quick brown dog", "the quick brown fox ", "", nil, "é",
        "e\u{301}",
      ],
    ]
    for texts in sets {
      for others in sets {
        for repeats in [1, 3] {
          let left = Array(repeatElement(texts + others, count: repeats).joined())
          let right = Array(repeatElement(texts, count: repeats).joined())
          for (first, second) in [(true, true), (true, false), (false, true), (false, false)] {
            try check(
              [try column(left, isPlain: first)], [try column(right, isPlain: second)],
              "\(texts) \(others) \(first) \(second)")
          }
        }
      }
    }
  }

  /// Texts of two words that the hash folds to the same number, told apart by their bytes.
  @Test func textsOfEqualHashesAreToldApart() throws {
    let texts = textsOfEqualHashes
    func plain(_ rows: [Int]) throws -> Column {
      var offsets = [0]
      for row in rows { offsets.append(offsets[offsets.count - 1] + texts[row].count) }
      return Column(
        type: .text,
        storage: .text(
          TextStorage(
            offsets: try Buffer(offsets), bytes: try Buffer(rows.flatMap { texts[$0] }))))
    }
    for (left, right) in [([0, 1, 0], [0]), ([0, 1, 1], [0, 1]), ([1, 0], [1, 1, 0])] {
      let rows = try KeyMatches(left: [plain(left)], right: [plain(right)]).rows(.inner)
      let expected = left.enumerated().flatMap { row, text in
        right.indices.filter { right[$0] == text }.map { [row, $0] as [Int?] }
      }
      #expect(
        try rows.numbers(leftCount: left.count, rightCount: right.count, hasRight: true)
          == expected)
    }
  }

  @Test func manyRowsAgreeWithADictionary() throws {
    let part = Workers.partSize
    // Slots, one table, parts of the numbers; unique on the right, and not.
    for (count, range, spread) in [
      (part - 1, 70_000, 1), (part, 3_000, 1_000_003), (part + 1, 50_000, 1_000_003),
      (2 * part + 17, 100_000, 1 << 40),
    ] as [(Int, Int, Int64)] {
      for isUnique in [true, false] {
        var generator = RandomGenerator(seed: UInt64(count))
        func key() -> Int64 { Int64(generator.next(below: UInt64(range))) * spread }
        let left: [Int64?] = (0..<count).map { $0 % 97 == 5 ? nil : key() }
        let right: [Int64?] =
          isUnique
          ? (0..<range / 2).map { Int64($0 * 2) * spread }
          : (0..<range / 2).map { $0 % 89 == 7 ? nil : key() }
        var places: [Int64: [Int]] = [:]
        for (row, key) in right.enumerated() { if let key { places[key, default: []].append(row) } }
        let matches = try KeyMatches(left: [.ints(left)], right: [.ints(right)])
        let expected = left.enumerated().flatMap { row, key in
          (key.flatMap { places[$0] } ?? []).map { [row, $0] as [Int?] }
        }
        let size = try matches.counts().size
        #expect(size.pairs == expected.count)
        #expect(size.leftMatched == left.count { $0.map { places[$0] != nil } ?? false })
        #expect(matches.isRightUnique == places.values.allSatisfy { $0.count == 1 })
        let rows = try matches.rows(.inner)
        #expect(
          try rows.numbers(leftCount: count, rightCount: right.count, hasRight: true) == expected)
        let joined = try matches.innerColumns(left: [.ints(left)], right: [.ints(right)])
        if let joined {
          #expect(joined.left[0].scalars == expected.map { $0[0].flatMap { left[$0] }.scalar })
          #expect(joined.right[0].scalars == expected.map { $0[1].flatMap { right[$0] }.scalar })
        }
        let known = Set(left.compactMap { $0 })
        let matched = try matches.counts().matchedRight
        #expect(
          right.indices.allSatisfy {
            matched[$0] == (right[$0].map { known.contains($0) } ?? false)
          })
      }
    }
  }

  /// Plain text on the right is taken so often that it may be handed on as codes.
  @Test func textOfTheRightIsHandedOn() throws {
    let keys = (0..<40).map { Int64($0) }
    let left = (0..<1_000).map { Int64($0 * 7 % 45) }
    let distinct = keys.map { "text \($0)" }
    for texts: [String?] in [
      distinct, distinct.map { $0 == "text 3" ? "text 4" : $0 },
      distinct.map { $0 == "text 3" ? nil : $0 }, distinct.map { $0 == "text 3" ? "" : $0 },
    ] {
      let column = Column(
        type: .text, storage: .text(try TextStorage(texts.map { $0 ?? "" })),
        validity: texts.contains(nil) ? try Bitmap(texts.map { $0 != nil }) : nil)
      let matches = try KeyMatches(left: [.ints(left)], right: [.ints(keys)])
      let all = left.map { $0 < 40 ? texts[Int($0)].map { Scalar.text($0) } ?? .null : .null }
      let inner = zip(left, all).filter { $0.0 < 40 }.map(\.1)
      #expect(try matches.innerColumns(left: [], right: [column])?.right[0].scalars == inner)
      let joined = try matches.rows(.left).right(column)
      #expect(joined.scalars == all)
      let isCoded = if case .dictionary = joined.storage { true } else { false }
      #expect(isCoded == (Set(texts).count == texts.count && !texts.contains(nil)))
    }
  }

  /// Columns of a right side of which each row is taken several times lie side by side.
  @Test func columnsOfTheRightAreLaidOut() throws {
    let kinds: [SampleKind] = [
      .int8, .int16, .int32, .int64Extremes, .floats, .fewTexts, .date, .bool, .floats, .int16,
      .floatExtremes, .int64Extremes, .floats, .floats, .int8,
    ]
    let rightCount = 9_001
    let keys = (0..<rightCount).map { Int64($0 &* 4_001 % rightCount) }
    let rows = (0..<5 * rightCount).map { $0 &* 7_919 % (rightCount + 9) }
    let left = try Column.ints(rows.map { $0 < rightCount ? keys[$0] : -1 })
    let matches = try KeyMatches(left: [left], right: [.ints(keys)])
    for chosen in [kinds.count, 3, 2] {
      var columns = try kinds.prefix(chosen).enumerated().map {
        try sampleColumn($1, count: rightCount, nulls: .none, seed: UInt64($0 + 1))
      }
      columns.append(try sampleColumn(.floats, count: rightCount, nulls: .random, seed: 77))
      let joined = try #require(try matches.innerColumns(left: [left], right: columns))
      let taken = rows.filter { $0 < rightCount }
      for (column, source) in zip(joined.right, columns) {
        let values = source.scalars
        #expect(column.type == source.type && column.scalars == taken.map { values[$0] })
      }
    }
  }

  /// Rows are codes of any width.
  @Test(arguments: [256, 257, 65_536, 65_537]) func rowsAreCodes(_ rightCount: Int) throws {
    let rows = (0..<4 * rightCount + 99).map { $0 &* 7_919 % (rightCount + 9) }
    let left = try Column.ints(rows.map { Int64($0) })
    let keys = try Column.ints((0..<rightCount).map { Int64($0) })
    let texts = try column((0..<rightCount).map { "text \($0)" }, isPlain: true)
    let matches = try KeyMatches(left: [left], right: [keys])
    let inner = try #require(try matches.innerColumns(left: [], right: [texts])).right[0]
    #expect(inner.scalars == rows.filter { $0 < rightCount }.map { .text("text \($0)") })
    let all = try matches.rows(.left).right(texts)
    #expect(all.scalars == rows.map { $0 < rightCount ? .text("text \($0)") : .null })
    let matched = try KeyMatches(
      left: [.ints(rows.map { Int64($0 % rightCount) })], right: [keys])
    #expect(
      try matched.rows(.left).right(texts).scalars
        == rows.map { .text("text \($0 % rightCount)") })
  }

  @Test func anyNumberOfThreadsGivesTheSame() throws {
    var results: [[[Int?]]] = []
    let outer = Workers.threadCount
    defer { Workers.threadCount = outer }
    let left = try sampleColumn(.int32, count: 150_000, nulls: .random, seed: 1)
    let keys = (0..<150_000).map { row in left[row].number.map { Int64($0) % 5_000 * 977_777 } }
    let right = Array(keys.prefix(40_000).reversed())
    for threads in [1, 2, 3, 8] {
      Workers.threadCount = threads
      let rows = try KeyMatches(left: [.ints(keys)], right: [.ints(right.filter { $0 != 0 })])
        .rows(.full)
      results.append(
        [
          Array(
            try rows.numbers(leftCount: keys.count, rightCount: right.count, hasRight: true)
              .joined())
        ])
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test func crossJoinsPairAllRows() throws {
    for (left, right) in [(0, 3), (3, 0), (2, 3), (300, 300)] {
      let rows = try JoinedRows.cross(left, right)
      let expected = (0..<left).flatMap { row in (0..<right).map { [row, $0] as [Int?] } }
      #expect(
        try rows.numbers(leftCount: left, rightCount: right, hasRight: true) == expected)
    }
    #expect(throws: DataError.self) { try JoinedRows.cross(1 << 20, 1 << 20) }
    #expect(throws: DataError.self) { try JoinedRows.cross(.max, 2) }
  }

  @Test func repeatedKeysAreFound() throws {
    #expect(try firstRepeatedKey([.ints([3, nil, 1, nil, 1, 1])])?.row == 2)
    #expect(try firstRepeatedKey([.ints([3, nil, 1, nil, 1, 1])])?.count == 3)
    #expect(try firstRepeatedKey([.ints([3, nil, nil])]) == nil)
    let pair = [try Column.texts(["a", "a", "a"]), try Column.ints([1, 2, 1])]
    #expect(try firstRepeatedKey(pair)?.count == 2)
  }

  private func column(_ texts: [String?], isPlain: Bool) throws -> Column {
    if !isPlain { return try .texts(texts) }
    return Column(
      type: .text, storage: .text(try TextStorage(texts.map { $0 ?? "" })),
      validity: try Bitmap(texts.map { $0 != nil }))
  }

  private func check(_ left: [Column], _ right: [Column], _ what: String) throws {
    let (leftCount, rightCount) = (left[0].count, right[0].count)
    let oracle = JoinOracle(left: left, right: right)
    let matches = try KeyMatches(left: left, right: right)
    let pairs = oracle.rows(.inner, leftCount: leftCount, rightCount: rightCount)
    let size = try matches.counts().size
    #expect(size.pairs == pairs.count, "\(what)")
    #expect(size.leftMatched == Set(pairs.map { $0[0] }).count, "\(what)")
    #expect(try matches.counts().matchedRight.setCount == Set(pairs.map { $0[1] }).count, "\(what)")
    let joined = try matches.innerColumns(left: left, right: right)
    #expect((joined != nil) == matches.isRightUnique, "\(what)")
    if let joined {
      for (column, source) in zip(joined.left, left) {
        #expect(column.scalars == pairs.map { $0[0].map { source[$0] } ?? .null }, "\(what)")
      }
      for (column, source) in zip(joined.right, right) {
        #expect(column.scalars == pairs.map { $0[1].map { source[$0] } ?? .null }, "\(what)")
      }
    }
    for kind in JoinKind.allCases {
      let rows = try matches.rows(kind)
      let expected = oracle.rows(kind, leftCount: leftCount, rightCount: rightCount)
      let found = try rows.numbers(
        leftCount: leftCount, rightCount: rightCount, hasRight: kind.hasRight)
      #expect(rows.count == expected.count, "\(what) \(kind)")
      #expect(found == expected, "\(what) \(kind)")
      if kind.keepsRight, left[0].type == right[0].type {
        let key = try rows.key(left[0], right[0]).scalars
        let values = expected.map { row in
          row[0].map { left[0][$0] } ?? row[1].map { right[0][$0] } ?? .null
        }
        #expect(key == values, "\(what) \(kind)")
      }
    }
  }
}

extension Int64? {
  fileprivate var scalar: Scalar { map { .int($0) } ?? .null }
}
