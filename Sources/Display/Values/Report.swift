/// A result made of titled tables and lines, as `describe`, a model or a help page.
package struct Report: Sendable {
  /// What it is, for programs: `describe`, `ols`, `evaluation`.
  package var kind: String
  /// Lines above everything else.
  package var title: [String]
  package var sections: [Section]
  /// Lines below everything else: counts, what was left out, what to do next.
  package var footer: [String]
  /// Values that are not in a table, for programs: `n`, `r2`.
  package var facts: [Fact]

  package enum Section: Sendable {
    case table(ReportTable)
    case text([String])
    case plot(Plot)
  }

  package init(
    kind: String, title: [String] = [], sections: [Section] = [], footer: [String] = [],
    facts: [Fact] = []
  ) {
    self.kind = kind
    self.title = title
    self.sections = sections
    self.footer = footer
    self.facts = facts
  }
}

/// A small table inside a report. In JSON it is an array of objects under `key`.
package struct ReportTable: Sendable {
  package var key: String
  package var columns: [ReportColumn]
  package var rows: [[Cell]]

  package init(key: String, columns: [ReportColumn], rows: [[Cell]]) {
    self.key = key
    self.columns = columns
    self.rows = rows
  }
}

package struct ReportColumn: Sendable {
  package enum Alignment: Sendable {
    case left, right
    /// Numbers aligned on the decimal point.
    case decimal
  }

  /// The key in JSON, as `std_error`.
  package var key: String
  /// The heading, as `std error`.
  package var title: String
  package var alignment: Alignment
  /// Columns of higher priority are kept when the width does not suffice, those of one priority go
  /// together; 0 is never dropped.
  package var droppable: Int
  /// Whether a text that is too wide goes on in the next line, where others are cut; for sentences, in
  /// a last column.
  package var wraps: Bool

  package init(
    _ key: String, title: String? = nil, _ alignment: Alignment = .left, droppable: Int = 0,
    wraps: Bool = false
  ) {
    self.key = key
    self.title = title ?? key
    self.alignment = alignment
    self.droppable = droppable
    self.wraps = wraps
  }
}

package enum Cell: Sendable {
  /// Nothing to say here: blank on the screen, left out of JSON.
  case empty
  /// A missing value: the null glyph, null in JSON.
  case null
  case text(String)
  case int(Int64)
  case number(Double, NumberFormat)
  /// A count with its share of a whole, as `152 (44%)`.
  case share(count: Int64, of: Int64)
  /// `[lower, upper]`
  case interval(Double, Double)
  /// A bar as long as this fraction of the longest.
  case bar(fraction: Double)
  /// A small histogram in one line: a height a value, null counts nothing.
  case spark([Int])
  /// Text on the screen, something else for programs.
  case shown(String, JSONValue)
}

/// How a number is cut for the screen; programs always get all digits.
package enum NumberFormat: Sendable {
  /// At least this many significant digits, never fewer than the integer part has.
  case significant(Int)
  case decimals(Int)
  /// `2.6e-11`, `0.00040`, `0.0539`: two significant digits below 0.001, else three.
  case pValue
  case percent(decimals: Int)
}
