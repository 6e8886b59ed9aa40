import Columnar
import TestSupport
import Testing

/// Functions of texts eight bytes at a time against Swift's own strings.
@Suite struct TextKernelTests {
  /// Texts of up to 40 bytes of every kind of ASCII, with something else at each place in turn.
  private static let texts: [String] = {
    var generator = RandomGenerator(seed: 3)
    let odd = ["@", "[", "`", "{", "\u{7F}", "\0", "\r", "\r\n", "ä", "ß", "ÿ", "é", "İ", "👍🏽", "ﬁ"]
    return (0...40).flatMap { length -> [String] in
      let plain = (0..<length).map { _ in
        String(UnicodeScalar(UInt8(32 + generator.next(below: 95))))
      }
      return [plain.joined()]
        + plain.indices.map { place in
          var parts = plain
          parts[place] = odd[Int(generator.next(below: UInt64(odd.count)))]
          return parts.joined()
        }
    }
  }()

  private func apply(_ kernel: Kernel, _ texts: [String], _ others: [Scalar]) throws -> Vector {
    var context = KernelContext(firstRow: 0, count: texts.count)
    let vectors = try others.map {
      try Vector.constant($0, type: $0.type ?? .text, count: texts.count)
    }
    return try kernel([try Column.texts(texts).vector(0..<texts.count)] + vectors, &context)
  }

  private func strings(_ kernel: Kernel, _ others: [Scalar] = []) throws -> [String] {
    let texts = try apply(kernel, Self.texts, others).texts
    return Self.texts.indices.map { texts[$0] }
  }

  @Test func lettersChange() throws {
    #expect(try strings(Texts.upper) == Self.texts.map { $0.uppercased() })
    #expect(try strings(Texts.lower) == Self.texts.map { $0.lowercased() })
  }

  @Test func charactersAreCountedAndCut() throws {
    #expect(
      try apply(Texts.length, Self.texts, []).ints == Self.texts.map { Int64($0.count) })
    for (from, to) in [(1, 8), (2, 2), (3, 100), (9, 4)] {
      #expect(
        try strings(Texts.slice, [.int(Int64(from)), .int(Int64(to))])
          == Self.texts.map { String($0.prefix(to).dropFirst(from - 1)) })
    }
  }

  /// What stands for a part is put in from the left, without overlaps.
  private func replaced(_ text: String, _ old: String, _ new: String) -> String {
    var (rest, result) = (Array(text.utf8)[...], [UInt8]())
    let (old, new) = (Array(old.utf8), Array(new.utf8))
    while let first = rest.first {
      if rest.starts(with: old) {
        result += new
        rest = rest.dropFirst(old.count)
      } else {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  @Test func partsAreReplaced() throws {
    let long = String(repeating: "aab", count: 3000)
    let texts = ["", "a", "aa", "aaaa", "baab", "xaay", long, "b" + long + "a", long + long]
    let news = ["", "a", "bb", "aaa", String(repeating: "z", count: 50)]
    for old in ["a", "aa", "ab", "b", "aab", "nothing"] {
      for new in news {
        let vector = try apply(Texts.replace, texts, [.text(old), .text(new)])
        for (row, text) in texts.enumerated() {
          #expect(vector.texts[row] == replaced(text, old, new), "\(row) \(old) \(new)")
        }
      }
    }
    #expect(try apply(Texts.replace, texts, [.text(""), .text("x")]).texts[2] == "aa")
  }

  @Test func partsBetweenSeparatorsAreFound() throws {
    let texts = ["", "a", "a-b-c", "-", "--", "a--b", "-a-", "abc-de-f-g"]
    for separator in ["-", "--", "x", ""] {
      let parts = texts.map { text in
        separator.isEmpty || text.isEmpty
          ? [text]
          : replaced(text, separator, "\n").split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
      }
      for place in [Int64.min, -9, -3, -2, -1, 0, 1, 2, 3, 4, 9, .max] {
        let found = try apply(Texts.splitPart, texts, [.text(separator), .int(place)])
        for (row, parts) in parts.enumerated() {
          let index = place > 0 ? place - 1 : Int64(parts.count) &+ place
          let wanted = place != 0 && parts.indices.contains(Int(index)) ? parts[Int(index)] : nil
          #expect((found.isNull(row) ? nil : found.texts[row]) == wanted, "\(row) \(place)")
        }
      }
    }
  }

  /// Texts made a batch at a time, of which the first of a part decide how its others are kept.
  @Test(arguments: [false, true]) func columnsOfTextsThatDifferOrNot(_ hasNulls: Bool) throws {
    let size = Workers.partSize
    let count = 2 * size + 5000
    let kinds: [(name: String, text: (Int) -> String)] = [
      ("all differ", { "text number \($0)" }), ("few", { "\($0 % 7)" }),
      ("lengths", { String(repeating: "x", count: $0 % 70) + "\($0)" }),
      ("few behind the first part", { $0 < size ? "\($0)" : "\($0 % 3)" }),
      ("few behind the first batch", { $0 < 4096 ? "\($0)" : "\($0 % 50)" }),
      ("few in the first part", { $0 < size ? "\($0 % 9)" : "\($0)" }),
    ]
    for kind in kinds {
      let values = (0..<count).map { hasNulls && $0 % 11 == 3 ? nil : kind.text($0) }
      let target = try ColumnTarget(type: .text, count: count)
      let parts = try (0..<Workers.partCount(count)).map { part in
        let range = Workers.part(part, of: count)
        var builder = PartBuilder(target, rows: range)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Vector.batchSize) {
          let batch = Array(values[start..<min(start + Vector.batchSize, range.upperBound)])
          builder.append(try Column.texts(batch).vector(0..<batch.count), rows: batch.count)
        }
        return builder
      }
      let column = try PartBuilder.column(parts, target)
      #expect(
        zip(column.scalars, values).allSatisfy { $0 == ($1.map(Scalar.text) ?? .null) },
        "\(kind.name)")
      // Plain where more than half of the rows differ, as counted part by part.
      let isPlain = if case .text = column.storage { true } else { false }
      let plain = ["all differ", "lengths"] + (hasNulls ? [] : ["few in the first part"])
      #expect(isPlain == plain.contains(kind.name), "\(kind.name)")
    }
  }
}
