/// Checks that text is UTF-8.
enum UTF8Validation {
  /// The place of the first byte that is not UTF-8; nil if all is well.
  ///
  /// SAFETY: `count` bytes can be read at `text`.
  static func firstInvalid(_ text: UnsafePointer<UInt8>, _ count: Int) -> Int? {
    var place = 0
    while place < count {
      while place &+ 8 <= count,
        UnsafeRawPointer(text + place).loadUnaligned(as: UInt64.self) & 0x8080_8080_8080_8080 == 0
      {
        place &+= 8
      }
      if place >= count { break }
      let lead = text[place]
      if lead < 0x80 {
        place &+= 1
        continue
      }
      guard let length = length(text + place, count &- place) else { return place }
      place &+= length
    }
    return nil
  }

  /// The length of the sequence at `text` by table 3-7 of the Unicode standard; nil if it is none.
  @inline(__always)
  private static func length(_ text: UnsafePointer<UInt8>, _ left: Int) -> Int? {
    let lead = text[0]
    @inline(__always) func isContinuation(_ place: Int) -> Bool { text[place] & 0xC0 == 0x80 }
    if lead < 0xC2 || lead > 0xF4 { return nil }
    if lead < 0xE0 { return left >= 2 && isContinuation(1) ? 2 : nil }
    let second = left >= 2 ? text[1] : 0
    if lead < 0xF0 {
      let lower: UInt8 = lead == 0xE0 ? 0xA0 : 0x80
      let upper: UInt8 = lead == 0xED ? 0x9F : 0xBF
      return left >= 3 && second >= lower && second <= upper && isContinuation(2) ? 3 : nil
    }
    let lower: UInt8 = lead == 0xF0 ? 0x90 : 0x80
    let upper: UInt8 = lead == 0xF4 ? 0x8F : 0xBF
    return left >= 4 && second >= lower && second <= upper && isContinuation(2)
      && isContinuation(3) ? 4 : nil
  }
}
