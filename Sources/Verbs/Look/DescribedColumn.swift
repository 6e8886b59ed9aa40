import Columnar
import Display

/// A summary with its label, ready for the tables of `describe`.
struct DescribedColumn {
  let label: String
  let column: Column
  let summary: ColumnSummary

  private enum Kind: String, CaseIterable {
    case number, time, text, bool

    init(_ type: DataType) {
      switch type {
      case .int, .float: self = .number
      case .date, .datetime, .duration: self = .time
      case .text: self = .text
      case .bool: self = .bool
      }
    }
  }

  /// A table for each kind of column among `columns`. `heading` titles the first column.
  static func tables(
    _ columns: [DescribedColumn], heading: (String) -> String, keyPrefix: String = "",
    countsValues: Bool = false
  ) -> [Report.Section] {
    Kind.allCases.compactMap { kind in
      let members = columns.filter { Kind($0.summary.type) == kind }
      if members.isEmpty { return nil }
      var table: ReportTable
      switch kind {
      case .number: table = numberTable(members)
      case .time: table = timeTable(members)
      case .text: table = textTable(members)
      case .bool: table = boolTable(members)
      }
      table.columns[0].title = heading(kind.rawValue)
      table.key = keyPrefix + table.key
      if countsValues {
        table.columns.insert(ReportColumn("n", .right), at: 1)
        for (index, member) in members.enumerated() {
          table.rows[index].insert(
            .int(Int64(member.column.count - member.column.nullCount)), at: 1)
        }
      }
      return .table(table)
    }
  }

  private var nulls: Cell { .int(Int64(summary.nullCount)) }

  private static func numberTable(_ members: [DescribedColumn]) -> ReportTable {
    ReportTable(
      key: "number",
      columns: [
        ReportColumn("column"), ReportColumn("nulls", .right), ReportColumn("mean", .right),
        ReportColumn("sd", .right), ReportColumn("min", .right),
        ReportColumn("q25", title: "25%", .right, droppable: 1),
        ReportColumn("median", title: "50%", .right),
        ReportColumn("q75", title: "75%", .right, droppable: 1), ReportColumn("max", .right),
        ReportColumn("histogram", title: "", droppable: 3),
      ],
      rows: members.map { member in
        let summary = member.summary
        return [
          .text(member.label), member.nulls, number(summary.mean),
          number(summary.standardDeviation), number(summary.minimum),
          number(summary.lowerQuartile), number(summary.median), number(summary.upperQuartile),
          number(summary.maximum), member.spark,
        ]
      })
  }

  private static func timeTable(_ members: [DescribedColumn]) -> ReportTable {
    ReportTable(
      key: "time",
      columns: [
        ReportColumn("column"), ReportColumn("nulls", .right), ReportColumn("min"),
        ReportColumn("q25", title: "25%", droppable: 1), ReportColumn("median", title: "50%"),
        ReportColumn("q75", title: "75%", droppable: 1), ReportColumn("max"),
        ReportColumn("histogram", title: "", droppable: 3),
      ],
      rows: members.map { member in
        let summary = member.summary
        return [
          .text(member.label), member.nulls, time(summary.minimum), time(summary.lowerQuartile),
          time(summary.median), time(summary.upperQuartile), time(summary.maximum), member.spark,
        ]
      })
  }

  private static func textTable(_ members: [DescribedColumn]) -> ReportTable {
    ReportTable(
      key: "text",
      columns: [
        ReportColumn("column"), ReportColumn("nulls", .right), ReportColumn("distinct", .right),
        ReportColumn("most_frequent", title: "most frequent"),
      ],
      rows: members.map { member in
        [
          .text(member.label), member.nulls, .int(Int64(member.summary.distinctCount ?? 0)),
          member.mostFrequent,
        ]
      })
  }

  private static func boolTable(_ members: [DescribedColumn]) -> ReportTable {
    ReportTable(
      key: "bool",
      columns: [
        ReportColumn("column"), ReportColumn("nulls", .right), ReportColumn("true", .right),
        ReportColumn("false", .right),
      ],
      rows: members.map { member in
        let values = Int64(member.summary.count - member.summary.nullCount)
        let trues = Int64(member.summary.trueCount ?? 0)
        return [
          .text(member.label), member.nulls, .share(count: trues, of: values),
          .share(count: values - trues, of: values),
        ]
      })
  }

  private static func number(_ value: Scalar) -> Cell {
    switch value {
    case .int(let value): .int(value)
    case .float(let value): .number(value, .significant(6))
    default: .null
    }
  }

  private static func time(_ value: Scalar) -> Cell {
    value.isNull ? .null : .shown(value.text, JSONValue(value))
  }

  /// The counts of eight bins of equal width between the least and the greatest value.
  private var spark: Cell {
    summary.histogram.isEmpty ? .empty : .spark(summary.histogram)
  }

  /// `Adelie 152 (44%) · Gentoo 124 (36%)`, or that all values differ.
  private var mostFrequent: Cell {
    let values = summary.count - summary.nullCount
    if values == 0 { return .empty }
    let json = JSONValue.array(
      summary.mostFrequent.map {
        .object([Fact("value", JSONValue($0.value)), Fact("count", .int(Int64($0.count)))])
      })
    if summary.distinctCount == values, values > 1 { return .shown("each value once", json) }
    let shown = summary.mostFrequent.prefix(3)
    let parts = shown.map {
      "\($0.value.text) \(grouped($0.count)) "
        + "(\(share(Int64($0.count), of: Int64(summary.count))))"
    }
    return .shown(parts.joined(separator: " · "), json)
  }

  /// A remark where the least or greatest value looks like a code for a missing one, as -999.
  var suspiciousValue: String? {
    guard summary.type.isNumeric, let lower = summary.lowerQuartile.number,
      let upper = summary.upperQuartile.number
    else { return nil }
    let spread = max(upper - lower, 1)
    for (value, isLow) in [(summary.minimum, true), (summary.maximum, false)] {
      guard let number = value.number, [9, 99, 999, 9_999, 99_999].contains(abs(number)),
        isLow ? number < 0 && lower - number > 3 * spread : number - upper > 3 * spread
      else { continue }
      let edges = [number, number.nextUp, number.nextUp.nextUp]
      if let count = try? BinCounts(column, edges: edges).counts.first, count > 1 {
        return "\(label): \(value.text) occurs \(grouped(count)) times, far from the rest: "
          + "a code for a missing value?"
      }
    }
    return nil
  }
}

extension Scalar {
  /// The value on an axis: numbers as they are, dates in days, datetimes and durations in
  /// microseconds.
  var axisValue: Double? {
    switch self {
    case .int(let value), .datetime(let value): Double(value)
    case .float(let value): value
    case .date(let days): Double(days)
    case .duration(let duration): Double(duration.microseconds)
    case .bool(let value): value ? 1 : 0
    case .null, .text: nil
    }
  }
}
