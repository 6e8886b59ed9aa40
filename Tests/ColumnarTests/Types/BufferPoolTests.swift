import Columnar
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

  @Test func impossibleSizesAreErrors() {
    #expect(throws: DataError.self) { try Buffer<UInt64>(count: .max / 4) }
    #expect(throws: DataError.self) { try Buffer<UInt8>(count: 1 << 60) }
    #expect(throws: DataError.self) { try Buffer<UInt8>(count: -1) }
  }
}
