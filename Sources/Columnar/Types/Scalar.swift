/// One value of any type, or null: a cell, a literal, a parameter.
package enum Scalar: Sendable, Hashable {
  case null
  case bool(Bool)
  case int(Int64)
  case float(Double)
  /// Days since 1970-01-01.
  case date(Int32)
  /// Microseconds since 1970-01-01T00:00, without a time zone.
  case datetime(Int64)
  case duration(Duration)
  case text(String)

  /// The type of the value; nil for null.
  package var type: DataType? {
    switch self {
    case .null: nil
    case .bool: .bool
    case .int: .int
    case .float: .float
    case .date: .date
    case .datetime: .datetime
    case .duration: .duration
    case .text: .text
    }
  }

  /// The value as a float; nil unless it is an int, a float or a bool.
  package var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .float(let value): value
    case .bool(let value): value ? 1 : 0
    default: nil
    }
  }

  package var isNull: Bool { self == .null }
}

/// A length of time: calendar months, whose length in days varies, and microseconds.
///
/// Columns hold microseconds only; months occur in literals and in calendar arithmetic.
package struct Duration: Sendable, Hashable {
  package var months: Int32
  package var microseconds: Int64

  package init(months: Int32 = 0, microseconds: Int64 = 0) {
    self.months = months
    self.microseconds = microseconds
  }
}
