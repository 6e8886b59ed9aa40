/// Tukey's box plots on one axis, a box a group.
package struct BoxPlot: Sendable {
  package struct Box: Sendable {
    /// The group; nil where there is no `by`.
    package var label: String?
    package var valueCount: Int
    package var nullCount: Int
    /// The quartiles by type 7, in units of the axis; nil without values.
    package var quartiles: Quartiles?
    /// The furthest values within one and a half interquartile ranges of the box.
    package var lowerWhisker: Double
    package var upperWhisker: Double
    /// Values beyond the whiskers and how many rows have each; where there are very many, cells of
    /// a fine grid.
    package var outliers: [(value: Double, rows: Int)]

    package init(
      label: String?, valueCount: Int, nullCount: Int, quartiles: Quartiles?,
      lowerWhisker: Double = 0, upperWhisker: Double = 0,
      outliers: [(value: Double, rows: Int)] = []
    ) {
      self.label = label
      self.valueCount = valueCount
      self.nullCount = nullCount
      self.quartiles = quartiles
      self.lowerWhisker = lowerWhisker
      self.upperWhisker = upperWhisker
      self.outliers = outliers
    }
  }

  package struct Quartiles: Sendable {
    package var lower: Double
    package var median: Double
    package var upper: Double

    package init(lower: Double, median: Double, upper: Double) {
      self.lower = lower
      self.median = median
      self.upper = upper
    }
  }

  package var variable: String
  package var range: ClosedRange<Double>
  package var kind: AxisKind
  package var scale: AxisScale
  package var boxes: [Box]
  package var caption: [String]

  package init(
    variable: String, range: ClosedRange<Double>, kind: AxisKind, scale: AxisScale,
    boxes: [Box], caption: [String]
  ) {
    self.variable = variable
    self.range = range
    self.kind = kind
    self.scale = scale
    self.boxes = boxes
    self.caption = caption
  }
}
