import Synchronization

/// The rows of a frame cut into partitions, each in the order that windows go by.
///
/// Places count the rows in that order, partition after partition. Kernels work on places, and what
/// they give is put back into the order of the rows.
package struct Partitions: Sendable {
  package let rowCount: Int
  /// The row at each place; nil where a row is at its own place.
  let rows: Buffer<UInt32>?
  /// Where each partition begins, and at the end the number of rows.
  let starts: Buffer<UInt32>
  private let ordered: OrderedRows?
  private let made = Made()

  /// The partitions that `grouping`, made of `keys`, puts rows into, ordered by `order`, ties in
  /// the order of the rows.
  package init(keys: [Column], order: [SortColumn], grouping: Grouping) throws {
    rowCount = grouping.rowCount
    if order.isEmpty {
      ordered = nil
      if grouping.isWhole {
        rows = nil
        starts = try Buffer([0, UInt32(truncatingIfNeeded: rowCount)])
      } else {
        let segments = try grouping.segments
        rows = segments.rows
        starts = segments.starts
      }
      return
    }
    let sorted = try OrderedRows(
      KeyPacking(keys.map { SortColumn(column: $0) } + order, rowCount: rowCount))
    ordered = sorted
    rows = try Partitions.isAscending(sorted.rows) ? nil : sorted.rows
    // Groups are numbered in the order of their keys, as the sort puts them.
    let sizes = try grouping.sizes()
    let starts = try Buffer<UInt32>(count: sizes.count + 1)
    var total: UInt32 = 0
    for group in 0..<sizes.count {
      starts.base[group] = total
      total &+= sizes.base[group]
    }
    starts.base[sizes.count] = total
    self.starts = starts
  }

  package var count: Int { starts.count - 1 }

  private static func isAscending(_ rows: Buffer<UInt32>) throws -> Bool {
    let parts = try Workers.map(parts: Workers.partCount(rows.count)) { part in
      // SAFETY: the part lies within the buffer.
      for place in Workers.part(part, of: rows.count)
      where rows.base[place] != UInt32(truncatingIfNeeded: place) { return false }
      return true
    }
    return parts.allSatisfy { $0 }
  }

  /// A bit for each place whose keys differ from those of the place before: where peers begin.
  /// Every place of a partition without an order is a peer of the others.
  func peerStarts() throws -> Bitmap {
    if let ordered { return try ordered.starts() }
    let bits = try Bitmap(repeating: false, count: rowCount)
    for partition in 0..<count where Int(starts[partition]) < rowCount {
      let place = Int(starts[partition])
      bits.words.base[place >> 6] |= 1 << UInt64(place & 63)
    }
    return bits
  }

  /// Calls `body` with the places of each partition, in several threads.
  func forEach(_ body: @Sendable (Range<Int>) throws -> Void) throws {
    try Workers.run(parts: Workers.partCount(rowCount)) { part in
      let places = Workers.part(part, of: rowCount)
      var partition = first(from: places.lowerBound)
      while partition < count, Int(starts[partition]) < places.upperBound {
        if partition & 1023 == 0 { try Cancellation.check() }
        try body(Int(starts[partition])..<Int(starts[partition + 1]))
        partition += 1
      }
    }
  }

  /// The first partition that begins at or after a place.
  private func first(from place: Int) -> Int {
    var (lower, upper) = (0, count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if Int(starts[middle]) < place { lower = middle + 1 } else { upper = middle }
    }
    return lower
  }

  /// The values of a column by place.
  func ordered(_ column: Column) throws -> Column {
    guard let rows else { return column }
    return try column.take(rows)
  }

  /// The row at a place, which must be below the number of rows.
  @inline(__always)
  func row(_ place: Int) -> Int { rows.map { Int($0.base[place]) } ?? place }

  /// The place of each row; nil where a row is at its own place. Made on first use.
  private func places() throws -> Buffer<UInt32>? {
    guard let rows else { return nil }
    return try made.places.withLock { known in
      if let known { return known }
      let places = try Buffer<UInt32>(count: rowCount)
      try Workers.run(parts: Workers.partCount(rowCount)) { part in
        // SAFETY: the rows are those of the frame, each once.
        for place in Workers.part(part, of: rowCount) {
          places.base[Int(rows.base[place])] = UInt32(truncatingIfNeeded: place)
        }
      }
      known = places
      return places
    }
  }

  /// A column of floats by row, from their values by place; NaN is null.
  func floats(_ values: Buffer<Double>) throws -> Column {
    guard let places = try places() else {
      return try .floats(count: rowCount) { values.base[$0] }
    }
    return try .floats(count: rowCount) { values.base[Int(places.base[$0])] }
  }

  /// A column of integers by row, from their values by place; `absent` is null.
  func integers(
    _ values: Buffer<Int64>, type: DataType, isPresent: Buffer<UInt8>? = nil
  ) throws -> Column {
    let places = try places()
    return try .integers(count: rowCount, type: type) { row in
      let place = places.map { Int($0.base[row]) } ?? row
      if let isPresent, isPresent.base[place] == 0 { return nil }
      return values.base[place]
    }
  }

  private final class Made: Sendable {
    let places = Mutex<Buffer<UInt32>?>(nil)
  }
}

/// Functions of a row and those around it within its partition.
package enum Windows {}

extension Column {
  /// The integers of the column, widened; 0 where null. Throws `type` if it has none.
  func wideIntegers() throws -> Buffer<Int64> {
    struct Widening: IntegerVisitor {
      func visit<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ buffer: Buffer<Element>
      ) throws -> Buffer<Int64> {
        let wide = try Buffer<Int64>(count: buffer.count)
        try Workers.run(parts: Workers.partCount(buffer.count)) { part in
          // SAFETY: the part lies within both buffers.
          for row in Workers.part(part, of: buffer.count) {
            wide.base[row] = Int64(truncatingIfNeeded: buffer.base[row])
          }
        }
        return wide
      }
    }
    if case .int64(let buffer) = storage { return buffer }
    return try visitIntegers(Widening())
  }
}

/// Which places have a value.
///
/// SAFETY: places asked for must be in bounds; the bitmap is kept alive here.
struct PlaceValidity: @unchecked Sendable {
  private let bitmap: Bitmap?
  private let words: UnsafeMutablePointer<UInt64>?

  init(_ column: Column) {
    bitmap = column.validity
    words = column.validity?.words.base
  }

  @inline(__always)
  func isSet(_ place: Int) -> Bool {
    guard let words else { return true }
    return words[place >> 6] >> UInt64(truncatingIfNeeded: place & 63) & 1 == 1
  }
}
