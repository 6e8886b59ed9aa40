/// A value for each pair of two variables' values or bins.
package struct Heatmap: Sendable {
  package var measure: String
  package var rowName: String
  package var columnName: String
  package var rowLabels: [String]
  package var columnLabels: [String]
  /// One for each group of rows, or one without a label.
  package var panels: [Panel]
  package var caption: [String]

  package struct Panel: Sendable {
    package var label: String?
    /// A list a row, a value a column; nil where no row of data has the pair.
    package var values: [[Double?]]

    package init(label: String?, values: [[Double?]]) {
      self.label = label
      self.values = values
    }
  }

  package init(
    measure: String, rowName: String, columnName: String, rowLabels: [String],
    columnLabels: [String], panels: [Panel], caption: [String]
  ) {
    self.measure = measure
    self.rowName = rowName
    self.columnName = columnName
    self.rowLabels = rowLabels
    self.columnLabels = columnLabels
    self.panels = panels
    self.caption = caption
  }
}
