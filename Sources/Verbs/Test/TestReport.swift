import Columnar
import Display
import Language
import Modeling
import Notebooks
import Query

/// What a test is of, and how its result is shown.
extension TestVerb {
  func report(_ frame: Frame) throws -> Report {
    let data = try data(frame, numeric: kind != .chi2 && kind != .fisher)
    let x = data.names.first ?? ""
    let y = data.names.count > 1 ? data.names[1] : ""
    switch kind {
    case .t, .mannwhitney, .ks:
      guard groups.isEmpty else { return try twoSamples(data) }
      let values = try data.values(0)
      let mean = try number("mean") ?? 0
      if kind == .t {
        let result = try MeanTest.one(values, mean: mean, alternative: alternative, level: level)
        return try shown(
          result, "the mean of `\(x)` is \(text(mean))", data, [(x, values)])
      }
      let deviation = try number("sd") ?? 1
      guard deviation > 0 else { throw call.invalid("sd", "a number above 0") }
      return try shown(
        try KolmogorovSmirnov.normal(values, mean: mean, deviation: deviation),
        "`\(x)` is normal with mean \(text(mean)) and sd \(text(deviation))", data, [(x, values)])
    case .paired:
      let (first, second) = (try data.values(0), try data.values(1))
      return try shown(
        try MeanTest.paired(first, second, alternative: alternative, level: level),
        "the mean of `\(x)` is that of `\(y)`", data, [(x, first), (y, second)])
    case .wilcoxon:
      let first = try data.values(0)
      if items.count == 2 {
        let second = try data.values(1)
        return try shown(
          try RankTest.signedRank(
            zip(first, second).map { $0 - $1 }, alternative: alternative, level: level),
          "the differences of `\(x)` and `\(y)` lie evenly around 0", data,
          [(x, first), (y, second)])
      }
      let median = try number("median") ?? 0
      var result = try RankTest.signedRank(
        first.map { $0 - median }, alternative: alternative, level: level)
      if let estimate = result.estimate { result.estimate?.value = estimate.value + median }
      if let interval = result.interval {
        result.interval = .init(interval.lower + median, interval.upper + median)
      }
      return try shown(
        result, "`\(x)` lies evenly around \(text(median))", data, [(x, first)])
    case .anova, .kruskal:
      let samples = try data.grouped()
      let isWelch =
        try call.choiceOption("variances", among: ["equal", "unequal"]) == "unequal"
      let result =
        kind == .anova
        ? try MeanTest.anova(samples.map(\.values), isWelch: isWelch)
        : try RankTest.kruskalWallis(samples.map(\.values))
      return try shown(
        result,
        kind == .anova
          ? "the mean of `\(x)` is the same in all groups of `\(y)`"
          : "`\(x)` is distributed alike in all groups of `\(y)`", data, samples)
    case .shapiro: return try shapiro(data)
    case .proportion: return try proportion(data)
    case .chi2, .fisher: return try counts(data)
    case .correlation:
      let method =
        try call.choiceOption("method", among: CorrelationMatrix.Method.allCases.map(\.rawValue))
        .flatMap(CorrelationMatrix.Method.init) ?? .pearson
      return try shown(
        try CorrelationTest.test(
          try data.values(0), try data.values(1), method: method, alternative: alternative,
          level: level),
        "`\(x)` and `\(y)` do not go together", data, [])
    }
  }

  private func number(_ option: String) throws -> Double? {
    guard let value = try call.scalarOption(option) else { return nil }
    guard let number = value.number, number.isFinite else { throw call.invalid(option, "a number") }
    return number
  }

  private func text(_ value: Double) -> String { NumberFormat.significant(6).text(value) }

  private func twoSamples(_ data: TestData) throws -> Report {
    let samples = try data.grouped()
    let (a, b) = try twoGroups(samples)
    let result: TestResult
    let what: String
    switch kind {
    case .t:
      let isPooled = try call.choiceOption("variances", among: ["equal", "unequal"]) == "equal"
      if let option = call.option("mean") {
        throw misuse("`mean` is for one sample, without `by`", at: option.span)
      }
      result = try MeanTest.two(
        a.values, b.values, isPooled: isPooled, alternative: alternative, level: level)
      what = "the mean of `\(data.names[0])` is the same"
    case .mannwhitney:
      result = try RankTest.mannWhitney(
        a.values, b.values, alternative: alternative, level: level)
      what = "a value of `\(data.names[0])` is as likely above as below"
    default:
      result = try KolmogorovSmirnov.two(a.values, b.values)
      what = "`\(data.names[0])` has one distribution"
    }
    return try shown(
      result, "\(what) for `\(data.names[1])` \(a.label) and \(b.label)", data, samples)
  }

