import TestSupport
import Testing

@testable import Columnar

/// Kernels around the borders of words and parts, against one row at a time.
@Suite(.serialized) struct BorderTests {
  private static let counts =
    boundaryCounts + [Workers.partSize - 1, Workers.partSize, Workers.partSize + 1]

  @Test(arguments: [SampleKind.floats, .fewFloats, .floatExtremes, .int8, .date])
  func finiteRowsAndBoundsAgree(_ kind: SampleKind) throws {
    for count in Self.counts {
      for nulls in NullPattern.allCases {
        let column = try sampleColumn(kind, count: count, nulls: nulls)
        let isFinite = column.scalars.map { !$0.isNull && Oracle.number($0).isFinite }
        let isAnyInfinite = column.scalars.contains { !$0.isNull && !Oracle.number($0).isFinite }
        let rows = try column.finiteRows()
        #expect((rows != nil) == isAnyInfinite)
        if let rows { #expect((0..<count).map { rows[$0] } == isFinite) }
        guard case .float(let buffer) = column.storage else { continue }
        // A null's slot is 0; the second time the bounds are remembered.
        let slots = Array(buffer.elements)
        for _ in 0..<2 {
          let bounds = try buffer.bounds()
          #expect(bounds.lowerBound == slots.min() ?? 0 && bounds.upperBound == slots.max() ?? 0)
        }
      }
    }
  }

  /// Texts of up to 40 bytes, in runs and singly, forward and backward, some of no row.
  @Test func gatheredTextsAgree() throws {
    var generator = RandomGenerator(seed: 12)
    for count in Self.counts where count > 0 {
      let texts = (0..<count).map { row in
        String(repeating: "ä", count: Int(generator.next(below: 20)))
          + (row % 3 == 0 ? "" : "\(row)")
      }
      let storage = try TextStorage(texts)
      var rows: [UInt32] = []
      while rows.count < count + 70 {
        let start = Int(generator.next(below: UInt64(count)))
        let length = Int(generator.next(below: 9))
        switch generator.next(below: 4) {
        case 0: rows += repeatElement(noRow, count: length)
        case 1: rows += (0..<length).map { UInt32(max(start - $0, 0)) }
        case 2: rows += repeatElement(UInt32(start), count: length)
        default: rows += (start..<min(start + 20 * length, count)).map { UInt32($0) }
        }
      }
      let gathered = try storage.gathered(try Buffer(rows))
      #expect(gathered.count == rows.count)
      #expect(
        rows.indices.allSatisfy {
          gathered[$0] == (rows[$0] == noRow ? "" : texts[Int(rows[$0])])
        })
    }
    #expect(try TextStorage([]).gathered(try Buffer([noRow, noRow]))[1] == "")
  }

  @Test func kendallsTauAgreesWithAllPairs() throws {
    for (first, second) in [(SampleKind.int8, SampleKind.fewFloats), (.floats, .int16)] {
      for count in [2, 3, 63, 64, 65, 129] {
        let x = try sampleColumn(first, count: count, seed: 3)
        let y = try sampleColumn(second, count: count, seed: 4)
        let (a, b) = (x.scalars.map(Oracle.number), y.scalars.map(Oracle.number))
        var (agreeing, xPairs, yPairs) = (0.0, 0.0, 0.0)
        for i in 0..<count {
          for j in 0..<i {
            let signs = ((a[i] - a[j]).signum, (b[i] - b[j]).signum)
            agreeing += signs.0 * signs.1
            xPairs += abs(signs.0)
            yPairs += abs(signs.1)
          }
        }
        let expected = agreeing / (xPairs.squareRoot() * yPairs.squareRoot())
        let tau = try kendallTau(x, y)
        if expected.isNaN {
          #expect(tau == nil)
        } else {
          #expect(abs((tau ?? 9) - expected) < 1e-12)
        }
      }
    }
  }

  /// A row's number goes by the seed and the row alone.
  @Test(arguments: [
    RandomColumn.uniform, .integers(-3, 1000), .integers(.min, .max),
    .normal(mean: 2, deviation: 3), .choices(5),
  ])
  func randomNumbersGoByRow(_ random: RandomColumn) throws {
    let outer = Workers.threadCount
    defer { Workers.threadCount = outer }
    let all = try random.column(count: 2 * Workers.partSize + 1, seed: 9).scalars
    for threads in [1, 2, 8] {
      Workers.threadCount = threads
      for count in Self.counts {
        #expect(try random.column(count: count, seed: 9).scalars == Array(all.prefix(count)))
      }
    }
    #expect(try random.column(count: 64, seed: 10).scalars != Array(all.prefix(64)))
  }

  @Test func widenedColumnsAgree() throws {
    for count in Self.counts {
      for nulls in NullPattern.allCases {
        let ints = try sampleColumn(.int32, count: count, nulls: nulls)
        #expect(
          try ints.widened(to: .float).scalars
            == ints.scalars.map { $0.isNull ? .null : .float(Oracle.number($0)) })
        let dates = try sampleColumn(.date, count: count, nulls: nulls)
        #expect(
          try dates.widened(to: .datetime).scalars.map { $0.isNull ? nil : Oracle.number($0) }
            == dates.scalars.map {
              $0.isNull ? nil : Oracle.number($0) * Double(Calendar.microsecondsPerDay)
            })
      }
    }
    let late = try Column.ints([0, nil, Int64(Int32.max)], type: .date)
    let error = #expect(throws: DataError.self) { try late.widened(to: .datetime) }
    #expect(error?.code == .overflow && error?.row == 2)
  }
}

extension Double {
  /// -1, 0 or 1.
  fileprivate var signum: Double { self > 0 ? 1 : self < 0 ? -1 : 0 }
}
