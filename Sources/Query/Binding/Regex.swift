import CPCRE2
import Columnar
import Synchronization

/// A compiled PCRE2 pattern. Matching is bounded: a pattern that would search for ages is an error.
package final class Regex: Sendable {
  /// SAFETY: compiled once, then only read; PCRE2 allows that from many threads.
  private nonisolated(unsafe) let code: OpaquePointer
  private nonisolated(unsafe) let limits: OpaquePointer?
  package let pattern: String

  /// Steps of the matcher per text, about a second's worth at most.
  private static let matchLimit: UInt32 = 2_000_000

  package init(_ pattern: String, isCaseInsensitive: Bool = false) throws(DataError) {
    var number: Int32 = 0
    var offset = 0
    var options = PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF
    if isCaseInsensitive { options |= PCRE2_CASELESS }
    let bytes = Array(pattern.utf8)
    let compiled = bytes.withUnsafeBufferPointer {
      pcre2_compile_8($0.baseAddress, $0.count, options, &number, &offset, nil)
    }
    guard let compiled else {
      throw DataError(
        .invalidValue, "the regex is not valid: \(Regex.message(number)) at character \(offset + 1)"
      )
    }
    pcre2_jit_compile_8(compiled, PCRE2_JIT_COMPLETE)
    let limits = pcre2_match_context_create_8(nil)
    pcre2_set_match_limit_8(limits, Regex.matchLimit)
    pcre2_set_depth_limit_8(limits, Regex.matchLimit)
    pcre2_set_heap_limit_8(limits, 64 * 1024)
    code = compiled
    self.limits = limits
    self.pattern = pattern
  }

  deinit {
    pcre2_code_free_8(code)
    pcre2_match_context_free_8(limits)
  }

  /// The number of capturing groups.
  package var groupCount: Int {
    var count: UInt32 = 0
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &count)
    return Int(count)
  }

  /// Whether it matches somewhere in one text. Throws where that would take too long.
  package func matches(_ text: String) throws -> Bool {
    let matcher = try Matcher(self)
    var text = text
    return try text.withUTF8 { try matcher.find($0, from: 0, row: 0) }
  }

  private static func message(_ number: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = pcre2_get_error_message_8(number, &buffer, buffer.count)
    return String(decoding: buffer.prefix(Int(max(length, 0))), as: UTF8.self)
  }

  /// Room for one match after another, on one thread.
  struct Matcher: ~Copyable {
    private let regex: Regex
    private let data: OpaquePointer

    init(_ regex: Regex) throws {
      guard let data = pcre2_match_data_create_from_pattern_8(regex.code, nil) else {
        throw DataError(.memory, "not enough memory for a regex")
      }
      self.regex = regex
      self.data = data
    }

    deinit { pcre2_match_data_free_8(data) }

    /// Whether there is a match at or behind `start`; its places are then in `range`.
    func find(_ text: UnsafeBufferPointer<UInt8>, from start: Int, row: Int, flags: UInt32 = 0)
      throws -> Bool
    {
      // An empty text may have no address, which PCRE2 reads as an error.
      var empty: UInt8 = 0
      let status = withUnsafePointer(to: &empty) { empty in
        pcre2_match_8(
          regex.code, text.baseAddress ?? UnsafePointer(empty), text.count, start, flags, data,
          regex.limits)
      }
      if status >= 0 { return true }
      if status == PCRE2_ERROR_NOMATCH { return false }
      if status == PCRE2_ERROR_MATCHLIMIT || status == PCRE2_ERROR_DEPTHLIMIT
        || status == PCRE2_ERROR_HEAPLIMIT || status == PCRE2_ERROR_JIT_STACKLIMIT
      {
        throw DataError(
          .invalidValue, "the regex /\(regex.pattern)/ takes too long on this text", row: row,
          hints: ["nested repeats as (a+)+ search in ever more ways: write a+"])
      }
      throw DataError(
        .invalidValue, "the regex /\(regex.pattern)/ failed: \(Regex.message(status))", row: row)
    }

    /// Where group `group` of the last match lies; nil if it took no part.
    func range(_ group: Int) -> Range<Int>? {
      let places = pcre2_get_ovector_pointer_8(data)
      guard let places, group < Int(pcre2_get_ovector_count_8(data)) else { return nil }
      let (start, end) = (places[2 * group], places[2 * group + 1])
      guard start != Int.max, start >= 0, end >= start else { return nil }
      return start..<end
    }
  }

  /// Whether each text has a match.
  package func matches(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let matcher = try Matcher(self)
    let texts = v[0].texts
    var result = [UInt8](repeating: 0, count: context.count)
    for row in 0..<context.count where !v[0].isNull(row) {
      if try matcher.find(texts.views[row], from: 0, row: context.firstRow + row) {
        result[row] = 1
      }
    }
    return Vector(.bools(result), validity: v[0].validity)
  }

  /// Group `group` of each text's first match; null where there is none.
  package func extract(group: Int) -> Kernel {
    { v, context in
      let matcher = try Matcher(self)
      let texts = v[0].texts
      var validity = v[0].validity
      var views = [Texts.Bytes](repeating: Texts.Bytes(start: nil, count: 0), count: context.count)
      for row in 0..<context.count where Validity.isSet(validity, row) {
        if try matcher.find(texts.views[row], from: 0, row: context.firstRow + row),
          let range = matcher.range(group)
        {
          views[row] = Texts.Bytes(rebasing: texts.views[row][range])
        } else {
          Validity.clear(&validity, row, count: context.count)
        }
      }
      return Vector(.texts(TextVector(views: views, owners: texts.owners)), validity: validity)
    }
  }

  /// Every match replaced by the second argument, in which `$1` is the first group and `$$` a dollar.
  package func replace(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let matcher = try Matcher(self)
    let (texts, templates, firstRow) = (v[0].texts.views, v[1].texts.views, context.firstRow)
    return try Texts.map(v, &context) { row, arena in
      let text = texts[row]
      var result: [UInt8] = []
      var copied = 0
      var start = 0
      while start <= text.count, try matcher.find(text, from: start, row: firstRow + row),
        let whole = matcher.range(0)
      {
        result.append(contentsOf: text[copied..<max(copied, whole.lowerBound)])
        append(templates[row], of: text, matcher, to: &result)
        copied = max(copied, whole.upperBound)
        start = Regex.place(behind: whole, in: text)
      }
      guard copied > 0 || !result.isEmpty else { return text }
      result.append(contentsOf: text[copied...])
      return arena.copy(result)
    }
  }

  /// The place behind the character at `place`.
  private static func next(_ place: Int, in text: Texts.Bytes) -> Int {
    var next = place + 1
    while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
    return next
  }

  /// Where to look for the match that follows `match`.
  static func place(behind match: Range<Int>, in text: Texts.Bytes) -> Int {
    match.isEmpty ? next(match.upperBound, in: text) : match.upperBound
  }

  private func append(
    _ template: Texts.Bytes, of text: Texts.Bytes, _ matcher: borrowing Matcher,
    to result: inout [UInt8]
  ) {
    var i = 0
    while i < template.count {
      let byte = template[i]
      if byte == UInt8(ascii: "$"), i + 1 < template.count {
        let following = template[i + 1]
        if following == byte {
          result.append(byte)
          i += 2
          continue
        }
        if following >= 0x30, following <= 0x39 {
          if let range = matcher.range(Int(following - 0x30)) {
            result.append(contentsOf: text[range])
          }
          i += 2
          continue
        }
      }
      result.append(byte)
      i += 1
    }
  }
}

extension Regex {
  /// How many matches each text has, without overlaps. An empty match counts where it is found.
  package func count(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let matcher = try Matcher(self)
    let texts = v[0].texts
    var counts = [Int64](repeating: 0, count: context.count)
    for row in 0..<context.count where !v[0].isNull(row) {
      let text = texts.views[row]
      var start = 0
      while start <= text.count,
        try matcher.find(text, from: start, row: context.firstRow + row),
        let whole = matcher.range(0)
      {
        counts[row] += 1
        start = Regex.place(behind: whole, in: text)
      }
    }
    return Vector(.ints(counts), validity: v[0].validity)
  }
}
