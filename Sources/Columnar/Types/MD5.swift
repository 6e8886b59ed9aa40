#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The MD5 digest of RFC 1321: for keys that other systems made. It has long been broken and
/// protects nothing.
package enum MD5 {
  /// The digest of `bytes` as 32 lower-case hexadecimal digits.
  package static func hexDigest(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
    var message = Array(bytes)
    message.append(0x80)
    message += [UInt8](repeating: 0, count: (120 - message.count % 64) % 64)
    let bits = UInt64(bytes.count) &* 8
    for shift in stride(from: UInt64(0), through: 56, by: 8) {
      message.append(UInt8(truncatingIfNeeded: bits >> shift))
    }
    for start in stride(from: 0, to: message.count, by: 64) {
      digest(message[start..<start + 64], into: &state)
    }
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for word in state {
      for shift in [UInt32(0), 8, 16, 24] {
        let byte = UInt8(truncatingIfNeeded: word >> shift)
        text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static let shifts: [UInt32] = [
    7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21,
  ]

  /// The whole parts of 2^32 |sin(i)|.
  private static let sines = (1...64).map { UInt32(abs(sin(Double($0))) * 0x1p32) }

  private static func digest(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
    var words = [UInt32](repeating: 0, count: 16)
    for (place, byte) in block.enumerated() {
      words[place / 4] |= UInt32(byte) << UInt32(place % 4 * 8)
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    for step in 0..<64 {
      let mixed: UInt32
      let word: Int
      switch step / 16 {
      case 0: (mixed, word) = (b & c | ~b & d, step)
      case 1: (mixed, word) = (d & b | ~d & c, (5 * step + 1) % 16)
      case 2: (mixed, word) = (b ^ c ^ d, (3 * step + 5) % 16)
      default: (mixed, word) = (c ^ (b | ~d), 7 * step % 16)
      }
      let sum = a &+ mixed &+ sines[step] &+ words[word]
      let shift = shifts[step / 16 * 4 + step % 4]
      (a, d, c, b) = (d, c, b, b &+ (sum << shift | sum >> (32 - shift)))
    }
    state[0] &+= a
    state[1] &+= b
    state[2] &+= c
    state[3] &+= d
  }
}
