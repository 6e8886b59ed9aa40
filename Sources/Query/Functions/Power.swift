import Columnar
import Language

/// Mathematics beyond the elementary functions.
extension Functions {
  static let power: [Function] = [
    real(
      "acosh", .inverseHyperbolicCosine, "The inverse hyperbolic cosine; null below 1.",
      "penguins | derive a = acosh(bill_depth_mm) | head 3", "penguins | agg a = acosh(1.5)"),
    real(
      "asinh", .inverseHyperbolicSine,
      "The inverse hyperbolic sine: like a logarithm, but defined at 0 and below.",
      "weather | derive a = asinh(temp_min) | head 3",
      "weather | derive rain = asinh(precipitation) | head 3"),
    Function(
      "atan2", .math, "atan2(y, x)", 2...2,
      "The angle of the point (x, y) from the x axis, in radians.",
      "penguins | derive angle = atan2(bill_depth_mm, bill_length_mm) | head 3",
      "penguins | derive angle = degrees(atan2(bill_depth_mm, bill_length_mm)) | head 3"
    ) { call throws(Diagnostic) in try pair(call, .arcTangent) },
    real(
      "atanh", .inverseHyperbolicTangent, "The inverse hyperbolic tangent; null beyond -1 and 1.",
      "penguins | agg a = atanh(0.5)",
      "penguins | agg z = atanh(corr(body_mass_g, flipper_length_mm)) by species"),
    real(
      "cbrt", .cubeRoot, "The cube root.", "penguins | derive size = cbrt(body_mass_g) | head 3",
      "weather | derive r = cbrt(precipitation) | head 3"),
    whole(
      "choose", 2, "choose(n, k)", .choose, "In how many ways k of n things can be chosen.",
      "penguins | agg ways = choose(5, 2)",
      "penguins | agg n = count(), pairs = choose(count(), 2) by species"),
    real(
      "cosh", .hyperbolicCosine, "The hyperbolic cosine.",
      "penguins | derive c = cosh(bill_depth_mm / 10) | head 3", "penguins | agg c = cosh(0)"),
    real(
      "degrees", .toDegrees, "Radians as degrees.", "penguins | agg d = degrees(pi())",
      "penguins | derive angle = degrees(atan(bill_depth_mm / bill_length_mm)) | head 3"),
    real(
      "erf", .errorFunction, "The error function, 2/√π times the integral of exp(-t²) from 0 to x.",
      "penguins | agg e = erf(1)", "weather | derive e = erf(temp_min / 10) | head 3"),
    whole(
      "factorial", 1, "factorial(n)", .factorial,
      "The product of the whole numbers to n, as far as it fits: to 20; null below 0.",
      "penguins | agg f = factorial(5)", "weather | derive f = factorial(month(date)) | tail 3"),
    real(
      "gamma", .gammaFunction, "The gamma function; `gamma(n + 1)` is n factorial as a float.",
      "penguins | agg g = gamma(5)", "penguins | derive g = gamma(bill_depth_mm) | head 3"),
    whole(
      "gcd", 2, "gcd(a, b)", .greatestCommonDivisor, "The greatest common divisor.",
      "penguins | derive g = gcd(body_mass_g, 1000) | head 3", "penguins | agg g = gcd(12, 18)"),
    Function(
      "hypot", .math, "hypot(x, y)", 2...2, "The length of the hypotenuse: √(x² + y²).",
      "penguins | derive h = hypot(bill_length_mm, bill_depth_mm) | head 3",
      "penguins | agg h = hypot(3, 4)"
    ) { call throws(Diagnostic) in try pair(call, .hypotenuse) },
    whole(
      "lcm", 2, "lcm(a, b)", .leastCommonMultiple, "The least common multiple.",
      "penguins | agg l = lcm(4, 6)", "penguins | derive l = lcm(year, 12) | head 3"),
    real(
      "lgamma", .logarithmOfGamma, "The natural logarithm of the gamma function.",
      "penguins | agg l = lgamma(100)", "penguins | derive l = lgamma(body_mass_g) | head 3"),
    Function(
      "pi", .math, "pi()", 0...0, "The ratio of a circle's circumference to its diameter.",
      "penguins | agg p = pi()", "penguins | derive a = pi() * (bill_depth_mm / 2) ^ 2 | head 3"
    ) { call throws(Diagnostic) in .constant(.float(.pi), span: call.span) },
    real(
      "radians", .toRadians, "Degrees as radians.", "penguins | agg r = radians(180)",
      "penguins | agg s = sin(radians(30))"),
    real(
      "sinh", .hyperbolicSine, "The hyperbolic sine.",
      "penguins | derive s = sinh(bill_depth_mm / 10) | head 3", "penguins | agg s = sinh(1)"),
    real(
      "tanh", .hyperbolicTangent, "The hyperbolic tangent.",
      "weather | derive t = tanh(temp_min / 10) | head 3", "penguins | agg t = tanh(0.5)"),
  ]

