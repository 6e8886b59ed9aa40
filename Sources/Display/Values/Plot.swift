/// A figure as data: counts and edges, not glyphs.
package enum Plot: Sendable {
  case histogram(Histogram)
  case bars(Bars)
  case scatter(Scatter)
  case curves(Curves)
  case boxes(BoxPlot)
  case violins(ViolinPlot)
  case heatmap(Heatmap)

  /// What is said below it: how many values and nulls there are, and what else there is to know.
  package var caption: [String] {
    switch self {
    case .histogram(let histogram): histogram.caption
    case .bars(let bars): bars.caption
    case .scatter(let scatter): scatter.caption
    case .curves(let curves): curves.caption
    case .boxes(let boxes): boxes.caption
    case .violins(let violins): violins.caption
    case .heatmap(let heatmap): heatmap.caption
    }
  }
}

/// What an axis measures: dates are in days, datetimes and durations in microseconds.
package enum AxisKind: Sendable {
  case number, date, datetime, duration
  /// A number that is whole, as a year: nothing lies between two.
  case whole
}

/// How values lie on an axis; a logarithmic one has values above zero alone.
package enum AxisScale: String, Sendable {
  case linear, log
}

extension AxisKind {
  /// A value on such an axis as a person reads it, with six significant digits.
  package func text(_ value: Double) -> String {
    switch self {
    case .number, .whole: NumberFormat.significant(6).text(value)
    case .date: Step(unit: .time(microseconds: 86_400_000_000), axis: .date).texts([value])[0]
    case .datetime, .duration: Step(unit: .time(microseconds: 1), axis: self).texts([value])[0]
    }
  }
}
