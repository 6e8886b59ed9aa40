/// The 64-bit checksum XXH64 by Yann Collet, with seed 0: fast, and made to find damage, not
/// attackers.
///
/// After the specification at https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md.
enum XXHash64 {
  static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    let count = bytes.count
    var place = 0
    func word(_ offset: Int) -> UInt64 {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    var hash: UInt64
    if count >= 32 {
      var (a, b, c, d) = (prime1 &+ prime2, prime2, UInt64(0), 0 &- prime1)
      while place &+ 32 <= count {
        a = round(a, word(place))
        b = round(b, word(place &+ 8))
        c = round(c, word(place &+ 16))
        d = round(d, word(place &+ 24))
        place &+= 32
      }
      hash = rotated(a, 1) &+ rotated(b, 7) &+ rotated(c, 12) &+ rotated(d, 18)
      hash = (hash ^ round(0, a)) &* prime1 &+ prime4
      hash = (hash ^ round(0, b)) &* prime1 &+ prime4
      hash = (hash ^ round(0, c)) &* prime1 &+ prime4
      hash = (hash ^ round(0, d)) &* prime1 &+ prime4
    } else {
      hash = prime5
    }
    hash &+= UInt64(count)
    while place &+ 8 <= count {
      hash = rotated(hash ^ round(0, word(place)), 27) &* prime1 &+ prime4
      place &+= 8
    }
    if place &+ 4 <= count {
      let half = UInt32(
        littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
      hash = rotated(hash ^ (UInt64(half) &* prime1), 23) &* prime2 &+ prime3
      place &+= 4
    }
    while place < count {
      hash = rotated(hash ^ (UInt64(bytes[place]) &* prime5), 11) &* prime1
      place &+= 1
    }
    hash ^= hash >> 33
    hash = hash &* prime2
    hash ^= hash >> 29
    hash = hash &* prime3
    return hash ^ (hash >> 32)
  }

  @inline(__always)
  private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
    rotated(lane &+ input &* prime2, 31) &* prime1
  }

  @inline(__always)
  private static func rotated(_ word: UInt64, _ places: UInt64) -> UInt64 {
    word &<< places | word &>> (64 &- places)
  }

  private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5
}
