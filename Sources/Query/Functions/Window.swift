import Columnar
import Language

extension Functions {
  static let window: [Function] = (ranks + neighbours + cumulations + rollings).sorted {
    $0.name < $1.name
  }

  private static let ranks: [Function] = [
    ranking(
      "cume_dist", .cumulative,
      "The share of values that are not greater; without a value, by the `sort` clause."),
    ranking(
      "dense_rank", .dense,
      "The place of a value among the different ones, from 1; without a value, by the `sort` clause."
    ),
    Function(
      "ntile", .window, "ntile(n) or ntile(x, n)", 1...2,
      "The number, from 1, of the part where rows are cut into n parts as equal as can be, by the `sort` clause or the values of x; null for null.",
      "penguins | derive fifth = ntile(body_mass_g, 5) by species | head 3",
      "weather | derive quarter = ntile(4) sort temp_max | head 3"
    ) { call throws(Diagnostic) in
      let count = try call.wholeNumber(call.count - 1, 1...Int(Int32.max), "a number of parts")
      if call.count == 2 {
        return try call.window(.rank(.tiles(count)), [try call.value(0)], type: .int)
      }
      try call.requireOrder()
      return try call.window(.rank(.tiles(count)), [], type: .int)
    },
    ranking(
      "percent_rank", .percent,
      "(rank - 1) / (values - 1), from 0 to 1; without a value, by the `sort` clause."),
    ranking(
      "rank", .rank,
      "One more than how many values are less; null for null. Without a value, by the `sort` clause."
    ),
    Function(
      "row_number", .window, "row_number()", 0...0, "The place of each row, from 1.",
      "weather | derive n = row_number() sort date | head 3",
      "penguins | filter row_number() == 1 by species sort -body_mass_g"
    ) { call throws(Diagnostic) in
      try call.requireOrder()
      return try call.window(.rowNumber, [], type: .int)
    },
    Function(
      "share", .window, "share(x)", 1...1, "The value divided by the sum of its group.",
      "penguins | derive s = share(body_mass_g) by species | head 3",
      "weather | agg mm = sum(precipitation) by year(date) | derive s = share(mm)"
    ) { call throws(Diagnostic) in
      let x = try call.number(0)
      return call.apply([x, try call.aggregate(.sum, [x])], type: .float, Arithmetic.divide)
    },
    Function(
      "zscore", .window, "zscore(x)", 1...1,
      "How many standard deviations a value lies from the mean of its group.",
      "penguins | derive z = zscore(body_mass_g) by species | head 3",
      "penguins | filter abs(zscore(body_mass_g)) > 2 by species, sex | head 5"
    ) { call throws(Diagnostic) in
      let x = try call.number(0)
      let mean = try call.aggregate(.mean, [x])
      let centred = call.apply([x, mean], type: .float, Arithmetic.subtractFloats)
      return call.apply(
        [centred, try call.aggregate(.standardDeviation, [x])], type: .float, Arithmetic.divide)
    },
  ]

  private static let neighbours: [Function] = [
    Function(
      "diff", .window, "diff(x, rows = 1)", 1...2,
      "The value less the one a number of rows before; of times the duration between them.",
      "weather | derive change = diff(temp_max) sort date | head 3",
      "weather | derive gap = diff(date) sort date | head 3"
    ) { call throws(Diagnostic) in
      let types: [DataType] = [.float, .int, .date, .datetime, .duration]
      let x = try call.value(0, types, "a number, a time or a duration")
      return try call.binder.arithmetic(
        .subtract, x, try call.shifted(x, sign: 1), span: call.span)
    },
    filling(
      "fill_back", isForward: false,
      "Nulls as the next value behind them, at most so many rows away."),
    filling(
      "fill_forward", isForward: true,
      "Nulls as the last value before them, at most so many rows away."),
    Function(
      "interpolate", .window, "interpolate(x)", 1...1,
      "Nulls as the straight line between the known values before and behind them has it, by the number or time of the `sort` clause.",
      "weather | derive t = interpolate(if temp_max < 0 then null else temp_max) sort date | head 3",
      "weather | derive mm = if month(date) == 2 then null else precipitation | derive mm = interpolate(mm) by year(date) sort date | head 3"
    ) { call throws(Diagnostic) in
      let x = try call.number(0)
      let types: Set<DataType?> = [.int, .float, .date, .datetime, .duration]
      guard let first = call.binder.scope.orderTypes.first, types.contains(first) else {
        throw Diagnostic(
          .type, "`interpolate` goes by the number or time of a `sort` clause, and there is none",
          span: call.name.span, label: "how far apart are the rows?",
          hints: ["sort \(call.orderSuggestion)"])
      }
      return try call.window(.interpolated, [x], type: .float)
    },
    shifting(
      "lag", 1, "The value a number of rows before; where there is no such row, the default."),
    shifting("lead", -1, "The value a number of rows on; where there is no such row, the default."),
    Function(
      "nth", .window, "nth(x, n)", 2...2,
      "The value of the n-th row of the group, from 1, or from the end where n is below 0; null where there is none. In agg one value a group, in derive in every row.",
      "penguins | derive second = nth(body_mass_g, 2) by species sort -body_mass_g | head 3",
      "weather | sort date | agg second = nth(temp_max, 2) by weather"
    ) { call throws(Diagnostic) in
      try call.requireOrder()
      let limit = Int(UInt32.max)
      let number = try call.wholeNumber(1, -limit...limit, "the number of a row")
      guard number != 0 else {
        throw Diagnostic(
          .value, "rows are counted from 1, or from -1 at the end", span: call.arguments[1].span)
      }
      let x = try call.value(0)
      return call.allowsWindows
        ? try call.window(.nth(number), [x], type: x.type ?? .float)
        : try call.aggregate(.nth(number), [x])
    },
    Function(
      "pct_change", .window, "pct_change(x, rows = 1)", 1...2,
      "The change from the value a number of rows before, as a share of it: 0.05 for 5% more.",
      "weather | agg mm = sum(precipitation) by year = year(date) | derive change = pct_change(mm) sort year",
      "weather | derive c = pct_change(wind, 7) sort date | tail 3"
    ) { call throws(Diagnostic) in
      let x = try call.number(0)
      let ratio = call.apply(
        [x, try call.shifted(x, sign: 1)], type: .float, Arithmetic.divide)
      return call.apply(
        [ratio, call.fallback(.float(1))], type: .float, Arithmetic.subtractFloats)
    },
  ]

