/// A word of a state that holds the greatest of a column's keys, or of their complements for the least.
struct StateExtreme: Sendable {
  var column: Int
  var isLeast: Bool
  var word: Int
}

extension StateUpdate {
  /// Brings the keys of a block's rows into the cache, whatever their columns hold, for one or two
  /// words of their groups' states.
  func add(
    _ extremes: ArraySlice<StateExtreme>, to sums: inout StateSums, _ block: RowBlock,
    _ room: BlockRoom
  ) {
    guard let first = extremes.first, let last = extremes.last else { return }
    let (a, b) = (room.words(2), room.words(3))
    sources[first.column].keys(block, first.isLeast, to: a)
    sums.add(extremes: UnsafePointer(a), first.word, 0)
    if extremes.count == 1 { return }
    if last.column == first.column {
      for place in 0..<block.count { b[place] = ~a[place] }
    } else {
      sources[last.column].keys(block, last.isLeast, to: b)
    }
    sums.add(extremes: UnsafePointer(b), last.word, 1)
  }

  /// Takes the keys of a block's rows into the only state there is.
  func addWhole(_ extreme: StateExtreme, _ block: RowBlock, _ state: States, _ room: BlockRoom) {
    let keys = room.words(2)
    sources[extreme.column].keys(block, extreme.isLeast, to: keys)
    var greatest = state[extreme.word]
    for place in 0..<block.count { greatest = max(greatest, keys[place]) }
    state[extreme.word] = greatest
  }
}

extension StateSource {
  /// Writes the keys of a block's rows, or their complements; nothing for what has no keys.
  fileprivate func keys(
    _ block: RowBlock, _ areComplements: Bool, to room: UnsafeMutablePointer<UInt64>
  ) {
    let flip: UInt64 = areComplements ? ~0 : 0
    switch self {
    case .int8(let buffer): fill(IntegerKeys(buffer: buffer), block, flip, room)
    case .int16(let buffer): fill(IntegerKeys(buffer: buffer), block, flip, room)
    case .int32(let buffer): fill(IntegerKeys(buffer: buffer), block, flip, room)
    case .int64(let buffer): fill(IntegerKeys(buffer: buffer), block, flip, room)
    case .float(let buffer): fill(FloatKeys(buffer: buffer), block, flip, room)
    case .uint8(let codes, let ranks):
      fill(CodeKeys(codes: codes, ranks: ranks), block, flip, room)
    case .uint16(let codes, let ranks):
      fill(CodeKeys(codes: codes, ranks: ranks), block, flip, room)
    case .uint32(let codes, let ranks):
      fill(CodeKeys(codes: codes, ranks: ranks), block, flip, room)
    case .text: break
    }
  }

  @inline(__always)
  private func fill<Source: KeySource>(
    _ source: Source, _ block: RowBlock, _ flip: UInt64, _ room: UnsafeMutablePointer<UInt64>
  ) {
    // SAFETY: the rows lie within the column.
    if let rows = block.rows {
      for place in 0..<block.count { room[place] = source.key(Int(rows[place])) ^ flip }
    } else {
      for place in 0..<block.count { room[place] = source.key(block.first &+ place) ^ flip }
    }
  }
}
