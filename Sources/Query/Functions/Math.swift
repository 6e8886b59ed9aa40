import Columnar
import Language

extension Functions {
  static let elementary: [Function] = [
    Function(
      "abs", .math, "abs(x)", 1...1, "The distance from zero; also of a duration.",
      "weather | derive size = abs(temp_max - 15) | head 3",
      "penguins | derive d = abs(body_mass_g - mean(body_mass_g)) | head 3"
    ) { call throws(Diagnostic) in
      let x = try call.value(0, [.float, .int, .duration], "a number or a duration")
      if x.type == .float {
        return call.apply([x], type: .float, isTotal: true, Mathematics.abs.apply)
      }
      return call.apply([x], type: x.type ?? .int, Arithmetic.absoluteInts)
    },
    floats(
      "acos", .acos, "The arc cosine, in radians.", "penguins | derive a = acos(0.5) | head 1",
      "penguins | agg a = degrees(acos(0.5))"),
    floats(
      "asin", .asin, "The arc sine, in radians.", "penguins | derive a = asin(0.5) | head 1",
      "penguins | agg a = degrees(asin(0.5))"),
    floats(
      "atan", .atan, "The arc tangent, in radians.", "penguins | derive a = atan(1) | head 1",
      "penguins | derive a = atan(bill_depth_mm / bill_length_mm) | head 3"),
    rounding("ceil", .ceil, "The next whole number above."),
    Function(
      "clamp", .math, "clamp(x, low, high)", 3...3,
      "The value, or the bound that it lies beyond.",
      "penguins | derive mass = clamp(body_mass_g, 3000, 5000) | head 3",
      "weather | derive day = clamp(date, @2012-01-02, @2012-12-31) | head 3"
    ) { call throws(Diagnostic) in
      let values = try comparables(call)
      return bounded(call, values[0], values[1], values[2])
    },
    floats(
      "cos", .cos, "The cosine of radians.", "penguins | derive a = cos(0) | head 1",
      "weather | derive c = cos(2 * pi() * day_of_year(date) / 365.25) | head 3"),
    floats(
      "exp", .exp, "e to the power of x.", "penguins | derive e = exp(bill_depth_mm / 10) | head 3",
      "penguins | agg g = exp(mean(log(body_mass_g)))"),
    floats(
      "expm1", .expm1, "exp(x) - 1, exact for small x.",
      "penguins | derive e = expm1(0.001) | head 1",
      "weather | derive e = expm1(precipitation / 10) | head 3"),
    rounding("floor", .floor, "The next whole number below."),
    Function(
      "greatest", .math, "greatest(a, b, …)", 1...1000,
      "The greatest of its arguments in each row; nulls are passed over.",
      "penguins | derive m = greatest(bill_length_mm, bill_depth_mm) | head 3",
      "weather | derive d = greatest(date, @2012-01-02) | head 3"
    ) { call throws(Diagnostic) in
      let values = try comparables(call)
      return call.apply(
        values, type: values[0].type ?? .float, isTotal: true, Mathematics.greatest)
    },
    Function(
      "is_finite", .math, "is_finite(x)", 1...1, "Whether a number is not infinite.",
      "penguins | filter is_finite(log(body_mass_g)) | head 3",
      "weather | derive f = is_finite(log(precipitation)) | head 3"
    ) { call throws(Diagnostic) in
      call.apply([try call.number(0)], type: .bool, isTotal: true, Mathematics.isFinite)
    },
    Function(
      "least", .math, "least(a, b, …)", 1...1000,
      "The least of its arguments in each row; nulls are passed over.",
      "penguins | derive m = least(bill_length_mm, bill_depth_mm) | head 3",
      "penguins | derive m = least(body_mass_g, 4000) | head 3"
    ) { call throws(Diagnostic) in
      let values = try comparables(call)
      return call.apply(values, type: values[0].type ?? .float, isTotal: true, Mathematics.least)
    },
    Function(
      "log", .math, "log(x, base = e)", 1...2,
      "The natural logarithm, or that to another base; null below 0, negative infinity at 0.",
      "penguins | derive l = log(body_mass_g) | head 3",
      "penguins | derive l = log(body_mass_g, 3) | head 3"
    ) { call throws(Diagnostic) in
      let x = try call.number(0)
      guard call.isGiven(1) else { return call.apply([x], type: .float, Mathematics.log.apply) }
      return call.apply([x, try call.number(1)], type: .float, PairFunction.logarithm.apply)
    },
    floats(
      "log10", .log10, "The logarithm to base 10.",
      "penguins | derive l = log10(body_mass_g) | head 3",
      "penguins | agg l = log10(1000)"),
    floats(
      "log1p", .log1p, "log(1 + x), exact for small x.",
      "penguins | derive l = log1p(body_mass_g) | head 3",
      "weather | derive l = log1p(precipitation) | head 3"),
    floats(
      "log2", .log2, "The logarithm to base 2.", "penguins | derive l = log2(body_mass_g) | head 3",
      "penguins | agg l = log2(8)"),
    Function(
      "mod", .math, "mod(a, b)", 2...2,
      "The remainder of a division, with the divisor's sign: `a % b`.",
      "penguins | derive r = mod(body_mass_g, 1000) | head 3",
      "penguins | agg r = mod(-7, 3)"
    ) { call throws(Diagnostic) in
      try call.binder.arithmetic(
        .remainder, try call.number(0), try call.number(1), span: call.span)
    },
    Function(
      "pow", .math, "pow(x, y)", 2...2, "x to the power of y: `x ^ y`.",
      "penguins | derive square = pow(bill_depth_mm, 2) | head 3",
      "penguins | agg p = pow(2, 10)"
    ) { call throws(Diagnostic) in
      call.apply([try call.number(0), try call.number(1)], type: .float, Arithmetic.power)
    },
    Function(
      "round", .math, "round(x, digits = 0)", 1...2,
      "Rounded to digits behind the point, halves away from zero; digits below 0 round to tens.",
      "penguins | derive kg = round(body_mass_g / 1000, 1) | head 3",
      "penguins | derive g = round(body_mass_g, -3) | head 3"
    ) { call throws(Diagnostic) in
      let x = try call.number(0)
      let digits = call.isGiven(1) ? try call.integer(1) : call.fallback(.int(0))
      let rounded = call.apply([x, digits], type: .float, isTotal: true, Mathematics.round)
      guard x.type == .int else { return rounded }
      return call.apply([rounded], type: .int, Casts.intFromFloat)
    },
    Function(
      "sign", .math, "sign(x)", 1...1, "-1, 0 or 1.",
      "weather | derive s = sign(temp_min) | head 3",
      "penguins | derive s = sign(body_mass_g - 4000) | head 3"
    ) { call throws(Diagnostic) in
      let x = try call.number(0)
      if x.type == .int { return call.apply([x], type: .int, isTotal: true, Arithmetic.signInts) }
      return call.apply([x], type: .float, isTotal: true, Mathematics.sign.apply)
    },
    floats(
      "sin", .sin, "The sine of radians.", "penguins | derive a = sin(0) | head 1",
      "weather | derive s = sin(2 * pi() * day_of_year(date) / 365.25) | head 3"),
    floats(
      "sqrt", .sqrt, "The square root; null below 0.",
      "penguins | derive root = sqrt(body_mass_g) | head 3",
      "penguins | agg se = sd(body_mass_g) / sqrt(count(body_mass_g)) by species"),
    floats(
      "tan", .tan, "The tangent of radians.", "penguins | derive a = tan(0) | head 1",
      "penguins | agg t = tan(radians(45))"),
    rounding("trunc", .trunc, "The whole number toward zero."),
  ]

