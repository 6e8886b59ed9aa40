extension Plot {
  /// What programs call it.
  var kind: String {
    switch self {
    case .histogram: "histogram"
    case .bars: "bars"
    case .scatter: "scatter"
    }
  }

  var json: JSONValue {
    switch self {
    case .histogram(let histogram): histogram.json
    case .bars(let bars): bars.json
    case .scatter(let scatter): scatter.json
    }
  }
}

extension Histogram {
  fileprivate var json: JSONValue {
    var facts: [Fact] = [
      Fact("kind", .string("histogram")),
      Fact("variable", .string(variable)),
      Fact("edges", .array(edges.map { .number($0) })),
      Fact("labels", .array(binLabels.map { .string($0) })),
      Fact("bin", binWidth.map { .string($0) } ?? .null),
      Fact(
        "panels",
        .array(
          panels.map { panel in
            .object([
              Fact("group", panel.label.map { .string($0) } ?? .null),
              Fact("n", .int(Int64(panel.valueCount))),
              Fact("nulls", .int(Int64(panel.nullCount))),
              Fact("counts", .array(panel.counts.map { .int(Int64($0)) })),
            ])
          })),
    ]
    if !notes.isEmpty { facts.append(Fact("notes", .array(notes.map { .string($0) }))) }
    return .object(facts)
  }
}

extension Bars {
  /// The values for programs; whole numbers throughout are ints, as counts are.
  var typedValues: [JSONValue] {
    let whole = values.compactMap { $0.flatMap(Int64.init(exactly:)) }
    let isWhole = whole.count == values.count { $0 != nil }
    return values.map { value in
      guard let value else { return .null }
      return isWhole ? Int64(exactly: value).map { .int($0) } ?? .null : .number(value)
    }
  }

  fileprivate var json: JSONValue {
    .object([
      Fact("kind", .string("bars")),
      Fact("variable", .string(variable)),
      Fact("measure", .string(measure)),
      Fact(
        "bars",
        .array(
          zip(labels, typedValues).map { label, value in
            .object([Fact("label", .string(label)), Fact("value", value)])
          })),
      Fact("notes", .array(caption.map { .string($0) })),
    ])
  }
}

extension Scatter {
  fileprivate var json: JSONValue {
    .object([
      Fact("kind", .string("scatter")),
      Fact("x", .string(xName)),
      Fact("y", .string(yName)),
      Fact("x_range", .array([.number(xRange.lowerBound), .number(xRange.upperBound)])),
      Fact("y_range", .array([.number(yRange.lowerBound), .number(yRange.upperBound)])),
      Fact("series", .array(series.map(\.json))),
      Fact(
        "lines",
        .array(
          lines.map { line in
            .object([
              Fact("label", .string(line.label)), Fact("intercept", .number(line.intercept)),
              Fact("slope", .number(line.slope)),
            ])
          })),
      Fact("notes", .array(caption.map { .string($0) })),
    ])
  }
}

extension Scatter.Series {
  fileprivate var json: JSONValue {
    .object([
      Fact("label", label.map { .string($0) } ?? .null),
      Fact("x", .array(x.map { .number($0) })),
      Fact("y", .array(y.map { .number($0) })),
      Fact("weights", .array(weights.map { .int(Int64($0)) })),
    ])
  }
}
