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

  /// A straight line on the screen: on a logarithmic axis it is one of logarithms to base 10.
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

  package struct Panel: Sendable {
    /// The group; nil where there is no `by`.
    package var label: String?
    package var series: [Series]
    package var lines: [Line]
    /// How many rows it shows and leaves out, as `n 151 · 1 null`; nil for a lone panel.
    package var note: String?

    package init(label: String?, series: [Series], lines: [Line] = [], note: String? = nil) {
      self.label = label
      self.series = series
      self.lines = lines
      self.note = note
    }
  }

  package var xName: String
  package var yName: String
  package var xRange: ClosedRange<Double>
  package var yRange: ClosedRange<Double>
  package var xKind: AxisKind
  package var yKind: AxisKind
  package var xScale: AxisScale
  package var yScale: AxisScale
  package var panels: [Panel]
  package var caption: [String]

  package init(
    xName: String, yName: String, xRange: ClosedRange<Double>, yRange: ClosedRange<Double>,
    xKind: AxisKind = .number, yKind: AxisKind = .number, xScale: AxisScale = .linear,
    yScale: AxisScale = .linear, panels: [Panel], caption: [String]
  ) {
    self.xName = xName
    self.yName = yName
    self.xRange = xRange
    self.yRange = yRange
    self.xKind = xKind
    self.yKind = yKind
    self.xScale = xScale
    self.yScale = yScale
    self.panels = panels
    self.caption = caption
  }

  /// A figure of one panel.
  package init(
    xName: String, yName: String, xRange: ClosedRange<Double>, yRange: ClosedRange<Double>,
    xKind: AxisKind = .number, yKind: AxisKind = .number, series: [Series], lines: [Line] = [],
    caption: [String]
  ) {
    self.init(
      xName: xName, yName: yName, xRange: xRange, yRange: yRange, xKind: xKind, yKind: yKind,
      panels: [Panel(label: nil, series: series, lines: lines)], caption: caption)
  }
}
