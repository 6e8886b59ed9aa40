import Columnar

/// The columns of a formula's matrix over selected rows, made a block of rows at a time: the matrix
/// itself never lies in memory.
struct DesignMatrix: Sendable {
  let specification: DesignSpecification
  let columns: [DesignSpecification.DesignColumn]
  let values: [InputValues]
  let selection: RowSelection
  /// Where the columns of each input begin in a workspace, counted in columns.
  private let starts: [Int]
  private let workspaceColumns: Int

  init(
    specification: DesignSpecification, values: [InputValues], selection: RowSelection
  ) {
    self.specification = specification
    self.values = values
    self.selection = selection
    columns = specification.columns
    var starts: [Int] = []
    var next = 0
    for input in specification.inputs {
      starts.append(next)
      if case .polynomial(let centers, _) = input.coding {
        next += centers.count
      } else {
        next += 1
      }
    }
    self.starts = starts
    workspaceColumns = next
  }

  var rowCount: Int { selection.count }
  var columnCount: Int { columns.count }

  /// Room for the inputs of one block, used again for the next.
  struct Workspace {
    let numbers: Buffer<Double>
    let levels: Buffer<UInt32>
    let scratch: Buffer<Double>
  }

  func workspace() throws -> Workspace {
    Workspace(
      numbers: try Buffer(count: max(workspaceColumns, 1) * blockRows),
      levels: try Buffer(count: max(workspaceColumns, 1) * blockRows),
      scratch: try Buffer(count: blockRows))
  }

  /// Writes the selected rows in `range`, at most `blockRows`, to `target`: column after column,
  /// `blockRows` values each, those past the range 0. A column is shifted and scaled as
  /// `standardization` says.
  func fill(
    _ range: Range<Int>, _ standardization: Standardization, _ workspace: Workspace,
    to target: UnsafeMutablePointer<Double>
  ) {
    precondition(range.count <= blockRows)
    let count = range.count
    // SAFETY: a workspace has `blockRows` places for each of an input's columns, `target` as many
    // for each column of the matrix.
    for (input, values) in values.enumerated() {
      let start = starts[input] * blockRows
      switch specification.inputs[input].coding {
      case .numeric: values.copyNumbers(selection, range, to: workspace.numbers.base + start)
      case .categorical: values.copyLevels(selection, range, to: workspace.levels.base + start)
      case .polynomial(let centers, let norms):
        values.copyNumbers(selection, range, to: workspace.scratch.base)
        let columns = workspace.numbers.base + start
        let factors = (1...centers.count).map { 1 / norms[$0 + 1].squareRoot() }
        evaluatePolynomials(
          centers: centers, norms: norms, steps: centers.count,
          UnsafeBufferPointer(start: workspace.scratch.base, count: count)
        ) { row, step, value in
          if step > 0 { columns[(step - 1) * blockRows + row] = value * factors[step - 1] }
        }
      }
    }
    for (index, column) in columns.enumerated() {
      let place = target + index * blockRows
      fill(column, count, workspace, to: place)
      let shift = standardization.shifts[index]
      let scale = standardization.scales[index]
      if shift != 0 || scale != 1 {
        for row in 0..<count { place[row] = (place[row] - shift) * scale }
      }
      if count < blockRows { (place + count).update(repeating: 0, count: blockRows - count) }
    }
  }

  private func fill(
    _ column: DesignSpecification.DesignColumn, _ count: Int, _ workspace: Workspace,
    to target: UnsafeMutablePointer<Double>
  ) {
    if column.parts.isEmpty {
      target.update(repeating: 1, count: count)
      return
    }
    for (order, part) in column.parts.enumerated() {
      let start = starts[part.input] * blockRows
      switch specification.inputs[part.input].coding {
      case .numeric, .polynomial:
        // A numeric input has the place 0.
        let source = workspace.numbers.base + start + part.place * blockRows
        if order == 0 {
          target.update(from: source, count: count)
        } else {
          for row in 0..<count { target[row] *= source[row] }
        }
      case .categorical:
        let source = workspace.levels.base + start
        let level = UInt32(part.place)
        if order == 0 {
          for row in 0..<count { target[row] = source[row] == level ? 1 : 0 }
        } else {
          for row in 0..<count where source[row] != level { target[row] = 0 }
        }
      }
    }
  }

