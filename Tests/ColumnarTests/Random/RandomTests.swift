import Columnar
import TestSupport
import Testing

@Suite struct RandomTests {
  /// The first numbers of the authors' xoshiro256** with its state from SplitMix64 of seed 0.
  @Test func theSequenceIsTheOneThatIsDocumented() {
    var generator = RandomGenerator(seed: 0)
    let numbers = (0..<3).map { _ in generator.next() }
    #expect(
      numbers == [0x99EC_5F36_CB75_F2B4, 0xBF6E_1F78_4956_452A, 0x1A5F_849D_4933_E6E0])
  }

  @Test func boundedNumbersAreInBoundsAndEven() {
    var generator = RandomGenerator(seed: 1)
    var counts = [Int](repeating: 0, count: 6)
    for _ in 0..<60_000 { counts[Int(generator.next(below: 6))] += 1 }
    // Five standard deviations of a binomial count.
    #expect(counts.allSatisfy { abs($0 - 10_000) < 460 })
    for _ in 0..<1000 {
      let unit = generator.unit()
      #expect(unit >= 0 && unit < 1)
    }
    #expect((0..<100).allSatisfy { _ in generator.next(below: 1) == 0 })
  }

  @Test func shufflesArePermutations() throws {
    for count in boundaryCounts {
      let rows = try shuffledRows(count, seed: 3)
      #expect(rows.sorted() == (0..<count).map(UInt32.init))
      #expect(Array(rows) == Array(try shuffledRows(count, seed: 3)))
    }
    #expect(Array(try shuffledRows(100, seed: 1)) != Array(try shuffledRows(100, seed: 2)))
  }

  @Test func samplesHaveTheirSize() throws {
    for count in boundaryCounts {
      for size in [0, 1, count / 2, count, count + 5] {
        let rows = Array(try sampleRows(count, size: size, seed: 8))
        #expect(rows.count == min(size, count))
        #expect(zip(rows, rows.dropFirst()).allSatisfy { $0 < $1 })
      }
    }
  }

  @Test func splitsAreExactAndComplete() throws {
    for count in boundaryCounts {
      for fraction in [0, 0.1, 0.5, 0.8, 1] {
        let (first, second) = try splitRows(count, fraction: fraction, seed: 7)
        #expect(first.count == Int((fraction * Double(count)).rounded()))
        #expect((Array(first) + Array(second)).sorted() == (0..<count).map(UInt32.init))
        #expect(zip(first, first.dropFirst()).allSatisfy { $0 < $1 })
        #expect(zip(second, second.dropFirst()).allSatisfy { $0 < $1 })
      }
    }
    #expect(throws: DataError.self) { try splitRows(4, fraction: 1.5, seed: 1) }
    #expect(throws: DataError.self) { try splitRows(4, fraction: .nan, seed: 1) }
  }

  @Test func strataGetTheirShare() throws {
    for seed in 1...20 {
      let count = 97 + seed
      let key = try sampleColumn(.fewTexts, count: count, nulls: .random, seed: UInt64(seed))
      let strata = try Grouping(keys: [key], rowCount: count)
      for fraction in [0, 0.1, 0.25, 0.8, 1] {
        let (first, second) = try splitRows(
          count, fraction: fraction, seed: UInt64(seed), strata: strata)
        #expect(first.count == Int((fraction * Double(count)).rounded()))
        #expect((Array(first) + Array(second)).sorted() == (0..<count).map(UInt32.init))
        let ids = try strata.ids
        for (group, size) in try strata.sizes().enumerated() {
          let share = first.count { ids[Int($0)] == group }
          #expect(abs(Double(share) - fraction * Double(size)) < 1)
        }
      }
    }
  }
}
