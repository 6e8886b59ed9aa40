#if arch(x86_64) && canImport(_Builtin_intrinsics)
  import _Builtin_intrinsics.intel.sse2
#endif

typealias ByteMask = SIMDMask<SIMD16<Int8>>

/// A bit for each of 16 lanes, the first lowest.
@inline(__always)
func bits(_ mask: ByteMask) -> UInt64 {
  #if arch(x86_64) && canImport(_Builtin_intrinsics)
    return UInt64(UInt32(bitPattern: _mm_movemask_epi8(unsafeBitCast(mask, to: __m128i.self))))
  #else
    // Each lane is 0 or 0xFF; the product gathers one bit a lane in the top byte.
    let halves = unsafeBitCast(mask, to: SIMD2<UInt64>.self)
    let gather: UInt64 = 0x0102_0408_1020_4080
    let low = ((halves[0].littleEndian & 0x0101_0101_0101_0101) &* gather) &>> 56
    let high = ((halves[1].littleEndian & 0x0101_0101_0101_0101) &* gather) &>> 56
    return low | high &<< 8
  #endif
}

/// How many bits are set. x86-64 without extensions has no instruction for it.
@inline(__always)
func bitCount(_ word: UInt64) -> Int {
  #if arch(x86_64)
    var sum = word
    sum = sum &- ((sum &>> 1) & 0x5555_5555_5555_5555)
    sum = (sum & 0x3333_3333_3333_3333) &+ ((sum &>> 2) & 0x3333_3333_3333_3333)
    sum = (sum &+ (sum &>> 4)) & 0x0F0F_0F0F_0F0F_0F0F
    return Int(truncatingIfNeeded: (sum &* 0x0101_0101_0101_0101) &>> 56)
  #else
    return word.nonzeroBitCount
  #endif
}

/// 64 bytes of text in four vectors.
struct ByteBlock {
  typealias Lanes = SIMD16<UInt8>

  let first: Lanes
  let second: Lanes
  let third: Lanes
  let fourth: Lanes

  /// SAFETY: 64 bytes can be read at `text`.
  @inline(__always)
  init(_ text: UnsafePointer<UInt8>) {
    let raw = UnsafeRawPointer(text)
    first = raw.loadUnaligned(as: Lanes.self)
    second = raw.loadUnaligned(fromByteOffset: 16, as: Lanes.self)
    third = raw.loadUnaligned(fromByteOffset: 32, as: Lanes.self)
    fourth = raw.loadUnaligned(fromByteOffset: 48, as: Lanes.self)
  }

  /// A bit for each byte that equals `byte`.
  @inline(__always)
  func matches(_ byte: Lanes) -> UInt64 {
    bits(first .== byte) | bits(second .== byte) &<< 16 | bits(third .== byte) &<< 32
      | bits(fourth .== byte) &<< 48
  }

  /// A bit for each byte that equals one of two.
  @inline(__always)
  func matches(_ left: Lanes, _ right: Lanes) -> UInt64 {
    bits((first .== left) .| (first .== right))
      | bits((second .== left) .| (second .== right)) &<< 16
      | bits((third .== left) .| (third .== right)) &<< 32
      | bits((fourth .== left) .| (fourth .== right)) &<< 48
  }

  /// Whether any byte equals `byte`.
  @inline(__always)
  func contains(_ byte: Lanes) -> Bool {
    bits(
      ((first .== byte) .| (second .== byte)) .| ((third .== byte) .| (fourth .== byte))) != 0
  }

  /// The bitwise or of the four vectors.
  @inline(__always)
  var union: Lanes { (first | second) | (third | fourth) }

  /// The lanewise minimum of the four vectors.
  @inline(__always)
  var minimum: Lanes {
    pointwiseMin(pointwiseMin(first, second), pointwiseMin(third, fourth))
  }
}

/// Whether a count of quotes is odd.
///
/// SAFETY: `count` bytes can be read at `text`.
func isQuoteCountOdd(_ text: UnsafePointer<UInt8>, _ count: Int, quote: UInt8) -> Bool {
  let lanes = SIMD16<UInt8>(repeating: quote)
  let raw = UnsafeRawPointer(text)
  var even = ByteMask(repeating: false)
  var odd = even
  var place = 0
  while place &+ 32 <= count {
    even =
      even .^ (raw.loadUnaligned(fromByteOffset: place, as: SIMD16<UInt8>.self) .== lanes)
    odd =
      odd .^ (raw.loadUnaligned(fromByteOffset: place &+ 16, as: SIMD16<UInt8>.self) .== lanes)
    place &+= 32
  }
  var total = bitCount(bits(even)) &+ bitCount(bits(odd))
  while place < count {
    if text[place] == quote { total &+= 1 }
    place &+= 1
  }
  return total & 1 == 1
}
