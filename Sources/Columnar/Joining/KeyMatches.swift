/// Which rows of two tables have equal keys. A null in a key equals nothing.
package struct KeyMatches: Sendable {
  /// For each left row the number of its key among those on the right; `noRow` if it is not there.
  let leftIds: Buffer<UInt32>
  /// For each right row the number of its key, `noRow` where it is null; nil where no key occurs
  /// twice, and a key's number is its row.
  let rightIds: Buffer<UInt32>?
  /// Numbers are below this.
  let idCount: Int
  package let rightCount: Int

  package var leftCount: Int { leftIds.count }

  /// Whether no key occurs twice on the right.
  package var isRightUnique: Bool { rightIds == nil }

  init(leftIds: Buffer<UInt32>, rightIds: Buffer<UInt32>?, idCount: Int, rightCount: Int) {
    self.leftIds = leftIds
    self.rightIds = rightIds
    self.idCount = idCount
    self.rightCount = rightCount
  }

  /// Compares rows by pairs of key columns, as many on the left as on the right and at least one;
  /// those of a side must have one length. Throws `type` where a pair cannot be compared.
  package init(left: [Column], right: [Column]) throws {
    precondition(left.count == right.count && !left.isEmpty)
    let (leftCount, rightCount) = (left[0].count, right[0].count)
    try RowLimit.check(leftCount)
    try RowLimit.check(rightCount)
    if left.count == 1, case .text(let first) = left[0].storage,
      case .text(let second) = right[0].storage
    {
      self = try KeyMatches(left: first, left[0].validity, right: second, right[0].validity)
      return
    }
    var numbers = JoinNumbers()
    for (first, second) in zip(left, right) {
      for digit in try JoinDigit.digits(left: first, right: second) {
        if numbers.append(digit) { continue }
        // What there is so far becomes numbers of 32 bits.
        let found = try KeyMatches(numbers, leftCount: leftCount, rightCount: rightCount)
        numbers = JoinNumbers()
        var fits = numbers.append(found.digit)
        if fits { fits = numbers.append(digit) }
        if fits { continue }
        // Beside 32 bits there is room for others of 32 bits.
        var alone = JoinNumbers()
        fits = alone.append(digit)
        precondition(fits)
        let other = try KeyMatches(alone, leftCount: leftCount, rightCount: rightCount)
        numbers = JoinNumbers()
        fits = numbers.append(found.digit)
        fits = numbers.append(other.digit) && fits
        precondition(fits)
      }
    }
    self = try KeyMatches(numbers, leftCount: leftCount, rightCount: rightCount)
  }

  /// The numbers of the keys as a digit.
  private var digit: JoinDigit {
    JoinDigit(
      maximum: UInt64(max(idCount, 1) - 1), left: DigitPacker(NumberDigits(leftIds), nil),
      right: rightPacker(nil))
  }

  /// What packs the numbers of the right rows' keys.
  func rightPacker(_ validity: Bitmap?) -> DigitPacker {
    if let rightIds { return DigitPacker(NumberDigits(rightIds), validity) }
    return DigitPacker(RowDigits(), validity)
  }
}

extension KeyMatches {
  /// Whichever way is the fastest for the numbers; all find the same matches, though they number
  /// keys that occur twice in their own ways.
  init(_ numbers: JoinNumbers, leftCount: Int, rightCount: Int) throws {
    let slotLimit = UInt64(max(1 << 16, rightCount * 8))
    if numbers.maximum < slotLimit {
      self = try KeyMatches(slots: numbers, leftCount: leftCount, rightCount: rightCount)
    } else {
      self = try KeyMatches(hashed: numbers, leftCount: leftCount, rightCount: rightCount)
    }
  }
}

/// How many rows have a null in one of `keys`.
package func rowsWithNull(_ keys: [Column]) throws -> Int {
  guard let valid = try keys.reduce(nil, { try Bitmap.intersection($0, $1.validity) }) else {
    return 0
  }
  return valid.count - valid.setCount
}