  /// Whether a column holds 0 and 1 only.
  func isIndicator(_ column: Int) -> Bool {
    columns[column].parts.allSatisfy { part in
      if case .categorical = specification.inputs[part.input].coding { true } else { false }
    }
  }
}

/// How many rows a block has: with twenty columns it stays in the first-level cache or just above,
/// and it is a multiple of every vector's lanes.
let blockRows = 256

/// Shifts that bring columns near 0 and powers of two that bring them near 1. They keep squares in
/// range and improve the condition, and are undone exactly in the estimates.
struct Standardization: Sendable {
  var shifts: [Double]
  var scales: [Double]

  /// No change to `count` columns.
  init(none count: Int) {
    shifts = Array(repeating: 0, count: count)
    scales = Array(repeating: 1, count: count)
  }

  /// Shifts and scales for the matrix from a sample of its rows. Columns are shifted only where an
  /// intercept takes the shift up.
  init(_ matrix: DesignMatrix) throws {
    self.init(none: matrix.columnCount)
    let columns = matrix.columnCount
    let block = try Buffer<Double>(count: max(columns, 1) * blockRows)
    let workspace = try matrix.workspace()
    let none = Standardization(none: columns)
    let blocks = sampledBlocks(matrix.rowCount)
    var sums = Array(repeating: 0.0, count: columns)
    var rows = 0
    for range in blocks {
      matrix.fill(range, none, workspace, to: block.base)
      rows += range.count
      for column in 0..<columns {
        for row in 0..<range.count { sums[column] += block.base[column * blockRows + row] }
      }
    }
    if matrix.specification.hasIntercept, rows > 0 {
      for column in 1..<max(columns, 1) where !matrix.isIndicator(column) {
        let mean = sums[column] / Double(rows)
        if mean.isFinite { shifts[column] = mean }
      }
    }
    var largest = Array(repeating: 0.0, count: columns)
    for range in blocks {
      matrix.fill(range, self, workspace, to: block.base)
      for column in 0..<columns {
        for row in 0..<range.count {
          largest[column] = max(largest[column], abs(block.base[column * blockRows + row]))
        }
      }
    }
    for column in 0..<columns where !matrix.isIndicator(column) {
      scales[column] = powerOfTwo(near: largest[column])
      shifts[column] = shortened(shifts[column], spread: largest[column])
    }
  }
}

/// Up to 16 blocks of rows, evenly spread.
func sampledBlocks(_ rowCount: Int) -> [Range<Int>] {
  let blocks = (rowCount + blockRows - 1) / blockRows
  let step = max((blocks + 15) / 16, 1)
  return stride(from: 0, to: blocks, by: step).map { block in
    block * blockRows..<min((block + 1) * blockRows, rowCount)
  }
}

/// `mean` rounded to a 64th of the spread: values less it are then exact, since it lies on the grid
/// of floats of their size.
func shortened(_ mean: Double, spread: Double) -> Double {
  guard spread.isNormal, spread.exponent > -1_000, spread.exponent < 1_000 else { return mean }
  let unit = Double(sign: .plus, exponent: spread.exponent - 6, significand: 1)
  let rounded = (mean / unit).rounded() * unit
  return rounded.isFinite ? rounded : mean
}

/// The power of two by which `magnitude` comes into 1..<2; 1 where that cannot be said.
func powerOfTwo(near magnitude: Double) -> Double {
  guard magnitude.isNormal else { return 1 }
  let exponent = min(max(-magnitude.exponent, -1_000), 1_000)
  return Double(sign: .plus, exponent: exponent, significand: 1)
}
