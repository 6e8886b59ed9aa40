/// The logical type of a column or scalar.
package enum DataType: String, Sendable, Hashable, CaseIterable {
  case bool, int, float, date, datetime, duration, text

  /// Whether arithmetic and numeric summaries apply.
  package var isNumeric: Bool { self == .int || self == .float }

  /// Whether the values are points in time.
  package var isTemporal: Bool { self == .date || self == .datetime }
}
