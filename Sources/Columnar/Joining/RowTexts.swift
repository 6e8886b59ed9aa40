extension Column {
  /// Whether so many texts had better be taken from this column than from another that has them, too:
  /// there they would be copied, while here rows become codes of a dictionary, the column itself.
  package func isTakenAsRows(_ taken: Int, insteadOf other: Column) throws -> Bool {
    guard case .text = other.storage else { return false }
    return try rowDictionary(forTaking: taken) != nil
  }

  /// A dictionary of which the codes are this column's rows: for plain text of which so many rows are
  /// to be taken that codes are worth it, if no two of its texts are equal. Nil for all else.
  func rowDictionary(forTaking taken: Int) throws -> TextDictionary? {
    guard case .text(let text) = storage, validity == nil, count <= taken / 4, count > 0,
      try text.areDistinct()
    else { return nil }
    return TextDictionary(text)
  }
}

extension Codes {
  /// Rows as the codes of a dictionary with an entry a row; 0 where a row is `noRow`.
  init(rows: Buffer<UInt32>, hasNone: Bool, entryCount: Int) throws {
    guard hasNone else {
      try self.init(rows, entryCount: entryCount)
      return
    }
    let codes = try Buffer<UInt32>.filled(rows.count) { places, codes in
      for place in places { codes[place] = rows.base[place] == noRow ? 0 : rows.base[place] }
    }
    try self.init(codes, entryCount: entryCount)
  }
}

extension BlockGather {
  /// A gathering of `count` rows themselves, as the codes of a dictionary with an entry a row.
  static func rows(of dictionary: TextDictionary, _ count: Int) throws -> BlockGather {
    func gather<Code: FixedWidthInteger & BitwiseCopyable & Sendable>(
      _ codes: (Buffer<Code>) -> Codes
    ) throws -> BlockGather {
      let target = try Buffer<Code>(count: count)
      return BlockGather(storage: .dictionary(codes(target), dictionary)) { rows, place in
        guard let numbers = rows.baseAddress else { return }
        let codes = target.base + place
        for index in 0..<rows.count { codes[index] = Code(truncatingIfNeeded: numbers[index]) }
      }
    }
    if dictionary.count <= 1 << 8 { return try gather(Codes.uint8) }
    if dictionary.count <= 1 << 16 { return try gather(Codes.uint16) }
    return try gather(Codes.uint32)
  }
}
