/// The bytes of two texts of two words that the engine's hash of texts folds to the same number.
let textsOfEqualHashes: [[UInt8]] = {
  func folded(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return product.high ^ product.low
  }
  func text(_ first: UInt64, _ second: UInt64) -> [UInt8] {
    [first, second].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
  }
  let start: UInt64 = 16 ^ 0x9E37_79B9_7F4A_7C15
  let (one, other) = (UInt64(0x6162_6364_6566_6768), UInt64(0x4142_4344_4546_4748))
  let second: UInt64 = 0x3132_3334_3536_3738
  return [text(one, second), text(other, second ^ folded(start ^ one) ^ folded(start ^ other))]
}()
