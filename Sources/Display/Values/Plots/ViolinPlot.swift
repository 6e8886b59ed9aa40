/// Densities mirrored on one axis, a violin a group, with the quartiles inside.
package struct ViolinPlot: Sendable {
  package struct Violin: Sendable {
    /// The group; nil where there is no `by`.
    package var label: String?
    package var valueCount: Int
    package var nullCount: Int
    /// Where the density is known, rising, and how high it is there.
    package var x: [Double]
    package var density: [Double]
    /// Nil without values.
    package var quartiles: BoxPlot.Quartiles?

    package init(
      label: String?, valueCount: Int, nullCount: Int, x: [Double], density: [Double],
      quartiles: BoxPlot.Quartiles?
    ) {
      self.label = label
      self.valueCount = valueCount
      self.nullCount = nullCount
      self.x = x
      self.density = density
      self.quartiles = quartiles
    }
  }

  package var variable: String
  package var range: ClosedRange<Double>
  package var kind: AxisKind
  package var scale: AxisScale
  package var violins: [Violin]
  package var caption: [String]

  package init(
    variable: String, range: ClosedRange<Double>, kind: AxisKind, scale: AxisScale,
    violins: [Violin], caption: [String]
  ) {
    self.variable = variable
    self.range = range
    self.kind = kind
    self.scale = scale
    self.violins = violins
    self.caption = caption
  }
}
