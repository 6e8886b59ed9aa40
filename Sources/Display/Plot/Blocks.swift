extension RenderContext.Glyphs {
  /// A bar of `fraction` of `width` columns, in eighths of a column; what is not nothing shows.
  func bar(_ fraction: Double, width: Int) -> String {
    guard fraction > 0, width > 0 else { return "" }
    let length = min(fraction, 1) * Double(width)
    guard self == .unicode else {
      return String(repeating: "#", count: max(1, Int(length.rounded())))
    }
    let eighths = max(1, Int((length * 8).rounded()))
    let rest = eighths % 8
    return String(repeating: "█", count: eighths / 8) + (rest > 0 ? eighthBlocks[rest - 1] : "")
  }

  /// A histogram in one line, a column a height. The tallest is seven eighths, to keep clear of the
  /// line above; nothing is blank, and what is not nothing shows.
  func spark(_ heights: [Int]) -> String {
    let levels = self == .unicode ? unicodeLevels : asciiLevels
    let tallest = heights.max() ?? 0
    return heights.map { height in
      guard height > 0 else { return " " }
      let level = Int((Double(height) / Double(tallest) * Double(levels.count)).rounded())
      return levels[max(0, min(levels.count, level) - 1)]
    }.joined()
  }

  /// The line at which bars begin.
  var axis: String { self == .unicode ? "▕" : "|" }
}

private let eighthBlocks = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]
private let unicodeLevels = ["▁", "▂", "▃", "▄", "▅", "▆", "▇"]
private let asciiLevels = [".", ":", "-", "=", "+", "*", "#"]
