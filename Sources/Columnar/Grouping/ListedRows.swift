/// Lists put one element below the other, and texts of a group put behind one another.
extension Column {
  /// The elements of all rows' lists, packed as `TextLists` has them: of each element its row, its
  /// place in the list from 1, and the text. A null, and a list without elements, give their row once
  /// without place and text.
  package func listed() throws -> (rows: Buffer<UInt32>, places: Column, elements: Column) {
    var rows: [UInt32] = []
    var places: [Int64?] = []
    var isText: [Bool] = []
    var texts = TextCoder()
    var batch: [TextLists.Bytes] = []
    // SAFETY: the views are of this column's memory, which lives as long as `self`.
    func flush() {
      texts.append(TextVector(views: batch, owners: []), validity: nil, rows: batch.count)
      batch.removeAll(keepingCapacity: true)
    }
    for row in 0..<count {
      if row & 1023 == 0 { try Cancellation.check() }
      var elements = isNull(row) ? [] : TextLists.elements(of: textBytes(row))
      let isEmpty = elements.isEmpty
      if isEmpty { elements = [nil] }
      for (place, element) in elements.enumerated() {
        rows.append(UInt32(truncatingIfNeeded: row))
        places.append(isEmpty ? nil : Int64(place) + 1)
        isText.append(element != nil)
        batch.append(element ?? TextLists.Bytes(start: nil, count: 0))
      }
      if batch.count >= Vector.batchSize { flush() }
      try RowLimit.check(rows.count)
    }
    flush()
    let elements = Column(
      type: .text, storage: try TextCoder.joined([texts], count: rows.count),
      validity: try Bitmap(isText))
    return (try Buffer(rows), try .ints(places), elements)
  }

  /// The bytes of a row of text, valid while the column is alive; empty for another type.
  private func textBytes(_ row: Int) -> UnsafeBufferPointer<UInt8> {
    switch storage {
    case .dictionary(let codes, let dictionary): dictionary.entries.utf8(codes[row])
    case .text(let texts): texts.utf8(row)
    default: UnsafeBufferPointer(start: nil, count: 0)
    }
  }

  /// The texts of each group in the order of its rows, with `separator` between them; nulls are
  /// passed over, and a group without a text is null.
  func joined(by grouping: Grouping, separator: String) throws -> Column {
    let segments = try grouping.segments
    return try joined(
      groupCount: grouping.groupCount, separator: separator, range: segments.range
    ) { Int(segments.rows[$0]) }
  }

  /// The same in every row of a partition, in its order.
  package func joined(in partitions: Partitions, separator: String) throws -> Column {
    let count = partitions.starts.count - 1
    let texts = try joined(groupCount: count, separator: separator) {
      Int(partitions.starts[$0])..<Int(partitions.starts[$0 + 1])
    } row: {
      partitions.row($0)
    }
    let ids = try Buffer<UInt32>(count: partitions.rowCount)
    for group in 0..<count {
      for place in Int(partitions.starts[group])..<Int(partitions.starts[group + 1]) {
        ids.base[partitions.row(place)] = UInt32(truncatingIfNeeded: group)
      }
    }
    return partitions.rowCount == 0 ? try texts.slice(0..<0) : try texts.take(ids)
  }

  private func joined(
    groupCount: Int, separator: String, range: (Int) -> Range<Int>, row: (Int) -> Int
  ) throws -> Column {
    let between = Array(separator.utf8)
    var offsets = [0]
    var bytes: [UInt8] = []
    var words: [UInt64]?
    offsets.reserveCapacity(groupCount + 1)
    for group in 0..<groupCount {
      var isFirst = true
      for place in range(group) {
        if place & 4095 == 0 { try Cancellation.check() }
        let row = row(place)
        if isNull(row) { continue }
        if !isFirst { bytes.append(contentsOf: between) }
        bytes.append(contentsOf: textBytes(row))
        isFirst = false
      }
      offsets.append(bytes.count)
      if isFirst { Validity.clear(&words, group, count: groupCount) }
    }
    return Column(
      type: .text,
      storage: .text(TextStorage(offsets: try Buffer(offsets), bytes: try Buffer(bytes))),
      validity: try words.map { try Bitmap(parts: [$0], count: groupCount) })
  }
}
