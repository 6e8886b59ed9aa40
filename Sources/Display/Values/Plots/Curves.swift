/// Lines over one axis, a panel a group: `line`, `density`, `ecdf` and the curves of a model.
package struct Curves: Sendable {
  package enum Shape: String, Sendable {
    /// From point to point.
    case line
    /// Level from each point to the next.
    case step
    /// Filled from zero.
    case area
  }

  package struct Series: Sendable {
    package var label: String?
    /// The points in order of x; a missing y leaves a gap.
    package var x: [Double]
    package var y: [Double?]

    package init(label: String?, x: [Double], y: [Double?]) {
      self.label = label
      self.x = x
      self.y = y
    }
  }

  package struct Panel: Sendable {
    /// The group; nil where there is no `by`.
    package var label: String?
    package var series: [Series]
    /// How many values it shows and leaves out, as `n 151 · 1 null`; nil for a lone panel.
    package var note: String?

    package init(label: String?, series: [Series], note: String? = nil) {
      self.label = label
      self.series = series
      self.note = note
    }
  }

  /// What programs call it: `line`, `density`, `ecdf`, `roc`.
  package var kind: String
  package var shape: Shape
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
  /// Rows of a lone panel at 80 columns; nil for the usual number.
  package var height: Int?

  package init(
    kind: String, shape: Shape, xName: String, yName: String, xRange: ClosedRange<Double>,
    yRange: ClosedRange<Double>, xKind: AxisKind = .number, yKind: AxisKind = .number,
    xScale: AxisScale = .linear, yScale: AxisScale = .linear, panels: [Panel],
    caption: [String], height: Int? = nil
  ) {
    self.kind = kind
    self.shape = shape
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
    self.height = height
  }
}
