import Columnar

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Tests of tables of counts.
package enum ContingencyTest {
  /// Pearson's test of independence of the rows and columns of `table`, without continuity
  /// correction: Σ (observed - expected)² / expected, chi-squared with (r - 1)(c - 1) degrees.
  package static func independence(_ table: [[Int]]) throws -> TestResult {
    let (counts, rows, columns) = try trimmed(table)
    let n = Double(rows.reduce(0, +))
    var statistic = 0.0
    var small = 0
    for (row, total) in zip(counts, rows) {
      for (count, across) in zip(row, columns) {
        let expected = Double(total) * Double(across) / n
        if expected < 5 { small += 1 }
        let difference = Double(count) - expected
        statistic += difference * difference / expected
      }
    }
    let degrees = Double((rows.count - 1) * (columns.count - 1))
    var result = TestResult(
      "chi-squared test of independence", pValue: ChiSquared(degrees: degrees).upperTail(statistic))
    result.statistic = .init("χ²", statistic)
    result.degrees = [degrees]
    let smaller = Double(min(rows.count, columns.count) - 1)
    result.effect = .init("Cramér's V", (statistic / (n * smaller)).squareRoot())
    note(small, &result)
    return result
  }

  /// Pearson's test of whether all of `counts` come from equal shares.
  package static func equalShares(_ counts: [Int]) throws -> TestResult {
    let total = counts.reduce(0, +)
    guard counts.count > 1, total > 0 else {
      throw DataError(.tooFewRows, "a chi-squared test needs two values or more")
    }
    let expected = Double(total) / Double(counts.count)
    let statistic = counts.reduce(0.0) {
      $0 + (Double($1) - expected) * (Double($1) - expected) / expected
    }
    let degrees = Double(counts.count - 1)
    var result = TestResult(
      "chi-squared test of equal shares", pValue: ChiSquared(degrees: degrees).upperTail(statistic))
    result.statistic = .init("χ²", statistic)
    result.degrees = [degrees]
    result.effect = .init("Cohen's w", (statistic / Double(total)).squareRoot())
    note(expected < 5 ? counts.count : 0, &result)
    return result
  }

  /// How many cells have an expected count below 5, for which chi-squared is rough.
  private static func note(_ small: Int, _ result: inout TestResult) {
    guard small > 0 else { return }
    result.notes.append(
      "\(small) expected count\(small == 1 ? "" : "s") below 5: p is approximate")
  }

  /// Without rows and columns in which nothing was counted, with the totals of the others.
  static func trimmed(_ table: [[Int]]) throws -> (counts: [[Int]], rows: [Int], columns: [Int]) {
    let width = table.first?.count ?? 0
    let columnTotals = (0..<width).map { column in table.reduce(0) { $0 + $1[column] } }
    let counts = table.filter { $0.contains { $0 > 0 } }.map { row in
      zip(row, columnTotals).compactMap { $1 > 0 ? $0 : nil }
    }
    let columns = columnTotals.filter { $0 > 0 }
    guard counts.count > 1, columns.count > 1 else {
      throw DataError(.tooFewRows, "this test needs two values or more of each variable")
    }
    return (counts, counts.map { $0.reduce(0, +) }, columns)
  }

  /// Fisher's exact test of independence. A table of 2 by 2 gets the conditional odds ratio with its
  /// exact interval, a larger one a p-value by summing over all tables of the same totals, of which
  /// there may be as many as `tableLimit`.
  package static func fisher(
    _ table: [[Int]], alternative: TestResult.Alternative, level: Double
  ) throws -> TestResult {
    let (counts, rows, columns) = try trimmed(table)
    if rows.count == 2, columns.count == 2 {
      return try Hypergeometric(
        first: rows[0], second: rows[1], drawn: columns[0], observed: counts[0][0]
      ).test(alternative, level: level)
    }
    guard alternative == .twoSided else {
      throw DataError(.invalidValue, "a one-sided Fisher test needs two values of each variable")
    }
    var enumeration = TableEnumeration(rows: rows, columns: columns, observed: counts)
    return TestResult("Fisher's exact test", pValue: try enumeration.pValue())
  }

  /// How many tables Fisher's test looks at.
  static let tableLimit = 5_000_000
}

