/// Some rows and where each one's group state lies.
///
/// SAFETY: the pointers are valid while the block is worked on, the rows lie within the columns and
/// the offsets within the states.
struct RowBlock {
  /// So many rows that their offsets and values stay in the first-level cache.
  static let size = 1024
  /// Behind a block's offsets as many others may be read.
  static let ahead = 16

  var count: Int
  /// The first row, where the rows follow one another.
  var first: Int
  /// The rows, where they do not.
  var rows: UnsafePointer<UInt32>?
  /// The first word of each row's group; behind them `ahead` others.
  var offsets: UnsafePointer<UInt32>
  /// What is read next of the first key, and the bytes of each value: memory to ask for while this
  /// block is worked on. The values of one row, asked for again and again, where it is not known.
  var next: (keys: UnsafeRawPointer, size: Int)

  /// The row at a place.
  @inline(__always)
  func row(_ place: Int) -> Int {
    if let rows { Int(rows[place]) } else { first &+ place }
  }
}

/// Room for one thread's blocks.
final class BlockRoom {
  let offsets = BlockRoom.offsets()
  let rows = UnsafeMutablePointer<UInt32>.allocate(capacity: RowBlock.size)
  private let validOffsets = BlockRoom.offsets()
  private let validRows = UnsafeMutablePointer<UInt32>.allocate(capacity: RowBlock.size)
  private let integerValues = UnsafeMutablePointer<Int32>.allocate(capacity: 6 * RowBlock.size)
  private let wordValues = UnsafeMutablePointer<UInt64>.allocate(capacity: 4 * RowBlock.size)
  private let floatValues = UnsafeMutablePointer<Double>.allocate(capacity: 3 * RowBlock.size)

  private static func offsets() -> UnsafeMutablePointer<UInt32> {
    let count = RowBlock.size + RowBlock.ahead
    let offsets = UnsafeMutablePointer<UInt32>.allocate(capacity: count)
    offsets.initialize(repeating: 0, count: count)
    return offsets
  }

  deinit {
    offsets.deallocate()
    rows.deallocate()
    validOffsets.deallocate()
    validRows.deallocate()
    integerValues.deallocate()
    wordValues.deallocate()
    floatValues.deallocate()
  }

  /// Room for a block's integers: one of six.
  func integers(_ place: Int) -> UnsafeMutablePointer<Int32> {
    integerValues + place * RowBlock.size
  }

  /// Room for what a block's rows add to a word or are taken into it: one of four.
  func words(_ place: Int) -> UnsafeMutablePointer<UInt64> { wordValues + place * RowBlock.size }

  /// Room for a block's floats: one of three.
  func floats(_ place: Int) -> UnsafeMutablePointer<Double> { floatValues + place * RowBlock.size }

  /// The rows from `first` on whose bits are set in `mask`, which begins at a multiple of 64 rows;
  /// all without a mask. `offsets` holds the offsets of all of them.
  func block(
    _ range: Range<Int>, _ mask: Bitmap?, next: (keys: UnsafeRawPointer, size: Int)? = nil
  ) -> RowBlock {
    let all = RowBlock(
      count: range.count, first: range.lowerBound, rows: nil, offsets: UnsafePointer(offsets),
      next: next ?? (UnsafeRawPointer(offsets), 0))
    return mask.map { narrowed(all, to: $0, rows, offsets) } ?? all
  }

  /// The rows of a block that have a value.
  func valid(_ block: RowBlock, _ validity: Bitmap?) -> RowBlock {
    validity.map { narrowed(block, to: $0, validRows, validOffsets) } ?? block
  }

  /// The rows of a block that are set in `mask`, written to `rows` and `offsets`, which may be where
  /// the block's own are.
  private func narrowed(
    _ block: RowBlock, to mask: Bitmap, _ rows: UnsafeMutablePointer<UInt32>,
    _ offsets: UnsafeMutablePointer<UInt32>
  ) -> RowBlock {
    // SAFETY: a block has at most as many rows as there is room for, and they lie in the mask.
    let words = mask.words.base
    var count = 0
    if let known = block.rows {
      for place in 0..<block.count {
        let row = known[place]
        rows[count] = row
        offsets[count] = block.offsets[place]
        count &+= Int(words[Int(row >> 6)] >> UInt64(row & 63) & 1)
      }
    } else {
      var place = 0
      while place < block.count {
        let row = block.first &+ place
        let end = min(place &+ 64 &- (row & 63), block.count)
        var word = words[row >> 6] >> UInt64(row & 63)
        if end &- place < 64 { word &= (1 << UInt64(end &- place)) &- 1 }
        while word != 0 {
          let next = place &+ word.trailingZeroBitCount
          rows[count] = UInt32(truncatingIfNeeded: block.first &+ next)
          offsets[count] = block.offsets[next]
          count &+= 1
          word &= word &- 1
        }
        place = end
      }
      if count == block.count { return block }
    }
    return RowBlock(
      count: count, first: 0, rows: UnsafePointer(rows), offsets: UnsafePointer(offsets),
      next: block.next)
  }
}
