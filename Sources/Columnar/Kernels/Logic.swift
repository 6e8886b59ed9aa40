/// Three-valued logic, tests for null, and choices between vectors.
package enum Logic {
  /// False where either is false, else null where either is null.
  package static func and(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (a, b, count) = (v[0].bools, v[1].bools, context.count)
    if v[0].validity == nil, v[1].validity == nil {
      return Vector(.bools(elementwise(a, b, count) { $0 & $1 }))
    }
    let (known, other) = (v[0].known(count), v[1].known(count))
    // Known: both known, or one known to be false.
    let valid = elementwise(known.valid, other.valid, known.valid.count) { $0 & $1 }
    let leftFalse = elementwise(known.valid, known.bits, known.valid.count) { $0 & ~$1 }
    let rightFalse = elementwise(other.valid, other.bits, other.valid.count) { $0 & ~$1 }
    let oneFalse = elementwise(leftFalse, rightFalse, leftFalse.count) { $0 | $1 }
    let validity = elementwise(valid, oneFalse, valid.count) { $0 | $1 }
    return Vector(
      .bools(
        elementwise(v[0].certain(count), v[1].certain(count), count) { $0 & $1 }),
      validity: validity)
  }

  /// True where either is true, else null where either is null.
  package static func or(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let (a, b, count) = (v[0].bools, v[1].bools, context.count)
    if v[0].validity == nil, v[1].validity == nil {
      return Vector(.bools(elementwise(a, b, count) { $0 | $1 }))
    }
    let (known, other) = (v[0].known(count), v[1].known(count))
    let valid = elementwise(known.valid, other.valid, known.valid.count) { $0 & $1 }
    let leftTrue = elementwise(known.valid, known.bits, known.valid.count) { $0 & $1 }
    let rightTrue = elementwise(other.valid, other.bits, other.valid.count) { $0 & $1 }
    let oneTrue = elementwise(leftTrue, rightTrue, leftTrue.count) { $0 | $1 }
    let validity = elementwise(valid, oneTrue, valid.count) { $0 | $1 }
    return Vector(
      .bools(
        elementwise(v[0].certain(count), v[1].certain(count), count) { $0 | $1 }),
      validity: validity)
  }

  package static func not(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    Vector(
      .bools(elementwise(v[0].bools, context.count) { $0 ^ 1 }), validity: v[0].validity)
  }

  package static func isNull(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    Vector(.bools(v[0].nullFlags(context.count)))
  }

  package static func isNotNull(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    Vector(.bools(elementwise(v[0].nullFlags(context.count), context.count) { $0 ^ 1 }))
  }

  /// The first argument that has a value, row by row.
  package static func coalesce(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    var result = v[0]
    for other in v.dropFirst() {
      guard result.validity != nil else { break }
      let present = elementwise(result.nullFlags(context.count), context.count) { $0 ^ 1 }
      result = select(present, result, other, context.count)
    }
    return result
  }

  /// Null where the two are equal, else the first.
  package static func nullIf(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let equal = try Comparison.equal.apply(v, &context)
    var result = v[0]
    for row in 0..<context.count where equal.bools[row] == 1 && !equal.isNull(row) {
      Validity.clear(&result.validity, row, count: context.count)
    }
    return result
  }

  /// `then` where `condition` is 1, `otherwise` elsewhere. Vectors are of one type, where an int
  /// beside a float counts as a float.
  package static func select(
    _ condition: [UInt8], _ then: Vector, _ otherwise: Vector, _ count: Int
  ) -> Vector {
    var validity: [UInt64]?
    if then.validity != nil || otherwise.validity != nil {
      let mask = Validity.packed(condition, count)
      let full = Validity.full(count)
      let yes = elementwise(mask, then.validity ?? full, mask.count) { $0 & $1 }
      let no = elementwise(mask, otherwise.validity ?? full, mask.count) { ~$0 & $1 }
      validity = elementwise(yes, no, mask.count) { $0 | $1 }
    }
    func chosen<A>(_ a: [A], _ b: [A]) -> [A] {
      precondition(a.count >= count && b.count >= count && condition.count >= count)
      return [A](unsafeUninitializedCapacity: count) { output, filled in
        for i in 0..<count {
          output.initializeElement(at: i, to: condition[i] != 0 ? a[i] : b[i])
        }
        filled = count
      }
    }
    switch (then.values, otherwise.values) {
    case (.texts(let a), .texts(let b)):
      return Vector(
        .texts(TextVector(views: chosen(a.views, b.views), owners: a.owners + b.owners)),
        validity: validity)
    case (.bools(let a), .bools(let b)): return Vector(.bools(chosen(a, b)), validity: validity)
    case (.floats, _), (_, .floats):
      return Vector(.floats(chosen(then.floats, otherwise.floats)), validity: validity)
    default: return Vector(.ints(chosen(then.ints, otherwise.ints)), validity: validity)
    }
  }
}

extension Vector {
  /// 1 where the row is null.
  package func nullFlags(_ count: Int) -> [UInt8] {
    guard let validity else { return [UInt8](repeating: 0, count: count) }
    return [UInt8](unsafeUninitializedCapacity: count) { output, filled in
      for row in 0..<count {
        output.initializeElement(
          at: row, to: UInt8(truncatingIfNeeded: ~validity[row >> 6] >> UInt64(row & 63) & 1))
      }
      filled = count
    }
  }

  /// 1 where the row is known to be true.
  package func certain(_ count: Int) -> [UInt8] {
    guard validity != nil else { return bools }
    return elementwise(bools, nullFlags(count), count) { $0 & ($1 ^ 1) }
  }

  /// Validity and values, as words.
  fileprivate func known(_ count: Int) -> (valid: [UInt64], bits: [UInt64]) {
    (
      validity.map { Array($0.prefix(Bitmap.wordCount(count))) } ?? Validity.full(count),
      Validity.packed(bools, count)
    )
  }
}
