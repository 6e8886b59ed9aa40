/// A value for each pair of two variables' values or bins.
package struct Heatmap: Sendable {
  package var measure: String
  package var rowName: String
  package var columnName: String
  package var rowLabels: [String]
  package var columnLabels: [String]
  /// A list a row, a value a column; nil where no row of data has the pair.
  package var values: [[Double?]]
  package var caption: [String]

  package init(
    measure: String, rowName: String, columnName: String, rowLabels: [String],
    columnLabels: [String], values: [[Double?]], caption: [String]
  ) {
    self.measure = measure
    self.rowName = rowName
    self.columnName = columnName
    self.rowLabels = rowLabels
    self.columnLabels = columnLabels
    self.values = values
    self.caption = caption
  }
}
