/// One look at all floats of a column, after which those at any ranks, their sum and their bounds
/// are had without sorting.
struct FloatRanks: Sendable {
  private let values: Buffer<Double>
  private let validity: Bitmap?
  private let cells: FloatCells
  private let chunkCount: Int
  /// Chunk after chunk, how many values each cell holds.
  private let counts: Buffer<UInt32>
  /// Of the values that are not null; infinity and -infinity where there is none.
  let minimum: Double
  let maximum: Double
  /// Added up as `Reduction.sum` does.
  let sum: Double

  /// Rows looked at between two polls; they stay in the first-level cache.
  private static let blockSize = 2048

  private struct PartBounds: BitwiseCopyable, Sendable {
    var sum = 0.0
    var minimum = Double.infinity
    var maximum = -Double.infinity
  }

  init(_ values: Buffer<Double>, validity: Bitmap?) throws {
    self.values = values
    self.validity = validity
    let cells = FloatCells(values, validity: validity)
    self.cells = cells
    let partCount = Workers.partCount(values.count)
    let chunkCount = max(min(partCount, 32), 1)
    self.chunkCount = chunkCount
    let counts = try Buffer<UInt32>(repeating: 0, count: chunkCount * FloatCells.count)
    self.counts = counts
    let bounds = try Buffer<PartBounds>(repeating: PartBounds(), count: partCount)
    try Workers.run(parts: chunkCount) { chunk in
      // SAFETY: each chunk has counts, each part bounds of its own; cells are below their number.
      let own = counts.base + chunk * FloatCells.count
      let source = values.base
      for part in partCount * chunk / chunkCount..<partCount * (chunk + 1) / chunkCount {
        var lanes = FloatLanes()
        let range = Workers.part(part, of: values.count)
        var start = range.lowerBound
        var known = PartBounds()
        while start < range.upperBound {
          try Cancellation.check()
          let block = start..<min(start + FloatRanks.blockSize, range.upperBound)
          // A null's slot is 0, which adds nothing.
          lanes.add(source, block)
          if validity == nil {
            for row in block { own[cells.cell(source[row])] &+= 1 }
          } else {
            try forEachValidRow(validity, in: block) { row in
              let value = source[row]
              known.minimum = value < known.minimum ? value : known.minimum
              known.maximum = value > known.maximum ? value : known.maximum
              own[cells.cell(value)] &+= 1
            }
          }
          start = block.upperBound
        }
        if validity == nil { (known.minimum, known.maximum) = (lanes.minimum, lanes.maximum) }
        known.sum = lanes.total
        bounds.base[part] = known
      }
    }
    // Adding 0 makes 0 of -0.
    minimum = bounds.reduce(.infinity) { min($0, $1.minimum) } + 0
    maximum = bounds.reduce(-.infinity) { max($0, $1.maximum) } + 0
    sum = bounds.dropFirst().reduce(bounds.first?.sum ?? 0) { $0 + $1.sum }
  }

  /// The keys of the values at `ranks`, which must ascend and lie below the number of values.
  ///
  /// Each block of rows is also given to `body`, with the chunk it belongs to, while it is at hand.
  func keys(
    at ranks: [Int],
    alongside body: @Sendable (_ chunk: Int, Range<Int>) throws -> Void = { _, _ in }
  ) throws -> [UInt64] {
    // Where each wanted cell's keys go, chunk by chunk; the others are passed over.
    let sizes = try cellSizes()
    let isWanted = try Buffer<UInt8>(repeating: 0, count: FloatCells.count)
    let next = try Buffer<Int>(repeating: 0, count: chunkCount * FloatCells.count)
    var ranges: [WantedCell] = []
    var (before, room, taken) = (0, 0, 0)
    for cell in 0..<FloatCells.count {
      let size = Int(sizes[cell])
      let first = taken
      while taken < ranks.count, ranks[taken] < before + size { taken += 1 }
      if taken > first {
        isWanted.base[cell] = 1
        ranges.append(
          WantedCell(
            start: room, count: size, ranks: ranks[first..<taken].map { $0 - before }))
        for chunk in 0..<chunkCount {
          next.base[chunk * FloatCells.count + cell] = room
          room += Int(counts.base[chunk * FloatCells.count + cell])
        }
      }
      before += size
    }
    let wanted = try Buffer<UInt64>(count: room)
    let (values, validity, cells, chunkCount) = (values, validity, cells, chunkCount)
    let partCount = Workers.partCount(values.count)
    try Workers.run(parts: chunkCount) { chunk in
      // SAFETY: the keys of each chunk and cell were counted.
      let own = next.base + chunk * FloatCells.count
      let (source, flags, target) = (values.base, isWanted.base, wanted.base)
      for part in partCount * chunk / chunkCount..<partCount * (chunk + 1) / chunkCount {
        let range = Workers.part(part, of: values.count)
        var start = range.lowerBound
        while start < range.upperBound {
          try Cancellation.check()
          let block = start..<min(start + FloatRanks.blockSize, range.upperBound)
          try forEachValidRow(validity, in: block) { row in
            let cell = cells.cell(source[row])
            if flags[cell] != 0 {
              target[own[cell]] = FloatKeys.key(source[row])
              own[cell] &+= 1
            }
          }
          try body(chunk, block)
          start = block.upperBound
        }
      }
    }
    return try ranges.flatMap { try $0.keys(wanted) }
  }

