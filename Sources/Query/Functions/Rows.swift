import Columnar
import Language

/// Choices between values, and values of one row taken together.
extension Functions {
  static let choices: [Function] = [
    Function(
      "between", .conditional, "between(x, low, high)", 3...3,
      "Whether a value lies from low to high, both included: `x in low..high`.",
      "penguins | filter between(body_mass_g, 4000, 4100) | head 3",
      "weather | filter between(date, @2012-03-01, @2012-03-03)"
    ) { call throws(Diagnostic) in
      let (x, low, high) = (try call.value(0), try call.value(1), try call.value(2))
      let above = try call.binder.comparison(.greaterOrEqual, x, low, span: call.span)
      let below = try call.binder.comparison(.lessOrEqual, x, high, span: call.span)
      return TypedExpr(.and(above, below), type: .bool, span: call.span).folded
    },
    Function(
      "iif", .conditional, "iif(condition, a, b)", 3...3,
      "a where the condition is true, else b: `if condition then a else b`.",
      "penguins | derive size = iif(body_mass_g > 4000, \"heavy\", \"light\") | head 4",
      "weather | derive frost = iif(temp_min < 0, 1, 0) | head 3"
    ) { call throws(Diagnostic) in
      let condition = try call.condition(0)
      let values = [try call.value(1), try call.value(2)]
      let type = try call.binder.common(values, what: "the results", span: call.span)
      let typed = values.map { call.binder.converted($0, to: type) }
      return TypedExpr(
        .choice([TypedExpr.Arm(condition: condition, value: typed[0])], otherwise: typed[1]),
        type: type, span: call.span
      ).folded
    },
    Function(
      "null_count", .conditional, "null_count(a, b, …)", 1...1000,
      "How many of its arguments are null in each row.",
      "penguins | derive gaps = null_count(bill_length_mm, body_mass_g, sex) | head 4",
      "penguins | filter null_count(bill_length_mm, sex) == 2"
    ) { call throws(Diagnostic) in
      call.apply(
        try rowValues(call), type: .int, isTotal: true, PairFunction.rowNulls)
    },
    Function(
      "recode", .conditional, "recode(x, {old: new, …}, default)", 2...3,
      "Values replaced as a record says; others become the default, or without one stay as they are.",
      "penguins | derive code = recode(species, {Adelie: \"A\", Gentoo: \"G\"}) | head 3",
      "penguins | derive sea = recode(island, {Dream: \"north\", Biscoe: \"south\"}, \"east\") | head 3"
    ) { call throws(Diagnostic) in try recode(call) },
    Function(
      "row_mean", .math, "row_mean(a, b, …)", 1...1000,
      "The mean of its arguments in each row; nulls are passed over.",
      "weather | derive mid = row_mean(temp_min, temp_max) | head 3",
      "penguins | derive bill = row_mean(bill_length_mm, bill_depth_mm) | head 4"
    ) { call throws(Diagnostic) in try rowTotal(call, PairFunction.rowMean) },
    Function(
      "row_sum", .math, "row_sum(a, b, …)", 1...1000,
      "The sum of its arguments in each row, a float; nulls are passed over, null where all are.",
      "penguins | derive bill = row_sum(bill_length_mm, bill_depth_mm) | head 4",
      "weather | derive s = row_sum(precipitation, wind) | head 3"
    ) { call throws(Diagnostic) in try rowTotal(call, PairFunction.rowSum) },
  ]

  private static func rowValues(_ call: FunctionCall) throws(Diagnostic) -> [TypedExpr] {
    var values: [TypedExpr] = []
    for index in 0..<call.count {
      let value = try call.value(index)
      values.append(value.type == nil ? call.binder.converted(value, to: .float) : value)
    }
    return values
  }

  private static func rowTotal(
    _ call: FunctionCall, _ kernel: @escaping Kernel
  ) throws(Diagnostic) -> TypedExpr {
    var values: [TypedExpr] = []
    for index in 0..<call.count {
      values.append(call.binder.converted(try call.number(index), to: .float))
    }
    return call.apply(values, type: .float, kernel)
  }

  /// A choice of comparisons, one for each field of the record.
  private static func recode(_ call: FunctionCall) throws(Diagnostic) -> TypedExpr {
    let x = try call.value(0)
    guard case .record(let fields) = call.arguments[1].kind else {
      throw Diagnostic(
        .type, "`recode` needs a record", span: call.arguments[1].span,
        label: "as {old: \"new\", `old name`: \"new name\"}")
    }
    guard x.type == .text || x.type == nil else {
      throw Diagnostic(
        .type, "`recode` works on text, and \(x.subject)", span: x.span,
        label: "case { x == 1: …, else: … } compares other values")
    }
    var conditions: [TypedExpr] = []
    var results: [TypedExpr] = []
    for field in fields {
      let old = TypedExpr.constant(.text(field.key.text), span: field.key.span)
      conditions.append(
        try call.binder.comparison(
          .equal, call.binder.converted(x, to: .text), old, span: field.key.span))
      results.append(try call.binder.bind(field.value))
    }
    results.append(call.isGiven(2) ? try call.value(2) : x)
    let type = try call.binder.common(results, what: "the new values", span: call.span)
    let typed = results.map { call.binder.converted($0, to: type) }
    let arms = zip(conditions, typed).map { TypedExpr.Arm(condition: $0, value: $1) }
    return TypedExpr(
      .choice(arms, otherwise: typed[typed.count - 1]), type: type, span: call.span
    ).folded
  }

  static let moreConversion: [Function] = [
    Function(
      "duration", .conversion, "duration(x)", 1...1,
      "The duration of text as 1d 2h, or 01:30:00; null for other text.",
      "penguins | agg d = duration(\"1d 2h 30min\")",
      "penguins | agg h = hours(duration(\"01:30:00\"))"
    ) { call throws(Diagnostic) in
      let x = try call.value(0, [.duration, .text], "text")
      if x.type == .duration { return x }
      return call.apply([x], type: .duration, Casts.durationFromText)
    },
    Function(
      "parse_number", .conversion, "parse_number(x)", 1...1,
      "The first number in a text, without signs of money and commas between thousands; null without one.",
      "penguins | agg n = parse_number(\"$1,234.50\")",
      "penguins | derive n = parse_number(concat(body_mass_g, \" g\")) | head 3"
    ) { call throws(Diagnostic) in
      call.apply([try call.text(0)], type: .float, Casts.numberWithinText)
    },
  ]
}
