/// Lists of texts on their way through an expression, over batches.
///
/// No column holds lists. Inside an expression one is a text: of each element its length in bytes, a
/// colon and its bytes, or `-` for a null, as `1:a-0:` for a, null and an empty text.
package enum TextLists {
  package typealias Bytes = Texts.Bytes

  private static let colon = UInt8(ascii: ":")
  private static let dash = UInt8(ascii: "-")

  /// Puts an element behind those that `list` has.
  package static func append(_ element: Bytes?, to list: inout [UInt8]) {
    guard let element else {
      list.append(dash)
      return
    }
    list.append(contentsOf: String(element.count).utf8)
    list.append(colon)
    list.append(contentsOf: element)
  }

  /// The elements of a list, nil for a null.
  package static func elements(of list: Bytes) -> [Bytes?] {
    var elements: [Bytes?] = []
    var place = 0
    while place < list.count {
      if list[place] == dash {
        elements.append(nil)
        place += 1
        continue
      }
      var length = 0
      while place < list.count, list[place] != colon {
        length = length &* 10 &+ Int(list[place] &- 0x30)
        place += 1
      }
      place += 1
      guard length >= 0, place <= list.count, length <= list.count - place else { break }
      elements.append(Bytes(rebasing: list[place..<place + length]))
      place += length
    }
    return elements
  }

  /// A list for each row: what `body` says of that row's elements.
  private static func mapped(
    _ v: [Vector], _ context: inout KernelContext,
    _ body: (_ row: Int, _ elements: [Bytes?]) throws -> [Bytes?]
  ) throws -> Vector {
    let lists = v[0].texts.views
    return try Texts.map(v, &context) { row, arena in
      arena.copy(packed(try body(row, elements(of: lists[row]))))
    }
  }

  private static func packed(_ elements: [Bytes?]) -> [UInt8] {
    var list: [UInt8] = []
    for element in elements { append(element, to: &list) }
    return list
  }

  /// A list of the texts of each row, null or not.
  package static func of(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let columns = v.map { (texts: $0.texts, validity: $0.validity) }
    return try Texts.map([], &context) { row, arena in
      arena.copy(
        packed(
          columns.map { column in
            Validity.isSet(column.validity, row) ? column.texts.views[row] : nil
          }))
    }
  }

  /// The parts of the first text between those equal to the second; its characters where that is
  /// empty.
  package static func split(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (texts, separators) = (v[0].texts.views, v[1].texts.views)
    return try Texts.map(v, &context) { row, arena in
      let (text, separator) = (texts[row], separators[row])
      var list: [UInt8] = []
      if separator.isEmpty {
        for character in String(decoding: text, as: UTF8.self) {
          var character = String(character)
          character.withUTF8 { append($0, to: &list) }
        }
        return arena.copy(list)
      }
      var start = 0
      while let found = Texts.position(of: separator, in: text, from: start) {
        append(Bytes(rebasing: text[start..<found]), to: &list)
        start = found + separator.count
      }
      append(Bytes(rebasing: text[start...]), to: &list)
      return arena.copy(list)
    }
  }

  package static func length(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let lists = v[0].texts.views
    var counts = [Int64](repeating: 0, count: context.count)
    for row in 0..<context.count where !v[0].isNull(row) {
      counts[row] = Int64(elements(of: lists[row]).count)
    }
    return Vector(.ints(counts), validity: v[0].validity)
  }

  /// The element at the second argument's place, from 1, below 0 from the end; null where there is
  /// none.
  package static func element(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (lists, places) = (v[0].texts.views, v[1].ints)
    var missing: [Int] = []
    var result = try Texts.map(v, &context) { row, _ in
      let elements = elements(of: lists[row])
      if let index = index(places[row], in: elements.count), let element = elements[index] {
        return element
      }
      missing.append(row)
      return Bytes(start: nil, count: 0)
    }
    for row in missing { Validity.clear(&result.validity, row, count: context.count) }
    return result
  }

  /// The place from 0 of one from 1, or from -1 at the end; nil where there is none.
  private static func index(_ place: Int64, in count: Int) -> Int? {
    let index = place > 0 ? place - 1 : Int64(count) &+ place
    return place != 0 && index >= 0 && index < count ? Int(index) : nil
  }

  /// The elements from one place to another, both included, as `slice` counts characters.
  package static func slice(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (starts, ends) = (v[1].ints, v[2].ints)
    return try mapped(v, &context) { row, elements in
      let count = Int64(elements.count)
      let from = starts[row] < 0 ? max(count &+ starts[row], 0) : max(starts[row] - 1, 0)
      let to = ends[row] < 0 ? count &+ ends[row] &+ 1 : min(ends[row], count)
      return from < to ? Array(elements[Int(from)..<Int(to)]) : []
    }
  }

  /// Whether an element is equal to the second argument.
  package static func contains(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let found = try position(v, &context)
    return Vector(.bools(found.ints.map { $0 > 0 ? 1 : 0 }), validity: found.validity)
  }

  /// The place of the first element equal to the second argument, from 1; 0 where there is none.
  package static func position(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (lists, wanted) = (v[0].texts.views, v[1].texts.views)
    let validity = Validity.all(v)
    var places = [Int64](repeating: 0, count: context.count)
    for row in 0..<context.count where Validity.isSet(validity, row) {
      let place = elements(of: lists[row]).firstIndex { element in
        element.map { Texts.isEqual($0, wanted[row]) } ?? false
      }
      places[row] = place.map { Int64($0) + 1 } ?? 0
    }
    return Vector(.ints(places), validity: validity)
  }

  /// The elements with the second argument between them; nulls are passed over.
  package static func joined(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (lists, separators) = (v[0].texts.views, v[1].texts.views)
    return try Texts.map(v, &context) { row, arena in
      var result: [UInt8] = []
      var isFirst = true
      for case let element? in elements(of: lists[row]) {
        if !isFirst { result.append(contentsOf: separators[row]) }
        result.append(contentsOf: element)
        isFirst = false
      }
      return arena.copy(result)
    }
  }

  /// The elements in order of their bytes, nulls last.
  package static func sorted(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    try mapped(v, &context) { _, elements in
      let known = elements.compactMap(\.self)
      return known.sorted { $0.lexicographicallyPrecedes($1) }
        + Array(repeating: nil, count: elements.count - known.count)
    }
  }

  package static func reversed(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    try mapped(v, &context) { _, elements in elements.reversed() }
  }

  /// Each different element once, where it first stands.
  package static func distinct(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    try mapped(v, &context) { _, elements in
      var seen: Set<[UInt8]?> = []
      return elements.filter { seen.insert($0.map(Array.init)).inserted }
    }
  }
}

extension Texts {
  /// Whether two texts have the same bytes.
  package static func isEqual(_ a: Bytes, _ b: Bytes) -> Bool { bytesEqual(a, b) }
}
