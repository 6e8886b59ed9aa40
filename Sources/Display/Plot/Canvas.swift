/// A grid of cells of one column each, for points and lines; a cell has 2 × 4 dots.
struct Canvas: Sendable {
  let width: Int
  let height: Int
  /// Rows of data in each dot, from the top left.
  private(set) var dots: [Int]
  /// Signs drawn over the dots, a cell each.
  private var overlay: [(sign: String, style: Style)?]

  init(width: Int, height: Int) {
    self.width = max(1, width)
    self.height = max(1, height)
    dots = Array(repeating: 0, count: self.width * 2 * self.height * 4)
    overlay = Array(repeating: nil, count: self.width * self.height)
  }

  /// Adds `weight` rows at a place given as fractions of width and height, from the bottom left.
  mutating func add(x: Double, y: Double, weight: Int) {
    let column = min(width * 2 - 1, Int(x * Double(width * 2)))
    let row = height * 4 - 1 - min(height * 4 - 1, Int(y * Double(height * 4)))
    guard column >= 0, row >= 0 else { return }
    let place = row * width * 2 + column
    dots[place] = dots[place].addingReportingOverflow(weight).partialValue
  }

  /// Marks the dots on the way between two places given as fractions, both ends among them.
  mutating func segment(_ from: (x: Double, y: Double), _ to: (x: Double, y: Double)) {
    let across = abs(to.x - from.x) * Double(width * 2)
    let up = abs(to.y - from.y) * Double(height * 4)
    let steps = Int(max(across, up).rounded(.up))
    for step in 0...steps {
      let share = steps == 0 ? 0 : Double(step) / Double(steps)
      add(x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share, weight: 1)
    }
  }

  /// Marks all dots below the way between two places.
  mutating func fill(_ from: (x: Double, y: Double), _ to: (x: Double, y: Double)) {
    let left = Int(min(from.x, to.x) * Double(width * 2))
    let right = min(width * 2 - 1, Int(max(from.x, to.x) * Double(width * 2)))
    guard left <= right else { return }
    for column in left...right {
      let x = (Double(column) + 0.5) / Double(width * 2)
      let share = to.x == from.x ? 1 : max(0, min(1, (x - from.x) / (to.x - from.x)))
      let y = from.y + (to.y - from.y) * share
      let dots = min(height * 4, Int((y * Double(height * 4)).rounded()))
      for row in 0..<max(0, dots) {
        self.dots[(height * 4 - 1 - row) * width * 2 + column] = 1
      }
    }
  }

  /// A cell filled from below as far as its dots go, in eighths.
  func level(column: Int, row: Int, _ glyphs: RenderContext.Glyphs) -> String {
    let count = count(column: column, row: row)
    if count == 0 { return " " }
    return glyphs == .unicode
      ? ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"][min(8, count) - 1] : count >= 4 ? "#" : "."
  }

  mutating func draw(_ sign: String, _ style: Style, column: Int, row: Int) {
    guard (0..<width).contains(column), (0..<height).contains(row) else { return }
    overlay[row * width + column] = (sign, style)
  }

  /// Rows of data in a cell.
  func count(column: Int, row: Int) -> Int {
    var total = 0
    forEachDot(column, row) { _, count in total = total.addingReportingOverflow(count).partialValue
    }
    return total
  }

  /// The most rows of data in any cell.
  var largestCount: Int { cellCounts.max() ?? 0 }

  var occupiedCellCount: Int { cellCounts.reduce(0) { $0 + ($1 > 0 ? 1 : 0) } }

  private var cellCounts: [Int] {
    (0..<height).flatMap { row in (0..<width).map { count(column: $0, row: row) } }
  }

  /// A line of the canvas: overlay first, else what `cell` makes of the dots.
  func line(_ row: Int, _ cell: (Int) -> (String, Style)) -> StyledLine {
    var line = StyledLine()
    for column in 0..<width {
      let (sign, style) = overlay[row * width + column] ?? cell(column)
      line.append(sign, style)
    }
    return line
  }

  /// The dots of a cell as a Braille pattern; blank where there is none.
  func braille(column: Int, row: Int) -> String {
    // Unicode counts the dots down the left side, then the right, and the lowest two last.
    let bits: [UInt32] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
    var pattern: UInt32 = 0
    forEachDot(column, row) { place, count in if count > 0 { pattern |= bits[place] } }
    guard pattern > 0, let scalar = Unicode.Scalar(0x2800 + pattern) else { return " " }
    return String(Character(scalar))
  }

  private func forEachDot(_ column: Int, _ row: Int, _ body: (Int, Int) -> Void) {
    for place in 0..<8 {
      body(place, dots[(row * 4 + place / 2) * width * 2 + column * 2 + place % 2])
    }
  }
}
