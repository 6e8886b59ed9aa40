#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Columns of random numbers: a row's is made of the seed and its place alone, so that neither
/// threads nor rows that come later change it.
package enum RandomColumn: Sendable, Hashable {
  /// Floats in 0..<1.
  case uniform
  /// Whole numbers from the first to the second, both included.
  case integers(Int64, Int64)
  case normal(mean: Double, deviation: Double)
  /// One of so many, from 0.
  case choices(Int)

  /// The function that makes it.
  package var name: String {
    switch self {
    case .uniform: "random"
    case .integers: "random_int"
    case .normal: "random_normal"
    case .choices: "random_choice"
    }
  }

  package var type: DataType {
    switch self {
    case .uniform, .normal: .float
    case .integers, .choices: .int
    }
  }

  /// A column of `count` rows.
  package func column(count: Int, seed: UInt64) throws -> Column {
    let parts = Workers.partCount(count)
    switch self {
    case .uniform, .normal:
      let values = try Buffer<Double>(count: count)
      // SAFETY: each part writes its own rows.
      nonisolated(unsafe) let target = values.base
      try Workers.run(parts, of: count) { row in target[row] = float(seed, row) }
      return Column(type: .float, storage: .float(values))
    case .integers(let lower, let upper):
      let values = try Buffer<Int64>(count: count)
      // SAFETY: each part writes its own rows.
      nonisolated(unsafe) let target = values.base
      try Workers.run(parts, of: count) { row in
        var generator = RandomGenerator(seed: seed, stream: UInt64(row))
        target[row] = Self.integer(lower, upper, &generator)
      }
      return Column(
        type: .int,
        storage: try .integers(values.elements, within: min(lower, 0)...max(upper, 0)))
    case .choices(let options):
      return try RandomColumn.integers(0, Int64(max(options, 1) - 1)).column(
        count: count, seed: seed)
    }
  }

  private static func integer(
    _ lower: Int64, _ upper: Int64, _ generator: inout RandomGenerator
  ) -> Int64 {
    let span = UInt64(bitPattern: upper &- lower) &+ 1
    let offset = span == 0 ? generator.next() : generator.next(below: span)
    return lower &+ Int64(bitPattern: offset)
  }

  private func float(_ seed: UInt64, _ row: Int) -> Double {
    var generator = RandomGenerator(seed: seed, stream: UInt64(row))
    guard case .normal(let mean, let deviation) = self else { return generator.unit() }
    // By inversion, from the middle of 2^52 equal parts: never 0 or 1.
    let share = (Double(generator.next() >> 12) + 0.5) * 0x1p-52
    return mean + deviation * Normal.quantile(share)
  }
}

extension Workers {
  /// Calls `body` with each row, in parallel; stops when interrupted.
  fileprivate static func run(
    _ parts: Int, of count: Int, _ body: @Sendable (Int) throws -> Void
  ) throws {
    _ = try map(parts: parts) { part in
      for row in Workers.part(part, of: count) {
        if row & 8191 == 0 { try Cancellation.check() }
        try body(row)
      }
    }
  }
}
