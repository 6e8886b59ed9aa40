import Columnar
import Language

extension Functions {
  static let window: [Function] = [
    Function(
      "cumcount", .window, "cumcount(x)", 1...1, "How many values there are up to each row.",
      "weather | derive n = cumcount(wind) sort date | head 3"
    ) { call throws(Diagnostic) in
      try call.requireOrder()
      return try call.window(.cumulativeCount, [try call.value(0)], type: .int)
    },
    Function(
      "cumsum", .window, "cumsum(x)", 1...1, "The sum up to each row; nulls add nothing.",
      "weather | derive total = cumsum(precipitation) sort date | head 3"
    ) { call throws(Diagnostic) in
      try call.requireOrder()
      let x = try call.value(0, [.float, .int, .duration, .bool], "a number or a duration")
      return try call.window(.cumulativeSum, [x], type: x.type == .bool ? .int : x.type)
    },
    ranking("dense_rank", .denseRank, "The place of a value among the different ones, from 1."),
    shifting("lag", 1, "The value a number of rows before; null where there is none."),
    shifting("lead", -1, "The value a number of rows on; null where there is none."),
    ranking("rank", .rank, "One more than how many values are less; null for null."),
    Function(
      "row_number", .window, "row_number()", 0...0, "The place of each row, from 1.",
      "weather | derive n = row_number() sort date | head 3"
    ) { call throws(Diagnostic) in
      try call.requireOrder()
      return try call.window(.rowNumber, [], type: .int)
    },
    Function(
      "share", .window, "share(x)", 1...1, "The value divided by the sum of its group.",
      "penguins | derive s = share(body_mass_g) by species | head 3"
    ) { call throws(Diagnostic) in
      let x = try call.number(0)
      return call.apply([x, try call.aggregate(.sum, [x])], type: .float, Arithmetic.divide)
    },
    Function(
      "zscore", .window, "zscore(x)", 1...1,
      "How many standard deviations a value lies from the mean of its group.",
      "penguins | derive z = zscore(body_mass_g) by species | head 3"
    ) { call throws(Diagnostic) in
      let x = try call.number(0)
      let mean = try call.aggregate(.mean, [x])
      let centred = call.apply([x, mean], type: .float, Arithmetic.subtractFloats)
      return call.apply(
        [centred, try call.aggregate(.standardDeviation, [x])], type: .float, Arithmetic.divide)
    },
  ]

  private static func ranking(
    _ name: String, _ function: WindowCall.Function, _ summary: String
  ) -> Function {
    Function(
      name, .window, "\(name)(x)", 1...1, summary,
      "penguins | derive place = \(name)(body_mass_g) by species | head 3"
    ) { call throws(Diagnostic) in
      try call.window(function, [try call.value(0)], type: .int)
    }
  }

  private static func shifting(_ name: String, _ sign: Int, _ summary: String) -> Function {
    Function(
      name, .window, "\(name)(x, rows = 1)", 1...2, summary,
      "weather | derive before = \(name)(temp_max) sort date | head 3"
    ) { call throws(Diagnostic) in
      try call.requireOrder()
      var rows = 1.0
      if call.isGiven(1) { rows = try call.constantNumber(1, "a number of rows") }
      guard let count = Int32(exactly: rows) else {
        throw Diagnostic(
          .value, "`\(call.name.text)` needs a whole number of rows", span: call.arguments[1].span)
      }
      let x = try call.value(0)
      return try call.window(.shifted(Int(count) * sign), [x], type: x.type ?? .float)
    }
  }
}
