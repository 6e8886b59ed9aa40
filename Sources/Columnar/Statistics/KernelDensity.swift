#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A Gaussian kernel estimate of a density, at evenly spaced places.
package struct KernelDensity: Sendable {
  /// Rising and evenly spaced; empty without values.
  package let x: [Double]
  package let density: [Double]
  package let bandwidth: Double

  /// The values are shared out linearly to so many places, and the kernel is laid over those.
  private static let gridCount = 2_048

  /// The density of all `values`, finite floats without nulls, at `count` places from end to end of
  /// `range`. `bandwidth` is the kernel's standard deviation; nil takes Silverman's rule (1986,
  /// eq. 3.31): 0.9 times the lesser of the standard deviation and the interquartile range over
  /// 1.34, times n to the power -1/5, as R's `bw.nrd0`.
  ///
  /// Takes one pass over the values, and 2048 × `count` steps. Polls for interruption.
  package init(
    _ values: Column, range: ClosedRange<Double>, count: Int = 256, bandwidth: Double? = nil
  ) throws {
    let numbers = try values.numbers()
    guard numbers.count > 0, count > 1 else {
      (x, density, self.bandwidth) = ([], [], 0)
      return
    }
    let width = try bandwidth ?? Self.ruleOfThumb(values)
    self.bandwidth = width
    let bounds = try numbers.bounds()
    let low = bounds.lowerBound
    // Halved, so that the difference of the largest floats does not overflow.
    let step = (bounds.upperBound / 2 - low / 2) / Double(Self.gridCount - 1) * 2
    var weights = [Double](repeating: 0, count: Self.gridCount)
    for row in 0..<numbers.count {
      if row & 0xFFFF == 0 { try Cancellation.check() }
      let place = step > 0 ? max(0, (numbers[row] - low) / step) : 0
      let cell = min(Self.gridCount - 2, Int(min(place, Double(Self.gridCount))))
      let share = min(1, place - Double(cell))
      weights[cell] += 1 - share
      weights[cell + 1] += share
    }
    let span = range.upperBound / 2 - range.lowerBound / 2
    let places = (0..<count).map {
      range.lowerBound + span * (Double($0) / Double(count - 1)) * 2
    }
    let scale = 1 / (Double(numbers.count) * width * (2 * Double.pi).squareRoot())
    x = places
    density = try places.map { place in
      try Cancellation.check()
      var sum = 0.0
      for cell in 0..<Self.gridCount where weights[cell] > 0 {
        let distance = (place - (low + Double(cell) * step)) / width
        if distance.magnitude < 9 { sum += weights[cell] * exp(-0.5 * distance * distance) }
      }
      return sum * scale
    }
  }

  private static func ruleOfThumb(_ values: Column) throws -> Double {
    let whole = try Grouping.whole(rowCount: values.count)
    let deviation = try reduce(.standardDeviation, [values], by: whole)[0].number ?? 0
    let quartiles = try values.quantiles([0.25, 0.75]).map { $0.number ?? 0 }
    let reach = (quartiles[1] - quartiles[0]) / 1.34
    var spread = min(deviation, reach)
    // As R does where most values are the same.
    if !(spread > 0) { spread = deviation > 0 ? deviation : abs(quartiles[0]) }
    if !(spread > 0) { spread = 1 }
    let width = 0.9 * spread * pow(Double(values.count), -0.2)
    return width.isFinite && width > 0 ? width : 1
  }
}
