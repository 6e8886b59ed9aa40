#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The fields of one column in a chunk of text, as the places of the delimiters around them.
///
/// SAFETY: the text can be read 32 bytes before the first and 64 bytes after the last field, and
/// both arrays have `count` entries at `stride`; all are valid while the chunk is being worked on.
struct FieldBatch {
  let text: UnsafePointer<UInt8>
  /// Where the delimiter before a field stands.
  let starts: UnsafePointer<UInt32>
  /// Where a field ends.
  let ends: UnsafePointer<UInt32>
  let stride: Int
  let count: Int

  /// The bytes of a field as they stand in the file, quotes included.
  @inline(__always)
  func raw(_ row: Int) -> (start: UnsafePointer<UInt8>, count: Int) {
    let start = Int(truncatingIfNeeded: starts[row &* stride]) &+ 1
    let end = Int(truncatingIfNeeded: ends[row &* stride])
    return (text + start, end &- start)
  }
}

/// What a field holds once its quotes are taken off.
struct FieldContent {
  let start: UnsafePointer<UInt8>
  let count: Int
  let isQuoted: Bool
}

/// Takes quotes off fields; where a field has doubled quotes its content is a copy, valid until the
/// next call.
struct FieldUnquoter: ~Copyable {
  let quote: UInt8?
  private var copy: UnsafeMutablePointer<UInt8>
  private var capacity = 1 << 12

  init(quote: UInt8?) {
    self.quote = quote
    copy = Self.region(1 << 12)
  }

  deinit { (copy - 32).deallocate() }

  /// A region that may be read 32 bytes before and 64 after, as fields in a text may.
  private static func region(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
    let region = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + 96)
    region.initialize(repeating: 0, count: capacity + 96)
    return region + 32
  }

  /// The content of a field, without the quotes.
  @inline(__always)
  mutating func content(_ field: UnsafePointer<UInt8>, _ count: Int) -> FieldContent {
    if count >= 2, let quote, field[0] == quote { return unquoted(field, count, quote) }
    return FieldContent(start: field, count: count, isQuoted: false)
  }

  /// The content of a field, without the quotes and without blanks around it.
  @inline(__always)
  mutating func trimmed(_ field: UnsafePointer<UInt8>, _ count: Int) -> FieldContent {
    let whole = content(field, count)
    var start = whole.start
    var count = whole.count
    while count > 0, start[0] == 0x20 || start[0] == 0x09 {
      start += 1
      count &-= 1
    }
    while count > 0, start[count &- 1] == 0x20 || start[count &- 1] == 0x09 { count &-= 1 }
    return FieldContent(start: start, count: count, isQuoted: whole.isQuoted)
  }

  /// The content of a field that needs no copy: one without quotes, or with none doubled; nil for
  /// others.
  @inline(__always)
  func plainContent(_ field: UnsafePointer<UInt8>, _ count: Int) -> FieldContent? {
    guard count >= 2, let quote, field[0] == quote else {
      return FieldContent(start: field, count: count, isQuoted: false)
    }
    if memchr(field + 1, Int32(quote), count &- 2) != nil { return nil }
    return FieldContent(start: field + 1, count: count &- 2, isQuoted: true)
  }

  private mutating func unquoted(
    _ field: UnsafePointer<UInt8>, _ count: Int, _ quote: UInt8
  ) -> FieldContent {
    let inner = count - 2
    guard let first = memchr(field + 1, Int32(quote), inner) else {
      return FieldContent(start: field + 1, count: inner, isQuoted: true)
    }
    if inner > capacity {
      (copy - 32).deallocate()
      capacity = inner * 2
      copy = Self.region(capacity)
    }
    var length = 0
    var place = field + 1
    let end = place + inner
    var next: UnsafeRawPointer? = UnsafeRawPointer(first)
    while let quotes = next {
      // Up to the first of two quotes and with it; the structure stage has seen to it that quotes
      // inside come in pairs.
      let run = quotes - UnsafeRawPointer(place) + 1
      memcpy(copy + length, place, run)
      length += run
      place += min(run + 1, end - place)
      next = memchr(place, Int32(quote), end - place).map { UnsafeRawPointer($0) }
    }
    memcpy(copy + length, place, end - place)
    length += end - place
    return FieldContent(start: copy, count: length, isQuoted: true)
  }
}
