#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `== != < <= > >=` over batches. Texts compare by their bytes.
package enum Comparison: String, Sendable, CaseIterable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="

  /// The comparison of two vectors of one type; an int beside a float is compared as a float.
  package func apply(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let validity = Validity.both(v[0].validity, v[1].validity)
    let count = context.count
    switch (v[0].values, v[1].values) {
    case (.texts(let a), .texts(let b)):
      return Vector(.bools(compare(a.views, b.views, count)), validity: validity)
    case (.bools(let a), .bools(let b)):
      return Vector(.bools(compare(a, b, count)), validity: validity)
    case (.floats, _), (_, .floats):
      return Vector(.bools(compare(v[0].floats, v[1].floats, count)), validity: validity)
    default:
      return Vector(.bools(compare(v[0].ints, v[1].ints, count)), validity: validity)
    }
  }

  @inline(__always)
  private func compare<A: Comparable>(_ a: [A], _ b: [A], _ count: Int) -> [UInt8] {
    switch self {
    case .equal: elementwise(a, b, count) { $0 == $1 ? 1 : 0 }
    case .notEqual: elementwise(a, b, count) { $0 != $1 ? 1 : 0 }
    case .less: elementwise(a, b, count) { $0 < $1 ? 1 : 0 }
    case .lessOrEqual: elementwise(a, b, count) { $0 <= $1 ? 1 : 0 }
    case .greater: elementwise(a, b, count) { $0 > $1 ? 1 : 0 }
    case .greaterOrEqual: elementwise(a, b, count) { $0 >= $1 ? 1 : 0 }
    }
  }

  private func compare(
    _ a: [UnsafeBufferPointer<UInt8>], _ b: [UnsafeBufferPointer<UInt8>], _ count: Int
  ) -> [UInt8] {
    switch self {
    case .equal: elementwise(a, b, count) { bytesEqual($0, $1) ? 1 : 0 }
    case .notEqual: elementwise(a, b, count) { bytesEqual($0, $1) ? 0 : 1 }
    case .less: elementwise(a, b, count) { bytesOrder($0, $1) < 0 ? 1 : 0 }
    case .lessOrEqual: elementwise(a, b, count) { bytesOrder($0, $1) <= 0 ? 1 : 0 }
    case .greater: elementwise(a, b, count) { bytesOrder($0, $1) > 0 ? 1 : 0 }
    case .greaterOrEqual: elementwise(a, b, count) { bytesOrder($0, $1) >= 0 ? 1 : 0 }
    }
  }
}

@inline(__always)
func bytesEqual(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
  guard a.count == b.count else { return false }
  guard a.count > 0 else { return true }
  return memcmp(a.baseAddress!, b.baseAddress!, a.count) == 0
}

/// Below 0, 0 or above 0 as `a` comes before, with or after `b` by bytes.
@inline(__always)
func bytesOrder(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Int {
  let shared = min(a.count, b.count)
  let order = shared == 0 ? 0 : Int(memcmp(a.baseAddress!, b.baseAddress!, shared))
  return order != 0 ? order : a.count - b.count
}