/// All tables with given totals, and how likely those are that are no likelier than one of them.
private struct TableEnumeration {
  let rows: [Int]
  let columns: [Int]
  private let observed: Double
  private let constant: Double
  private var logFactorials: [Double]
  private var seen = 0
  private var sum = 0.0

  init(rows: [Int], columns: [Int], observed: [[Int]]) {
    // The order of rows and columns does not matter; the table is cut along the longer side.
    self.rows = rows
    self.columns = columns
    let n = rows.reduce(0, +)
    let logs = (0...n).map { logGamma(Double($0) + 1) }
    logFactorials = logs
    constant =
      rows.reduce(0) { $0 + logs[$1] } + columns.reduce(0) { $0 + logs[$1] } - logs[n]
    self.observed = observed.reduce(constant) { $0 - $1.reduce(0) { $0 + logs[$1] } }
  }

  mutating func pValue() throws -> Double {
    let n = rows.reduce(0, +)
    guard n <= 100_000, logTableCount < log(Double(ContingencyTest.tableLimit) * 100) else {
      throw tooLarge
    }
    var left = rows
    try fill(column: 0, row: 0, left: &left, room: n, rest: columns[0], logarithm: constant)
    return min(1, sum)
  }

  /// About how many tables there are, as a logarithm: I. J. Good (1976), On the application of
  /// symmetric Dirichlet distributions.
  private var logTableCount: Double {
    func logChoose(_ n: Int, _ k: Int) -> Double {
      logGamma(Double(n) + 1) - logGamma(Double(k) + 1) - logGamma(Double(n - k) + 1)
    }
    let (height, width) = (rows.count, columns.count)
    let cells = height * width
    return rows.reduce(0) { $0 + logChoose($1 + width - 1, width - 1) }
      + columns.reduce(0) { $0 + logChoose($1 + height - 1, height - 1) }
      - logChoose(rows.reduce(0, +) + cells - 1, cells - 1)
  }

  private var tooLarge: DataError {
    DataError(
      .invalidValue, "there are too many tables of these totals for an exact test",
      hints: ["test chi2 …"])
  }

  /// Fills cell after cell, down the columns; the last row of a column and the last column follow.
  ///
  /// `left` is what each row still takes, `room` that of this row and those below, `rest` what the
  /// column still has: a cell gets no less than the rows below leave, so every way ends in a table.
  private mutating func fill(
    column: Int, row: Int, left: inout [Int], room: Int, rest: Int, logarithm: Double
  ) throws {
    if column == columns.count - 1 {
      seen += 1
      if seen & 4095 == 0 { try Cancellation.check() }
      if seen > ContingencyTest.tableLimit { throw tooLarge }
      let final = left.reduce(logarithm) { $0 - logFactorials[$1] }
      // As R: what is as likely but for rounding counts.
      if final <= observed + 1e-7 { sum += exp(final) }
      return
    }
    if row == rows.count - 1 {
      guard rest <= left[row] else { return }
      left[row] -= rest
      try fill(
        column: column + 1, row: 0, left: &left, room: left.reduce(0, +),
        rest: columns[column + 1], logarithm: logarithm - logFactorials[rest])
      left[row] += rest
      return
    }
    let below = room - left[row]
    let (least, most) = (max(0, rest - below), min(rest, left[row]))
    guard least <= most else { return }
    for count in least...most {
      left[row] -= count
      try fill(
        column: column, row: row + 1, left: &left, room: below, rest: rest - count,
        logarithm: logarithm - logFactorials[count])
      left[row] += count
    }
  }
}
