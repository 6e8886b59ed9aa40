import Columnar
import TestSupport
import Testing

@Suite(.serialized) struct BufferPoolTests {
  @Test func largeBuffersAreKeptWithinTheBoundAndReused() throws {
    BufferPool.release()
    var address: UInt = 0
    do {
      let buffer = try Buffer<UInt64>(repeating: 7, count: 1 << 20)
      address = UInt(bitPattern: buffer.base)
      #expect(address % (2 << 20) == 0)
      #expect(buffer[1 << 19] == 7)
    }
    #expect(BufferPool.keptBytes >= 8 << 20)
    let again = try Buffer<UInt64>(count: 1 << 20)
    _ = again
    #expect(BufferPool.keptBytes <= BufferPool.limit)
    BufferPool.release()
    // Whatever else ran meanwhile may have given back a little.
    #expect(BufferPool.keptBytes <= BufferPool.limit)
  }

  @Test func whatIsKeptServesBuffersOfAnyLength() throws {
    // Regions of many lengths, split and put together in any order, never share memory.
    var random = SeededGenerator(seed: 5)
    var live: [(buffer: Buffer<UInt64>, mark: UInt64)] = []
    for mark in 1...400 as ClosedRange<UInt64> {
      if live.count > 12 { live.remove(at: Int(random.next() % UInt64(live.count))) }
      let megabytes = [1, 2, 2, 2, 3, 5, 8, 20][Int(random.next() % 8)]
      let buffer = try Buffer<UInt64>(count: megabytes << 17)
      for place in Swift.stride(from: 0, to: buffer.count, by: 509) { buffer.base[place] = mark }
      buffer.base[buffer.count - 1] = mark
      live.append((buffer, mark))
      for (buffer, mark) in live {
        #expect(buffer[0] == mark && buffer[buffer.count - 1] == mark)
      }
    }
    for (buffer, mark) in live {
      for place in Swift.stride(from: 0, to: buffer.count, by: 509) where buffer[place] != mark {
        Issue.record("place \(place) of \(buffer.count) holds \(buffer[place]), not \(mark)")
        break
      }
    }
  }

  #if os(Linux)
    @Test func memoryThatWasTouchedIsUsedAgain() throws {
      // Other tests take from the pool, too, so that one time of many is enough.
      let found = try (0..<20).contains { _ in
        var small = try (0..<16).map { _ in try Buffer<UInt64>(repeating: 7, count: 262_136) }
        #expect(small.allSatisfy { $0[262_135] == 7 })
        BufferPool.release()
        small = []
        // Of a length that the pool has no region of.
        let large = try Buffer<UInt64>(count: 4_100_000)
        return stride(from: 0, to: large.count, by: 1 << 18).contains { large[$0 + 4096] == 7 }
      }
      #expect(found)
    }
  #endif

  @Test(arguments: [(10, 3), (300_000, 10), (3_000_000, 300_000), (300_000, 300_000), (10, 0)])
  func aShortenedBufferKeepsItsValues(count: Int, kept: Int) throws {
    let whole = try Buffer((0..<count).map { UInt64($0) })
    let short = try whole.shortened(to: kept)
    #expect(short.count == kept && short.elements.elementsEqual((0..<kept).map { UInt64($0) }))
    // What follows may be read, as behind any buffer, and may be given back and taken again.
    #expect((0..<8).allSatisfy { short.base[kept + $0] == 0 })
    let next = try Buffer(repeating: UInt64.max, count: count)
    #expect(next[count - 1] == .max && short.elements.elementsEqual((0..<kept).map { UInt64($0) }))
  }

  @Test func impossibleSizesAreErrors() {
    #expect(throws: DataError.self) { try Buffer<UInt64>(count: .max / 4) }
    #expect(throws: DataError.self) { try Buffer<UInt8>(count: 1 << 60) }
    #expect(throws: DataError.self) { try Buffer<UInt8>(count: -1) }
  }
}
