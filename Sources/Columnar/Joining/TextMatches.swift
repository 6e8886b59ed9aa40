extension KeyMatches {
  /// Compares texts by their bytes; rows that are not set in a validity have no key.
  ///
  /// Where the texts on the right are of a kind that fits a number, as ids mostly are, numbers are
  /// compared, else hashes, and then the texts whose hashes are equal.
  init(
    left: TextStorage, _ leftValidity: Bitmap?, right: TextStorage, _ rightValidity: Bitmap?
  ) throws {
    let shape = try TextShape(right, rightValidity)
    var numbers = JoinNumbers()
    let digit: JoinDigit
    if let range = shape.decimals {
      func packer(_ texts: TextStorage, _ validity: Bitmap?) -> DigitPacker {
        DigitPacker(
          DecimalTextDigits(texts, prefix: shape.prefix, lowest: range.lowerBound), validity)
      }
      digit = JoinDigit(
        maximum: range.upperBound - range.lowerBound, left: packer(left, leftValidity),
        right: packer(right, rightValidity))
    } else if shape.isShort {
      digit = JoinDigit(
        maximum: noKey - 1,
        left: DigitPacker(ShortTextDigits(left, prefix: shape.prefix), leftValidity),
        right: DigitPacker(ShortTextDigits(right, prefix: shape.prefix), rightValidity))
    } else {
      digit = JoinDigit(
        maximum: noKey - 1, left: DigitPacker(HashedTextDigits(left), leftValidity),
        right: DigitPacker(HashedTextDigits(right), rightValidity))
    }
    let fits = numbers.append(digit)
    precondition(fits)
    let matches = try KeyMatches(numbers, leftCount: left.count, rightCount: right.count)
    if shape.decimals != nil || shape.isShort {
      self = matches
    } else if try matches.isExact(left, right) {
      self = matches
    } else {
      self = try KeyMatches(indexed: left, leftValidity, right: right, rightValidity)
    }
  }

  /// Whether texts of equal hashes are equal.
  private func isExact(_ left: TextStorage, _ right: TextStorage) throws -> Bool {
    var firstRows: Buffer<UInt32>?
    if let rightIds {
      let rows = try Buffer<UInt32>(repeating: noRow, count: idCount)
      for row in (0..<rightCount).reversed() {
        if row & 4095 == 0 { try Cancellation.check() }
        // SAFETY: ids are below their number.
        let id = rightIds.base[row]
        if id != noRow { rows.base[Int(id)] = UInt32(truncatingIfNeeded: row) }
      }
      firstRows = rows
      if try !rightIds.areEqual(right, right, firstRows: rows) { return false }
    }
    return try leftIds.areEqual(left, right, firstRows: firstRows)
  }

  /// The same by a table of the texts themselves, for texts that were made to have equal hashes.
  private init(
    indexed left: TextStorage, _ leftValidity: Bitmap?, right: TextStorage,
    _ rightValidity: Bitmap?
  ) throws {
    var index = TextIndex(capacity: right.count)
    func ids(_ texts: TextStorage, _ validity: Bitmap?) throws -> Buffer<UInt32> {
      let ids = try Buffer<UInt32>(count: texts.count)
      for row in 0..<texts.count {
        if row & 255 == 0 { try Cancellation.check() }
        let isValid = validity.map { $0[row] } ?? true
        ids.base[row] = isValid ? index.insert(texts.utf8(row)) : noRow
      }
      return ids
    }
    let rightIds = try ids(right, rightValidity)
    let known = index.count
    let leftIds = try ids(left, leftValidity)
    for row in 0..<leftIds.count where leftIds.base[row] >= known { leftIds.base[row] = noRow }
    self.init(
      leftIds: leftIds, rightIds: rightIds, idCount: known, rightCount: right.count)
  }
}

/// What the texts of a table have in common.
private struct TextShape {
  /// The bytes that all begin with; not the digits that would end them.
  private(set) var prefix: [UInt8] = []
  /// The numbers of what follows, where that is nothing but digits in all of them, and few.
  private(set) var decimals: ClosedRange<UInt64>?
  /// Whether what follows is short in all of them.
  private(set) var isShort = true

  init(_ texts: TextStorage, _ validity: Bitmap?) throws {
    @Sendable func isValid(_ row: Int) -> Bool { validity.map { $0[row] } ?? true }
    guard let first = (0..<texts.count).first(where: isValid) else { return }
    let whole = texts.utf8(first)
    let lengths = try Workers.map(parts: Workers.partCount(texts.count)) { part in
      var length = min(texts.utf8(first).count, 64)
      for row in Workers.part(part, of: texts.count) where isValid(row) {
        let text = texts.utf8(row)
        let (known, limit) = (texts.bytes.base + texts.offsets[first], min(length, text.count))
        length = 0
        while length < limit, text[length] == known[length] { length += 1 }
        if length == 0 { break }
      }
      return length
    }
    prefix = Array(whole.prefix(lengths.min() ?? 0))
    while let last = prefix.last, last >= 0x30, last <= 0x39 { prefix.removeLast() }
    let decimal = DecimalTextDigits(texts, prefix: prefix, lowest: 0)
    let prefixLength = prefix.count
    let parts = try Workers.map(parts: Workers.partCount(texts.count)) { part in
      var found: (lowest: UInt64, highest: UInt64, isShort: Bool) = (noKey, 0, true)
      for row in Workers.part(part, of: texts.count) where isValid(row) {
        if row & 4095 == 0 { try Cancellation.check() }
        let number = decimal.digit(row)
        found.lowest = min(found.lowest, number)
        found.highest = max(found.highest, number)
        let isShort = texts.utf8(row).count - prefixLength < 8
        found.isShort = found.isShort && isShort
      }
      return found
    }
    isShort = parts.allSatisfy { $0.isShort }
    let lowest = parts.map(\.lowest).min() ?? noKey
    let highest = parts.map(\.highest).max() ?? noKey
    if lowest <= highest, highest < noKey { decimals = lowest...highest }
  }
}
