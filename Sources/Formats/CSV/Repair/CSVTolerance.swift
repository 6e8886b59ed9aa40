/// What a reader is to accept beyond well-formed records.
package struct CSVTolerance: Sendable, Hashable {
  /// What is done with a record that has another number of fields than the first.
  package enum Ragged: String, Sendable, CaseIterable {
    case error
    /// Missing fields are null; fields too many are left out.
    case fill
    /// The record is left out.
    case skip
  }

  package var ragged = Ragged.error
  /// Whether misplaced quotes are taken as text, blank lines between records left out and bytes that
  /// are not UTF-8 replaced.
  package var repairs = false

  package init() {}
}

/// Something in a file that was not as it should be, and was accepted.
package struct CSVRepair: Sendable, Hashable {
  package enum Kind: String, Sendable, CaseIterable {
    case short = "short record, filled with null"
    case long = "long record, fields too many left out"
    case skipped = "record of another length, left out"
    case blank = "blank line, left out"
    case quote = "misplaced quote, kept as text"
    case unclosed = "quote never closed, kept as text"
    case byte = "byte that is not UTF-8, replaced"
  }

  package var kind: Kind
  /// The line of the file, counted from 1.
  package var line: Int
  /// How many fields the record has; nil where that is not what is wrong.
  package var fieldCount: Int?
}
