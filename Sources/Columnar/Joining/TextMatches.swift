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
    let digit = JoinDigit(
      maximum: shape.maximum, left: shape.packer(left, leftValidity),
      right: shape.packer(right, rightValidity))
    let fits = numbers.append(digit)
    precondition(fits)
    let matches = try KeyMatches(numbers, leftCount: left.count, rightCount: right.count)
    if try shape.isExact || matches.isExact(left, right) {
      self = matches
    } else {
      self = try KeyMatches(indexed: left, leftValidity, right: right, rightValidity)
    }
    if isRightUnique, rightValidity == nil { right.knownDistinct = true }
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
