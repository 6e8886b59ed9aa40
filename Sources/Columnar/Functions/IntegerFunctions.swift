/// Functions of whole numbers over batches. A result that leaves 64 bits is an error that names the
/// row, never a wrap.
package enum IntegerFunction: Sendable {
  case greatestCommonDivisor, leastCommonMultiple, factorial, choose
  case bitAnd, bitOr, bitXor, bitNot, bitCount, shiftLeft, shiftRight

  package func apply(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (a, count) = (v[0].ints, context.count)
    let b = v.count > 1 ? v[1].ints : a
    let validity = Validity.all(v)
    let values: [Int64]
    switch self {
    case .bitAnd: values = elementwise(a, b, count) { $0 & $1 }
    case .bitOr: values = elementwise(a, b, count) { $0 | $1 }
    case .bitXor: values = elementwise(a, b, count) { $0 ^ $1 }
    case .bitNot: values = elementwise(a, count) { ~$0 }
    case .bitCount: values = elementwise(a, count) { Int64($0.nonzeroBitCount) }
    case .greatestCommonDivisor, .leastCommonMultiple, .factorial, .choose, .shiftLeft, .shiftRight:
      return try checked(a, b, validity, &context)
    }
    return Vector(.ints(values), validity: validity)
  }

  private enum Outcome {
    case value(Int64)
    case overflow
    /// There is no such number: null, counted.
    case undefined
  }

  private func checked(
    _ a: [Int64], _ b: [Int64], _ validity: [UInt64]?, _ context: inout KernelContext
  ) throws -> Vector {
    var validity = validity
    var values = [Int64](repeating: 0, count: context.count)
    for row in 0..<context.count where Validity.isSet(validity, row) {
      switch result(a[row], b[row]) {
      case .value(let value): values[row] = value
      case .undefined:
        Validity.clear(&validity, row, count: context.count)
        context.notes.nullsFromUndefined += 1
      case .overflow:
        throw DataError(
          .overflow, "\(text(a[row], b[row])) does not fit into a 64-bit integer",
          row: context.firstRow + row,
          hints: self == .factorial ? ["gamma(x + 1) computes with floats"] : [])
      }
    }
    return Vector(.ints(values), validity: validity)
  }

  private func text(_ a: Int64, _ b: Int64) -> String {
    switch self {
    case .greatestCommonDivisor: "gcd(\(a), \(b))"
    case .leastCommonMultiple: "lcm(\(a), \(b))"
    case .factorial: "factorial(\(a))"
    case .choose: "choose(\(a), \(b))"
    default: "shift_left(\(a), \(b))"
    }
  }

  private func result(_ a: Int64, _ b: Int64) -> Outcome {
    switch self {
    case .greatestCommonDivisor:
      return Int64(exactly: Self.divisor(a.magnitude, b.magnitude)).map { .value($0) } ?? .overflow
    case .leastCommonMultiple:
      if a == 0 || b == 0 { return .value(0) }
      let part = a.magnitude / Self.divisor(a.magnitude, b.magnitude)
      let (product, overflow) = part.multipliedReportingOverflow(by: b.magnitude)
      guard !overflow, let value = Int64(exactly: product) else { return .overflow }
      return .value(value)
    case .factorial:
      if a < 0 { return .undefined }
      if a > 20 { return .overflow }
      return .value((1...20).prefix(Int(a)).reduce(1) { $0 * Int64($1) })
    case .choose: return Self.choose(a, b)
    case .shiftRight: return b < 0 ? .undefined : .value(a >> min(b, 63))
    default:
      if b < 0 { return .undefined }
      if a == 0 { return .value(0) }
      if b > 62 { return .overflow }
      let (value, overflow) = a.multipliedReportingOverflow(by: 1 << b)
      return overflow ? .overflow : .value(value)
    }
  }

  /// Euclid's algorithm.
  private static func divisor(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  /// n (n - 1) … (n - k + 1) / k!, each partial quotient a whole number.
  private static func choose(_ n: Int64, _ k: Int64) -> Outcome {
    if n < 0 || k < 0 { return .undefined }
    if k > n { return .value(0) }
    let fewer = min(k, n - k)
    var value: Int128 = 1
    var step: Int64 = 0
    // From the 62nd step on the coefficient of any n is out of range before the loop gets long.
    while step < fewer {
      value = value * Int128(n - step) / Int128(step + 1)
      step += 1
      if value > Int128(Int64.max) { return .overflow }
    }
    return .value(Int64(value))
  }
}
