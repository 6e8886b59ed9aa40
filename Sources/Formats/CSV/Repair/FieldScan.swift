#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Finds where fields end in text that may not be well formed.
///
/// Of well-formed text it says what `StructuralScan` says. Beyond that: a quote inside a field that
/// does not begin with one is text; a quote inside quotes after which neither the field nor a quote
/// comes is text, if another closes the field in the same line, else the field ends at the next
/// delimiter as if it had no quotes; and one that is never closed is text, too.
struct FieldScan {
  struct Field {
    let start: Int
    /// Where the delimiter, the newline or the end of the text follows.
    let end: Int
    var fault: CSVRepair.Kind?
    /// Whether the quotes around it are its own, so that its content lies between them.
    var isQuoted = false
  }

  let text: UnsafePointer<UInt8>
  let count: Int
  let delimiter: [UInt8]
  let quote: UInt8?
  let newline: UInt8
  /// Whether more follows in the file.
  let isPart: Bool

  /// A quoted field longer than this is taken as one whose quote is not closed.
  private static let longestQuoted = 1 << 20

  /// How far from a misplaced quote another that closes the field is looked for, so that a line of
  /// very many such fields takes no longer than its length allows.
  private static let longestSearch = 1 << 12

  @inline(__always)
  func isDelimiter(_ place: Int) -> Bool {
    guard text[place] == delimiter[0] else { return false }
    if delimiter.count == 1 { return true }
    guard place &+ delimiter.count <= count else { return false }
    for other in 1..<delimiter.count where text[place &+ other] != delimiter[other] {
      return false
    }
    return true
  }

  /// Whether a field ends before `place`: a line end, a delimiter or the end of the text follows.
  private func isEnd(_ place: Int) -> Bool {
    if place >= count || text[place] == newline || isDelimiter(place) { return true }
    return text[place] == 0x0D && (place + 1 == count || text[place + 1] == newline)
  }

  /// The field that a quote before `end` closes, with the carriage return of a line end.
  private func closed(_ start: Int, _ end: Int, _ fault: CSVRepair.Kind?) -> Field {
    let hasReturn =
      end < count && text[end] == 0x0D && text[end] != newline && !isDelimiter(end)
    return Field(start: start, end: hasReturn ? end + 1 : end, fault: fault, isQuoted: true)
  }

  func field(at start: Int) -> Field {
    guard let quote, start < count, text[start] == quote else { return plain(start, from: start) }
    var place = start + 1
    let limit = min(count, start + Self.longestQuoted)
    while let found = memchr(text + place, Int32(quote), limit - place) {
      let here = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - text
      if here + 1 < count, text[here + 1] == quote {
        place = here + 2
        if place > limit { break }
        continue
      }
      if isEnd(here + 1) { return closed(start, here + 1, nil) }
      return malformed(start, from: here, quote)
    }
    // What closes it may come with the rest of the file.
    if isPart, limit == count { return Field(start: start, end: count) }
    return unclosed(start)
  }

  /// A field with a quote at `place` that neither closes it nor is doubled.
  private func malformed(_ start: Int, from place: Int, _ quote: UInt8) -> Field {
    // In another line than where the field began it is rather the quote of another field.
    if memchr(text + start, Int32(newline), place - start) != nil { return unclosed(start) }
    var end = place + 1
    let limit = min(count, end + Self.longestSearch)
    while end < limit, text[end] != newline {
      if text[end] == quote, isEnd(end + 1) { return closed(start, end + 1, .quote) }
      end += 1
    }
    var field = plain(start, from: place)
    field.fault = .quote
    return field
  }

  private func unclosed(_ start: Int) -> Field {
    var field = plain(start, from: start)
    field.fault = .unclosed
    return field
  }

  /// A field without quotes of its own, whose end is looked for from `from` on.
  private func plain(_ start: Int, from: Int) -> Field {
    var place = min(from, count)
    var hasQuote = false
    while place < count {
      let byte = text[place]
      if byte == newline || (byte == delimiter[0] && isDelimiter(place)) { break }
      if byte == quote { hasQuote = true }
      place &+= 1
    }
    return Field(start: start, end: place, fault: hasQuote ? .quote : nil)
  }
}
