import Columnar
import Language

/// Values seen against all others of their group, and the standard normal distribution.
extension Functions {
  static let statistics: [Function] = [
    Function(
      "center", .statistics, "center(x)", 1...1, "The value less the mean of its group.",
      "penguins | derive c = center(body_mass_g) | head 3",
      "penguins | derive c = center(body_mass_g) by species | head 3"
    ) { call throws(Diagnostic) in
      let x = try call.number(0)
      return call.apply(
        [x, try call.aggregate(.mean, [x])], type: .float, Arithmetic.subtractFloats)
    },
    curve(
      "logistic", .logistic, "1 / (1 + exp(-x)): any number to between 0 and 1.",
      "weather | derive p = logistic(temp_min) | head 3", "penguins | agg p = logistic(0)"),
    curve(
      "logit", .logit, "ln(p / (1 - p)): a share to any number; null outside 0 to 1.",
      "penguins | agg l = logit(0.8)", "penguins | agg l = logit(mean(sex == \"male\")) by species"),
    Function(
      "minmax", .statistics, "minmax(x, low = 0, high = 1)", 1...3,
      "The value on a scale on which its group runs from low to high; null where all are equal.",
      "penguins | derive m = minmax(body_mass_g) | head 3",
      "penguins | derive m = minmax(bill_length_mm, -1, 1) by species | head 3"
    ) { call throws(Diagnostic) in
      let x = call.binder.converted(try call.number(0), to: .float)
      let low = call.isGiven(1) ? try call.constantNumber(1, "a number") : 0
      let high = call.isGiven(2) ? try call.constantNumber(2, "a number") : 1
      let least = try call.aggregate(.min, [x])
      let most = try call.aggregate(.max, [x])
      let distance = call.apply([x, least], type: .float, Arithmetic.subtractFloats)
      let span = call.apply([most, least], type: .float, Arithmetic.subtractFloats)
      let share = call.apply([distance, span], type: .float, Arithmetic.divide)
      let binder = call.binder
      let scaled = try binder.arithmetic(
        .multiply, share, call.fallback(.float(high - low)), span: call.span)
      return try binder.arithmetic(.add, scaled, call.fallback(.float(low)), span: call.span)
    },
    curve(
      "normal_cdf", .normalLowerTail,
      "The share of a standard normal distribution below z.", "penguins | agg p = normal_cdf(1.96)",
      "penguins | derive p = normal_cdf(zscore(body_mass_g)) | head 3"),
    curve(
      "normal_pdf", .normalDensity, "The density of the standard normal distribution at z.",
      "penguins | agg d = normal_pdf(0)",
      "penguins | derive d = normal_pdf(zscore(body_mass_g)) | head 3"),
    curve(
      "normal_quantile", .normalQuantile,
      "The z below which a share p of a standard normal distribution lies.",
      "penguins | agg z = normal_quantile(0.975)",
      "penguins | derive z = normal_quantile(rank(body_mass_g) / (count() + 1)) | head 3"),
    Function(
      "winsorize", .statistics, "winsorize(x, p = 5%)", 1...2,
      "The value, or the p or 1 - p quantile of its group where it lies beyond.",
      "penguins | derive w = winsorize(body_mass_g) | head 3",
      "penguins | derive w = winsorize(body_mass_g, 10%) by species | head 3"
    ) { call throws(Diagnostic) in
      let x = call.binder.converted(try call.number(0), to: .float)
      let p = call.isGiven(1) ? try call.constantNumber(1, "a share") : 0.05
      guard p >= 0, p < 0.5 else {
        throw Diagnostic(
          .value, "the share cut off at each end lies from 0 to below 50%",
          span: call.arguments[1].span)
      }
      let low = try call.aggregate(.quantile(p), [x])
      let high = try call.aggregate(.quantile(1 - p), [x])
      return bounded(call, x, low, high)
    },
  ]

  private static func curve(
    _ name: String, _ function: RealFunction, _ summary: String, _ first: String, _ second: String
  ) -> Function {
    Function(name, .statistics, "\(name)(x)", 1...1, summary, first, second) {
      call throws(Diagnostic) in
      call.apply([try call.number(0)], type: .float, function.apply)
    }
  }

