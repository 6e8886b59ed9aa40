/// Maps floats to cells of one width in their order, so that ranks and bounds can be told from how
/// many values each cell holds.
///
/// The cells cover what most of a sample covers; the first and the last take what lies outside. How
/// well they fit decides the speed of what uses them, never its result.
struct FloatCells: Sendable {
  static let count = 1 << 14

  private let lowest: Double
  private let scale: Double

  /// Cells for `values`, of which those set in `validity` count.
  init(_ values: Buffer<Double>, validity: Bitmap?) {
    let step = max(values.count / 4096, 1)
    var sample: [Double] = []
    for row in stride(from: 0, to: values.count, by: step) {
      if let validity, !validity[row] { continue }
      if values[row].isFinite { sample.append(values[row]) }
    }
    sample.sort()
    guard let first = sample.first, let last = sample.last else {
      (lowest, scale) = (0, 0)
      return
    }
    // Without the outermost values, which would take all the room.
    let isLarge = sample.count > 64
    let lower = isLarge ? sample[sample.count / 64] : first
    let upper = isLarge ? sample[sample.count - 1 - sample.count / 64] : last
    let margin = (upper - lower) / 16
    let scale = Double(FloatCells.count - 2) / (upper - lower + 2 * margin)
    let isUsable = scale.isFinite && scale > 0
    lowest = isUsable ? lower - margin : 0
    self.scale = isUsable ? scale : 0
  }

  /// The cell of a value, 0..<count, never falling as the value rises.
  @inline(__always)
  func cell(_ value: Double) -> Int {
    let place = (value - lowest) * scale
    // Not min and max, which would let NaN through; the comparisons are false for it.
    return place > 0
      ? (place < Double(FloatCells.count - 1) ? Int(Int32(place)) : FloatCells.count - 1) : 0
  }
}
