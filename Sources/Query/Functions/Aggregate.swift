import Columnar
import Language

extension Functions {
  static let aggregate: [Function] = [
    reduction(
      "all", .all, "Whether a condition is true in every row; nulls are passed over.",
      "penguins | agg all(year > 2006) by species",
      "penguins | agg heavy = all(body_mass_g > 3000) by island"
    ) { call throws(Diagnostic) in try call.condition(0) },
    reduction(
      "any", .any, "Whether a condition is true in some row.",
      "penguins | agg any(body_mass_g > 6000) by species",
      "weather | agg snow = any(weather == \"snow\") by year(date)"
    ) { call throws(Diagnostic) in try call.condition(0) },
    Function(
      "corr", .aggregate, "corr(x, y)", 2...2, "Pearson's correlation of two columns.",
      "penguins | agg corr(body_mass_g, flipper_length_mm) by species",
      "weather | agg r = corr(temp_max, wind) by year(date)"
    ) { call throws(Diagnostic) in
      try call.aggregate(.correlation, [try call.value(0), try call.value(1)])
    },
    Function(
      "count", .aggregate, "count() or count(x)", 0...1,
      "How many rows there are, or how many of them have a value.",
      "penguins | agg n = count(), count(sex) by species",
      "penguins | derive birds = count() by species | head 3"
    ) { call throws(Diagnostic) in
      call.count == 0
        ? try call.aggregate(.count, []) : try call.aggregate(.countValid, [try call.value(0)])
    },
    reduction(
      "count_distinct", .countDistinct, "How many different values there are; null is none.",
      "penguins | agg count_distinct(island) by species",
      "weather | agg kinds = count_distinct(weather) by year(date)"),
    Function(
      "cov", .aggregate, "cov(x, y)", 2...2, "The covariance of two columns, with n - 1.",
      "penguins | agg cov(body_mass_g, flipper_length_mm) by species",
      "weather | agg c = cov(temp_max, temp_min)"
    ) { call throws(Diagnostic) in
      try call.aggregate(.covariance, [try call.value(0), try call.value(1)])
    },
    reduction(
      "distinct", .countDistinct, "The same as `count_distinct`.",
      "penguins | agg distinct(island) by species",
      "weather | agg kinds = distinct(weather) by year(date)"),
    ordered("first", .first, "The first value that is not null, in the order asked for."),
    reduction(
      "kurtosis", .kurtosis, "Excess kurtosis, without bias (G2).",
      "penguins | agg kurtosis(body_mass_g) by species",
      "weather | agg k = kurtosis(temp_max) by weather"),
    ordered("last", .last, "The last value that is not null, in the order asked for."),
    reduction(
      "max", .max, "The greatest value.", "penguins | agg max(body_mass_g) by species",
      "weather | agg hottest = max(temp_max) by year(date)"),
    reduction(
      "mean", .mean, "The arithmetic mean.", "penguins | agg mean(body_mass_g) by species",
      "penguins | derive above = body_mass_g - mean(body_mass_g) by species | head 3"),
    reduction(
      "median", .median, "The value in the middle.",
      "penguins | agg median(body_mass_g) by species",
      "weather | agg median(precipitation), median(wind) by weather"),
    reduction(
      "min", .min, "The least value.", "penguins | agg min(body_mass_g) by species",
      "weather | agg coldest = min(temp_min), first = min(date) by year(date)"),
    reduction(
      "mode", .mode, "The most frequent value; the least of those equally frequent.",
      "penguins | agg mode(island) by species",
      "weather | agg mode(weather) by month(date)"),
    Function(
      "null_rate", .aggregate, "null_rate(x)", 1...1, "The share of rows without a value.",
      "penguins | agg null_rate(sex) by species",
      "penguins | agg null_rate(all())"
    ) { call throws(Diagnostic) in
      let nulls = try call.aggregate(.countNull, [try call.value(0)])
      let rows = try call.aggregate(.count, [])
      return call.apply([nulls, rows], type: .float, Arithmetic.divide)
    },
    Function(
      "quantile", .aggregate, "quantile(x, p)", 2...2,
      "The value below which a share p of the values lies, between neighbours in proportion (type 7).",
      "penguins | agg p95 = quantile(body_mass_g, 0.95) by species",
      "weather | agg low = quantile(temp_max, 5%), high = quantile(temp_max, 95%) by year(date)"
    ) { call throws(Diagnostic) in
      let x = try call.value(0)
      if case .list(let shares) = call.arguments[1].kind, !shares.isEmpty {
        var diagnostic = Diagnostic(
          .type, "`quantile` takes one probability", span: call.arguments[1].span,
          label: "a call for each")
        let calls = shares.map { "quantile(\(print(call.arguments[0])), \(print($0)))" }
        diagnostic.correction = Diagnostic.Correction(call.span, calls.joined(separator: ", "))
        throw diagnostic
      }
      let p = try call.constantNumber(1, "a probability")
      guard (0...1).contains(p) else {
        throw Diagnostic(
          .value, "a probability lies between 0 and 1", span: call.arguments[1].span,
          label: p > 1 && p <= 100 ? "did you mean `\(Casts.text(p))%`?" : nil)
      }
      return try call.aggregate(.quantile(p), [x])
    },
    reduction(
      "sd", .standardDeviation, "The standard deviation, with n - 1.",
      "penguins | agg sd(body_mass_g) by species",
      "penguins | filter abs(body_mass_g - mean(body_mass_g)) > 2 * sd(body_mass_g) by species | head 3"
    ),
    reduction(
      "skew", .skewness, "Skewness, without bias (G1).",
      "penguins | agg skew(body_mass_g) by species",
      "weather | agg skew(precipitation), skew(temp_max)"),
    Function(
      "string_agg", .aggregate, "string_agg(x, separator)", 2...2,
      "The texts of a group as one, in the order asked for, with a separator between them.",
      "weather | head 6 | sort date | agg days = string_agg(text(date), \", \") by weather",
      "weather | head 7 | sort date | agg week = string_agg(weather, \" \")"
    ) { call throws(Diagnostic) in
      try call.requireOrder()
      return try call.aggregate(
        .joined(separator: try call.constantText(1, "a separator")), [try call.text(0)])
    },
    reduction(
      "sum", .sum, "The sum; of true and false, how often true.",
      "penguins | agg sum(body_mass_g), heavy = sum(body_mass_g > 4000) by species",
      "weather | agg mm = sum(precipitation) by year = year(date), month = month(date) | head 3"),
    Function(
      "unique", .aggregate, "unique(x)", 1...1,
      "Whether no value occurs twice; nulls are passed over.",
      "penguins | agg unique(year) by species",
      "weather | agg unique(date)"
    ) { call throws(Diagnostic) in
      let x = try call.value(0)
      let (distinct, valid) = (
        try call.aggregate(.countDistinct, [x]), try call.aggregate(.countValid, [x])
      )
      return call.apply([distinct, valid], type: .bool, isTotal: true, Comparison.equal.apply)
    },
    reduction(
      "var", .variance, "The variance, with n - 1.",
      "penguins | agg var(body_mass_g) by species",
      "penguins | agg var(bill_length_mm), var(bill_depth_mm) by sex"),
    Function(
      "weighted_mean", .aggregate, "weighted_mean(x, weight)", 2...2,
      "The mean of x in which each value counts with its weight; null where the weights add up to 0.",
      "penguins | agg weighted_mean(bill_length_mm, body_mass_g) by species",
      "weather | agg warm = weighted_mean(temp_max, wind) by weather"
    ) { call throws(Diagnostic) in
      try call.aggregate(.weightedMean, [try call.value(0), try call.value(1)])
    },
  ]

  private static func reduction(
    _ name: String, _ reduction: Reduction, _ summary: String, _ example: String,
    _ another: String,
    argument: @escaping @Sendable (FunctionCall) throws(Diagnostic) -> TypedExpr = {
      call throws(Diagnostic) in try call.value(0)
    }
  ) -> Function {
    Function(name, .aggregate, "\(name)(x)", 1...1, summary, example, another) {
      call throws(Diagnostic) in
      try call.aggregate(reduction, [try argument(call)])
    }
  }

  private static func ordered(
    _ name: String, _ reduction: Reduction, _ summary: String
  ) -> Function {
    Function(
      name, .aggregate, "\(name)(x)", 1...1, summary,
      "penguins | sort body_mass_g | agg \(name)(island) by species",
      "weather | agg \(name)(temp_max) by year(date) sort date"
    ) { call throws(Diagnostic) in
      try call.requireOrder()
      return try call.aggregate(reduction, [try call.value(0)])
    }
  }
}
