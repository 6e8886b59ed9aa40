/// A figure as data: counts and edges, not glyphs.
package enum Plot: Sendable {
  case histogram(Histogram)
  case bars(Bars)
  case scatter(Scatter)
}

/// Counts of a numeric or temporal variable in bins of equal width, a panel a group.
package struct Histogram: Sendable {
  package struct Panel: Sendable {
    /// The group, as `species = Adelie`; nil where there is no `by`.
    package var label: String?
    package var counts: [Int]
    package var valueCount: Int
    package var nullCount: Int

    package init(label: String?, counts: [Int], valueCount: Int, nullCount: Int) {
      self.label = label
      self.counts = counts
      self.valueCount = valueCount
      self.nullCount = nullCount
    }
  }

  package var variable: String
  /// The labels of the bins, as `[2500, 3000)`, one more edge than bins in `edges`.
  package var binLabels: [String]
  package var edges: [Double]
  /// The width of a bin as shown in the caption, as `500` or `1 month`; nil where each bin is one value.
  package var binWidth: String?
  package var panels: [Panel]
  /// Remarks for the caption, as `3 infinite values left out`.
  package var notes: [String]

  package init(
    variable: String, binLabels: [String], edges: [Double], binWidth: String?, panels: [Panel],
    notes: [String] = []
  ) {
    self.variable = variable
    self.binLabels = binLabels
    self.edges = edges
    self.binWidth = binWidth
    self.panels = panels
    self.notes = notes
  }
}

/// A length a category.
package struct Bars: Sendable {
  package var variable: String
  package var measure: String
  package var labels: [String]
  package var values: [Double?]
  package var caption: [String]

  package init(
    variable: String, measure: String, labels: [String], values: [Double?], caption: [String]
  ) {
    self.variable = variable
    self.measure = measure
    self.labels = labels
    self.values = values
    self.caption = caption
  }
}

/// Points, as counts on a fine grid so that every row takes part whatever the size of the screen.
package struct Scatter: Sendable {
  package struct Series: Sendable {
    package var label: String?
    /// The points, x and y in order of the rows; up to `Scatter.pointLimit`, above that binned.
    package var x: [Double]
    package var y: [Double]
    /// How many rows each point stands for.
    package var weights: [Int]

    package init(label: String?, x: [Double], y: [Double], weights: [Int]) {
      self.label = label
      self.x = x
      self.y = y
      self.weights = weights
    }
  }

  package struct Line: Sendable {
    package var label: String
    package var intercept: Double
    package var slope: Double

    package init(label: String, intercept: Double, slope: Double) {
      self.label = label
      self.intercept = intercept
      self.slope = slope
    }
  }

  package var xName: String
  package var yName: String
  package var xRange: ClosedRange<Double>
  package var yRange: ClosedRange<Double>
  /// Whether an axis shows dates (days) or datetimes (microseconds).
  package var xKind: AxisKind
  package var yKind: AxisKind
  package var series: [Series]
  package var lines: [Line]
  package var caption: [String]

  package init(
    xName: String, yName: String, xRange: ClosedRange<Double>, yRange: ClosedRange<Double>,
    xKind: AxisKind = .number, yKind: AxisKind = .number, series: [Series], lines: [Line] = [],
    caption: [String]
  ) {
    self.xName = xName
    self.yName = yName
    self.xRange = xRange
    self.yRange = yRange
    self.xKind = xKind
    self.yKind = yKind
    self.series = series
    self.lines = lines
    self.caption = caption
  }
}

package enum AxisKind: Sendable {
  case number, date, datetime, duration
}
