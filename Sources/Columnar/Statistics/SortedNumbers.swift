/// All packed numbers in order: for what needs every distinct one.
struct SortedNumbers {
  let numbers: Buffer<UInt64>

  init(_ number: PackedNumber, rowCount: Int) throws {
    numbers = try OrderedRows.sorted(number, rowCount: rowCount, rows: NoRow.self).numbers
  }

  /// Calls `body` with each distinct number among the first `count` and how often it occurs,
  /// ascending, in parts; returns what each part made.
  func mapRuns<Result: Sendable>(
    upTo count: Int, initial: Result,
    _ body: @Sendable (inout Result, _ number: UInt64, _ size: Int) -> Void
  ) throws -> [Result] {
    let numbers = numbers
    return try Workers.map(parts: Workers.partCount(count)) { part in
      let range = Workers.part(part, of: count)
      var result = initial
      var start = range.lowerBound
      // SAFETY: all places lie below the count. A run belongs to the part it begins in.
      if start > 0 {
        while start < range.upperBound, numbers.base[start] == numbers.base[start - 1] {
          start += 1
        }
      }
      while start < range.upperBound {
        let number = numbers.base[start]
        var end = start + 1
        while end < count, numbers.base[end] == number { end += 1 }
        body(&result, number, end - start)
        start = end
      }
      return result
    }
  }
}

/// Stands for a row where only numbers are sorted.
struct NoRow: BitwiseCopyable, Sendable {}
