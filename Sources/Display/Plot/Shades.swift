/// How many rows of data a cell has, in four shades; each begins at a round number.
struct Shades {
  private let signs: [String]
  private let thresholds: [Int]

  init(largest: Int, _ glyphs: RenderContext.Glyphs) {
    let all = glyphs.shades
    var thresholds = [1]
    let ratio = max(1.5, Double(max(1, largest)).squareRoot().squareRoot())
    for power in 1..<all.count {
      var bound = 1.0
      for _ in 0..<power { bound *= ratio }
      let rounded = Shades.round(bound)
      if rounded > thresholds[thresholds.count - 1], rounded <= largest {
        thresholds.append(rounded)
      }
    }
    self.thresholds = thresholds
    signs = Array(all.prefix(thresholds.count))
  }

  /// The next of 1, 2, 5 times a power of ten.
  private static func round(_ value: Double) -> Int {
    var power = 1
    while power < Int.max / 100 {
      for mantissa in [1, 2, 5] where Double(mantissa * power) >= value * 0.99 {
        return mantissa * power
      }
      power *= 10
    }
    return power
  }

  func sign(_ count: Int) -> String {
    thresholds.lastIndex { $0 <= count }.map { signs[$0] } ?? " "
  }

  var legend: String {
    "rows a cell: "
      + zip(signs, thresholds).map { "\($0) \(grouped($1))\($1 == thresholds.last ? "+" : "")" }
      .joined(separator: "  ")
  }
}

extension RenderContext.Glyphs {
  /// From a few to many.
  var shades: [String] { self == .unicode ? ["░", "▒", "▓", "█"] : [".", ":", "o", "@"] }
}
