/// The SHA-256 digest of FIPS 180-4, fed piece by piece.
///
/// It pins inputs in notebooks and locks and guards model files against damage; it protects no
/// secret, so it need not run in constant time.
package struct SHA256: Sendable {
  private var state: [UInt32] = initialState
  /// The bytes of the block that is not yet full.
  private var pending: [UInt8] = []
  private var byteCount: UInt64 = 0

  package init() { pending.reserveCapacity(blockSize) }

  /// Appends `bytes` to what is digested.
  package mutating func update(_ bytes: some Sequence<UInt8>) {
    let isContiguous: Void? = bytes.withContiguousStorageIfAvailable { update(buffer: $0) }
    if isContiguous == nil { Array(bytes).withUnsafeBufferPointer { update(buffer: $0) } }
  }

  private mutating func update(buffer: UnsafeBufferPointer<UInt8>) {
    byteCount &+= UInt64(buffer.count)
    var next = 0
    if !pending.isEmpty {
      next = min(blockSize - pending.count, buffer.count)
      pending.append(contentsOf: buffer[..<next])
      guard pending.count == blockSize else { return }
      let block = pending
      block.withUnsafeBufferPointer { digest($0, blocks: 1) }
      pending.removeAll(keepingCapacity: true)
    }
    let blocks = (buffer.count - next) / blockSize
    if blocks > 0 {
      digest(UnsafeBufferPointer(rebasing: buffer[next...]), blocks: blocks)
      next += blocks * blockSize
    }
    pending.append(contentsOf: buffer[next...])
  }

  /// The 32 bytes of the digest of everything so far. More may be appended afterwards.
  package func finalize() -> [UInt8] {
    var last = self
    let bitCount = byteCount &* 8
    var padding: [UInt8] = [0x80]
    let used = (pending.count + 1) % blockSize
    padding.append(contentsOf: repeatElement(0, count: (blockSize + 56 - used) % blockSize))
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      padding.append(UInt8(truncatingIfNeeded: bitCount >> shift))
    }
    last.update(padding)
    return last.state.flatMap { word in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
    }
  }

  /// The digest of everything so far as 64 lower-case hexadecimal digits.
  package func hexDigest() -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
      as: UTF8.self)
  }

  /// The digest of `bytes` as 64 lower-case hexadecimal digits.
  package static func hexDigest(_ bytes: some Sequence<UInt8>) -> String {
    var digest = SHA256()
    digest.update(bytes)
    return digest.hexDigest()
  }

  /// The compression function of FIPS 180-4, section 6.2.2, over whole blocks.
  private mutating func digest(_ bytes: UnsafeBufferPointer<UInt8>, blocks: Int) {
    precondition(bytes.count >= blocks * blockSize)
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
      roundConstants.withUnsafeBufferPointer { constants in
        for block in 0..<blocks {
          // SAFETY: `bytes` holds `blocks` whole blocks and `schedule` 64 words, each written before
          // it is read.
          for word in 0..<16 {
            let at = block * blockSize + word * 4
            schedule[word] =
              UInt32(bytes[at]) << 24 | UInt32(bytes[at + 1]) << 16
              | UInt32(bytes[at + 2]) << 8 | UInt32(bytes[at + 3])
          }
          for word in 16..<64 {
            let early = schedule[word - 15]
            let late = schedule[word - 2]
            let sigma0 = rotated(early, 7) ^ rotated(early, 18) ^ (early >> 3)
            let sigma1 = rotated(late, 17) ^ rotated(late, 19) ^ (late >> 10)
            schedule[word] = schedule[word - 16] &+ sigma0 &+ schedule[word - 7] &+ sigma1
          }
          compress(schedule: UnsafeBufferPointer(schedule), constants: constants)
        }
      }
    }
  }

  private mutating func compress(
    schedule: UnsafeBufferPointer<UInt32>, constants: UnsafeBufferPointer<UInt32>
  ) {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for round in 0..<64 {
      let sum1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
      let choice = (e & f) ^ (~e & g)
      let first = h &+ sum1 &+ choice &+ constants[round] &+ schedule[round]
      let sum0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
      let majority = (a & b) ^ (a & c) ^ (b & c)
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ sum0 &+ majority)
    }
    state[0] &+= a
    state[1] &+= b
    state[2] &+= c
    state[3] &+= d
    state[4] &+= e
    state[5] &+= f
    state[6] &+= g
    state[7] &+= h
  }
}

@inline(__always)
private func rotated(_ word: UInt32, _ places: UInt32) -> UInt32 {
  word &>> places | word &<< (32 &- places)
}

private let blockSize = 64

/// The first 32 bits of the fractional parts of the square roots of the first 8 primes.
private let initialState: [UInt32] = [
  0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
  0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
]

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
private let roundConstants: [UInt32] = [
  0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5,
  0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
  0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3,
  0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
  0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc,
  0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
  0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
  0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
  0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13,
  0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
  0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3,
  0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
  0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5,
  0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
  0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208,
  0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
]
