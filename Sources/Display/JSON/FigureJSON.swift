extension Curves {
  var json: JSONValue {
    let panels = panels.map { panel -> JSONValue in
      .object([
        Fact("group", .text(panel.label)),
        Fact(
          "series",
          .array(
            panel.series.map { series in
              .object([
                Fact("label", .text(series.label)), Fact("x", .numbers(series.x)),
                Fact("y", .array(series.y.map { $0.map { .number($0) } ?? .null })),
              ])
            })),
        Fact("note", .text(panel.note)),
      ])
    }
    return .object([
      Fact("kind", .string(kind)), Fact("x", .string(xName)), Fact("y", .string(yName)),
      Fact("x_range", .range(xRange)), Fact("y_range", .range(yRange)),
      Fact("x_scale", .string(xScale.rawValue)), Fact("y_scale", .string(yScale.rawValue)),
      Fact("panels", .array(panels)), Fact("notes", .texts(caption)),
    ])
  }
}

extension BoxPlot {
  var json: JSONValue {
    let boxes = boxes.map { box -> JSONValue in
      .object(
        [
          Fact("group", .text(box.label)), Fact("n", .int(Int64(box.valueCount))),
          Fact("nulls", .int(Int64(box.nullCount))),
        ]
          + (box.quartiles.map { quartiles in
            quartiles.facts + [
              Fact("lower_whisker", .number(box.lowerWhisker)),
              Fact("upper_whisker", .number(box.upperWhisker)),
              Fact(
                "outliers",
                .array(
                  box.outliers.map {
                    .object([
                      Fact("value", .number($0.value)), Fact("rows", .int(Int64($0.rows))),
                    ])
                  })),
            ]
          } ?? []))
    }
    return .object([
      Fact("kind", .string("box")), Fact("variable", .string(variable)),
      Fact("range", .range(range)), Fact("scale", .string(scale.rawValue)),
      Fact("boxes", .array(boxes)), Fact("notes", .texts(caption)),
    ])
  }
}

extension BoxPlot.Quartiles {
  fileprivate var facts: [Fact] {
    [
      Fact("q25", .number(lower)), Fact("median", .number(median)), Fact("q75", .number(upper)),
    ]
  }
}

extension ViolinPlot {
  var json: JSONValue {
    let violins = violins.map { violin -> JSONValue in
      .object(
        [
          Fact("group", .text(violin.label)), Fact("n", .int(Int64(violin.valueCount))),
          Fact("nulls", .int(Int64(violin.nullCount))),
        ] + (violin.quartiles?.facts ?? []) + [
          Fact("x", .numbers(violin.x)), Fact("density", .numbers(violin.density)),
        ])
    }
    return .object([
      Fact("kind", .string("violin")), Fact("variable", .string(variable)),
      Fact("range", .range(range)), Fact("scale", .string(scale.rawValue)),
      Fact("violins", .array(violins)), Fact("notes", .texts(caption)),
    ])
  }
}

extension Heatmap {
  var json: JSONValue {
    .object([
      Fact("kind", .string("heatmap")), Fact("measure", .string(measure)),
      Fact("rows", .string(rowName)), Fact("columns", .string(columnName)),
      Fact("row_labels", .texts(rowLabels)), Fact("column_labels", .texts(columnLabels)),
      Fact(
        "panels",
        .array(
          panels.map { panel in
            .object([
              Fact("group", .text(panel.label)),
              Fact(
                "values",
                .array(
                  panel.values.map { row in .array(row.map { $0.map { .number($0) } ?? .null }) })),
            ])
          })),
      Fact("notes", .texts(caption)),
    ])
  }
}

extension JSONValue {
  static func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .number($0) }) }

  static func texts(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }

  /// Null for no text.
  static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }

  static func range(_ range: ClosedRange<Double>) -> JSONValue {
    .array([.number(range.lowerBound), .number(range.upperBound)])
  }
}
