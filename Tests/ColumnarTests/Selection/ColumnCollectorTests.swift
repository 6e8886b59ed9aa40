import Columnar
import TestSupport
import Testing

/// Batches one after the other give what the rows together are.
@Suite struct ColumnCollectorTests {
  @Test(arguments: SampleKind.allCases) func givesAllRows(_ kind: SampleKind) throws {
    for nulls in NullPattern.allCases {
      for sizes in [[0], [1], [63, 64, 65], [64, 1, 0, 200], [130, 7]] {
        let columns = try sizes.map { try sampleColumn(kind, count: $0, nulls: nulls) }
        #expect(try collected(columns).scalars == columns.flatMap(\.scalars), "\(sizes)")
      }
    }
  }

  /// Few values in all are coded, though a batch has too many for that; many stay as they are, and
  /// where they come behind codes nothing of these is lost.
  @Test func plainTexts() throws {
    func texts(_ distinct: Int) throws -> Column {
      let valid = (0..<2_000).map { $0 % 7 != 0 }
      let values = valid.enumerated().map { $1 ? "text \($0 * 31 % distinct)" : "" }
      return Column(
        type: .text, storage: .text(try TextStorage(values)), validity: try Bitmap(valid))
    }
    for distincts in [[100, 100], [100, 2_000], [2_000, 100], [2_000, 2_000]] {
      let columns = try distincts.map(texts)
      #expect(try collected(columns).scalars == columns.flatMap(\.scalars), "\(distincts)")
    }
  }

  private func collected(_ columns: [Column]) throws -> Column {
    var collector = ColumnCollector(
      columns[0].type, count: columns.reduce(0) { $0 + $1.count })
    for column in columns { try collector.append(column) }
    return try collector.column()
  }
}
