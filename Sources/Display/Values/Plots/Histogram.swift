/// Counts of a numeric or temporal variable in bins of equal width, a panel a group.
package struct Histogram: Sendable {
  package struct Panel: Sendable {
    /// The group, as `species = Adelie`; nil where there is no `by`.
    package var label: String?
    package var counts: [Int]
    /// How many values a normal distribution of the same mean and deviation would put into each
    /// bin; nil where none is compared.
    package var expected: [Double]?
    package var valueCount: Int
    package var nullCount: Int

    package init(
      label: String?, counts: [Int], expected: [Double]? = nil, valueCount: Int, nullCount: Int
    ) {
      self.label = label
      self.counts = counts
      self.expected = expected
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
