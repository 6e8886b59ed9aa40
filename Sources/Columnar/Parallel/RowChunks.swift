/// The rows of chunk `chunk` of `chunks`; chunks begin at multiples of 64 rows.
func chunkRange(_ chunk: Int, of chunks: Int, _ rowCount: Int) -> Range<Int> {
  let words = Bitmap.wordCount(rowCount)
  return words * chunk / chunks * 64..<min(rowCount, words * (chunk + 1) / chunks * 64)
}

/// Calls `body` with each row of `range` that is set, ascending; polls for cancellation.
/// `range` must begin at a multiple of 64 rows and lie within `validity`.
@inline(__always)
func forEachValidRow(
  _ validity: Bitmap?, in range: Range<Int>, _ body: (Int) -> Void
) throws {
  var row = range.lowerBound
  while row < range.upperBound {
    try Cancellation.check()
    let end = min(row + 16_384, range.upperBound)
    guard let validity else {
      while row < end {
        body(row)
        row &+= 1
      }
      continue
    }
    while row < end {
      let last = min(row + 64, end)
      // SAFETY: the range lies within the bitmap.
      var word = validity.words.base[row >> 6]
      if word == ~0, last - row == 64 {
        while row < last {
          body(row)
          row &+= 1
        }
        continue
      }
      while word != 0 {
        let place = row &+ word.trailingZeroBitCount
        if place >= last { break }
        body(place)
        word &= word &- 1
      }
      row = last
    }
  }
}
