/// What there is to say about the values of a column of numbers or times, null left out.
struct NumberSummary: Sendable {
  var mean = Double.nan
  /// With n - 1 in the denominator; NaN below two values.
  var standardDeviation = Double.nan
  /// Keys, in the sense of `KeySource`, of the least value, of both values around each quartile,
  /// and of the greatest; empty without values.
  var keys: [UInt64] = []
  /// Values in each of eight bins of one width between the least and the greatest value; empty
  /// where they are equal or a bin would be infinitely wide.
  var histogram: [Int] = []

  static let binCount = 8

  /// The keys of `keys` among `count` values, from what gives those at ascending ranks.
  private static func keys(
    _ count: Int, at keysAtRanks: ([Int]) throws -> [UInt64]
  ) rethrows -> [UInt64] {
    let quartiles = [0.25, 0.5, 0.75].map { QuantilePlace($0, count: count) }
    let wanted = [0] + quartiles.flatMap { [$0.lower, $0.upper] } + [count - 1]
    let ranks = Set(wanted).sorted()
    let found = Dictionary(uniqueKeysWithValues: zip(ranks, try keysAtRanks(ranks)))
    return wanted.map { found[$0] ?? 0 }
  }

  /// The edges of the histogram; nil where there is none.
  static func edges(from low: Double, to high: Double) -> [Double]? {
    let width = (high - low) / Double(binCount)
    guard width.isFinite, width > 0 else { return nil }
    let edges = (0..<binCount).map { low + width * Double($0) } + [high]
    return zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 } ? edges : nil
  }

  /// Nil for texts.
  init?(_ column: Column) throws {
    let count = column.count - column.nullCount
    if case .float(let buffer) = column.storage {
      if count > 0 { try summarize(buffer, column.validity, count) }
    } else if column.type == .text {
      return nil
    } else if let tally = try ValueTally(column) {
      if count > 0 { try summarize(tally, count) }
    } else if count > 0 {
      try summarize(column, count)
    }
  }

  private mutating func summarize(
    _ values: Buffer<Double>, _ validity: Bitmap?, _ count: Int
  ) throws {
    let ranks = try FloatRanks(values, validity: validity)
    let mean = ranks.sum / Double(count)
    let edges = Self.edges(from: ranks.minimum, to: ranks.maximum)
    let bins = try edges.map { try BinEdges($0) }
    let placeCount = Self.binCount + 2
    let places = try Buffer<Int>(repeating: 0, count: ranks.chunks * placeCount)
    let deviations = try Buffer<SIMD2<Double>>(repeating: .zero, count: ranks.chunks)
    let tellApart: @Sendable (Int, Range<Int>) throws -> Void = { chunk, rows in
      // SAFETY: each chunk has places and deviations of its own; the rows lie within the values.
      let (own, source) = (places.base + chunk * placeCount, values.base)
      var (first, second) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
      if validity == nil {
        let raw = UnsafeRawPointer(source)
        var row = rows.lowerBound
        while row &+ 4 <= rows.upperBound {
          let four =
            raw.loadUnaligned(fromByteOffset: row &* 8, as: SIMD4<Double>.self)
            - SIMD4(repeating: mean)
          first += four
          second += four * four
          row &+= 4
        }
        while row < rows.upperBound {
          let deviation = source[row] - mean
          first.x += deviation
          second.x += deviation * deviation
          row &+= 1
        }
      } else {
        try forEachValidRow(validity, in: rows) { row in
          let deviation = source[row] - mean
          first.x += deviation
          second.x += deviation * deviation
        }
      }
      deviations.base[chunk] += SIMD2(
        (first.x + first.z) + (first.y + first.w), (second.x + second.z) + (second.y + second.w))
      if let bins {
        try forEachValidRow(validity, in: rows) { row in own[bins.place(source[row])] &+= 1 }
      }
    }
    keys = try Self.keys(count) { try ranks.keys(at: $0, alongside: tellApart) }
    self.mean = mean
    let total = deviations.reduce(SIMD2<Double>.zero) { $0 + $1 }
    setDeviation(squares: total.y, sum: total.x, count)
    if edges != nil {
      histogram = (1...Self.binCount).map { place in
        (0..<ranks.chunks).reduce(0) { $0 + places[$1 * placeCount + place] }
      }
    }
  }

  private mutating func summarize(_ tally: ValueTally, _ count: Int) throws {
    var sum: Int128 = 0
    for (slot, size) in tally.counts.enumerated() {
      sum += Int128(size) * Int128(tally.lowest &+ Int64(slot))
    }
    let mean = Double(sum) / Double(count)
    var (first, second) = (0.0, 0.0)
    for (slot, size) in tally.counts.enumerated() where size > 0 {
      let deviation = Double(tally.lowest &+ Int64(slot)) - mean
      first += Double(size) * deviation
      second += Double(size) * deviation * deviation
    }
    self.mean = mean
    setDeviation(squares: second, sum: first, count)
    keys = Self.keys(count) { tally.keys(at: $0) }
    guard let edges = Self.edges(from: number(keys[0]), to: number(keys[keys.count - 1])) else {
      return
    }
    let bins = try BinEdges(edges)
    var places = [Int](repeating: 0, count: Self.binCount + 2)
    for (slot, size) in tally.counts.enumerated() where size > 0 {
      places[bins.place(Double(tally.lowest &+ Int64(slot)))] += size
    }
    histogram = Array(places[1...Self.binCount])
  }

  /// Integers of a wide range.
  private mutating func summarize(_ column: Column, _ count: Int) throws {
    let whole = try Grouping.whole(rowCount: column.count)
    if column.type.isNumeric {
      mean = try reduce(.mean, [column], by: whole)[0].number ?? .nan
      standardDeviation = try reduce(.standardDeviation, [column], by: whole)[0].number ?? .nan
    }
    keys = try Self.keys(count) { try column.orderStatistics($0) }
    guard let edges = Self.edges(from: number(keys[0]), to: number(keys[keys.count - 1])) else {
      return
    }
    histogram = try BinCounts(column, edges: edges).counts
  }

  private func number(_ key: UInt64) -> Double {
    KeyInterpolation(isFloat: false).float(key, key, 0)
  }

  private mutating func setDeviation(squares: Double, sum: Double, _ count: Int) {
    if count < 2 { return }
    let variance = (squares - sum * sum / Double(count)) / Double(count - 1)
    standardDeviation = max(variance, 0).squareRoot()
  }
}
