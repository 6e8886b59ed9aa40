import Columnar
import Language

extension TypedExpr {
  /// The expression as it would be written, for plans and reports.
  package var description: String {
    switch kind {
    case .constant(let value): return value.literal
    case .column(let name): return name.hasPrefix("\0") ? "(aggregate)" : Suggestion.written(name)
    case .and(let left, let right): return "\(left.part) and \(right.part)"
    case .or(let left, let right): return "\(left.part) or \(right.part)"
    case .choice(let arms, let otherwise):
      if arms.count == 1 {
        return "if \(arms[0].condition.description) then \(arms[0].value.description) else "
          + otherwise.description
      }
      let cases = arms.map { "\($0.condition.description): \($0.value.description)" }
      return "case { \(cases.joined(separator: ", ")), else: \(otherwise.description) }"
    case .aggregate(let call):
      return Self.called(call.reduction.functionName, call.arguments, call.reduction.parameter)
    case .window(let call):
      return Self.called(call.function.name, call.arguments, call.function.parameter)
    case .apply(let operation, let arguments):
      switch (operation.name, arguments.count) {
      case ("is null", 1), ("is not null", 1): return "\(arguments[0].part) \(operation.name)"
      case ("not", 1): return "not \(arguments[0].part)"
      case ("negate", 1): return "-\(arguments[0].part)"
      case (let name, 2) where !name.contains { $0.isLetter }:
        return "\(arguments[0].part) \(name) \(arguments[1].part)"
      case ("in", 1): return "\(arguments[0].part) in […]"
      case ("=~", 1): return "\(arguments[0].part) =~ /…/"
      default: return Self.called(operation.name, arguments, nil)
      }
    }
  }

  /// In brackets where it is an operation itself.
  private var part: String {
    switch kind {
    case .constant, .column, .aggregate, .window: description
    case .apply(let operation, _) where operation.name.allSatisfy { $0.isLetter || $0 == "_" }:
      operation.name == "not" || operation.name == "in" ? "(\(description))" : description
    default: "(\(description))"
    }
  }

  private static func called(
    _ name: String, _ arguments: [TypedExpr], _ parameter: String?
  ) -> String {
    let parts = arguments.map(\.description) + (parameter.map { [$0] } ?? [])
    return "\(name)(\(parts.joined(separator: ", ")))"
  }
}

extension Reduction {
  /// The function that asks for it.
  fileprivate var functionName: String {
    switch self {
    case .count, .countValid: "count"
    case .countNull: "null_count"
    case .countDistinct: "count_distinct"
    case .variance: "var"
    case .standardDeviation: "sd"
    case .skewness: "skew"
    case .correlation: "corr"
    case .covariance: "cov"
    case .weightedMean: "weighted_mean"
    case .quantile: "quantile"
    default: "\(self)"
    }
  }

  fileprivate var parameter: String? {
    if case .quantile(let probability) = self { Casts.text(probability) } else { nil }
  }
}

extension WindowCall.Function {
  fileprivate var name: String {
    switch self {
    case .rowNumber: "row_number"
    case .rank(let ranking), .orderedRank(let ranking):
      switch ranking {
      case .rank: "rank"
      case .dense: "dense_rank"
      case .percent: "percent_rank"
      case .cumulative: "cume_dist"
      case .tiles: "ntile"
      }
    case .cumulative(let function): function == .product ? "cumprod" : "cum\(function)"
    case .shifted(let rows): rows < 0 ? "lead" : "lag"
    case .isInside: "is_inside"
    case .rolling(let function, _, _):
      function == .standardDeviation ? "rolling_sd" : "rolling_\(function)"
    case .nth: "nth"
    case .filled(let isForward, _): isForward ? "fill_forward" : "fill_back"
    case .interpolated: "interpolate"
    case .random(let column, _): column.name
    }
  }

  fileprivate var parameter: String? {
    switch self {
    case .rowNumber, .cumulative, .interpolated: nil
    case .random(_, let seed): String(seed)
    case .rank(.tiles(let count)): String(count)
    case .rank, .orderedRank: nil
    case .shifted(let rows), .isInside(let rows): String(rows.magnitude)
    case .rolling(_, .rows(let count), let minimum):
      minimum == count ? String(count) : "\(count), \(minimum)"
    case .rolling(_, .time(let width), let minimum):
      Scalar.duration(width).literal + (minimum == 1 ? "" : ", \(minimum)")
    case .nth(let number): String(number)
    case .filled(_, let limit): limit == .max ? nil : String(limit)
    }
  }
}

extension Scalar {
  /// The value as it is written in a line.
  package var literal: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .float(let value): Casts.text(value)
    case .date(let days): "@" + Calendar.text(date: days)
    case .datetime(let microseconds): "@" + Calendar.text(datetime: microseconds)
    case .duration(let length):
      length.months == 0
        ? Casts.text(duration: length.microseconds)
        : "\(length.months)mo"
          + (length.microseconds == 0 ? "" : " " + Casts.text(duration: length.microseconds))
    case .text(let text): print(Expr(.text(text), Span(0, 0)))
    }
  }
}
