/// Gathers the values of a column a block of rows at a time.
struct BlockGather: Sendable {
  /// Rows of a block: their numbers take half of the first-level cache.
  static let blockSize = 4096

  /// What is being filled; complete once all blocks are.
  let storage: Storage
  /// Writes the values of the rows from a place of the target on.
  ///
  /// SAFETY: rows must be within the column, and places within the target, each written once.
  let fill: @Sendable (_ rows: UnsafeBufferPointer<UInt32>, _ place: Int) -> Void
}

extension Column {
  /// A gathering of `count` of the column's values, from a field of records if there is one; nil for
  /// plain text, whose values differ in length.
  func blockGather(_ count: Int, from field: RowRecords.Field? = nil) throws -> BlockGather? {
    func gather<Element: BitwiseCopyable & Sendable>(
      _ source: Buffer<Element>, _ storage: (Buffer<Element>) -> Storage
    ) throws -> BlockGather {
      let target = try Buffer<Element>(count: count)
      if let field {
        try field.fill(source)
        return BlockGather(storage: storage(target)) { rows, place in
          field.gather(rows, to: target.base + place)
        }
      }
      return BlockGather(storage: storage(target)) { rows, place in
        guard let numbers = rows.baseAddress else { return }
        source.gather(numbers, rows.count, to: target.base + place)
      }
    }
    switch storage {
    case .int8(let buffer): return try gather(buffer) { .int8($0) }
    case .int16(let buffer): return try gather(buffer) { .int16($0) }
    case .int32(let buffer): return try gather(buffer) { .int32($0) }
    case .int64(let buffer): return try gather(buffer) { .int64($0) }
    case .float(let buffer): return try gather(buffer) { .float($0) }
    case .dictionary(.uint8(let codes), let dictionary):
      return try gather(codes) { .dictionary(.uint8($0), dictionary) }
    case .dictionary(.uint16(let codes), let dictionary):
      return try gather(codes) { .dictionary(.uint16($0), dictionary) }
    case .dictionary(.uint32(let codes), let dictionary):
      return try gather(codes) { .dictionary(.uint32($0), dictionary) }
    case .text: return nil
    }
  }
}

extension Frame {
  /// The rows that are set in `mask`, which must be as long as the frame.
  ///
  /// All columns go through a block of rows together: the rows' numbers, and the values of rows
  /// that lie close to one another, are then in the cache.
  package func filter(_ mask: Bitmap) throws -> Frame {
    precondition(mask.count == rowCount)
    try RowLimit.check(rowCount)
    let parts = Workers.partCount(rowCount)
    var starts = try Workers.map(parts: parts) { mask.setCount(in: Workers.part($0, of: rowCount)) }
    var total = 0
    for part in 0..<parts { (starts[part], total) = (total, total + starts[part]) }
    let gathers = try columns.map { try $0.blockGather(total) }
    let work = gathers.compactMap { $0 }
    try Workers.run(parts: parts) { [starts] part in
      let range = Workers.part(part, of: rowCount)
      var place = starts[part]
      try withUnsafeTemporaryAllocation(
        of: UInt32.self, capacity: BlockGather.blockSize
      ) { block in
        for start in stride(
          from: range.lowerBound, to: range.upperBound, by: BlockGather.blockSize)
        {
          try Cancellation.check()
          let end = min(start + BlockGather.blockSize, range.upperBound)
          let count = mask.writeRows(in: start..<end, to: block)
          let rows = UnsafeBufferPointer(rebasing: block[..<count])
          for gather in work { gather.fill(rows, place) }
          place += count
        }
      }
    }
    let needsRows = zip(columns, gathers).contains { $1 == nil || $0.validity != nil }
    let rows = needsRows ? try mask.rows() : try Buffer<UInt32>(count: 0)
    let taken = try zip(columns, gathers).map { column, gather in
      guard let gather else { return try column.takeChecked(rows, hasNone: false) }
      return Column(
        type: column.type, storage: gather.storage,
        validity: try column.validity?.gathered(rows))
    }
    return Frame(
      names: names, columns: taken, rowCount: total, origin: origin?.masked(mask))
  }
}

extension Bitmap {
  /// How many bits of `range`, which begins at a multiple of 64, are set.
  fileprivate func setCount(in range: Range<Int>) -> Int {
    var total = 0
    for index in range.lowerBound >> 6..<Bitmap.wordCount(range.upperBound) {
      total += words.base[index].nonzeroBitCount
    }
    return total
  }

  /// Writes the numbers of the set bits of `range`, ascending, and returns how many there are. The
  /// range begins at a multiple of 64 and is no longer than `rows`.
  fileprivate func writeRows(
    in range: Range<Int>, to rows: UnsafeMutableBufferPointer<UInt32>
  ) -> Int {
    precondition(rows.count >= range.count)
    guard var output = rows.baseAddress else { return 0 }
    let first = output
    for index in range.lowerBound >> 6..<Bitmap.wordCount(range.upperBound) {
      // SAFETY: no more bits are set than the range is long.
      var word = words.base[index]
      let row = UInt32(truncatingIfNeeded: index << 6)
      while word != 0 {
        output.pointee = row &+ UInt32(truncatingIfNeeded: word.trailingZeroBitCount)
        output += 1
        word &= word &- 1
      }
    }
    return output - first
  }
}
