/// Sorts numbers and the rows they belong to, in place and stably, with room of the same size.
///
/// Numbers are spread over about as many even intervals as there are numbers, and what is left is
/// done by insertion, or, where an interval holds many, by the same again.
struct RowSort {
  let numbers: UnsafeMutablePointer<UInt64>
  let rows: UnsafeMutablePointer<UInt32>
  let otherNumbers: UnsafeMutablePointer<UInt64>
  let otherRows: UnsafeMutablePointer<UInt32>

  /// Sorts `range`.
  ///
  /// SAFETY: the range must lie within all four regions, which no one else uses meanwhile.
  func sort(_ range: Range<Int>) throws {
    if range.count <= 24 { return insert(range) }
    var lowest = numbers[range.lowerBound]
    var highest = lowest
    var isSorted = true
    for place in range.lowerBound + 1..<range.upperBound {
      let number = numbers[place]
      isSorted = isSorted && numbers[place - 1] <= number
      lowest = min(lowest, number)
      highest = max(highest, number)
    }
    if isSorted { return }
    try Cancellation.check()
    let bits = min(max(Int.bitWidth - range.count.leadingZeroBitCount, 6), 13)
    let width = UInt64.bitWidth - (highest - lowest).leadingZeroBitCount
    let shift = UInt64(max(width - bits, 0))
    let intervals = Int((highest - lowest) >> shift) + 1
    try withUnsafeTemporaryAllocation(of: UInt32.self, capacity: intervals + 1) { ends in
      guard let ends = ends.baseAddress else { return }
      ends.initialize(repeating: 0, count: intervals + 1)
      for place in range { ends[Int((numbers[place] &- lowest) &>> shift) &+ 1] &+= 1 }
      var largest: UInt32 = 0
      for interval in 0..<intervals {
        largest = max(largest, ends[interval + 1])
        ends[interval + 1] &+= ends[interval]
      }
      let start = range.lowerBound
      for place in range {
        let number = numbers[place]
        let interval = Int((number &- lowest) &>> shift)
        let target = start &+ Int(ends[interval])
        ends[interval] &+= 1
        otherNumbers[target] = number
        otherRows[target] = rows[place]
      }
      if shift == 0 || largest > 24 {
        (numbers + start).update(from: otherNumbers + start, count: range.count)
        (rows + start).update(from: otherRows + start, count: range.count)
        if shift == 0 { return }
        // The counts have become the ends of the intervals.
        var before = start
        for interval in 0..<intervals {
          let end = start + Int(ends[interval])
          if end - before > 24 { try sort(before..<end) }
          before = end
        }
        insert(range)
      } else {
        insertBack(range)
      }
    }
  }

  /// Sorts by insertion what lies in the other room, on its way back.
  private func insertBack(_ range: Range<Int>) {
    for place in range {
      let number = otherNumbers[place]
      var target = place
      while target > range.lowerBound, numbers[target &- 1] > number {
        numbers[target] = numbers[target &- 1]
        rows[target] = rows[target &- 1]
        target &-= 1
      }
      numbers[target] = number
      rows[target] = otherRows[place]
    }
  }

  private func insert(_ range: Range<Int>) {
    var place = range.lowerBound &+ 1
    while place < range.upperBound {
      let number = numbers[place]
      if numbers[place &- 1] > number {
        let row = rows[place]
        var target = place
        while target > range.lowerBound, numbers[target &- 1] > number {
          numbers[target] = numbers[target &- 1]
          rows[target] = rows[target &- 1]
          target &-= 1
        }
        numbers[target] = number
        rows[target] = row
      }
      place &+= 1
    }
  }
}
