import Columnar
import Language

extension Functions {
  static let conditional: [Function] = [
    Function(
      "coalesce", .conditional, "coalesce(a, b, …)", 1...1000,
      "The first argument that is not null: `a ?? b`.",
      "penguins | derive sex2 = coalesce(sex, \"unknown\") | head 4",
      "penguins | derive mass = coalesce(body_mass_g, mean(body_mass_g)) by species | head 4"
    ) { call throws(Diagnostic) in
      var values: [TypedExpr] = []
      for index in 0..<call.count { values.append(try call.value(index)) }
      return try call.binder.coalesce(values, span: call.span)
    },
    Function(
      "cut", .conditional, "cut(x, breaks, labels = …)", 2...3,
      "The interval between breaks that a number lies in, closed on the left, the last on both sides; null outside.",
      "penguins | derive size = cut(body_mass_g, [2000, 3500, 4500, 7000]) | head 3",
      "penguins | derive size = cut(body_mass_g, [2000, 4000, 7000], [\"light\", \"heavy\"]) | head 3"
    ) { call throws(Diagnostic) in
      let x = try call.number(0)
      let breaks = try breaks(call)
      let labels = try labels(call, breaks)
      return call.apply([x], type: .text, isTotal: true) { v, context in
        try Cut(breaks: breaks, labels: labels).apply(v, &context)
      }
    },
    Function(
      "if_null", .conditional, "if_null(x, replacement)", 2...2,
      "The replacement where x is null: `x ?? replacement`.",
      "penguins | derive mass = if_null(body_mass_g, 0) | head 4",
      "penguins | agg n = count() by s = if_null(sex, \"unknown\")"
    ) { call throws(Diagnostic) in
      try call.binder.coalesce([try call.value(0), try call.value(1)], span: call.span)
    },
    Function(
      "null_if", .conditional, "null_if(x, value)", 2...2, "Null where x equals the value.",
      "penguins | derive island2 = null_if(island, \"Dream\") | head 3",
      "weather | derive rain = null_if(precipitation, 0) | head 3"
    ) { call throws(Diagnostic) in
      let (x, value) = (try call.value(0), try call.value(1))
      _ = try call.binder.comparison(.equal, x, value, span: call.span)
      let type = try call.binder.common([x, value], what: "the arguments", span: call.span)
      return call.apply(
        [x, value].map { call.binder.converted($0, to: type) }, type: type ?? .float,
        isTotal: true, Logic.nullIf)
    },
  ]

  private static func breaks(_ call: FunctionCall) throws(Diagnostic) -> [Double] {
    let values = try call.list(1, "a list of numbers")
    let breaks = values.compactMap(\.number)
    guard breaks.count == values.count, breaks.count >= 2 else {
      throw Diagnostic(
        .value, "`cut` needs at least two breaks, all of them numbers",
        span: call.arguments[1].span, label: "as [0, 10, 20]")
    }
    guard zip(breaks, breaks.dropFirst()).allSatisfy(<) else {
      throw Diagnostic(
        .value, "the breaks of `cut` must rise", span: call.arguments[1].span)
    }
    return breaks
  }

  private static func labels(
    _ call: FunctionCall, _ breaks: [Double]
  ) throws(Diagnostic) -> [String] {
    guard call.isGiven(2) else {
      return (0..<breaks.count - 1).map { index in
        let (low, high) = (Casts.text(breaks[index]), Casts.text(breaks[index + 1]))
        return "[\(low), \(high)" + (index == breaks.count - 2 ? "]" : ")")
      }
    }
    let labels = try call.list(2, "a list of texts").compactMap { value -> String? in
      if case .text(let text) = value { text } else { nil }
    }
    guard labels.count == breaks.count - 1 else {
      throw Diagnostic(
        .value,
        "\(breaks.count) breaks make \(breaks.count - 1) intervals, which need as many labels",
        span: call.arguments[2].span, label: "\(labels.count) texts")
    }
    return labels
  }
}

/// Numbers sorted into intervals with names.
struct Cut: Sendable {
  let breaks: [Double]
  let labels: [String]

  func apply(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let names = try TextStorage(labels)
    let values = v[0].floats
    var validity = v[0].validity
    var views = [Texts.Bytes](repeating: Texts.Bytes(start: nil, count: 0), count: context.count)
    for row in 0..<context.count where Validity.isSet(validity, row) {
      if let place = interval(values[row]) {
        views[row] = names.utf8(place)
      } else {
        Validity.clear(&validity, row, count: context.count)
      }
    }
    return Vector(.texts(TextVector(views: views, owners: [names])), validity: validity)
  }

  private func interval(_ value: Double) -> Int? {
    guard let first = breaks.first, let last = breaks.last, value >= first, value <= last
    else { return nil }
    var (low, high) = (0, breaks.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if value >= breaks[middle] { low = middle } else { high = middle }
    }
    return low
  }
}
