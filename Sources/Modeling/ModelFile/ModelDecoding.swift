import Columnar

extension FittedModel {
  /// The model that `json` describes. Throws `corrupt` where it describes none.
  init(json: JSONValue) throws {
    let members = try json.object()
    let design = try DesignSpecification(json: try members.value("design"))
    let columns = design.columns
    let lines = try members.value("coefficients").list()
    guard lines.count == columns.count else { throw damage("coefficients") }
    let coefficients = try zip(columns, lines).map { column, line in
      let numbers = try line.list().map { try $0.optionalFloat() }
      guard numbers.count == 6 else { throw damage("coefficients") }
      return Coefficient(
        name: design.name(of: column), term: column.term.map { design.terms[$0].name },
        reference: design.reference(of: column), estimate: numbers[0], standardError: numbers[1],
        statistic: numbers[2], pValue: numbers[3], lower: numbers[4], upper: numbers[5])
    }
    let size = coefficients.count { $0.estimate != nil }
    let triangle = try members.value("covariance").floats()
    guard triangle.count == size * (size + 1) / 2 else { throw damage("covariance") }
    var covariance = Array(repeating: 0.0, count: size * size)
    var next = 0
    for row in 0..<size {
      for column in 0...row {
        covariance[row * size + column] = triangle[next]
        covariance[column * size + row] = triangle[next]
        next += 1
      }
    }
    guard let kind = Kind(rawValue: try members.value("kind").text()),
      let errors = StandardErrors(rawValue: try members.value("standard_errors").text())
    else { throw damage("kind") }
    let response = try ModelResponse(json: try members.value("response"))
    guard (kind == .logit) == (response.eventLevel != nil) else { throw damage("response") }
    self.init(
      kind: kind, formula: try members.value("formula").text(), response: response,
      design: design, coefficients: coefficients, covariance: covariance, standardErrors: errors,
      rowsUsed: try members.value("rows_used").count(),
      rowsLeftOut: try members.value("rows_left_out").count(),
      statistics: try Statistics(json: try members.value("statistics"), kind: kind),
      notes: try members.value("notes").list().map { try $0.text() })
  }
}

extension ModelResponse {
  fileprivate init(json: JSONValue) throws {
    let members = try json.object()
    name = try members.value("name").text()
    type = try members.value("type").dataType()
    let event = try members.value("event")
    if event == .null {
      coding = .number
    } else {
      let levels = try event.list()
      guard levels.count == 2 else { throw damage("response") }
      coding = .event(try levels[0].level(type), other: try levels[1].level(type))
    }
  }
}

extension DesignSpecification {
  fileprivate init(json: JSONValue) throws {
    let members = try json.object()
    hasIntercept = try members.value("intercept").bool()
    inputs = try members.value("inputs").list().map { try Input(json: $0) }
    let inputs = inputs
    terms = try members.value("terms").list().map { json in
      let members = try json.object()
      let factors = try members.value("factors").list().map { json in
        let members = try json.object()
        let input = try members.value("input").count()
        guard input < inputs.count else { throw damage("design") }
        return Factor(input: input, hasAllLevels: try members.value("all_levels").bool())
      }
      guard !factors.isEmpty else { throw damage("design") }
      return Term(name: try members.value("name").text(), factors: factors)
    }
    // Checked before the columns are listed: levels multiply.
    guard columnCount > 0, columnCount <= columnLimit else { throw damage("design") }
  }
}

extension DesignSpecification.Input {
  fileprivate init(json: JSONValue) throws {
    let members = try json.object()
    name = try members.value("name").text()
    type = try members.value("type").dataType()
    let content = try members.value("coding")
    if content == .text("numeric") {
      guard type != .text else { throw damage("input") }
      coding = .numeric
      return
    }
    let parts = try content.object()
    if let levels = parts.first(where: { $0.name == "levels" }) {
      let type = type
      let values = try levels.value.list().map { try $0.level(type) }
      guard !values.isEmpty, areAscending(values) else { throw damage("levels") }
      coding = .categorical(levels: values)
      return
    }
    let centers = try parts.value("centers").floats()
    let norms = try parts.value("norms").floats()
    guard type != .text, (1...50).contains(centers.count), norms.count == centers.count + 2,
      centers.allSatisfy(\.isFinite), norms.first == 1, norms.allSatisfy({ $0.isFinite && $0 > 0 })
    else { throw damage("polynomial") }
    coding = .polynomial(centers: centers, norms: norms)
  }
}

extension FittedModel.Statistics {
  fileprivate init(json: JSONValue, kind: FittedModel.Kind) throws {
    let members = try json.object()
    switch kind {
    case .ols:
      self = .linear(
        LinearStatistics(
          rSquared: try members.value("r2").optionalFloat(),
          adjustedRSquared: try members.value("adjusted_r2").optionalFloat(),
          residualDeviation: try members.value("residual_sd").float(),
          residualDegrees: try members.value("residual_df").count(),
          modelDegrees: try members.value("model_df").count(),
          fStatistic: try members.value("f").optionalFloat(),
          fPValue: try members.value("f_p").optionalFloat()))
    case .logit:
      self = .logistic(
        LogisticStatistics(
          nullDeviance: try members.value("null_deviance").float(),
          nullDegrees: try members.value("null_df").count(),
          residualDeviance: try members.value("residual_deviance").float(),
          residualDegrees: try members.value("residual_df").count(),
          aic: try members.value("aic").float(),
          pseudoRSquared: try members.value("pseudo_r2").optionalFloat(),
          likelihoodRatio: try members.value("likelihood_ratio").optionalFloat(),
          likelihoodRatioPValue: try members.value("likelihood_ratio_p").optionalFloat(),
          iterations: try members.value("iterations").count(),
          eventCount: try members.value("events").count()))
    }
  }
}
