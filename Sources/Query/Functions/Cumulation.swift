import Columnar
import Language

extension Functions {
  static let cumulations: [Function] = [
    Function(
      "cumcount", .window, "cumcount(x)", 1...1, "How many values there are up to each row.",
      "weather | derive n = cumcount(wind) sort date | head 3",
      "penguins | derive n = cumcount(sex) by species sort year | head 3"
    ) { call throws(Diagnostic) in
      try call.requireOrder()
      return try call.window(.cumulative(.count), [try call.value(0)], type: .int)
    },
    extreme("cummax", .max, "The greatest value up to each row."),
    Function(
      "cummean", .window, "cummean(x)", 1...1, "The mean of the values up to each row.",
      "weather | derive m = cummean(temp_max) by year(date) sort date | head 3",
      "weather | derive rainy = cummean(weather == \"rain\") sort date | head 3"
    ) { call throws(Diagnostic) in
      try call.requireOrder()
      return try call.window(
        .cumulative(.mean), [try call.floating(0)], type: .float)
    },
    extreme("cummin", .min, "The least value up to each row."),
    Function(
      "cumprod", .window, "cumprod(x)", 1...1, "The product of the values up to each row.",
      "weather | derive index = cumprod(1 + wind / 100) sort date | head 3",
      "weather | derive f = cumprod(if wind > 0 then 1 else 0) sort date | head 3"
    ) { call throws(Diagnostic) in
      try call.requireOrder()
      let x = try call.number(0)
      return try call.window(.cumulative(.product), [x], type: x.type)
    },
    Function(
      "cumsum", .window, "cumsum(x)", 1...1,
      "The sum up to each row; nulls add nothing, and before the first value it is null.",
      "weather | derive total = cumsum(precipitation) sort date | head 3",
      "weather | derive total = cumsum(precipitation) by year(date) sort date | tail 3"
    ) { call throws(Diagnostic) in
      try call.requireOrder()
      let x = try call.value(0, [.float, .int, .duration, .bool], "a number or a duration")
      return try call.window(.cumulative(.sum), [x], type: x.type == .bool ? .int : x.type)
    },
  ]

  private static func extreme(
    _ name: String, _ function: Cumulative, _ summary: String
  ) -> Function {
    Function(
      name, .window, "\(name)(x)", 1...1, summary,
      "weather | derive record = \(name)(temp_max) sort date | head 3",
      "weather | filter temp_max == \(name)(temp_max) by year(date) sort date | head 5"
    ) { call throws(Diagnostic) in
      try call.requireOrder()
      let x = try call.value(0)
      return try call.window(.cumulative(function), [x], type: x.type ?? .float)
    }
  }

  static let rollings: [Function] = [
    Function(
      "rolling_count", .window, "rolling_count(x, window)", 2...2,
      "How many values there are in the last rows or the last time, as of `rolling_mean`.",
      "weather | derive n = rolling_count(temp_max, 7) sort date | head 3",
      "weather | derive n = rolling_count(temp_max, 1mo) sort date | tail 3"
    ) { call throws(Diagnostic) in
      try call.rolling(.count, try call.value(0), type: .int)
    },
    rollingExtreme("rolling_max", .max, "The greatest value"),
    rolling("rolling_mean", .mean, "The mean"),
    rolling("rolling_median", .median, "The value in the middle"),
    rollingExtreme("rolling_min", .min, "The least value"),
    rolling("rolling_sd", .standardDeviation, "The standard deviation, with n - 1,"),
    Function(
      "rolling_sum", .window, "rolling_sum(x, window, min = window)", 2...3,
      summary("The sum"),
      "weather | derive week = rolling_sum(precipitation, 7) sort date | tail 3",
      "weather | derive month = rolling_sum(precipitation, 30d) sort date | tail 3"
    ) { call throws(Diagnostic) in
      let x = try call.value(0, [.float, .int, .duration, .bool], "a number or a duration")
      return try call.rolling(.sum, x, type: x.type == .bool ? .int : x.type)
    },
  ]

  private static func summary(_ what: String) -> String {
    "\(what) of the last rows (a number) or of the last time (a duration, by the first key of `sort`), each row's own among them; null where fewer than `min` values are there: by default the whole number of rows, or 1 in a time."
  }

  private static func rolling(_ name: String, _ function: Rolling, _ what: String) -> Function {
    Function(
      name, .window, "\(name)(x, window, min = window)", 2...3, summary(what),
      "weather | derive week = \(name)(temp_max, 7) sort date | tail 3",
      "weather | derive week = \(name)(temp_max, 7d, 2) by year(date) sort date | head 3"
    ) { call throws(Diagnostic) in
      try call.rolling(function, try call.floating(0), type: .float)
    }
  }

  private static func rollingExtreme(
    _ name: String, _ function: Rolling, _ what: String
  ) -> Function {
    Function(
      name, .window, "\(name)(x, window, min = window)", 2...3, summary(what),
      "weather | derive week = \(name)(temp_max, 7) sort date | tail 3",
      "weather | derive month = \(name)(temp_max, 1mo) sort date | tail 3"
    ) { call throws(Diagnostic) in
      let x = try call.value(0)
      return try call.rolling(function, x, type: x.type ?? .float)
    }
  }
}

extension FunctionCall {
  /// A number, or true and false as 1 and 0, as a float.
  fileprivate func floating(_ index: Int) throws(Diagnostic) -> TypedExpr {
    let x = try value(index, [.float, .int, .bool], "a number")
    guard x.type == .bool else { return binder.converted(x, to: .float) }
    return apply([x], type: .float, isTotal: true, Casts.floats)
  }

  /// `function` over the window that the second argument says, with at least as many values as the
  /// third does.
  fileprivate func rolling(
    _ function: Rolling, _ x: TypedExpr, type: DataType?
  ) throws(Diagnostic) -> TypedExpr {
    try requireOrder()
    let width = try window()
    var minimum = 1
    if case .rows(let rows) = width { minimum = rows }
    if isGiven(2) {
      let limit: Int
      if case .rows(let rows) = width { limit = rows } else { limit = Int(UInt32.max) }
      minimum = try wholeNumber(2, 1...limit, "a number of values")
    }
    return try window(.rolling(function, over: width, minimum: minimum), [x], type: type)
  }

  private func window() throws(Diagnostic) -> WindowCall.Window {
    let given = arguments[1]
    switch try constant(1, "a number of rows or a duration") {
    case .int:
      return .rows(try wholeNumber(1, 1...Int(UInt32.max), "a duration or a number of rows"))
    case .duration(let width):
      guard width.months >= 0, width.microseconds >= 0, width != Columnar.Duration() else {
        throw Diagnostic(.value, "a window reaches back some time, as 7d", span: given.span)
      }
      guard let first = binder.scope.orderTypes.first else {
        throw Diagnostic(
          .type, "a window over time goes by the time of a `sort` clause, and there is none",
          span: given.span, label: "a number alone is rows", hints: ["sort \(orderSuggestion)"])
      }
      guard first == .date || first == .datetime else {
        throw Diagnostic(
          .type,
          "a window over time needs a `sort` by date or datetime, not by \(first?.rawValue ?? "null")",
          span: given.span, label: "a number alone is rows")
      }
      return .time(width)
    case let other:
      throw Diagnostic(
        .type, "`\(name.text)` needs a number of rows or a duration, as 7 or 7d", span: given.span,
        label: other.type?.rawValue ?? "null")
    }
  }
}
