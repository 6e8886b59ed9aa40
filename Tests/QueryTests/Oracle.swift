import Columnar
import Language

/// Evaluates expressions one row at a time on boxed values, as language.md defines them: slow,
/// plain, and made apart from what it judges.
struct Oracle {
  let row: [String: Scalar]

  struct Overflow: Error {}

  func value(_ expression: Expr) throws -> Scalar {
    switch expression.kind {
    case .null: return .null
    case .bool(let value): return .bool(value)
    case .integer(let value): return .int(value)
    case .float(let value): return .float(value)
    case .percentage(let value): return .float(value / 100)
    case .text(let value): return .text(value)
    case .date(let days): return .date(days)
    case .datetime(let microseconds): return .datetime(microseconds)
    case .name(let name): return row[name] ?? .null
    case .unary(.not, let operand):
      guard case .bool(let value) = try value(operand) else { return .null }
      return .bool(!value)
    case .unary(.minus, let operand):
      switch try value(operand) {
      case .int(let value):
        let (negated, overflow) = Int64(0).subtractingReportingOverflow(value)
        if overflow { throw Overflow() }
        return .int(negated)
      case .float(let value): return .float(-value)
      default: return .null
      }
    case .isNull(let operand, let isNegated): return .bool(try value(operand).isNull != isNegated)
    case .conditional(let condition, let then, let otherwise):
      return try value(condition) == .bool(true) ? value(then) : value(otherwise)
    case .choice(let arms, let otherwise):
      for arm in arms where try value(arm.condition) == .bool(true) { return try value(arm.value) }
      return try otherwise.map { try value($0) } ?? .null
    case .binary(let symbol, let left, let right): return try binary(symbol, left, right)
    default: return .null
    }
  }

  private func binary(_ symbol: BinaryOperator, _ left: Expr, _ right: Expr) throws -> Scalar {
    switch symbol {
    case .and:
      let sides = [try value(left), try value(right)]
      if sides.contains(.bool(false)) { return .bool(false) }
      return sides.contains(.null) ? .null : .bool(true)
    case .or:
      let sides = [try value(left), try value(right)]
      if sides.contains(.bool(true)) { return .bool(true) }
      return sides.contains(.null) ? .null : .bool(false)
    case .coalesce:
      let first = try value(left)
      return first.isNull ? try value(right) : first
    case .isIn, .isNotIn:
      let result = try membership(left, right)
      guard symbol == .isNotIn, case .bool(let found) = result else { return result }
      return .bool(!found)
    default: break
    }
    let (a, b) = (try value(left), try value(right))
    if symbol == .equal || symbol == .notEqual {
      // A null that is written asks for null; one that is computed makes null.
      if case .null = right.kind { return .bool(a.isNull == (symbol == .equal)) }
      if case .null = left.kind { return .bool(b.isNull == (symbol == .equal)) }
    }
    if a.isNull || b.isNull { return .null }
    switch symbol {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      return .bool(compare(symbol, a, b))
    default: return try arithmetic(symbol, a, b)
    }
  }

  private func membership(_ left: Expr, _ right: Expr) throws -> Scalar {
    let a = try value(left)
    switch right.kind {
    case .list(let elements):
      var result: Bool? = false
      for element in elements {
        if case .null = element.kind {
          if a.isNull { return .bool(true) }
          continue
        }
        let b = try value(element)
        if a.isNull || b.isNull {
          result = nil
        } else if compare(.equal, a, b) {
          return .bool(true)
        }
      }
      return result.map { .bool($0) } ?? .null
    case .range(let lower, let upper, let isHalfOpen):
      var result: Bool? = true
      for (bound, symbol) in [
        (lower, BinaryOperator.greaterOrEqual), (upper, isHalfOpen ? .less : .lessOrEqual),
      ] {
        guard let bound else { continue }
        let b = try value(bound)
        if a.isNull || b.isNull {
          if result == true { result = nil }
        } else if !compare(symbol, a, b) {
          result = false
        }
      }
      return result.map { .bool($0) } ?? .null
    default: return .null
    }
  }

  private func compare(_ symbol: BinaryOperator, _ a: Scalar, _ b: Scalar) -> Bool {
    func order<T: Comparable>(_ a: T, _ b: T) -> Bool {
      switch symbol {
      case .equal: a == b
      case .notEqual: a != b
      case .less: a < b
      case .lessOrEqual: a <= b
      case .greater: a > b
      default: a >= b
      }
    }
    switch (a, b) {
    case (.int(let a), .int(let b)): return order(a, b)
    case (.text(let a), .text(let b)): return order(Bytes(a), Bytes(b))
    case (.bool(let a), .bool(let b)): return order(a ? 1 : 0, b ? 1 : 0)
    case (.date(let a), .date(let b)): return order(a, b)
    case (.date(let a), .datetime(let b)): return order(Int64(a) * 86_400_000_000, b)
    case (.datetime(let a), .date(let b)): return order(a, Int64(b) * 86_400_000_000)
    case (.datetime(let a), .datetime(let b)): return order(a, b)
    default: return order(a.number ?? 0, b.number ?? 0)
    }
  }

  private struct Bytes: Comparable {
    let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }

    static func < (a: Bytes, b: Bytes) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }
  }

  private func arithmetic(_ symbol: BinaryOperator, _ a: Scalar, _ b: Scalar) throws -> Scalar {
    if case .int(let x) = a, case .int(let y) = b, symbol != .divide, symbol != .power {
      let result: (partialValue: Int64, overflow: Bool)
      switch symbol {
      case .add: result = x.addingReportingOverflow(y)
      case .subtract: result = x.subtractingReportingOverflow(y)
      case .multiply: result = x.multipliedReportingOverflow(by: y)
      default:
        if y == 0 { return .null }
        let wide = (Int128(x), Int128(y))
        var quotient = wide.0 / wide.1
        if wide.0 % wide.1 != 0, (x < 0) != (y < 0) { quotient -= 1 }
        let value = symbol == .floorDivide ? quotient : wide.0 - quotient * wide.1
        guard let narrow = Int64(exactly: value) else { throw Overflow() }
        return .int(narrow)
      }
      if result.overflow { throw Overflow() }
      return .int(result.partialValue)
    }
    guard let x = a.number, let y = b.number else { return .null }
    let value: Double
    switch symbol {
    case .add: value = x + y
    case .subtract: value = x - y
    case .multiply: value = x * y
    case .divide:
      if y == 0 { return .null }
      value = x / y
    case .floorDivide:
      if y == 0 { return .null }
      value = (x / y).rounded(.down)
    case .remainder:
      if y == 0 { return .null }
      var remainder = x.truncatingRemainder(dividingBy: y)
      if remainder != 0, (remainder < 0) != (y < 0) { remainder += y }
      value = remainder
    default: return .null
    }
    return value.isNaN ? .null : .float(value)
  }
}
