#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Numbers as text. Each function writes at `target` and returns where the text ends.
///
/// SAFETY: `target` has room for 32 bytes.
enum NumberText {
  typealias Target = UnsafeMutablePointer<UInt8>

  @inline(__always)
  static func copy(_ text: StaticString, _ target: Target) -> Target {
    target.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
    return target + text.utf8CodeUnitCount
  }

  @inline(__always)
  static func write(_ value: Int64, _ target: Target) -> Target {
    guard value < 0 else { return write(UInt64(value), target) }
    target[0] = 0x2D
    return write(value.magnitude, target + 1)
  }

  @inline(__always)
  private static func write(_ value: UInt64, _ target: Target) -> Target {
    if value < 10 {
      target[0] = 0x30 &+ UInt8(truncatingIfNeeded: value)
      return target + 1
    }
    let count = digitCount(value)
    digits(value, count, target)
    return target + count
  }

  /// Writes the last `count` digits of a number, two at a time.
  @inline(__always)
  private static func digits(_ value: UInt64, _ count: Int, _ target: Target) {
    let pairs = UnsafeRawPointer(digitPairs.utf8Start)
    var rest = value
    var place = count
    while place > 1 {
      place &-= 2
      // SAFETY: there are a hundred pairs, and room for `count` digits.
      let pair = pairs.loadUnaligned(
        fromByteOffset: Int(truncatingIfNeeded: rest % 100) &* 2, as: UInt16.self)
      UnsafeMutableRawPointer(target + place).storeBytes(of: pair, as: UInt16.self)
      rest /= 100
    }
    if place == 1 { target[0] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10) }
  }

  @inline(__always)
  private static func digitCount(_ value: UInt64) -> Int {
    var count = 1
    var bound: UInt64 = 10
    while count < 20, value >= bound {
      count &+= 1
      if count == 20 { break }
      bound &*= 10
    }
    return count
  }

  /// The shortest decimal that reads back as the same float: `1.5`, `2.0`, `1e+300`, `inf`.
  @inline(__always)
  static func write(_ value: Double, _ target: Target) -> Target {
    let magnitude = value.magnitude
    if magnitude >= 1e-4, magnitude < 1e9 {
      // Decimals of up to 15 digits are apart as floats, so if one with six places reads back as
      // the value it is, without its zeros, the shortest that does.
      let scaled = (magnitude * 1e6).rounded()
      if scaled / 1e6 == magnitude {
        return write(millionths: UInt64(scaled), isNegative: value < 0, target)
      }
    }
    return writeSlowly(value, target)
  }

  @inline(__always)
  private static func write(
    millionths: UInt64, isNegative: Bool, _ target: Target
  ) -> Target {
    var end = target
    if isNegative {
      end[0] = 0x2D
      end += 1
    }
    end = write(millionths / 1_000_000, end)
    end[0] = 0x2E
    digits(millionths % 1_000_000, 6, end + 1)
    // Without the zeros at the end, of which one stays.
    var count = 6
    while count > 1, end[count] == 0x30 { count &-= 1 }
    return end + (1 + count)
  }

  private static func writeSlowly(_ value: Double, _ target: Target) -> Target {
    var text = value.description
    return text.withUTF8 { text in
      if let start = text.baseAddress { memcpy(target, start, text.count) }
      return target + text.count
    }
  }
}

/// The numbers below a hundred, two digits each.
private let digitPairs: StaticString = """
  00010203040506070809101112131415161718192021222324252627282930313233343536373839\
  40414243444546474849505152535455565758596061626364656667686970717273747576777879\
  8081828384858687888990919293949596979899
  """