  private func shapiro(_ data: TestData) throws -> Report {
    let x = data.names[0]
    if groups.isEmpty {
      let values = try data.values(0)
      return try shown(
        try ShapiroWilk.test(values), "`\(x)` is normal", data, [(x, values)], isSkewed: true)
    }
    var rows: [[Cell]] = []
    for sample in try data.grouped() {
      let result = try? ShapiroWilk.test(sample.values)
      rows.append([
        .text(sample.label), .int(Int64(sample.values.count)),
        result?.statistic.map { .number($0.value, .decimals(5)) } ?? .null,
        result.map { .number($0.pValue, .pValue) } ?? .null,
      ])
    }
    try Cancellation.check()
    let table = ReportTable(
      key: "groups",
      columns: [
        ReportColumn("group", title: data.names[1]), ReportColumn("n", .right),
        ReportColumn("statistic", title: "W", .decimal), ReportColumn("p", .right),
      ], rows: rows)
    return Report(
      kind: "test", title: ["Shapiro-Wilk test of normality"],
      sections: [
        .text(["tested: `\(x)` is normal in each group of `\(data.names[1])`"]), .table(table),
      ],
      footer: [footer(data), "null where a group has fewer than 3 values, more than 5000 or one"],
      facts: [Fact("test", .string("shapiro")), Fact("n", .int(Int64(data.count)))])
  }

  private func proportion(_ data: TestData) throws -> Report {
    let values = try data.values(0)
    guard values.allSatisfy({ $0 == 0 || $0 == 1 }) else {
      throw Diagnostic(
        .value, "a share is of true and false, and `\(data.names[0])` has other numbers",
        span: items[0].value.span, label: "compare it, as `\(data.names[0]) > 0`")
    }
    func successes(_ values: [Double]) -> Int { values.count { $0 == 1 } }
    let what = "the share of `\(data.names[0])`"
    if groups.isEmpty {
      guard let share = try number("p"), share >= 0, share <= 1 else {
        throw call.invalid("p", "a share from 0% to 100%")
      }
      let result = try ProportionTest.one(
        successes(values), of: values.count, share: share, alternative: alternative, level: level)
      return try shown(result, "\(what) is \(text(share))", data, [])
    }
    let (a, b) = try twoGroups(try data.grouped())
    let result = try ProportionTest.two(
      (successes(a.values), a.values.count), (successes(b.values), b.values.count),
      alternative: alternative, level: level)
    let rows = [a, b].map { sample -> [Cell] in
      [
        .text(sample.label), .int(Int64(sample.values.count)),
        .int(Int64(successes(sample.values))),
        .number(Double(successes(sample.values)) / Double(sample.values.count), .decimals(4)),
      ]
    }
    let table = ReportTable(
      key: "groups",
      columns: [
        ReportColumn("group", title: data.names[1]), ReportColumn("n", .right),
        ReportColumn("true", .right), ReportColumn("share", .decimal),
      ], rows: rows)
    return report(
      result, "\(what) is the same for `\(data.names[1])` \(a.label) and \(b.label)", data, table)
  }

  private func counts(_ data: TestData) throws -> Report {
    let x = data.names[0]
    if items.count == 1 {
      let groups = try data.rowsByGroup()
      return report(
        try ContingencyTest.equalShares(groups.map(\.rows.count)),
        "all \(groups.count) values of `\(x)` have equal shares", data, nil)
    }
    let table = try CrossTabulation(rows: data.columns[0], columns: data.columns[1])
    let width = table.columnValues.count
    let counts = (0..<table.rowValues.count).map { row in (0..<width).map { table[row, $0] } }
    let result =
      kind == .chi2
      ? try ContingencyTest.independence(counts)
      : try ContingencyTest.fisher(counts, alternative: alternative, level: level)
    return report(result, "`\(x)` and `\(data.names[1])` are independent", data, nil)
  }
}
