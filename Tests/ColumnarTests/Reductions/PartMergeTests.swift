import TestSupport
import Testing

@testable import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct PartMergeTests {
  /// Floats whose sum depends on the order, from parts that end in any order.
  private static func value(_ part: Int, _ slot: Int) -> Double {
    Double((part * 7919 + slot * 104_729) % 1_000_003) * (part % 3 == 0 ? 1e12 : 1e-3)
  }

  @Test(arguments: [(1, 1), (4095, 2), (4097, 3), (9000, 1), (9000, 6)])
  func mergesInTheOrderOfTheParts(slotCount: Int, roomLimit: Int) throws {
    let parts = 40
    let before = Workers.threadCount
    Workers.threadCount = 4
    defer { Workers.threadCount = before }
    var state = GroupState()
    let word = 1
    state.add(.sum(state.index(of: try .floats([0]))))
    #expect(state.stride == 2)
    for isPlaced in [false, true] {
      let total = try Buffer<UInt64>(repeating: 0, count: slotCount * 2)
      let places = try Buffer((0..<UInt32(slotCount)).reversed())
      let merge = PartMerge(
        StateMerge(state), slotCount: slotCount, into: total,
        at: isPlaced ? places : nil, roomLimit: roomLimit)
      try merge.run(parts: parts) { part, states in
        // Some parts are late, so that those behind them have to wait.
        if part % 7 == 0 { usleep(3000) }
        #expect((0..<slotCount * 2).allSatisfy { states[$0] == 0 })
        for slot in 0..<slotCount {
          states[slot * 2] = 1
          states[slot * 2 + word] = Self.value(part, slot).bitPattern
        }
      }
      let isRight = (0..<slotCount).allSatisfy { slot in
        let place = isPlaced ? slotCount - 1 - slot : slot
        var sum = 0.0
        for part in 0..<parts { sum += Self.value(part, slot) }
        return total[place * 2] == UInt64(parts) && total[place * 2 + word] == sum.bitPattern
      }
      #expect(isRight)
    }
  }

  @Test func aPartThatFailsEndsAll() throws {
    var state = GroupState()
    state.add(.sum(state.index(of: try .floats([0]))))
    let merge = PartMerge(
      StateMerge(state), slotCount: 10,
      into: try Buffer<UInt64>(repeating: 0, count: 20), at: nil, roomLimit: 1)
    #expect(throws: DataError(.invalidValue, "part 11")) {
      try merge.run(parts: 40) { part, _ in
        if part == 11 { throw DataError(.invalidValue, "part 11") }
      }
    }
  }
}
