import Columnar
import Language

/// What running a plan cost and what it passed over.
package struct ExecutionReport: Sendable {
  /// One operator's share, in the order in which operators ended.
  package struct Operator: Sendable {
    package var name: String
    /// What it worked with: `fare > 3`.
    package var detail: String
    package var rowsIn: Int
    package var rowsOut: Int
    /// Bytes of the columns that came out, shared ones included.
    package var bytes: Int
    /// Without its inputs.
    package var seconds: Double
  }

  /// What a condition said about the rows it saw.
  package struct FilterCounts: Sendable {
    package var span: Span
    package var rows: Int
    package var falseCount: Int
    package var nullCount: Int

    package var kept: Int { rows - falseCount - nullCount }
  }

  /// How many rows of two sides a join found equal.
  package struct JoinCounts: Sendable {
    package struct Side: Sendable {
      package var rows: Int
      /// Nil where that is not looked at.
      package var matched: Int?
      /// Rows with null in a key, which match nothing.
      package var withNull: Int
    }

    /// What the right side is called.
    package var rightName: String
    package var left: Side
    package var right: Side
  }

  package var operators: [Operator] = []
  /// Conditions of `filter`, in the order written.
  package var filters: [FilterCounts] = []
  package var joins: [JoinCounts] = []
  /// What else is to be said, as it is said.
  package var remarks: [String] = []
  /// Rows that `dropnull` left out.
  package var rowsWithNull = 0
  package var notes = EvaluationNotes()

  package init() {}

  /// Puts what another run reported behind.
  mutating func add(_ other: ExecutionReport) {
    operators += other.operators
    filters += other.filters
    joins += other.joins
    remarks += other.remarks
    rowsWithNull += other.rowsWithNull
    notes += other.notes
  }
}

extension ExecutionReport {
  /// What is to be said below a result or behind a binding: rows kept and left out, nulls made.
  package var footer: [String] {
    var parts: [String] = []
    for filter in filters {
      var text =
        "\(Diagnostic.grouped(filter.kept)) of \(Diagnostic.grouped(filter.rows)) "
        + "\(filter.rows == 1 ? "row" : "rows") kept"
      if filter.falseCount > 0 { text += " · \(Diagnostic.grouped(filter.falseCount)) false" }
      if filter.nullCount > 0 { text += " · \(Diagnostic.grouped(filter.nullCount)) null" }
      parts.append(text)
    }
    if rowsWithNull > 0 {
      parts.append(
        "\(Diagnostic.grouped(rowsWithNull)) \(rowsWithNull == 1 ? "row" : "rows") with null "
          + "left out")
    }
    for join in joins { parts.append(contentsOf: join.lines) }
    return parts + remarks + notes.lines
  }
}

extension ExecutionReport.JoinCounts {
  /// `90 of 100 rows match · 8 without a match · 2 with null in the key`, and of the right side.
  fileprivate var lines: [String] {
    [line(left, ""), line(right, " of \(rightName)")].compactMap { $0 }
  }

  private func line(_ side: Side, _ name: String) -> String? {
    func grouped(_ number: Int) -> String { Diagnostic.grouped(number) }
    let null = side.withNull > 0 ? "\(grouped(side.withNull)) with null in the key" : nil
    guard let matched = side.matched else { return null.map { $0 + name } }
    let rows = "\(grouped(side.rows)) \(side.rows == 1 ? "row" : "rows")\(name)"
    let unmatched = side.rows - matched - side.withNull
    return [
      "\(grouped(matched)) of \(rows) matched",
      unmatched > 0 ? "\(grouped(unmatched)) unmatched" : nil, null,
    ].compactMap { $0 }.joined(separator: " · ")
  }
}

extension EvaluationNotes {
  /// The notes as lines: `3 nulls from division by zero`.
  package var lines: [String] {
    func line(_ count: Int, _ what: String) -> String? {
      guard count > 0 else { return nil }
      return "\(Diagnostic.grouped(count)) \(count == 1 ? "null" : "nulls") \(what)"
    }
    return [
      line(nullsFromDivision, "from division by zero"),
      line(nullsFromUndefined, "where the result is not a number"),
      line(nullsFromText, "from text that could not be read"),
      line(nullsFromRange, "from values out of range"),
    ].compactMap { $0 }
  }
}

extension Frame {
  /// Bytes that the columns take; a dictionary counts once for each column.
  package var byteCount: Int { columns.reduce(0) { $0 + $1.byteCount } }
}

extension Column {
  package var byteCount: Int {
    let values =
      switch storage {
      case .int8: count
      case .int16: 2 * count
      case .int32: 4 * count
      case .int64, .float: 8 * count
      case .text(let text): 8 * (count + 1) + text.bytes.count
      case .dictionary(let codes, let dictionary):
        dictionary.entries.bytes.count + 8 * (dictionary.count + 1)
          + {
            switch codes {
            case .uint8: count
            case .uint16: 2 * count
            case .uint32: 4 * count
            }
          }()
      }
    return values + (validity.map { 8 * $0.words.count } ?? 0)
  }
}