  private static func ranking(_ name: String, _ ranking: Ranking, _ summary: String) -> Function {
    let type: DataType = ranking == .percent || ranking == .cumulative ? .float : .int
    return Function(
      name, .window, "\(name)(x) or \(name)()", 0...1, summary,
      "penguins | derive place = \(name)(body_mass_g) by species | head 3",
      "weather | derive place = \(name)() sort -temp_max, date | head 3"
    ) { call throws(Diagnostic) in
      if call.count == 1 {
        return try call.window(.rank(ranking), [try call.value(0)], type: type)
      }
      guard !call.binder.scope.orderTypes.isEmpty else {
        throw Diagnostic(
          .type, "`\(name)()` goes by a `sort` clause, and there is none", span: call.span,
          label: "add one, or say what is ranked: `\(name)(x)`",
          hints: ["sort \(call.orderSuggestion)"])
      }
      return try call.window(.rank(ranking), [], type: type)
    }
  }

  private static func shifting(_ name: String, _ sign: Int, _ summary: String) -> Function {
    Function(
      name, .window, "\(name)(x, rows = 1, default = null)", 1...3, summary,
      "weather | derive before = \(name)(temp_max) sort date | head 3",
      "weather | derive w = \(name)(weather, 7, \"none\") sort date | head 3"
    ) { call throws(Diagnostic) in
      let x = try call.value(0)
      let shifted = try call.shifted(x, sign: sign)
      guard call.isGiven(2) else { return shifted }
      let other = try call.value(2)
      let type = try call.binder.common(
        [shifted, other], what: "the value and the default", span: other.span)
      let offset = try call.offset(1) * sign
      let isInside = try call.window(.isInside(offset), [], type: .bool)
      return TypedExpr(
        .choice(
          [TypedExpr.Arm(condition: isInside, value: call.binder.converted(shifted, to: type))],
          otherwise: call.binder.converted(other, to: type)), type: type, span: call.span)
    }
  }

  private static func filling(_ name: String, isForward: Bool, _ summary: String) -> Function {
    Function(
      name, .window, "\(name)(x, limit = all)", 1...2, summary,
      "penguins | derive m = \(name)(body_mass_g) by species sort body_mass_g | head 4",
      "penguins | derive s = \(name)(sex, 1) sort species, year | head 10"
    ) { call throws(Diagnostic) in
      try call.requireOrder()
      let limit =
        call.isGiven(1)
        ? try call.wholeNumber(1, 1...Int(UInt32.max), "a number of rows") : .max
      let x = try call.value(0)
      return try call.window(
        .filled(isForward: isForward, limit: limit), [x], type: x.type ?? .float)
    }
  }
}

extension FunctionCall {
  /// `x` so many rows before, or after where `sign` is -1, as the second argument says.
  fileprivate func shifted(_ x: TypedExpr, sign: Int) throws(Diagnostic) -> TypedExpr {
    try requireOrder()
    return try window(.shifted(try offset(1) * sign), [x], type: x.type ?? .float)
  }

  /// How many rows away; 1 where it is not given.
  fileprivate func offset(_ index: Int) throws(Diagnostic) -> Int {
    guard isGiven(index) else { return 1 }
    return try wholeNumber(index, 0...Int(UInt32.max), "a number of rows")
  }
}
