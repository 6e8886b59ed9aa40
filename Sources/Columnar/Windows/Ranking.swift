/// Ways to number the rows of a partition by their order.
package enum Ranking: Sendable, Hashable {
  /// One more than the rows before the first peer.
  case rank
  /// The place among the distinct values, from 1.
  case dense
  /// (rank - 1) / (rows - 1), 0 where there is one row.
  case percent
  /// The share of rows up to the last peer.
  case cumulative
  /// The number, from 1, of the part when rows are cut into so many parts, the first ones a row
  /// longer where they cannot be equal.
  case tiles(Int)
}

extension Windows {
  /// Numbers the rows of each partition, whose order must be that of the values where `values` are
  /// given: then a null value has no number and does not count as a row.
  package static func ranks(
    _ ranking: Ranking, of values: Column?, in partitions: Partitions
  ) throws -> Column {
    let peers = try partitions.peerStarts()
    let validity = try values.map { PlaceValidity(try partitions.ordered($0)) }
    switch ranking {
    case .rank, .dense, .tiles:
      let numbers = try Buffer<Int64>(count: partitions.rowCount)
      let isPresent = try Buffer<UInt8>(repeating: 0, count: partitions.rowCount)
      try partitions.forEach { places in
        let ranked = ranked(places, validity)
        var (rank, dense) = (0, 0)
        for place in ranked {
          if place & 16_383 == 0 { try Cancellation.check() }
          if place == ranked.lowerBound || peers[place] {
            dense += 1
            rank = place - ranked.lowerBound + 1
          }
          let number =
            switch ranking {
            case .dense: dense
            case .tiles(let count): tile(place - ranked.lowerBound, of: ranked.count, count)
            default: rank
            }
          numbers.base[place] = Int64(number)
          isPresent.base[place] = 1
        }
      }
      return try partitions.integers(numbers, type: .int, isPresent: isPresent)
    case .percent, .cumulative:
      let shares = try Buffer<Double>(repeating: .nan, count: partitions.rowCount)
      try partitions.forEach { places in
        let ranked = ranked(places, validity)
        var place = ranked.lowerBound
        while place < ranked.upperBound {
          try Cancellation.check()
          let end = min(peers.next(from: place + 1), ranked.upperBound)
          let before = place - ranked.lowerBound
          let share =
            ranking == .percent
            ? (ranked.count == 1 ? 0 : Double(before) / Double(ranked.count - 1))
            : Double(end - ranked.lowerBound) / Double(ranked.count)
          for peer in place..<end { shares.base[peer] = share }
          place = end
        }
      }
      return try partitions.floats(shares)
    }
  }

  /// The places with a value: nulls are at a partition's end.
  private static func ranked(_ places: Range<Int>, _ validity: PlaceValidity?) -> Range<Int> {
    guard let validity else { return places }
    var (lower, upper) = (places.lowerBound, places.upperBound)
    while lower < upper {
      let middle = (lower + upper) / 2
      if validity.isSet(middle) { lower = middle + 1 } else { upper = middle }
    }
    return places.lowerBound..<lower
  }

  /// The part, from 1, of the row at `index` when `rows` rows are cut into `count` parts.
  private static func tile(_ index: Int, of rows: Int, _ count: Int) -> Int {
    let (size, longer) = (rows / count, rows % count)
    if index < longer * (size + 1) { return index / (size + 1) + 1 }
    return longer + (index - longer * (size + 1)) / max(size, 1) + 1
  }
}
