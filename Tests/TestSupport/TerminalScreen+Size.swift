/// What terminals do when their window gets another size.
extension TerminalScreen {
  /// Rows are cut or filled up, as xterm and the Linux console do it.
  package mutating func resize(width: Int, height: Int) {
    while cells.count > height {
      if cursor.row < cells.count - 1 {
        cells.removeLast()
        isContinued.removeLast()
      } else {
        scrollOff()
      }
    }
    cells = cells.map { row in
      width <= row.count
        ? Array(row[..<width]) : row + Array(repeating: Cell(), count: width - row.count)
    }
    isContinued = cells.map { _ in false }
    fill(width: width, height: height)
  }

  /// Text goes on in the next row where it no longer fits, and comes back where it fits again, as
  /// most terminals do it. What scrolled off stays there.
  package mutating func reflow(width: Int, height: Int) {
    var rows: [[Cell]] = []
    var continued: [Bool] = []
    var place = (row: 0, column: 0)
    var start = 0
    while start < cells.count {
      var end = start
      while end < cells.count - 1, isContinued[end] { end += 1 }
      var text = Array(cells[start...end].joined())
      let cursorOffset =
        (start...end).contains(cursor.row)
        ? (cursor.row - start) * self.width + cursor.column : nil
      while text.count > (cursorOffset ?? 0), text.last?.text == " " { text.removeLast() }
      if let cursorOffset {
        place = (rows.count + cursorOffset / width, cursorOffset % width)
      }
      repeat {
        let row = text.prefix(width)
        text.removeFirst(row.count)
        rows.append(row + Array(repeating: Cell(), count: width - row.count))
        continued.append(!text.isEmpty)
      } while !text.isEmpty
      start = end + 1
    }
    while rows.count <= place.row {
      rows.append(Array(repeating: Cell(), count: width))
      continued.append(false)
    }
    (cells, isContinued, cursor) = (rows, continued, place)
    while cells.count > height, cursor.row < cells.count - 1,
      Self.text(of: cells[cells.count - 1]).isEmpty
    {
      cells.removeLast()
      isContinued.removeLast()
    }
    while cells.count > height { scrollOff() }
    fill(width: width, height: height)
  }

  private mutating func scrollOff() {
    scrolledOff.append(Self.text(of: cells.removeFirst()))
    isContinued.removeFirst()
    cursor.row = max(0, cursor.row - 1)
  }

  private mutating func fill(width: Int, height: Int) {
    while cells.count < height {
      cells.append(Array(repeating: Cell(), count: width))
      isContinued.append(false)
    }
    self.width = width
    self.height = height
    cursor.column = min(cursor.column, width - 1)
    wrapsNext = false
  }
}
