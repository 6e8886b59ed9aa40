import Columnar
import Language

extension ExecutionReport {
  /// Takes in what the same plan cost on the next batch.
  mutating func add(batch next: ExecutionReport) {
    if operators.isEmpty, filters.isEmpty {
      let (withNull, known) = (rowsWithNull, notes)
      self = next
      rowsWithNull += withNull
      notes += known
      return
    }
    for (place, share) in next.operators.enumerated() where place < operators.count {
      operators[place].rowsIn += share.rowsIn
      operators[place].rowsOut += share.rowsOut
      operators[place].bytes += share.bytes
      operators[place].seconds += share.seconds
    }
    for (place, counts) in next.filters.enumerated() where place < filters.count {
      filters[place].rows += counts.rows
      filters[place].falseCount += counts.falseCount
      filters[place].nullCount += counts.nullCount
    }
    rowsWithNull += next.rowsWithNull
    notes += next.notes
  }

  /// Adds the time that reading a batch took to the operator that stands for the source.
  mutating func noteReading(_ time: Swift.Duration) {
    guard !operators.isEmpty else { return }
    operators[0].seconds += time.seconds
  }
}
