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

  /// What was accepted though it is not well formed, in order of lines.
  package var repairs: [CSVRepair] = []
  /// Whether it was found by looking that numbers have decimal commas.
  package var isDecimalCommaFound = false
  /// Columns that are text for the sake of a few values.
  package var fewOthers: [FewOthers] = []
  /// Columns of a type that was given with values that are not of it and were read as null.
  package var invalidValues: [InvalidValues] = []

  /// A column that would be of a narrower type but for a few of its values.
  package struct FewOthers: Sendable, Hashable {
    package var column: String
    /// The type of the other values.
    package var type: DataType
    /// How many values are not of that type, of how many.
    package var count: Int
    package var valueCount: Int
    /// The first of them and the line in which its record begins.
    package var value: String
    package var line: Int
  }

  /// Values of one column that are not of the type that was given.
  package struct InvalidValues: Sendable, Hashable {
    package var column: String
    package var count: Int
    /// The first of them, the line in which its record begins, and why it is none.
    package var value: String
    package var line: Int
    package var reason: String
  }

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
