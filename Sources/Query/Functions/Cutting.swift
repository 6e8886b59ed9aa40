import Columnar
import Language

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Functions {
  static let cutting: [Function] = [
    Function(
      "cut", .conditional, "cut(x, breaks, labels = …) or cut(x, n, labels = …)", 2...3,
      "The interval between breaks that a number lies in, closed on the left, the last on both sides; null outside. A number alone cuts from the least to the greatest value of the group into so many intervals of one width.",
      "penguins | derive size = cut(body_mass_g, [2000, 3500, 4500, 7000]) | head 3",
      "penguins | derive size = cut(body_mass_g, [2000, 4000, 7000], [\"light\", \"heavy\"]) | head 3",
      "penguins | derive size = cut(body_mass_g, 4) | head 3"
    ) { call throws(Diagnostic) in
      let x = try call.number(0)
      if case .list = call.arguments[1].kind {
        let breaks = try call.breaks()
        let cut = Cut(breaks: breaks, labels: try call.labels(breaks.count - 1))
        return call.apply([x], type: .text, isTotal: true) { v, context in
          try cut.apply(v[0], &context)
        }
      }
      let count = try call.wholeNumber(
        1, 1...1000, "a list of breaks, as [0, 10, 20], or a number of intervals")
      let given = try call.labels(count)
      let ends = [try call.aggregate(.min, [x]), try call.aggregate(.max, [x])]
      return call.apply([x] + ends, type: .text) { v, context in
        try GroupCut(labels: given) { row in
          let (low, high) = (v[1].floats[row], v[2].floats[row])
          return (0...count).map { index in
            index == count ? high : low + (high - low) * Double(index) / Double(count)
          }
        }.apply(v, &context)
      }
    },
    Function(
      "is_outlier", .conditional, "is_outlier(x, k = 1.5)", 1...2,
      "Whether a value lies more than k interquartile ranges outside of the quartiles of its group (Tukey's fences).",
      "penguins | filter is_outlier(body_mass_g) by species, sex | head 5",
      "weather | derive odd = is_outlier(wind, 3) by month(date) | head 3"
    ) { call throws(Diagnostic) in
      let x = try call.number(0)
      let reach = call.isGiven(1) ? try call.constantNumber(1, "a number") : 1.5
      guard reach >= 0 else {
        throw Diagnostic(.value, "`k` is 0 or more", span: call.arguments[1].span)
      }
      let quartiles = [
        try call.aggregate(.quantile(0.25), [x]), try call.aggregate(.quantile(0.75), [x]),
      ]
      return call.apply([x] + quartiles, type: .bool) { v, context in
        let (values, lower, upper) = (v[0].floats, v[1].floats, v[2].floats)
        var flags = [UInt8](repeating: 0, count: context.count)
        for row in 0..<context.count {
          let width = (upper[row] - lower[row]) * reach
          flags[row] = values[row] < lower[row] - width || values[row] > upper[row] + width ? 1 : 0
        }
        return Vector(.bools(flags), validity: Validity.both(v[0].validity, v[1].validity))
      }
    },
    Function(
      "qcut", .conditional, "qcut(x, n, labels = …)", 2...3,
      "The interval between quantiles that a number lies in: n of about as many rows in each group.",
      "penguins | derive quarter = qcut(body_mass_g, 4) by species | head 3",
      "penguins | derive half = qcut(body_mass_g, 2, [\"lower\", \"upper\"]) | head 3"
    ) { call throws(Diagnostic) in
      let x = try call.number(0)
      let count = try call.wholeNumber(1, 1...1000, "a number of intervals")
      let given = try call.labels(count)
      var breaks: [TypedExpr] = []
      for index in 0...count {
        breaks.append(try call.aggregate(.quantile(Double(index) / Double(count)), [x]))
      }
      return call.apply([x] + breaks, type: .text) { v, context in
        let edges = v.dropFirst().map(\.floats)
        return try GroupCut(labels: given) { row in edges.map { $0[row] } }.apply(v, &context)
      }
    },
  ]
}