  static let bits: [Function] = [
    whole(
      "bit_and", 2, "bit_and(a, b)", .bitAnd, "The bits that are set in both numbers.",
      "penguins | agg b = bit_and(12, 10)", "penguins | derive b = bit_and(year, 1) | head 3"),
    whole(
      "bit_count", 1, "bit_count(a)", .bitCount,
      "How many bits are set, of 64; a number below 0 counts in two's complement.",
      "penguins | agg b = bit_count(255)", "penguins | derive b = bit_count(year) | head 3"),
    whole(
      "bit_not", 1, "bit_not(a)", .bitNot, "Every bit turned: -a - 1.",
      "penguins | agg b = bit_not(0)", "penguins | derive b = bit_not(year) | head 3"),
    whole(
      "bit_or", 2, "bit_or(a, b)", .bitOr, "The bits that are set in one number or both.",
      "penguins | agg b = bit_or(12, 10)", "penguins | derive b = bit_or(year, 1) | head 3"),
    whole(
      "bit_xor", 2, "bit_xor(a, b)", .bitXor, "The bits that are set in one number, not in both.",
      "penguins | agg b = bit_xor(12, 10)", "penguins | derive b = bit_xor(year, 1) | head 3"),
    whole(
      "shift_left", 2, "shift_left(a, n)", .shiftLeft,
      "The bits moved n places up: a times 2 to the power of n; null for n below 0.",
      "penguins | agg b = shift_left(1, 10)", "penguins | derive b = shift_left(year, 2) | head 3"),
    whole(
      "shift_right", 2, "shift_right(a, n)", .shiftRight,
      "The bits moved n places down: a divided by 2 to the power of n, rounded down.",
      "penguins | agg b = shift_right(1024, 10)",
      "penguins | derive b = shift_right(year, 2) | head 3"),
  ]

  static let rounding: [Function] = [
    Function(
      "round_even", .math, "round_even(x, digits = 0)", 1...2,
      "Rounded to digits behind the point, halves to the even digit, as banks and R do.",
      "penguins | derive even = round_even(bill_depth_mm) | head 3",
      "penguins | agg a = round_even(2.5), b = round_even(3.5), c = round_even(0.125, 2)"
    ) { call throws(Diagnostic) in
      let x = try call.number(0)
      let digits = call.isGiven(1) ? try call.integer(1) : call.fallback(.int(0))
      let rounded = call.apply(
        [x, digits], type: .float, isTotal: true, PairFunction.roundEven.apply)
      guard x.type == .int else { return rounded }
      return call.apply([rounded], type: .int, Casts.intFromFloat)
    },
    Function(
      "signif", .math, "signif(x, digits = 6)", 1...2,
      "Rounded to so many significant digits, halves away from zero.",
      "penguins | derive g = signif(body_mass_g, 2) | head 3",
      "penguins | agg s = signif(mean(bill_length_mm), 3) by species"
    ) { call throws(Diagnostic) in
      let x = try call.number(0)
      let digits = call.isGiven(1) ? try call.integer(1) : call.fallback(.int(6))
      let rounded = call.apply(
        [x, digits], type: .float, isTotal: true, PairFunction.significantDigits.apply)
      guard x.type == .int else { return rounded }
      return call.apply([rounded], type: .int, Casts.intFromFloat)
    },
  ]

  private static func real(
    _ name: String, _ function: RealFunction, _ summary: String, _ first: String, _ second: String
  ) -> Function {
    Function(name, .math, "\(name)(x)", 1...1, summary, first, second) { call throws(Diagnostic) in
      call.apply([try call.number(0)], type: .float, function.apply)
    }
  }

  private static func whole(
    _ name: String, _ count: Int, _ signature: String, _ function: IntegerFunction,
    _ summary: String, _ first: String, _ second: String
  ) -> Function {
    Function(name, .math, signature, count...count, summary, first, second) {
      call throws(Diagnostic) in
      var arguments: [TypedExpr] = []
      for index in 0..<count { arguments.append(try call.integer(index)) }
      return call.apply(arguments, type: .int, function.apply)
    }
  }

  private static func pair(
    _ call: FunctionCall, _ function: PairFunction
  ) throws(Diagnostic) -> TypedExpr {
    call.apply([try call.number(0), try call.number(1)], type: .float, function.apply)
  }
}
