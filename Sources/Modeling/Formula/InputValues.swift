import Columnar

/// The rows a model is fitted on or predicts: all of a table, or a list of some.
struct RowSelection: Sendable {
  /// The selected rows in order; nil when all are.
  let rows: Buffer<Int>?
  let count: Int

  /// The rows in which every one of `columns` has a value.
  init(completeIn columns: [Column], rowCount: Int) throws {
    let validities = columns.compactMap(\.validity)
    guard !validities.isEmpty else {
      rows = nil
      count = rowCount
      return
    }
    var words = Array(validities[0].words.elements)
    for validity in validities.dropFirst() {
      for (index, word) in validity.words.elements.enumerated() { words[index] &= word }
    }
    let count = words.reduce(0) { $0 + $1.nonzeroBitCount }
    let selected = try Buffer<Int>(count: count)
    var next = 0
    for (index, word) in words.enumerated() {
      var bits = word
      while bits != 0 {
        // SAFETY: `next` stays below the number of set bits, which is the buffer's count.
        selected.base[next] = index << 6 + bits.trailingZeroBitCount
        next += 1
        bits &= bits - 1
      }
    }
    rows = selected
    self.count = count
  }

  /// All of `rowCount` rows.
  init(all rowCount: Int) {
    rows = nil
    count = rowCount
  }

  /// Of fewer rows no sample is taken.
  static let leastSampled = 20_000

  /// A sixteenth of the rows, in runs of 16 evenly spread; nil where there are too few for it to be
  /// worth while.
  func sampled() throws -> RowSelection? {
    guard count >= RowSelection.leastSampled else { return nil }
    let sample = try Buffer<Int>(count: count / 256 * 16)
    for place in 0..<sample.count {
      let source = place / 16 * 256 + place % 16
      // SAFETY: `place` is below the count of the sample, `source` below that of the rows.
      sample.base[place] = rows.map { $0.base[source] } ?? source
    }
    return RowSelection(rows: sample)
  }

  private init(rows: Buffer<Int>) {
    self.rows = rows
    count = rows.count
  }

  /// Calls `body` with the place in `range` counted from 0 and the row, in order.
  @inline(__always)
  func forEach(in range: Range<Int>, _ body: (Int, Int) -> Void) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    if let rows {
      // SAFETY: the range was checked above.
      for place in 0..<range.count { body(place, rows.base[range.lowerBound + place]) }
    } else {
      for place in 0..<range.count { body(place, range.lowerBound + place) }
    }
  }
}

/// The values of an input, ready to be read as floats or as level indices.
enum InputValues: Sendable {
  /// The stored values times the unit.
  case numbers(Storage, unit: Double)
  /// For each row its place among the levels; `unknownLevel` where it is null or unseen.
  case levels(Buffer<UInt32>)
}

let unknownLevel = UInt32.max

extension InputValues {
  /// The values of a numeric column. Throws `typeMismatch` for text.
  init(numbers column: Column, name: String) throws {
    let unit: Double
    switch column.type {
    case .bool, .int, .float, .date: unit = 1
    case .datetime, .duration: unit = 1 / Double(microsecondsPerDay)
    case .text:
      throw DataError(
        .typeMismatch, "\(name) is text, but a number is needed here", hints: ["C(\(name))"])
    }
    switch column.storage {
    case .dictionary, .text:
      throw DataError(.typeMismatch, "\(name) is text, but a number is needed here")
    default: self = .numbers(column.storage, unit: unit)
    }
  }

  /// Writes the numbers of the selected rows in `range` to `target`, which must have room for them.
  func copyNumbers(
    _ selection: RowSelection, _ range: Range<Int>, to target: UnsafeMutablePointer<Double>
  ) {
    guard case .numbers(let storage, let unit) = self else { return }
    // SAFETY: a selection's rows lie within the column; `target` has room for the range.
    switch storage {
    case .int8(let buffer):
      selection.forEach(in: range) { target[$0] = Double(buffer.base[$1]) * unit }
    case .int16(let buffer):
      selection.forEach(in: range) { target[$0] = Double(buffer.base[$1]) * unit }
    case .int32(let buffer):
      selection.forEach(in: range) { target[$0] = Double(buffer.base[$1]) * unit }
    case .int64(let buffer):
      selection.forEach(in: range) { target[$0] = Double(buffer.base[$1]) * unit }
    case .float(let buffer):
      selection.forEach(in: range) { target[$0] = buffer.base[$1] }
    case .dictionary, .text: break
    }
  }

  /// Writes the level indices of the selected rows in `range` to `target`.
  func copyLevels(
    _ selection: RowSelection, _ range: Range<Int>, to target: UnsafeMutablePointer<UInt32>
  ) {
    guard case .levels(let levels) = self else { return }
    // SAFETY: as above.
    selection.forEach(in: range) { target[$0] = levels.base[$1] }
  }
}
