/// A length a category, a panel a group.
package struct Bars: Sendable {
  package struct Panel: Sendable {
    /// The group; nil where there is no `by`.
    package var label: String?
    /// A value for each label; nil is missing.
    package var values: [Double?]
    /// How many rows it stands for, as `n 151`; nil for a lone panel.
    package var note: String?

    package init(label: String?, values: [Double?], note: String? = nil) {
      self.label = label
      self.values = values
      self.note = note
    }
  }

  package var variable: String
  package var measure: String
  package var labels: [String]
  package var panels: [Panel]
  package var caption: [String]

  package init(
    variable: String, measure: String, labels: [String], panels: [Panel], caption: [String]
  ) {
    self.variable = variable
    self.measure = measure
    self.labels = labels
    self.panels = panels
    self.caption = caption
  }

  /// A figure of one panel.
  package init(
    variable: String, measure: String, labels: [String], values: [Double?], caption: [String]
  ) {
    self.init(
      variable: variable, measure: measure, labels: labels,
      panels: [Panel(label: nil, values: values)], caption: caption)
  }
}