  /// Random numbers, a row each. The seed is the last argument; without one the session draws it and
  /// writes it into the line before it gets here.
  static let random: [Function] = [
    Function(
      "random", .random, "random(seed)", 0...1,
      "A random number from 0 to below 1 in each row. Without a seed one is drawn and written into the line.",
      "penguins | derive r = random(7) | head 3", "penguins | filter random(1) < 2% | head 3"
    ) { call throws(Diagnostic) in try randomNumbers(call, .uniform, seedAt: 0) },
    Function(
      "random_choice", .random, "random_choice([a, b, …], seed)", 1...2,
      "One of a list in each row, each equally likely.",
      "penguins | derive arm = random_choice([\"drug\", \"placebo\"], 3) | head 3",
      "penguins | derive dose = random_choice([0, 5, 10], 3) | head 3"
    ) { call throws(Diagnostic) in
      let choices = try call.list(0, "a list of values")
      guard !choices.isEmpty else {
        throw Diagnostic(.value, "there is nothing to choose from", span: call.arguments[0].span)
      }
      let constants = choices.map { TypedExpr.constant($0, span: call.arguments[0].span) }
      let type =
        try call.binder.common(constants, what: "the choices", span: call.arguments[0].span)
        ?? .float
      let places = try randomNumbers(call, .choices(choices.count), seedAt: 1)
      let options: Vector
      do {
        options = try Vector.list(choices, type: type)
      } catch {
        throw Diagnostic(error, span: call.arguments[0].span)
      }
      return call.apply([places], type: type, options.picked)
    },
    Function(
      "random_int", .random, "random_int(low, high, seed)", 2...3,
      "A random whole number from low to high, both included, in each row.",
      "penguins | derive die = random_int(1, 6, 42) | head 3",
      "penguins | derive fold = random_int(1, 5, 42) | agg count() by fold"
    ) { call throws(Diagnostic) in
      guard case .int(let low) = try call.constant(0, "a whole number"),
        case .int(let high) = try call.constant(1, "a whole number")
      else {
        throw Diagnostic(
          .type, "`random_int` needs two whole numbers", span: call.arguments[0].span)
      }
      guard low <= high else {
        throw Diagnostic(
          .value, "\(low) is above \(high)", span: call.arguments[0].span, label: "the lower bound")
      }
      return try randomNumbers(call, .integers(low, high), seedAt: 2)
    },
    Function(
      "random_normal", .random, "random_normal(mean, sd, seed)", 2...3,
      "A random number of a normal distribution in each row.",
      "penguins | derive noise = random_normal(0, 1, 42) | head 3",
      "penguins | derive g = body_mass_g + random_normal(0, 50, 42) | head 3"
    ) { call throws(Diagnostic) in
      let mean = try call.constantNumber(0, "a mean")
      let deviation = try call.constantNumber(1, "a standard deviation")
      guard deviation >= 0 else {
        throw Diagnostic(
          .value, "a standard deviation is not below 0", span: call.arguments[1].span)
      }
      return try randomNumbers(
        call, .normal(mean: mean, deviation: deviation), seedAt: 2)
    },
  ]

  /// How many arguments a random function has without the seed; nil for other functions.
  package static func argumentsBeforeSeed(_ name: String) -> Int? {
    switch name {
    case "random": 0
    case "random_choice": 1
    case "random_int", "random_normal": 2
    default: nil
    }
  }

  private static func randomNumbers(
    _ call: FunctionCall, _ column: RandomColumn, seedAt index: Int
  ) throws(Diagnostic) -> TypedExpr {
    guard call.isGiven(index) else {
      throw Diagnostic(
        .noSeed, "`\(call.name.text)` in a definition or a loop needs a seed", span: call.span,
        label: "the last argument: \(call.function.signature)")
    }
    guard case .int(let seed) = try call.constant(index, "a seed"), seed >= 0 else {
      throw Diagnostic(
        .type, "a seed is a whole number from 0", span: call.arguments[index].span)
    }
    return try call.window(
      .random(column, seed: UInt64(seed)), [], type: column.type)
  }
}

extension Vector {
  /// The values of a list as a vector, to pick from.
  static func list(_ values: [Scalar], type: DataType) throws -> Vector {
    try Column.scalars(
      values.map { value in
        if type == .datetime, case .date(let days) = value, let time = Calendar.datetime(days) {
          return .datetime(time)
        }
        return value
      }, type: type
    ).vector(0..<values.count)
  }

  /// A kernel that gives the value of this vector at each place, counted from 0.
  var picked: Kernel {
    { v, context in
      let places = v[0].ints
      let rows = (0..<context.count).map { Int(places[$0]) }
      var validity: [UInt64]?
      if self.validity != nil {
        for (row, place) in rows.enumerated() where isNull(place) {
          Validity.clear(&validity, row, count: context.count)
        }
      }
      let values: Values =
        switch self.values {
        case .bools(let values): .bools(rows.map { values[$0] })
        case .ints(let values): .ints(rows.map { values[$0] })
        case .floats(let values): .floats(rows.map { values[$0] })
        case .texts(let texts):
          .texts(TextVector(views: rows.map { texts.views[$0] }, owners: texts.owners))
        }
      return Vector(values, validity: validity)
    }
  }
}
