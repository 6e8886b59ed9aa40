import Columnar
import TestSupport
import Testing

@Suite struct BitmapTests {
  @Test func logicIsBitwise() throws {
    for count in boundaryCounts {
      var generator = RandomGenerator(seed: UInt64(count))
      let left = (0..<count).map { _ in generator.next(below: 2) == 1 }
      let right = (0..<count).map { _ in generator.next(below: 2) == 1 }
      let (first, second) = (try Bitmap(left), try Bitmap(right))
      func bits(_ bitmap: Bitmap) -> [Bool] { (0..<bitmap.count).map { bitmap[$0] } }
      #expect(bits(try first.and(second)) == zip(left, right).map { $0 && $1 })
      #expect(bits(try first.or(second)) == zip(left, right).map { $0 || $1 })
      #expect(bits(try first.subtracting(second)) == zip(left, right).map { $0 && !$1 })
      #expect(bits(try first.inverted()) == left.map { !$0 })
      #expect(try first.inverted().setCount == left.count { !$0 })
      #expect(Array(try first.rows()) == left.indices.filter { left[$0] }.map(UInt32.init))
      for start in [0, count / 2, count] {
        #expect(bits(try first.slice(start..<count)) == Array(left[start...]))
      }
    }
  }

  @Test func masksCountFalseAndNull() throws {
    for count in boundaryCounts + [Workers.partSize + 1] {
      for nulls in NullPattern.allCases {
        let condition = try sampleColumn(.bool, count: count, nulls: nulls)
        let mask = try Bitmap.mask(condition)
        let scalars = condition.scalars
        #expect((0..<count).allSatisfy { mask.selected[$0] == (scalars[$0] == .bool(true)) })
        #expect(mask.falseCount == scalars.count { $0 == .bool(false) })
        #expect(mask.nullCount == scalars.count { $0.isNull })
        #expect(mask.selectedCount == scalars.count { $0 == .bool(true) })
      }
    }
    #expect(throws: DataError.self) { try Bitmap.mask(.ints([1])) }
  }

  @Test func moreRowsThanCanBeNumberedAreAnError() throws {
    #expect(throws: DataError.self) { try RowLimit.check(4_294_967_295) }
    #expect(throws: Never.self) { try RowLimit.check(4_294_967_294) }
    #expect(throws: DataError.self) { try shuffledRows(4_294_967_295, seed: 1) }
  }
}
