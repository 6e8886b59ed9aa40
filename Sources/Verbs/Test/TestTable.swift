import Columnar
import Display
import Modeling

/// The result of a test as tables, lines and facts.
extension TestVerb {
  /// With a table of the samples compared.
  func shown(
    _ result: TestResult, _ hypothesis: String, _ data: TestData,
    _ samples: [(label: String, values: [Double])], isSkewed: Bool = false
  ) throws -> Report {
    var table: ReportTable?
    if !samples.isEmpty {
      var columns = [
        ReportColumn("group", title: groups.isEmpty ? "" : data.names.last ?? ""),
        ReportColumn("n", .right), ReportColumn("mean", .decimal), ReportColumn("sd", .decimal),
        ReportColumn("median", .decimal, droppable: 1),
      ]
      if isSkewed {
        columns += [ReportColumn("skew", .decimal), ReportColumn("kurtosis", .decimal)]
      }
      let rows = try samples.map { sample -> [Cell] in
        let column = try Column.floats(sample.values.map { $0 })
        let whole = try Grouping.whole(rowCount: column.count)
        var reductions: [Reduction] = [.mean, .standardDeviation, .median]
        if isSkewed { reductions += [.skewness, .kurtosis] }
        return [.text(sample.label), .int(Int64(column.count))]
          + (try reductions.map { reduction in
            try reduce(reduction, [column], by: whole)[0].number.map {
              .number($0, .significant(6))
            } ?? .null
          })
      }
      table = ReportTable(key: "groups", columns: columns, rows: rows)
    }
    return report(result, hypothesis, data, table)
  }

  func report(
    _ result: TestResult, _ hypothesis: String, _ data: TestData, _ table: ReportTable?
  ) -> Report {
    let number = NumberFormat.significant(6)
    var sections: [Report.Section] = [.text(["tested: \(hypothesis)\(against)"])]
    if let table { sections.append(.table(table)) }
    var first: [String] = []
    if let statistic = result.statistic {
      var text = "\(statistic.name) \(number.text(statistic.value))"
      if !result.degrees.isEmpty {
        text += " on " + result.degrees.map { number.text($0) }.joined(separator: " and ") + " df"
      }
      first.append(text)
    }
    first.append("p \(NumberFormat.pValue.text(result.pValue))")
    if let effect = result.effect {
      first.append("\(effect.name) \(NumberFormat.decimals(4).text(effect.value))")
    }
    var lines = [first.joined(separator: " · ")]
    var second: [String] = []
    if let estimate = result.estimate {
      second.append("\(estimate.name) \(number.text(estimate.value))")
    }
    if let interval = result.interval {
      second.append(
        "\(percent) interval [\(number.text(interval.lower)), \(number.text(interval.upper))]")
    }
    if !second.isEmpty { lines.append(second.joined(separator: " · ")) }
    lines += result.notes
    sections.append(.text(lines))
    return Report(
      kind: "test", title: [result.name], sections: sections, footer: [footer(data)],
      facts: facts(result, hypothesis, data))
  }

  /// `95%`
  private var percent: String { NumberFormat.significant(6).text(level * 100) + "%" }

  private var against: String {
    switch alternative {
    case .twoSided: ""
    case .less: ", against that it is less"
    case .greater: ", against that it is greater"
    }
  }

  func footer(_ data: TestData) -> String {
    "n \(grouped(data.count))"
      + (data.leftOut > 0
        ? " · \(grouped(data.leftOut)) row\(data.leftOut == 1 ? "" : "s") left out: null" : "")
  }

  private func facts(_ result: TestResult, _ hypothesis: String, _ data: TestData) -> [Fact] {
    func quantity(_ quantity: TestResult.Quantity?) -> JSONValue {
      guard let quantity else { return .null }
      return .object([
        Fact("name", .string(quantity.name)), Fact("value", .number(quantity.value)),
      ])
    }
    var facts = [
      Fact("test", .string(kind.rawValue)), Fact("name", .string(result.name)),
      Fact("hypothesis", .string(hypothesis)), Fact("alternative", .string(alternative.rawValue)),
      Fact("statistic", quantity(result.statistic)),
      Fact("df", .array(result.degrees.map { .number($0) })), Fact("p", .number(result.pValue)),
      Fact("effect", quantity(result.effect)), Fact("estimate", quantity(result.estimate)),
    ]
    if let interval = result.interval {
      func side(_ value: Double) -> JSONValue { value.isFinite ? .number(value) : .null }
      facts.append(
        Fact(
          "interval",
          .object([
            Fact("level", .number(level)), Fact("lower", side(interval.lower)),
            Fact("upper", side(interval.upper)),
          ])))
    }
    return facts + [
      Fact("n", .int(Int64(data.count))), Fact("left_out", .int(Int64(data.leftOut))),
      Fact("notes", .array(result.notes.map { .string($0) })),
    ]
  }
}