  /// How many values each cell holds: chunk after chunk, since the counts of one cell lie far apart.
  private func cellSizes() throws -> Buffer<UInt32> {
    let sizes = try Buffer<UInt32>(repeating: 0, count: FloatCells.count)
    for chunk in 0..<chunkCount {
      // SAFETY: each chunk has a count for each cell.
      let own = counts.base + chunk * FloatCells.count
      for cell in 0..<FloatCells.count { sizes.base[cell] &+= own[cell] }
    }
    return sizes
  }

  /// How many chunks `keys(at:alongside:)` tells of.
  var chunks: Int { chunkCount }
}

/// A cell in which ranks were asked for.
private struct WantedCell {
  let start: Int
  let count: Int
  /// Among the cell's own keys.
  let ranks: [Int]

  /// So many keys are not selected from by one thread.
  private static let largest = 1 << 20

  func keys(_ all: Buffer<UInt64>) throws -> [UInt64] {
    if count > WantedCell.largest {
      // Values that crowd together are told apart by their keys.
      let own = try all.slice(start..<start + count)
      guard let lowest = own.elements.min(), let highest = own.elements.max() else { return [] }
      if lowest == highest { return ranks.map { _ in lowest } }
      let offsets = try Buffer<UInt64>(count: count)
      try Workers.run(parts: Workers.partCount(count)) { part in
        // SAFETY: both have as many numbers.
        for place in Workers.part(part, of: count) {
          offsets.base[place] = own.base[place] &- lowest
        }
      }
      let selection = try NumberSelection(PackedNumber(offsets), rowCount: count)
      return try selection.numbers(at: ranks).map { $0 &+ lowest }
    }
    var done = 0
    return ranks.map { rank in
      // What comes before a rank is not looked at again.
      defer { done = rank }
      return selectNumber(all.base + start + done, count: count - done, rank: rank - done)
    }
  }
}

/// Sums and bounds of floats in eight lanes.
struct FloatLanes {
  private var sums = SIMD8<Double>.zero
  private var lows = SIMD8<Double>(repeating: .infinity)
  private var highs = SIMD8<Double>(repeating: -.infinity)
  /// What is left of a part whose rows are no multiple of eight, in the order of the rows.
  private var rest: [Double] = []

  /// SAFETY: `rows` must lie within `values`. All calls but the last bring a multiple of eight.
  @inline(__always)
  mutating func add(_ values: UnsafeMutablePointer<Double>, _ rows: Range<Int>) {
    let raw = UnsafeRawPointer(values)
    var (sums, lows, highs) = (sums, lows, highs)
    var row = rows.lowerBound
    while row &+ 8 <= rows.upperBound {
      let eight = raw.loadUnaligned(fromByteOffset: row &* 8, as: SIMD8<Double>.self)
      sums += eight
      lows = eight.replacing(with: lows, where: lows .< eight)
      highs = eight.replacing(with: highs, where: highs .> eight)
      row &+= 8
    }
    (self.sums, self.lows, self.highs) = (sums, lows, highs)
    while row < rows.upperBound {
      rest.append(values[row])
      row &+= 1
    }
  }

  /// As `Reduction.sum` adds up a part.
  var total: Double {
    let halves = sums.lowHalf + sums.highHalf
    let quarters = halves.lowHalf + halves.highHalf
    return rest.reduce(quarters.x + quarters.y, +)
  }

  var minimum: Double { rest.reduce(lows.min()) { Swift.min($0, $1) } }
  var maximum: Double { rest.reduce(highs.max()) { Swift.max($0, $1) } }
}
