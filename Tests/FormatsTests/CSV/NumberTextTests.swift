import Columnar
import TestSupport
import Testing

@testable import Formats

@Suite struct NumberTextTests {
  private func text(_ write: (UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8>) -> String
  {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { buffer in
      let start = buffer.baseAddress!
      return String(decoding: buffer[..<(write(start) - start)], as: UTF8.self)
    }
  }

  @Test func floatsAreTheShortestThatReadBack() {
    var generator = SeededGenerator(seed: 5)
    var values: [Double] = [
      0, -0.0, .infinity, -.infinity, 1, 1e-4, 9.9e-5, 999_999_999.999999, 1e9,
    ]
    for _ in 0..<20_000 {
      values.append(Double(bitPattern: .random(in: 0..<(0x7FF << 52), using: &generator)))
      values.append(Double.random(in: -1000...1000, using: &generator))
      let places = [1.0, 10, 100, 1000, 1e6].randomElement(using: &generator)!
      values.append(Double(Int.random(in: -(1 << 40)...1 << 40, using: &generator)) / places)
    }
    for value in values {
      let found = text { NumberText.write(value, $0) }
      if found != value.description { Issue.record("\(value) is written \(found)") }
    }
  }

  @Test func ints() {
    var values: [Int64] = [0, 9, 10, -1, -10, .max, .min, 999_999_999_999_999_999]
    var power: Int64 = 1
    for _ in 0..<18 {
      power *= 10
      values += [power, power - 1, power + 1, -power]
    }
    for value in values { #expect(text { NumberText.write(value, $0) } == String(value)) }
  }
}
