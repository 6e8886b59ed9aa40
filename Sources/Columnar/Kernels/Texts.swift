#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Functions of texts over batches. Positions count characters as a reader does, from 1.
package enum Texts {
  package typealias Bytes = UnsafeBufferPointer<UInt8>

  /// A text for each row that is valid in all arguments, made by `body` in the arena given.
  package static func map(
    _ v: [Vector], _ context: inout KernelContext,
    _ body: (_ row: Int, _ arena: TextArena) throws -> Bytes
  ) throws -> Vector {
    let validity = Validity.all(v)
    let arena = TextArena()
    var views = [Bytes](repeating: Bytes(start: nil, count: 0), count: context.count)
    for row in 0..<context.count where Validity.isSet(validity, row) {
      views[row] = try body(row, arena)
    }
    var owners: [any AnyObject & Sendable] = [arena]
    for vector in v { owners += vector.texts.owners }
    return Vector(.texts(TextVector(views: views, owners: owners)), validity: validity)
  }

  package static func upper(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    try cased(v, &context, from: 0x61, to: 0x7A) { $0.uppercased() }
  }

  package static func lower(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    try cased(v, &context, from: 0x41, to: 0x5A) { $0.lowercased() }
  }

  private static func cased(
    _ v: [Vector], _ context: inout KernelContext, from: UInt8, to: UInt8,
    _ full: (String) -> String
  ) throws -> Vector {
    let views = v[0].texts.views
    return try map(v, &context) { row, arena in
      let text = views[row]
      guard isASCII(text) else {
        return arena.copy(full(String(decoding: text, as: UTF8.self)).utf8)
      }
      let room = arena.reserve(text.count)
      guard let base = UnsafeRawPointer(text.baseAddress) else {
        return Bytes(start: room, count: 0)
      }
      // SAFETY: words lie within the text and its copy; the last one overlaps the one before.
      let target = UnsafeMutableRawPointer(room)
      var place = 0
      while place < text.count {
        if text.count < 8 {
          let byte = text[place]
          room[place] = byte >= from && byte <= to ? byte ^ 0x20 : byte
          place &+= 1
          continue
        }
        let start = min(place, text.count &- 8)
        let word = base.loadUnaligned(fromByteOffset: start, as: UInt64.self)
        target.storeBytes(
          of: word ^ letters(word, from, to) &>> 2, toByteOffset: start, as: UInt64.self)
        place = start &+ 8
      }
      return Bytes(start: room, count: text.count)
    }
  }

  /// The highest bit of each byte that lies within a range; all bytes and bounds are below 0x80.
  @inline(__always)
  private static func letters(_ word: UInt64, _ from: UInt8, _ to: UInt8) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let reached = word &+ ones &* UInt64(0x80 &- from)
    let passed = word &+ ones &* UInt64(0x7F &- to)
    return (reached ^ passed) & (ones &* 0x80)
  }

  /// Takes white space from the start, the end or both.
  package static func trim(start: Bool, end: Bool) -> Kernel {
    { v, context in
      let views = v[0].texts.views
      return try map(v, &context) { row, _ in
        var text = views[row][...]
        while start, let first = text.first, isSpace(first) { text = text.dropFirst() }
        while end, let last = text.last, isSpace(last) { text = text.dropLast() }
        return Bytes(rebasing: text)
      }
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
  }

  package static func contains(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    test(v, &context) { position(of: $1, in: $0, from: 0) != nil }
  }

  package static func starts(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    test(v, &context) {
      $0.count >= $1.count && bytesEqual(Bytes(rebasing: $0[..<$1.count]), $1)
    }
  }

  package static func ends(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    test(v, &context) {
      $0.count >= $1.count && bytesEqual(Bytes(rebasing: $0[($0.count - $1.count)...]), $1)
    }
  }

  @inline(__always)
  private static func test(
    _ v: [Vector], _ context: inout KernelContext, _ body: (Bytes, Bytes) -> Bool
  ) -> Vector {
    Vector(
      .bools(
        elementwise(v[0].texts.views, v[1].texts.views, context.count) { body($0, $1) ? 1 : 0 }),
      validity: Validity.both(v[0].validity, v[1].validity))
  }

  /// Every occurrence of the second text replaced by the third; an empty one is never found.
  package static func replace(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (texts, olds, news) = (v[0].texts.views, v[1].texts.views, v[2].texts.views)
    return try map(v, &context) { row, arena in
      let (text, old, new) = (texts[row], olds[row], news[row])
      guard old.count > 0, let first = position(of: old, in: text, from: 0) else { return text }
      // As many as could be, or as there are where that would be much more.
      var most = text.count / old.count
      if most * new.count > 1 << 12 { most = occurrences(of: old, in: text, from: first) }
      let size = text.count + most * max(new.count - old.count, 0)
      let room = arena.reserve(size)
      var (start, end) = (0, 0)
      var found: Int? = first
      while let place = found {
        end += write(Bytes(rebasing: text[start..<place]), to: room + end)
        end += write(new, to: room + end)
        start = place + old.count
        found = position(of: old, in: text, from: start)
      }
      end += write(Bytes(rebasing: text[start...]), to: room + end)
      arena.giveBack(size - end)
      return Bytes(start: room, count: end)
    }
  }

  /// Writes a text where there is room for it, and returns how many bytes it has.
  @inline(__always)
  private static func write(_ text: Bytes, to room: UnsafeMutablePointer<UInt8>) -> Int {
    if let base = text.baseAddress { room.update(from: base, count: text.count) }
    return text.count
  }

  /// How often a text occurs in another from `start` on, without overlaps.
  private static func occurrences(of needle: Bytes, in text: Bytes, from start: Int) -> Int {
    var (count, start) = (0, start)
    while let found = position(of: needle, in: text, from: start) {
      count += 1
      start = found + needle.count
    }
    return count
  }

  /// The arguments one after the other; a null counts as empty.
  package static func concat(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let all = v.map { vector in
      (texts: vector.texts, validity: vector.validity)
    }
    return try map([], &context) { row, arena in
      var size = 0
      for part in all where Validity.isSet(part.validity, row) {
        size += part.texts.views[row].count
      }
      let room = arena.reserve(size)
      var end = 0
      for part in all where Validity.isSet(part.validity, row) {
        let text = part.texts.views[row]
        if let base = text.baseAddress { (room + end).initialize(from: base, count: text.count) }
        end += text.count
      }
      return Bytes(start: room, count: size)
    }
  }

  /// The arguments one after the other; null where one is null.
  package static func join(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    var result = try concat(v, &context)
    result.validity = Validity.all(v)
    return result
  }

  /// The n-th part between separators, from 1, below 0 from the end; null where there is none.
  package static func splitPart(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (texts, separators, places) = (v[0].texts.views, v[1].texts.views, v[2].ints)
    var missing: [Int] = []
    var result = try map(v, &context) { row, _ in
      let (text, separator) = (texts[row], separators[row])
      var place = places[row]
      if place < 0 {
        let cuts = separator.count > 0 ? occurrences(of: separator, in: text, from: 0) : 0
        place = Int64(cuts) &+ 2 &+ place
      }
      if place > 0, let part = part(place, of: text, between: separator) {
        return Bytes(rebasing: text[part])
      }
      missing.append(row)
      return Bytes(start: nil, count: 0)
    }
    for row in missing { Validity.clear(&result.validity, row, count: context.count) }
    return result
  }

  /// Where the part at a place between separators lies, from 1; nil if there are fewer.
  private static func part(
    _ place: Int64, of text: Bytes, between separator: Bytes
  ) -> Range<Int>? {
    if separator.count == 0 { return place == 1 ? 0..<text.count : nil }
    var (start, place) = (0, place)
    while true {
      let end = position(of: separator, in: text, from: start)
      if place == 1 { return start..<(end ?? text.count) }
      guard let end else { return nil }
      start = end + separator.count
      place -= 1
    }
  }

  package static func repeated(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (texts, counts, firstRow) = (v[0].texts.views, v[1].ints, context.firstRow)
    return try map(v, &context) { row, arena in
      let times = max(counts[row], 0)
      try checkSize(times, times: texts[row].count, row: firstRow + row)
      // A long text takes a while itself: a batch of them would hold up Ctrl-C.
      if times > 1_000 { try Cancellation.check() }
      var result: [UInt8] = []
      for _ in 0..<(texts[row].isEmpty ? 0 : times) { result += texts[row] }
      return arena.copy(result)
    }
  }

  /// Where `needle` begins in `text` at or behind `start`, in bytes.
  package static func position(of needle: Bytes, in text: Bytes, from start: Int) -> Int? {
    guard needle.count > 0 else { return start <= text.count ? start : nil }
    guard let base = text.baseAddress, text.count - start >= needle.count else { return nil }
    var start = start
    let last = text.count - needle.count
    let first = Int32(needle[0])
    // SAFETY: candidates leave room for the whole needle.
    while start <= last, let hit = memchr(base + start, first, last - start + 1) {
      let place = UnsafeRawPointer(hit) - UnsafeRawPointer(base)
      if needle.count == 1 || memcmp(hit, needle.baseAddress!, needle.count) == 0 { return place }
      start = place + 1
    }
    return nil
  }
}
