import Columnar
import Display
import Language
import Notebooks

/// What a column looked like.
package struct ColumnProfile: Sendable {
  package var name: String
  package var type: DataType
  package var nulls: Int
  /// How many different values there were; for text and bools.
  package var distinct: Int64?
  /// Statistics by name; none where there was no value.
  package var statistics: [(name: String, value: Scalar)] = []
  /// The most frequent values in the spelling of the language, with how often they occurred.
  package var values: [(value: String, count: Int64)] = []
  /// The deciles of numbers, and how many lay below the first, between them, and above the last.
  package var edges: [Double] = []
  package var counts: [Int] = []

  /// More values of a column are not listed.
  package static let listed = 50

  /// Looks at a column, bound in `worker` as one of `t`.
  init(_ name: String, _ column: Column, in worker: Session) throws {
    let quoted = Language.print(Expr(.name(name), Span(0, 0)))
    self.name = name
    type = column.type
    nulls = column.nullCount
    func row(_ items: [String]) throws -> [Scalar] {
      try worker.run("a = t | agg \(items.joined(separator: ", "))")
      let frame = try worker.frame(of: Name("a"))
      return frame.rowCount == 1 ? frame.columns.map { $0[0] } : []
    }
    if column.nullCount == column.count { return }
    switch column.type {
    case .int, .float:
      let shares = (1...9).map { "0.\($0)" }
      let named: [(String, String)] = [
        ("min", "min(\(quoted))"), ("max", "max(\(quoted))"), ("mean", "mean(\(quoted))"),
        ("sd", "sd(\(quoted))"), ("q05", "quantile(\(quoted), 0.05)"),
        ("q50", "quantile(\(quoted), 0.5)"), ("q95", "quantile(\(quoted), 0.95)"),
      ]
      let items = named.map(\.1) + shares.map { "quantile(\(quoted), \($0))" }
      let values = try row(items.enumerated().map { "a\($0.offset) = \($0.element)" })
      statistics = zip(named, values).map { (name: $0.0.0, value: $0.1) }
      var deciles: [Double] = []
      for value in values.dropFirst(named.count) {
        guard let edge = value.number, edge.isFinite, edge > deciles.last ?? -.infinity else {
          continue
        }
        deciles.append(edge)
      }
      // Of a column of one value: that, and what lies beyond.
      if deciles.count == 1 { deciles.append(deciles[0].nextUp) }
      if deciles.count > 1 { (edges, counts) = (deciles, try Self.counts(column, deciles)) }
    case .date, .datetime:
      let found = try row(["a1 = min(\(quoted))", "a2 = max(\(quoted))"])
      statistics = zip(["min", "max"], found).map { (name: $0.0, value: $0.1) }
    case .text, .bool:
      if case .int(let count)? = try row(["a1 = count_distinct(\(quoted))"]).first {
        distinct = count
      }
      values = try Self.frequencies(quoted, "head \(Self.listed)", in: worker)
    case .duration: break
    }
  }

  /// How many values lie below, between and above edges, in that order.
  package static func counts(_ column: Column, _ edges: [Double]) throws -> [Int] {
    let bins = try BinCounts(column, edges: edges)
    return [bins.below] + bins.counts + [bins.above]
  }

  /// How often each value of a column of `t` occurs, the most frequent first; `stage` leaves some out.
  package static func frequencies(
    _ quoted: String, _ stage: String, in worker: Session
  ) throws -> [(value: String, count: Int64)] {
    try worker.run("b = t | filter \(quoted) is not null | agg a1 = count() by a0 = \(quoted)")
    try worker.run("b |= sort -a1, a0 | \(stage)")
    let frame = try worker.frame(of: Name("b"))
    guard let keys = frame["a0"], let counts = frame["a1"] else { return [] }
    return (0..<frame.rowCount).compactMap { index in
      guard case .int(let count) = counts[index] else { return nil }
      return (keys[index].literal, count)
    }
  }

  var json: JSONValue {
    var facts = [
      Fact("name", .string(name)), Fact("type", .string(type.rawValue)),
      Fact("nulls", .int(Int64(nulls))),
    ]
    for (name, value) in statistics { facts.append(Fact(name, JSONValue(value))) }
    if let distinct { facts.append(Fact("distinct", .int(distinct))) }
    if !values.isEmpty {
      facts.append(
        Fact(
          "values",
          .array(
            values.map {
              .object([Fact("value", .string($0.value)), Fact("count", .int($0.count))])
            })))
    }
    if !edges.isEmpty {
      facts.append(Fact("edges", .array(edges.map { .number($0) })))
      facts.append(Fact("counts", .array(counts.map { .int(Int64($0)) })))
    }
    return .object(facts)
  }

  /// Reads what `json` gives, as far as drift is judged by it; nil for what is none.
  init?(_ json: JSONValue) {
    guard case .string(let name)? = json["name"], case .string(let type)? = json["type"],
      let type = DataType(rawValue: type), let nulls = json["nulls"].flatMap(Self.count)
    else { return nil }
    self.name = name
    self.type = type
    self.nulls = nulls
    if case .int(let count)? = json["distinct"] { distinct = count }
    for statistic in ["min", "max", "mean", "sd", "q05", "q50", "q95"] {
      switch json[statistic] {
      case .number(let value): statistics.append((statistic, .float(value)))
      case .int(let value): statistics.append((statistic, .int(value)))
      default: break
      }
    }
    if case .array(let list)? = json["values"] {
      for entry in list {
        guard case .string(let value)? = entry["value"],
          let count = entry["count"].flatMap(Self.count)
        else { return nil }
        values.append((value, Int64(count)))
      }
    }
    if case .array(let list)? = json["edges"], case .array(let numbers)? = json["counts"] {
      edges = list.compactMap {
        switch $0 {
        case .number(let value): value
        case .int(let value): Double(value)
        default: nil
        }
      }
      counts = numbers.compactMap(Self.count)
      guard edges.count == list.count, counts.count == edges.count + 1, edges.count > 1,
        edges.allSatisfy(\.isFinite), zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 })
      else { return nil }
    }
  }

  private static func count(_ json: JSONValue) -> Int? {
    guard case .int(let value) = json, value >= 0, value < 1 << 50 else { return nil }
    return Int(value)
  }
}
