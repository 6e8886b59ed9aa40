extension Plot {
  /// The numbers behind the figure: a row a bin and group, a bar, a point or a pair.
  var plain: PlainTable {
    switch self {
    case .histogram(let histogram): histogram.plain
    case .bars(let bars): bars.plain
    case .scatter(let scatter): scatter.plain
    case .curves(let curves): curves.plain
    case .boxes(let boxes): boxes.plain
    case .violins(let violins): violins.plain
    case .heatmap(let heatmap): heatmap.plain
    }
  }
}

/// A number at full precision.
private func plain(_ value: Double?) -> String? { value.flatMap { JSONValue.number($0).plain } }

extension Histogram {
  fileprivate var plain: PlainTable {
    let isGrouped = panels.contains { $0.label != nil }
    let hasCurve = panels.contains { $0.expected != nil }
    var rows: [[String?]] = []
    for panel in panels {
      for (bin, count) in panel.counts.enumerated() where bin + 1 < edges.count {
        let expected = panel.expected.flatMap { $0.indices.contains(bin) ? $0[bin] : nil }
        rows.append(
          (isGrouped ? [panel.label] : [])
            + [Display.plain(edges[bin]), Display.plain(edges[bin + 1]), String(count)]
            + (hasCurve ? [Display.plain(expected)] : []))
      }
    }
    return PlainTable(
      names: (isGrouped ? ["group"] : []) + ["lower", "upper", "count"]
        + (hasCurve ? ["expected"] : []), rows: rows)
  }
}

extension Bars {
  fileprivate var plain: PlainTable {
    let isGrouped = panels.contains { $0.label != nil }
    return PlainTable(
      names: (isGrouped ? ["group"] : []) + [variable, measure],
      rows: panels.flatMap { panel in
        zip(labels, typedValues(panel)).map { label, value in
          (isGrouped ? [panel.label] : []) + [label, value.plain]
        }
      })
  }
}

extension Scatter {
  fileprivate var plain: PlainTable {
    let hasPanels = panels.contains { $0.label != nil }
    let hasSeries = panels.contains { $0.series.contains { $0.label != nil } }
    var rows: [[String?]] = []
    for panel in panels {
      for series in panel.series {
        for index in 0..<min(series.x.count, series.y.count) {
          let weight = index < series.weights.count ? series.weights[index] : 1
          rows.append(
            (hasPanels ? [panel.label] : []) + (hasSeries ? [series.label] : [])
              + [Display.plain(series.x[index]), Display.plain(series.y[index]), String(weight)])
        }
      }
    }
    return PlainTable(
      names: (hasPanels ? ["panel"] : []) + (hasSeries ? ["group"] : []) + [xName, yName, "rows"],
      rows: rows)
  }
}

extension Curves {
  fileprivate var plain: PlainTable {
    let hasPanels = panels.contains { $0.label != nil }
    let hasSeries = panels.contains { $0.series.contains { $0.label != nil } }
    var rows: [[String?]] = []
    for panel in panels {
      for series in panel.series {
        for (x, y) in zip(series.x, series.y) {
          rows.append(
            (hasPanels ? [panel.label] : []) + (hasSeries ? [series.label] : [])
              + [Display.plain(x), Display.plain(y)])
        }
      }
    }
    return PlainTable(
      names: (hasPanels ? ["panel"] : []) + (hasSeries ? ["group"] : []) + [xName, yName],
      rows: rows)
  }
}

extension BoxPlot {
  fileprivate var plain: PlainTable {
    PlainTable(
      names: [
        "group", "n", "nulls", "lower_whisker", "q25", "median", "q75", "upper_whisker",
        "outliers",
      ],
      rows: boxes.map { box in
        let parts = [
          box.lowerWhisker, box.quartiles?.lower, box.quartiles?.median, box.quartiles?.upper,
          box.upperWhisker,
        ].map { box.quartiles == nil ? nil : Display.plain($0) }
        return [box.label, String(box.valueCount), String(box.nullCount)] + parts
          + [String(box.outliers.reduce(0) { $0 + $1.rows })]
      })
  }
}

extension ViolinPlot {
  fileprivate var plain: PlainTable {
    PlainTable(
      names: ["group", variable, "density"],
      rows: violins.flatMap { violin in
        zip(violin.x, violin.density).map { x, density in
          [violin.label, Display.plain(x), Display.plain(density)]
        }
      })
  }
}

extension Heatmap {
  fileprivate var plain: PlainTable {
    let isGrouped = panels.contains { $0.label != nil }
    var rows: [[String?]] = []
    for panel in panels {
      for (row, values) in zip(rowLabels, panel.values) {
        for (column, value) in zip(columnLabels, values) {
          rows.append((isGrouped ? [panel.label] : []) + [row, column, Display.plain(value)])
        }
      }
    }
    return PlainTable(
      names: (isGrouped ? ["group"] : []) + [rowName, columnName, measure], rows: rows)
  }
}
