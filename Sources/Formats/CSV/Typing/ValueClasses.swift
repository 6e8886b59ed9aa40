import Columnar

/// Which kinds of values occur in a column. The type of a column is a function of this set alone,
/// so it does not depend on how the file is cut or on how many threads read it.
struct ValueClasses: OptionSet, Sendable {
  let rawValue: Int

  static let int = ValueClasses(rawValue: 1 << 0)
  /// An integer beyond 64 bits.
  static let largeInteger = ValueClasses(rawValue: 1 << 1)
  static let float = ValueClasses(rawValue: 1 << 2)
  static let bool = ValueClasses(rawValue: 1 << 3)
  static let date = ValueClasses(rawValue: 1 << 4)
  static let datetime = ValueClasses(rawValue: 1 << 5)
  /// Anything else, codes with leading zeros among it.
  static let text = ValueClasses(rawValue: 1 << 6)

  /// `-0`, which is 0 as an int and another value as a float.
  static let negativeZero = ValueClasses(rawValue: 1 << 8)
  /// A datetime with an offset.
  static let offset = ValueClasses(rawValue: 1 << 9)

  private static let kinds = ValueClasses(rawValue: 0x7F)

  /// The type that holds all values; nil where there are none.
  var type: DataType? {
    let kinds = intersection(.kinds)
    if kinds.isEmpty { return nil }
    if kinds == .int { return .int }
    if kinds.isSubset(of: [.int, .largeInteger, .float]) && kinds.contains(.float) {
      return .float
    }
    if kinds == .bool { return .bool }
    if kinds == .date { return .date }
    if kinds.isSubset(of: [.date, .datetime]) { return .datetime }
    return .text
  }

  /// Whether the type is text whatever values follow.
  var isSettledText: Bool {
    type == .text && !intersection(.kinds).isSubset(of: [.int, .largeInteger])
  }
}
