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
      if text.contains(where: { $0 >= 0x80 }) {
        return arena.copy(full(String(decoding: text, as: UTF8.self)).utf8)
      }
      let room = arena.reserve(text.count)
      for (i, byte) in text.enumerated() {
        room[i] = byte >= from && byte <= to ? byte ^ 0x20 : byte
      }
      return Bytes(start: room, count: text.count)
    }
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
      guard old.count > 0, var found = position(of: old, in: text, from: 0) else { return text }
      var result: [UInt8] = []
      var start = 0
      while true {
        result.append(contentsOf: text[start..<found])
        result.append(contentsOf: new)
        start = found + old.count
        guard let next = position(of: old, in: text, from: start) else { break }
        found = next
      }
      result.append(contentsOf: text[start...])
      return arena.copy(result)
    }
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
      var parts: [Range<Int>] = []
      var start = 0
      while separator.count > 0, let found = position(of: separator, in: text, from: start) {
        parts.append(start..<found)
        start = found + separator.count
      }
      parts.append(start..<text.count)
      let place = places[row]
      let index = place > 0 ? place - 1 : Int64(parts.count) &+ place
      guard place != 0, index >= 0, index < parts.count else {
        missing.append(row)
        return Bytes(start: nil, count: 0)
      }
      return Bytes(rebasing: text[parts[Int(index)]])
    }
    for row in missing { Validity.clear(&result.validity, row, count: context.count) }
    return result
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
      if memcmp(hit, needle.baseAddress!, needle.count) == 0 { return place }
      start = place + 1
    }
    return nil
  }
}
