import Columnar

/// A table read from a file, and what is to be said about the reading.
package struct CSVResult: Sendable {
  package var frame: Frame
  package var report: LoadReport
}

/// What a reader found and decided.
package struct LoadReport: Sendable {
  package var dialect: CSVDialect
  package var rowCount: Int
  /// Bytes of text, after decompression.
  package var byteCount: Int
  /// Whether reading ended at the row limit, with more in the file.
  package var isPartial = false
  /// Whether it was found by looking that there is, or is not, a header.
  package var isHeaderGuessed = false
  /// Words read as null, in order of columns; the word `""` stands for a quoted empty field.
  package var nullWords: [NullWordCount] = []
  /// Columns that look like numbers and are text all the same.
  package var keptAsText: [KeptAsText] = []
  /// Header names that had to be changed.
  package var renamed: [Renaming] = []
  /// Columns whose datetimes had an offset and were converted to UTC.
  package var convertedToUTC: [String] = []

  package struct NullWordCount: Sendable, Hashable {
    package var column: String
    package var word: String
    package var count: Int
  }

  package struct KeptAsText: Sendable, Hashable {
    package enum Reason: String, Sendable, Hashable {
      case leadingZeros = "leading zeros"
      case tooLarge = "integers beyond 64 bits"
      case decimalComma = "decimal commas"
    }

    package var column: String
    package var reason: Reason
  }

  package struct Renaming: Sendable, Hashable {
    /// The column's place in the file, counted from 1.
    package var position: Int
    package var original: String
    package var name: String
  }

  /// The report as lines: `NA read as null: sex 11, mass 2`.
  package var notes: [String] {
    var notes: [String] = []
    var words: [String] = []
    for entry in nullWords where !words.contains(entry.word) { words.append(entry.word) }
    for word in words {
      let counts = nullWords.filter { $0.word == word }.map { "\($0.column) \(grouped($0.count))" }
      notes.append("\(word) read as null: \(listed(counts)) (null=[] keeps it as text)")
    }
    for entry in keptAsText {
      let name = quotedName(entry.column)
      let reason =
        switch entry.reason {
        case .leadingZeros: "leading zeros (types={\(name): int} reads it as int)"
        case .tooLarge: "integers beyond 64 bits (types={\(name): float} reads it as float)"
        case .decimalComma: "decimal commas (decimal=\",\" reads it as float)"
        }
      notes.append("\(name) kept as text: \(reason)")
    }
    for entry in renamed {
      notes.append(
        entry.original.isEmpty
          ? "column \(entry.position) has no name: \(quotedName(entry.name))"
          : "second column named \(quotedName(entry.original)): \(quotedName(entry.name))")
    }
    if !convertedToUTC.isEmpty {
      notes.append("offsets converted to UTC: \(listed(convertedToUTC.map(quotedName)))")
    }
    if isHeaderGuessed, !dialect.hasHeader {
      notes.append("no header: columns are named column_1, … (header=true if there is one)")
    }
    return notes
  }

  private func listed(_ items: [String]) -> String {
    items.count <= 8
      ? items.joined(separator: ", ")
      : items.prefix(8).joined(separator: ", ") + ", … (\(items.count) columns)"
  }

  /// A name as it is typed: in backticks unless it is a plain word.
  private func quotedName(_ name: String) -> String {
    let isPlain = name.utf8.enumerated().allSatisfy { place, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"):
        true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): place > 0
      default: false
      }
    }
    return isPlain && !name.isEmpty ? name : "`\(name)`"
  }
}

/// A count with a comma every three digits: `88,213`.
func grouped(_ count: Int) -> String {
  var text = String(count.magnitude)
  var place = text.utf8.count - 3
  while place > 0 {
    text.insert(",", at: text.index(text.startIndex, offsetBy: place))
    place -= 3
  }
  return count < 0 ? "-" + text : text
}

/// How a file separates and marks its fields.
package struct CSVDialect: Sendable, Hashable {
  package var delimiter: UInt8
  package var quote: UInt8?
  package var hasHeader: Bool
  package var usesDecimalComma: Bool
  package var isCompressed: Bool
}
