import Display
import Modeling
import Notebooks

/// How a fitted model is shown.
extension FittedModel: SessionObject {
  package var typeName: String { "a model" }

  package var summary: String {
    var text = "\(kind.rawValue)  \(formula) · \(grouped(rowsUsed)) rows"
    if rowsLeftOut > 0 { text += " · \(grouped(rowsLeftOut)) left out: null" }
    switch statistics {
    case .linear(let linear):
      if let value = linear.rSquared { text += " · R² \(NumberFormat.decimals(4).text(value))" }
    case .logistic(let logistic):
      if let value = logistic.pseudoRSquared {
        text += " · pseudo R² \(NumberFormat.decimals(4).text(value))"
      }
    }
    return text
  }

  package var output: Output { .report(report(of: nil)) }

  package func introduction(as name: String) -> Output { .report(report(of: name)) }

  /// Everything that is said of the model, which `name` is bound to.
  private func report(of name: String?) -> Report {
    var title =
      (name.map { "\($0)  " } ?? "") + "\(kind.rawValue)  \(formula) · \(grouped(rowsUsed)) rows"
    if rowsLeftOut > 0 { title += " · \(grouped(rowsLeftOut)) left out: null" }
    if standardErrors != .classical {
      title += " · \(standardErrors.rawValue.uppercased()) standard errors"
    }
    return Report(
      kind: kind.rawValue, title: [title], sections: [.table(terms)],
      footer: fitLines + notes + [nextLines(name)], facts: facts)
  }

  /// What is mostly typed next.
  private func nextLines(_ name: String?) -> String {
    guard let name else { return "predict NAME · evaluate NAME on FRAME" }
    return "diagnose \(name) · evaluate \(name) on FRAME · predict \(name)"
  }

  private var terms: ReportTable {
    let hasReferences = coefficients.contains { $0.reference != nil }
    var columns = [
      ReportColumn("term", title: ""), ReportColumn("estimate", .decimal),
      ReportColumn("std_error", title: "std error", .decimal),
      ReportColumn("statistic", title: kind == .ols ? "t" : "z", .decimal),
      ReportColumn("p", .right), ReportColumn("interval", title: "95% interval", droppable: 2),
    ]
    if hasReferences { columns.append(ReportColumn("reference", title: "", droppable: 1)) }
    var shownReferences: Set<String> = []
    let rows = coefficients.map { coefficient -> [Cell] in
      var row: [Cell] = [
        .text(coefficient.name), number(coefficient.estimate), number(coefficient.standardError),
        coefficient.statistic.map { .number($0, .decimals(2)) } ?? .null,
        coefficient.pValue.map { .number($0, .pValue) } ?? .null,
        interval(coefficient),
      ]
      if hasReferences {
        if let reference = coefficient.reference, let term = coefficient.term,
          shownReferences.insert(term).inserted
        {
          row.append(.shown("reference \(reference)", .string(reference)))
        } else {
          row.append(coefficient.reference.map { .shown("", .string($0)) } ?? .empty)
        }
      }
      return row
    }
    return ReportTable(key: "terms", columns: columns, rows: rows)
  }

  private func number(_ value: Double?) -> Cell {
    value.map { .number($0, .significant(6)) } ?? .null
  }

  private func interval(_ coefficient: Coefficient) -> Cell {
    guard let lower = coefficient.lower, let upper = coefficient.upper else { return .empty }
    return .interval(lower, upper)
  }

  /// The lines below the table: how well it fits.
  private var fitLines: [String] {
    let number = NumberFormat.significant(6)
    let share = NumberFormat.decimals(4)
    var parts: [String] = []
    switch statistics {
    case .linear(let linear):
      if let value = linear.rSquared { parts.append("R² \(share.text(value))") }
      if let value = linear.adjustedRSquared { parts.append("adjusted \(share.text(value))") }
      parts.append(
        "residual sd \(number.text(linear.residualDeviation)) on "
          + "\(grouped(linear.residualDegrees)) df")
      if let f = linear.fStatistic, let p = linear.fPValue {
        parts.append(
          "F \(number.text(f)) on \(linear.modelDegrees) and \(grouped(linear.residualDegrees)) df, "
            + "p \(NumberFormat.pValue.text(p))")
      }
    case .logistic(let logistic):
      if let value = logistic.pseudoRSquared {
        parts.append("McFadden's pseudo R² \(share.text(value))")
      }
      parts.append("AIC \(number.text(logistic.aic))")
      parts.append(
        "deviance \(number.text(logistic.residualDeviance)) on "
          + "\(grouped(logistic.residualDegrees)) df, null \(number.text(logistic.nullDeviance)) "
          + "on \(grouped(logistic.nullDegrees))")
      if let ratio = logistic.likelihoodRatio, let p = logistic.likelihoodRatioPValue {
        parts.append("LR \(number.text(ratio)), p \(NumberFormat.pValue.text(p))")
      }
      parts.append("\(logistic.iterations) iterations")
    }
    return [parts.joined(separator: " · ")]
  }

  private var facts: [Fact] {
    func optional(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
    var facts = [
      Fact("formula", .string(formula)), Fact("n", .int(Int64(rowsUsed))),
      Fact("left_out", .int(Int64(rowsLeftOut))),
      Fact("standard_errors", .string(standardErrors.rawValue)),
    ]
    switch statistics {
    case .linear(let linear):
      facts += [
        Fact("r2", optional(linear.rSquared)),
        Fact("adjusted_r2", optional(linear.adjustedRSquared)),
        Fact("residual_sd", .number(linear.residualDeviation)),
        Fact("residual_df", .int(Int64(linear.residualDegrees))),
        Fact("model_df", .int(Int64(linear.modelDegrees))), Fact("f", optional(linear.fStatistic)),
        Fact("f_p", optional(linear.fPValue)),
      ]
    case .logistic(let logistic):
      facts += [
        Fact("event", response.eventLevel.map { .string($0) } ?? .null),
        Fact("pseudo_r2", optional(logistic.pseudoRSquared)), Fact("aic", .number(logistic.aic)),
        Fact("deviance", .number(logistic.residualDeviance)),
        Fact("residual_df", .int(Int64(logistic.residualDegrees))),
        Fact("null_deviance", .number(logistic.nullDeviance)),
        Fact("null_df", .int(Int64(logistic.nullDegrees))),
        Fact("iterations", .int(Int64(logistic.iterations))),
        Fact("events", .int(Int64(logistic.eventCount))),
      ]
    }
    return facts + [Fact("notes", .array(notes.map { .string($0) }))]
  }
}
