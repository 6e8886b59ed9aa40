import Columnar
import TestSupport
import Testing

@Suite struct SelectionTests {
  /// Rows in no order of what does not fit the cache are asked for ahead, but for the last ones.
  @Test(arguments: [16, 95, 96, 97, 98, 4096, Workers.partSize + 96, 200_000])
  func rowsInNoOrderAreTakenFromLargeColumns(_ count: Int) throws {
    let total = 200_000
    let values = (0..<total).map { Int64($0) << 33 }
    let frame = Frame(
      names: ["a", "b"],
      columns: [
        try Column.ints(values), try Column.floats(values.map { $0 % 7 == 0 ? nil : Double($0) }),
      ], rowCount: total)
    let rows = (0..<count).map { UInt32($0 * 7919 % total) }
    let taken = try frame.take(try Buffer(rows))
    #expect(
      zip(rows, taken.columns[0].scalars).allSatisfy { $1 == .int(values[Int($0)]) })
    #expect(taken.columns[1].scalars == rows.map { frame.columns[1][Int($0)] })
  }

  @Test(arguments: SampleKind.allCases)
  func takeFilterAndSliceAgreeWithRows(_ kind: SampleKind) throws {
    for count in boundaryCounts {
      for nulls in NullPattern.allCases {
        let column = try sampleColumn(kind, count: count, nulls: nulls)
        let scalars = column.scalars
        var generator = RandomGenerator(seed: 5)
        let rows = (0..<(count == 0 ? 0 : 130)).map { _ in
          UInt32(generator.next(below: UInt64(count)))
        }
        let taken = try column.take(Buffer(rows))
        #expect(taken.scalars == rows.map { scalars[Int($0)] })
        #expect(taken.nullCount == taken.scalars.count { $0.isNull })
        let gaps = rows.map { $0 % 3 == 0 ? noRow : $0 } + [noRow]
        #expect(
          try column.takeOrNull(Buffer(gaps)).scalars
            == gaps.map { $0 == noRow ? .null : scalars[Int($0)] })
        let bits = (0..<count).map { _ in generator.next(below: 2) == 1 }
        #expect(
          try column.filter(Bitmap(bits)).scalars
            == zip(scalars, bits).filter(\.1).map(\.0))
        let range = count / 3..<count - count / 5
        #expect(try column.slice(range).scalars == Array(scalars[range]))
      }
    }
  }

  @Test(arguments: SampleKind.allCases)
  func concatenationAgreesWithRows(_ kind: SampleKind) throws {
    for (first, second) in [(0, 0), (0, 65), (1, 64), (63, 2), (64, 64), (129, 127)] {
      for nulls in NullPattern.allCases {
        let columns = [
          try sampleColumn(kind, count: first, nulls: nulls, seed: 2),
          try sampleColumn(kind, count: second, nulls: .none, seed: 3),
          try sampleColumn(kind, count: first, nulls: .random, seed: 4),
        ]
        #expect(try Column.concatenate(columns).scalars == columns.flatMap(\.scalars))
      }
    }
  }

  @Test func concatenationReconcilesWidthsAndDictionaries() throws {
    let wide = try Column.concatenate([.ints([1, nil]), .ints([1 << 40]), .ints([300])])
    #expect(wide.scalars == [.int(1), .null, .int(1 << 40), .int(300)])
    let texts = try Column.concatenate([.texts(["b", nil, "a"]), .texts(["c", "a", "b"])])
    #expect(texts.scalars == ["b", nil, "a", "c", "a", "b"].map { $0.map(Scalar.text) ?? .null })
    guard case .dictionary(_, let dictionary) = texts.storage else {
      Issue.record("the dictionary is gone")
      return
    }
    #expect((0..<dictionary.count).map { dictionary.entries[$0] } == ["b", "a", "c"])
    let later = try Column.concatenate([.texts(["b", nil]), .texts(["c", nil, "b", nil])])
    guard case .dictionary(let codes, _) = later.storage else {
      Issue.record("the dictionary is gone")
      return
    }
    #expect((0..<6).map { codes[$0] } == [0, 0, 1, 0, 0, 0], "null rows hold 0")
    let mixed = try Column.concatenate([
      .texts(["x", nil]), Column(type: .text, storage: .text(TextStorage(["", "yy"]))),
    ])
    #expect(mixed.scalars == [.text("x"), .null, .text(""), .text("yy")])
    #expect(throws: DataError.self) { try Column.concatenate([.ints([1]), .floats([1])]) }
    #expect(throws: DataError.self) { try Column.concatenate([]) }
  }

  @Test func rowsOutOfBoundsAreErrors() throws {
    let column = try Column.ints([1, 2, 3])
    #expect(throws: DataError.self) { try column.take(Buffer([3])) }
    #expect(throws: DataError.self) { try column.take(Buffer([noRow])) }
    #expect(throws: DataError.self) { try column.takeOrNull(Buffer([0, 7])) }
    let empty = try Column.ints([])
    #expect(throws: DataError.self) { try empty.takeOrNull(Buffer([0])) }
    #expect(try empty.takeOrNull(Buffer([noRow, noRow])).scalars == [.null, .null])
  }

  @Test func framesKeepTheirColumns() throws {
    let frame = Frame(
      names: ["a", "b"], columns: [try .ints([1, 2, 3]), try .texts(["x", nil, "z"])])
    let taken = try frame.take(Buffer([2, 0]))
    #expect(taken.names == ["a", "b"])
    #expect(taken.columns.map(\.scalars) == [[.int(3), .int(1)], [.text("z"), .text("x")]])
    let twice = try Frame.concatenate([frame, frame.slice(1..<3)])
    #expect(twice.rowCount == 5)
    #expect(twice.columns[1].scalars[4] == .text("z"))
    let other = Frame(names: ["a", "c"], columns: frame.columns)
    #expect(throws: DataError.self) { try Frame.concatenate([frame, other]) }
    let noColumns = Frame(names: [], columns: [], rowCount: 4)
    #expect(try noColumns.filter(Bitmap([true, false, true, true])).rowCount == 3)
  }

  @Test func takingCrossesParts() throws {
    for count in [Workers.partSize - 1, Workers.partSize, Workers.partSize + 1] {
      let column = try sampleColumn(.int16, count: count, nulls: .random)
      let rows = try Buffer((0..<count).reversed().map { UInt32($0) })
      let back = try column.take(rows).take(rows)
      #expect(back.scalars == column.scalars)
      #expect(try column.filter(Bitmap(repeating: true, count: count)).scalars == column.scalars)
    }
  }

  @Test func framesAreFilteredAsTheirColumnsAre() throws {
    for count in boundaryCounts + [Workers.partSize - 1, Workers.partSize, Workers.partSize + 1] {
      let columns = try [SampleKind.int8, .int64, .floats, .fewTexts, .plainText, .date]
        .enumerated()
        .map { try sampleColumn($1, count: count, nulls: $0 % 2 == 0 ? .random : .none) }
      let frame = Frame(names: ["a", "b", "c", "d", "e", "f"], columns: columns, rowCount: count)
      var generator = RandomGenerator(seed: 3)
      for share in [0, 1, 5, 9, 10] {
        let bits = (0..<count).map { _ in generator.next(below: 10) < share }
        let mask = try Bitmap(bits)
        let filtered = try frame.filter(mask)
        #expect(filtered.rowCount == mask.setCount)
        for (column, other) in zip(filtered.columns, columns) {
          #expect(column.scalars == zip(other.scalars, bits).filter(\.1).map(\.0))
        }
      }
    }
  }
}
