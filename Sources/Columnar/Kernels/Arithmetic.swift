#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `+ - * / // % ^` and their kin over batches.
///
/// Integer results that leave 64 bits are an error that names the row, never a wrap.
package enum Arithmetic {
  private static func overflow(
    _ symbol: String, _ a: Int64, _ b: Int64, _ row: Int, _ context: KernelContext
  ) -> DataError {
    DataError(
      .overflow, "\(a) \(symbol) \(b) does not fit into a 64-bit integer",
      row: context.firstRow + row, hints: ["float(…) of one side computes with floats"])
  }

  /// Runs `wrapping` over all rows with `flagged` telling where the result may be wrong; only if any
  /// row is flagged, looks at each valid row with `checked`.
  @inline(__always)
  private static func integers(
    _ a: Vector, _ b: Vector, _ context: inout KernelContext, symbol: String,
    wrapping: (Int64, Int64) -> Int64,
    checked: (Int64, Int64) -> (partialValue: Int64, overflow: Bool),
    mayOverflow: (Int64, Int64, Int64) -> Int64
  ) throws -> Vector {
    let (left, right, count) = (a.ints, b.ints, context.count)
    let validity = Validity.both(a.validity, b.validity)
    let result = elementwise(left, right, count, wrapping)
    var flags: Int64 = 0
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        result.withUnsafeBufferPointer { result in
          for i in 0..<count { flags |= mayOverflow(left[i], right[i], result[i]) }
        }
      }
    }
    if flags < 0 {
      for row in 0..<count where Validity.isSet(validity, row) {
        if checked(left[row], right[row]).overflow {
          throw overflow(symbol, left[row], right[row], row, context)
        }
      }
    }
    return Vector(.ints(result), validity: validity)
  }

  /// The sum of two ints, or of a point in time and a duration in one unit.
  package static func addInts(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    try integers(
      v[0], v[1], &context, symbol: "+", wrapping: { $0 &+ $1 },
      checked: { $0.addingReportingOverflow($1) }, mayOverflow: { ($0 ^ $2) & ($1 ^ $2) })
  }

  package static func subtractInts(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    try integers(
      v[0], v[1], &context, symbol: "-", wrapping: { $0 &- $1 },
      checked: { $0.subtractingReportingOverflow($1) }, mayOverflow: { ($0 ^ $1) & ($0 ^ $2) })
  }

  package static func multiplyInts(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    // Factors below 2^31 cannot overflow; anything larger takes the exact look.
    try integers(
      v[0], v[1], &context, symbol: "*", wrapping: { $0 &* $1 },
      checked: { $0.multipliedReportingOverflow(by: $1) },
      mayOverflow: { a, b, _ in
        let large = ((a ^ (a >> 63)) | (b ^ (b >> 63))) >> 31
        return 0 &- large
      })
  }

  package static func negateInts(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let zero = Vector(.ints([Int64](repeating: 0, count: context.count)))
    return try subtractInts([zero, v[0]], &context)
  }

  package static func absoluteInts(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let values = v[0].ints
    for row in 0..<context.count where values[row] == .min && !v[0].isNull(row) {
      throw DataError(
        .overflow, "abs(\(Int64.min)) does not fit into a 64-bit integer",
        row: context.firstRow + row)
    }
    return Vector(
      .ints(elementwise(values, context.count) { $0 == .min ? 0 : Swift.abs($0) }),
      validity: v[0].validity)
  }

  package static func signInts(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    Vector(.ints(elementwise(v[0].ints, context.count) { $0.signum() }), validity: v[0].validity)
  }

  /// `a // b` of ints, rounded down; null where b is 0.
  package static func floorDivideInts(
    _ v: [Vector], _ context: inout KernelContext
  ) throws -> Vector {
    try dividing(v, &context, symbol: "//") { a, b in
      let quotient = a / b
      return (a % b != 0) && ((a < 0) != (b < 0)) ? quotient - 1 : quotient
    }
  }

  /// `a % b` of ints with the sign of b; null where b is 0.
  package static func remainderInts(
    _ v: [Vector], _ context: inout KernelContext
  ) throws -> Vector {
    try dividing(v, &context, symbol: "%") { a, b in
      if b == -1 { return 0 }
      let remainder = a % b
      return remainder != 0 && ((remainder < 0) != (b < 0)) ? remainder + b : remainder
    }
  }

  private static func dividing(
    _ v: [Vector], _ context: inout KernelContext, symbol: String,
    _ body: (Int64, Int64) -> Int64
  ) throws -> Vector {
    let (left, right) = (v[0].ints, v[1].ints)
    var validity = Validity.both(v[0].validity, v[1].validity)
    var result = [Int64](repeating: 0, count: context.count)
    for row in 0..<context.count where Validity.isSet(validity, row) {
      let (a, b) = (left[row], right[row])
      if b == 0 {
        Validity.clear(&validity, row, count: context.count)
        context.notes.nullsFromDivision += 1
      } else if a == .min, b == -1, symbol == "//" {
        throw overflow(symbol, a, b, row, context)
      } else {
        result[row] = body(a, b)
      }
    }
    return Vector(.ints(result), validity: validity)
  }

  // Floats: infinities are kept, what is not a number becomes null and is counted.

  package static func addFloats(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    floats(v, &context) { $0 + $1 }
  }

  package static func subtractFloats(
    _ v: [Vector], _ context: inout KernelContext
  ) throws -> Vector {
    floats(v, &context) { $0 - $1 }
  }

  package static func multiplyFloats(
    _ v: [Vector], _ context: inout KernelContext
  ) throws -> Vector {
    floats(v, &context) { $0 * $1 }
  }

  /// The float quotient; null where the divisor is 0.
  package static func divide(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    floats(withoutZeroDivisors(v, &context), &context) { $0 / $1 }
  }

  package static func floorDivideFloats(
    _ v: [Vector], _ context: inout KernelContext
  ) throws -> Vector {
    floats(withoutZeroDivisors(v, &context), &context) { ($0 / $1).rounded(.down) }
  }

  package static func remainderFloats(
    _ v: [Vector], _ context: inout KernelContext
  ) throws -> Vector {
    floats(withoutZeroDivisors(v, &context), &context) { a, b in
      let remainder = fmod(a, b)
      return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
    }
  }

  package static func power(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    if let exponent = v[1].floats.first, v[1].validity == nil, exponent == 2,
      v[1].floats.allSatisfy({ $0 == 2 })
    {
      return Vector.numbers(
        elementwise(v[0].floats, context.count) { $0 * $0 }, validity: v[0].validity, &context)
    }
    return floats(v, &context) { pow($0, $1) }
  }

  /// A duration times a number, in microseconds rounded to the nearest.
  package static func scaleDuration(
    _ v: [Vector], _ context: inout KernelContext
  ) throws -> Vector {
    let product = elementwise(v[0].ints, v[1].floats, context.count) { Double($0) * $1 }
    return try rounded(product, Validity.both(v[0].validity, v[1].validity), &context)
  }

  /// A duration divided by a number; null where the number is 0.
  package static func divideDuration(
    _ v: [Vector], _ context: inout KernelContext
  ) throws -> Vector {
    let v = withoutZeroDivisors(v, &context)
    let quotient = elementwise(v[0].ints, v[1].floats, context.count) { Double($0) / $1 }
    return try rounded(quotient, Validity.both(v[0].validity, v[1].validity), &context)
  }

  private static func rounded(
    _ values: [Double], _ validity: [UInt64]?, _ context: inout KernelContext
  ) throws -> Vector {
    var result = [Int64](repeating: 0, count: context.count)
    for row in 0..<context.count where Validity.isSet(validity, row) {
      guard let whole = Int64(exactly: values[row].rounded()) else {
        throw DataError(
          .overflow, "the duration is out of range", row: context.firstRow + row)
      }
      result[row] = whole
    }
    return Vector(.ints(result), validity: validity)
  }

  @inline(__always)
  private static func floats(
    _ v: [Vector], _ context: inout KernelContext, _ body: (Double, Double) -> Double
  ) -> Vector {
    Vector.numbers(
      elementwise(v[0].floats, v[1].floats, context.count, body),
      validity: Validity.both(v[0].validity, v[1].validity), &context)
  }

  /// The operands with null where the second is 0.
  private static func withoutZeroDivisors(
    _ v: [Vector], _ context: inout KernelContext
  ) -> [Vector] {
    var divisor = v[1].floats
    var zeros: UInt64 = 0
    divisor.withUnsafeBufferPointer { divisor in
      for i in 0..<context.count { zeros |= divisor[i] == 0 ? 1 : 0 }
    }
    guard zeros != 0 else { return [v[0], Vector(.floats(divisor), validity: v[1].validity)] }
    var validity = v[1].validity
    for row in 0..<context.count where divisor[row] == 0 {
      divisor[row] = 1
      guard Validity.isSet(validity, row) else { continue }
      Validity.clear(&validity, row, count: context.count)
      if !v[0].isNull(row) { context.notes.nullsFromDivision += 1 }
    }
    return [v[0], Vector(.floats(divisor), validity: validity)]
  }
}