extension FunctionCall {
  fileprivate func breaks() throws(Diagnostic) -> [Double] {
    let values = try list(1, "a list of numbers")
    let breaks = values.compactMap(\.number)
    guard breaks.count == values.count, breaks.count >= 2 else {
      throw Diagnostic(
        .value, "`cut` needs at least two breaks, all of them numbers", span: arguments[1].span,
        label: "as [0, 10, 20]")
    }
    guard zip(breaks, breaks.dropFirst()).allSatisfy(<) else {
      throw Diagnostic(.value, "the breaks of `cut` must rise", span: arguments[1].span)
    }
    return breaks
  }

  /// The labels of `count` intervals; nil where none are given.
  fileprivate func labels(_ count: Int) throws(Diagnostic) -> [String]? {
    guard isGiven(2) else { return nil }
    let labels = try list(2, "a list of texts").compactMap { value -> String? in
      if case .text(let text) = value { text } else { nil }
    }
    guard labels.count == count else {
      throw Diagnostic(
        .value,
        count == 1 ? "1 interval needs one label" : "\(count) intervals need as many labels",
        span: arguments[2].span, label: "\(labels.count) texts")
    }
    return labels
  }
}

/// Numbers sorted into intervals with names.
struct Cut: Sendable {
  let breaks: [Double]
  let names: [String]

  /// The intervals between `breaks`, which must not fall; named for their ends without `labels`.
  init(breaks: [Double], labels: [String]?, digits: Int? = nil) {
    self.breaks = breaks
    let ends = breaks.map { end in Casts.text(digits.map { end.rounded(to: $0) } ?? end) }
    names =
      labels
      ?? (0..<max(breaks.count - 1, 0)).map { index in
        "[\(ends[index]), \(ends[index + 1])" + (index == breaks.count - 2 ? "]" : ")")
      }
  }

  func apply(_ x: Vector, _ context: inout KernelContext) throws -> Vector {
    let texts = try TextStorage(names)
    let values = x.floats
    var validity = x.validity
    var views = [Texts.Bytes](repeating: Texts.Bytes(start: nil, count: 0), count: context.count)
    for row in 0..<context.count where Validity.isSet(validity, row) {
      if let place = interval(values[row]) {
        views[row] = texts.utf8(place)
      } else {
        Validity.clear(&validity, row, count: context.count)
      }
    }
    return Vector(.texts(TextVector(views: views, owners: [texts])), validity: validity)
  }

  /// The interval that holds a value: the last one that begins at or below it.
  func interval(_ value: Double) -> Int? {
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

/// Cuts whose breaks are those of each row's group: made once for each set of breaks in a batch.
private struct GroupCut {
  let labels: [String]?
  /// The breaks of a row.
  let breaks: (Int) -> [Double]

  func apply(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let values = v[0].floats
    var validity = v[0].validity
    var views = [Texts.Bytes](repeating: Texts.Bytes(start: nil, count: 0), count: context.count)
    var known: [[Double]: (cut: Cut, texts: TextStorage)] = [:]
    for row in 0..<context.count where Validity.isSet(validity, row) {
      // A row with a value is in a group with one, which has breaks.
      let breaks = breaks(row)
      if known[breaks] == nil {
        let cut = Cut(breaks: breaks, labels: labels, digits: 6)
        known[breaks] = (cut, try TextStorage(cut.names))
      }
      if let (cut, texts) = known[breaks], let place = cut.interval(values[row]) {
        views[row] = texts.utf8(place)
      } else {
        Validity.clear(&validity, row, count: context.count)
      }
    }
    let owners = known.values.map(\.texts)
    return Vector(.texts(TextVector(views: views, owners: owners)), validity: validity)
  }
}

extension Double {
  /// The nearest number of so many significant decimal digits.
  fileprivate func rounded(to digits: Int) -> Double {
    if self == 0 || !isFinite { return self }
    let exponent = Double(digits - 1) - log10(magnitude).rounded(.down)
    let scale = pow(10, exponent.magnitude)
    if !scale.isFinite { return self }
    return exponent < 0
      ? (self / scale).rounded() * scale : (self * scale).rounded() / scale
  }
}
