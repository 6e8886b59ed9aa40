import Columnar

/// How a CSV file is to be read. Whatever is nil is found by looking.
package struct CSVOptions: Sendable {
  /// The byte between fields; nil: found among comma, semicolon, tab, bar and space.
  package var delimiter: UInt8?
  /// The byte around fields that hold delimiters or newlines; nil: no byte does.
  package var quote: UInt8?
  /// What stands between fields where it is more than one byte, in place of `delimiter`.
  package var longDelimiter: [UInt8]?
  /// nil: UTF-8, or UTF-16 where a byte order mark says so.
  package var encoding: FileEncoding?
  /// Lines before the header that are not looked at.
  package var skippedLines = 0
  /// Lines that begin with it are left out; empty: none.
  package var comment: [UInt8] = []
  /// What is accepted beyond well-formed records.
  package var tolerance = CSVTolerance()
  /// Whether a value that is not of the type given for its column is null, not an error.
  package var nullsInvalidValues = false
  /// Whether the first line holds names; nil: found by looking.
  package var hasHeader: Bool?
  /// Whether numbers are written `1,5` instead of `1.5`; nil: found by looking.
  package var usesDecimalComma: Bool?
  /// Words that are null in every column, in place of the usual ones, which are null only where
  /// they stand among values that are not text.
  package var nullWords: [String]?
  /// Types that are not to be found by looking, by column name.
  package var types: [String: ColumnSpec]
  /// The columns to read, which come out in the order of the file; nil: all.
  package var columns: [String]?
  /// Reads no more than so many rows, types from these alone; nil: all.
  package var rowLimit: Int?
  /// Bytes that one part of the work covers; tests shrink it so that parts end anywhere.
  package var chunkSize: Int
  /// The most distinct texts of a column that are kept as a dictionary.
  package var dictionaryLimit: Int

  package init(
    delimiter: UInt8? = nil, quote: UInt8? = UInt8(ascii: "\""), hasHeader: Bool? = nil,
    usesDecimalComma: Bool? = nil, nullWords: [String]? = nil, types: [String: ColumnSpec] = [:],
    columns: [String]? = nil, rowLimit: Int? = nil, chunkSize: Int = 256 << 10,
    dictionaryLimit: Int = 1 << 18
  ) {
    self.delimiter = delimiter
    self.quote = quote
    self.hasHeader = hasHeader
    self.usesDecimalComma = usesDecimalComma
    self.nullWords = nullWords
    self.types = types
    self.columns = columns
    self.rowLimit = rowLimit
    self.chunkSize = max(chunkSize, 1)
    self.dictionaryLimit = dictionaryLimit
  }

  /// The type a column is to have, whatever its values look like.
  package enum ColumnSpec: Sendable, Hashable {
    case type(DataType)
    /// Dates written as `%d.%m.%Y`; the directives are those of `DatePattern`.
    case date(format: String)
    /// Datetimes written as `%d.%m.%Y %H:%M`.
    case datetime(format: String)

    package var type: DataType {
      switch self {
      case .type(let type): type
      case .date: .date
      case .datetime: .datetime
      }
    }
  }
}
