extension Plot {
  /// What programs call it.
  var kind: String {
    switch self {
    case .histogram: "histogram"
    case .bars: "bars"
    case .scatter: "scatter"
    case .curves(let curves): curves.kind
    case .boxes: "box"
    case .violins: "violin"
    case .heatmap: "heatmap"
    }
  }

  var json: JSONValue {
    switch self {
    case .histogram(let histogram): histogram.json
    case .bars(let bars): bars.json
    case .scatter(let scatter): scatter.json
    case .curves(let curves): curves.json
    case .boxes(let boxes): boxes.json
    case .violins(let violins): violins.json
    case .heatmap(let heatmap): heatmap.json
    }
  }
}

extension Histogram {
  fileprivate var json: JSONValue {
    var facts: [Fact] = [
      Fact("kind", .string("histogram")),
      Fact("variable", .string(variable)),
      Fact("edges", .numbers(edges)),
      Fact("labels", .texts(binLabels)),
      Fact("bin", .text(binWidth)),
      Fact(
        "panels",
        .array(
          panels.map { panel in
            .object(
              [
                Fact("group", .text(panel.label)), Fact("n", .int(Int64(panel.valueCount))),
                Fact("nulls", .int(Int64(panel.nullCount))),
                Fact("counts", .array(panel.counts.map { .int(Int64($0)) })),
              ] + (panel.expected.map { [Fact("expected", .numbers($0))] } ?? []))
          })),
    ]
    if !notes.isEmpty { facts.append(Fact("notes", .texts(notes))) }
    return .object(facts)
  }
}

extension Bars {
  /// The values of a panel for programs; whole numbers throughout are ints, as counts are.
  func typedValues(_ panel: Panel) -> [JSONValue] {
    let all = panels.flatMap(\.values)
    let isWhole = all.allSatisfy { $0.map { Int64(exactly: $0) != nil } ?? true }
    return panel.values.map { value in
      guard let value else { return .null }
      return isWhole ? Int64(exactly: value).map { .int($0) } ?? .null : .number(value)
    }
  }

  fileprivate var json: JSONValue {
    func bars(_ panel: Panel) -> JSONValue {
      .array(
        zip(labels, typedValues(panel)).map { label, value in
          .object([Fact("label", .string(label)), Fact("value", value)])
        })
    }
    let isGrouped = panels.contains { $0.label != nil }
    return .object([
      Fact("kind", .string("bars")), Fact("variable", .string(variable)),
      Fact("measure", .string(measure)),
      isGrouped
        ? Fact(
          "panels",
          .array(
            panels.map {
              .object([Fact("group", .text($0.label)), Fact("bars", bars($0))])
            })) : Fact("bars", panels.first.map(bars) ?? .array([])),
      Fact("notes", .texts(caption)),
    ])
  }
}

extension Scatter {
  fileprivate var json: JSONValue {
    func series(_ panel: Panel) -> Fact { Fact("series", .array(panel.series.map(\.json))) }
    func lines(_ panel: Panel) -> Fact {
      Fact(
        "lines",
        .array(
          panel.lines.map { line in
            .object([
              Fact("label", .string(line.label)), Fact("intercept", .number(line.intercept)),
              Fact("slope", .number(line.slope)),
            ])
          }))
    }
    var facts = [
      Fact("kind", .string("scatter")), Fact("x", .string(xName)), Fact("y", .string(yName)),
      Fact("x_range", .range(xRange)), Fact("y_range", .range(yRange)),
    ]
    if xScale != .linear { facts.append(Fact("x_scale", .string(xScale.rawValue))) }
    if yScale != .linear { facts.append(Fact("y_scale", .string(yScale.rawValue))) }
    if panels.count == 1, panels[0].label == nil {
      facts += [series(panels[0]), lines(panels[0])]
    } else {
      facts.append(
        Fact(
          "panels",
          .array(
            panels.map {
              .object([Fact("group", .text($0.label)), series($0), lines($0)])
            })))
    }
    return .object(facts + [Fact("notes", .texts(caption))])
  }
}

extension Scatter.Series {
  fileprivate var json: JSONValue {
    .object([
      Fact("label", .text(label)), Fact("x", .numbers(x)), Fact("y", .numbers(y)),
      Fact("weights", .array(weights.map { .int(Int64($0)) })),
    ])
  }
}
