import Columnar

extension FittedModel {
  /// The content of a model file. Names of coefficients follow from the design and are left out.
  var json: JSONValue {
    .members([
      "kind": .text(kind.rawValue),
      "formula": .text(formula),
      "response": response.json,
      "design": design.json,
      "standard_errors": .text(standardErrors.rawValue),
      "rows_used": .count(rowsUsed),
      "rows_left_out": .count(rowsLeftOut),
      "coefficients": .list(coefficients.map(\.json)),
      "covariance": .floats(lowerTriangle),
      "statistics": statistics.json,
      "notes": .list(notes.map { .text($0) }),
    ])
  }

  /// The covariance row by row up to the diagonal: it is symmetric.
  private var lowerTriangle: [Double] {
    let size = coefficients.count { $0.estimate != nil }
    guard covariance.count == size * size else { return [] }
    return (0..<size).flatMap { row in covariance[row * size...row * size + row] }
  }
}

extension ModelResponse {
  fileprivate var json: JSONValue {
    let levels: JSONValue =
      switch coding {
      case .number: .null
      case .event(let event, let other): .list([event.json, other.json])
      }
    return .members(["name": .text(name), "type": .text(type.rawValue), "event": levels])
  }
}

extension DesignSpecification {
  fileprivate var json: JSONValue {
    .members([
      "intercept": .bool(hasIntercept),
      "inputs": .list(inputs.map(\.json)),
      "terms": .list(
        terms.map { term in
          .members([
            "name": .text(term.name),
            "factors": .list(
              term.factors.map {
                .members(["input": .count($0.input), "all_levels": .bool($0.hasAllLevels)])
              }),
          ])
        }),
    ])
  }
}

extension DesignSpecification.Input {
  fileprivate var json: JSONValue {
    let content: JSONValue =
      switch coding {
      case .numeric: .text("numeric")
      case .categorical(let levels): .members(["levels": .list(levels.map(\.json))])
      case .polynomial(let centers, let norms):
        .members(["centers": .floats(centers), "norms": .floats(norms)])
      }
    return .members(["name": .text(name), "type": .text(type.rawValue), "coding": content])
  }
}

extension Scalar {
  /// A level; its type is that of the column it comes from.
  fileprivate var json: JSONValue {
    switch self {
    case .null: .null
    case .bool(let value): .bool(value)
    case .int(let value), .datetime(let value): .int(value)
    case .date(let days): .int(Int64(days))
    case .duration(let value): .int(value.microseconds)
    case .float(let value): .float(value)
    case .text(let text): .text(text)
    }
  }
}

extension Coefficient {
  fileprivate var json: JSONValue {
    .list([estimate, standardError, statistic, pValue, lower, upper].map { .optional($0) })
  }
}

extension FittedModel.Statistics {
  fileprivate var json: JSONValue {
    switch self {
    case .linear(let statistics):
      .members([
        "r2": .optional(statistics.rSquared),
        "adjusted_r2": .optional(statistics.adjustedRSquared),
        "residual_sd": .float(statistics.residualDeviation),
        "residual_df": .count(statistics.residualDegrees),
        "model_df": .count(statistics.modelDegrees),
        "f": .optional(statistics.fStatistic),
        "f_p": .optional(statistics.fPValue),
      ])
    case .logistic(let statistics):
      .members([
        "null_deviance": .float(statistics.nullDeviance),
        "null_df": .count(statistics.nullDegrees),
        "residual_deviance": .float(statistics.residualDeviance),
        "residual_df": .count(statistics.residualDegrees),
        "aic": .float(statistics.aic),
        "pseudo_r2": .optional(statistics.pseudoRSquared),
        "likelihood_ratio": .optional(statistics.likelihoodRatio),
        "likelihood_ratio_p": .optional(statistics.likelihoodRatioPValue),
        "iterations": .count(statistics.iterations),
        "events": .count(statistics.eventCount),
      ])
    }
  }
}