  /// A function of one number with a float as its result.
  private static func floats(
    _ name: String, _ function: Mathematics, _ summary: String, _ first: String, _ second: String
  ) -> Function {
    Function(name, .math, "\(name)(x)", 1...1, summary, first, second) { call throws(Diagnostic) in
      call.apply([try call.number(0)], type: .float, function.apply)
    }
  }

  /// A function that leaves ints as they are.
  private static func rounding(
    _ name: String, _ function: Mathematics, _ summary: String
  ) -> Function {
    Function(
      name, .math, "\(name)(x)", 1...1, summary,
      "penguins | derive whole = \(name)(bill_length_mm) | head 3",
      "weather | derive degrees = \(name)(temp_min) | head 3"
    ) { call throws(Diagnostic) in
      let x = try call.number(0)
      if x.type == .int { return x }
      return call.apply([x], type: .float, isTotal: true, function.apply)
    }
  }

  /// The arguments as values of one ordered type.
  private static func comparables(_ call: FunctionCall) throws(Diagnostic) -> [TypedExpr] {
    var values: [TypedExpr] = []
    for index in 0..<call.count { values.append(try call.value(index)) }
    let type = try call.binder.common(
      values, what: "the arguments of `\(call.name.text)`", span: call.span)
    for value in values { try call.binder.refuseMonths(value) }
    return values.map { call.binder.converted($0, to: type ?? .float) }
  }

  /// x, or the bound that it lies beyond; all of one type.
  static func bounded(
    _ call: FunctionCall, _ x: TypedExpr, _ low: TypedExpr, _ high: TypedExpr
  ) -> TypedExpr {
    let type = x.type ?? .float
    let raised = call.apply([x, low], type: type, isTotal: true, boundBelow)
    return call.apply([raised, high], type: type, isTotal: true, boundAbove)
  }

  private static let boundBelow: Kernel = { v, context in
    let smaller = try Comparison.less.apply(v, &context)
    return masked(Logic.select(smaller.bools, v[1], v[0], context.count), v)
  }

  private static let boundAbove: Kernel = { v, context in
    let greater = try Comparison.greater.apply(v, &context)
    return masked(Logic.select(greater.bools, v[1], v[0], context.count), v)
  }

  /// The vector with null where one of the arguments is.
  private static func masked(_ vector: Vector, _ arguments: [Vector]) -> Vector {
    Vector(vector.values, validity: Validity.all(arguments))
  }
}
