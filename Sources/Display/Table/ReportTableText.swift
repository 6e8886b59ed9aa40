extension ReportTable {
  /// The table in lines of at most the width: columns are dropped, lowest priority first, then texts
  /// cut, and what must not be dropped goes on below; what was dropped is said.
  func text(_ context: RenderContext) -> String {
    var layout = ReportTableLayout(self, context)
    let dropped = context.elides ? layout.fit(into: context.usableWidth - indent.count) : []
    let width = context.elides ? context.usableWidth - indent.count : Int.max
    var result = ""
    for block in layout.blocks(into: width) {
      if let header = layout.header(block) { result += indented(header, context) }
      for row in rows.indices {
        for line in layout.lines(row, block) { result += indented(line, context) }
      }
    }
    if !dropped.isEmpty {
      let note = hiddenColumns(
        dropped, width: context.usableWidth - indent.count - 4, glyphs: context.glyphs)
      result += indented(StyledLine(context.glyphs.ellipsis + " " + note, .dim), context)
    }
    return result
  }

  /// Whether the width of a screen leaves out columns or cuts texts.
  func leavesOut(_ context: RenderContext) -> Bool {
    var layout = ReportTableLayout(self, context)
    return !layout.fit(into: context.usableWidth - indent.count).isEmpty || layout.cutsTexts
  }

  private func indented(_ line: StyledLine, _ context: RenderContext) -> String {
    var indented = StyledLine(indent)
    indented.append(line)
    return indented.text(usesColor: context.usesColor)
  }
}

/// The widths of a report's columns, and its lines.
struct ReportTableLayout {
  private let context: RenderContext
  private var columns: [ReportTableColumn]

  init(_ table: ReportTable, _ context: RenderContext) {
    self.context = context
    columns = table.columns.enumerated().map { place, column in
      ReportTableColumn(
        column, cells: table.rows.map { place < $0.count ? $0[place] : .empty }, context)
    }
  }

  private var width: Int { width(Array(columns.indices)) }

  private func width(_ block: [Int]) -> Int {
    block.reduce(0) { $0 + columns[$1].width } + max(0, block.count - 1) * gap.count
  }

  /// Makes the table at most `width` wide and returns the titles of the columns it dropped.
  mutating func fit(into width: Int) -> [String] {
    var dropped: [(place: Int, title: String)] = []
    let places = columns.indices
    var remaining = Array(places)
    func drop(_ index: Int, from columns: inout [ReportTableColumn]) {
      dropped.append((remaining[index], columns[index].name))
      remaining.remove(at: index)
      columns.remove(at: index)
    }
    // Bars and last texts give way before a column goes.
    for place in columns.indices where columns[place].isBar {
      columns[place].shrink(by: self.width - width)
    }
    // Columns of one priority belong together: neither quartile stands without the other.
    while self.width - slack > width,
      let priority = columns.map(\.droppable).filter({ $0 > 0 }).min()
    {
      while let index = columns.lastIndex(where: { $0.droppable == priority }) {
        drop(index, from: &columns)
      }
    }
    // Of sentences the widest is broken first.
    while self.width > width,
      let widest = columns.indices.filter({ columns[$0].wraps && columns[$0].slack > 0 })
        .max(by: { columns[$0].width < columns[$1].width })
    {
      columns[widest].shrink(by: 1)
    }
    for place in columns.indices.dropFirst().reversed() where columns[place].isText {
      columns[place].shrink(by: self.width - width)
    }
    if self.width > width, columns.first?.isText == true { columns[0].cut(to: max(12, width / 2)) }
    for place in columns.indices { columns[place].cut(to: width) }
    for place in columns.indices where columns[place].isBar {
      columns[place].grow(by: width - self.width)
    }
    return dropped.sorted { $0.place < $1.place }.map(\.title).filter { !$0.isEmpty }
  }

  /// Whether a text is not shown whole.
  var cutsTexts: Bool { columns.contains(where: \.isCut) }

  /// How much narrower the table gets when texts are cut as far as they may be; the first column
  /// says what a row is, and is cut last.
  private var slack: Int { columns.dropFirst().reduce(0) { $0 + $1.slack } }

  /// The columns of each piece of a table that is too wide: each begins with the first column, as
  /// long as that leaves room for another.
  mutating func blocks(into width: Int) -> [[Int]] {
    var blocks: [[Int]] = []
    for place in columns.indices {
      if let block = blocks.last, self.width(block + [place]) <= width {
        blocks[blocks.count - 1].append(place)
      } else {
        blocks.append(place > 0 && self.width([0, place]) <= width ? [0, place] : [place])
      }
    }
    for block in blocks where width < Int.max {
      for place in block.reversed() where columns[place].isText {
        columns[place].uncut(by: width - self.width(block))
      }
    }
    return blocks
  }

  /// The titles of a block; nil where no column of the table has one.
  func header(_ block: [Int]) -> StyledLine? {
    guard columns.contains(where: { !$0.title.isEmpty }) else { return nil }
    return joined(block) { StyledLine(columns[$0].paddedTitle, .dim) }
  }

  /// The lines of a row: more than one where a text wraps.
  func lines(_ row: Int, _ block: [Int]) -> [StyledLine] {
    let cells = block.map { columns[$0].lines(row) }
    return (0..<(cells.map(\.count).max() ?? 0)).map { number in
      var place = 0
      return joined(block) { column in
        defer { place += 1 }
        let lines = cells[place]
        if number < lines.count { return lines[number] }
        return StyledLine(String(repeating: " ", count: columns[column].width))
      }
    }
  }

  private func joined(_ block: [Int], _ cell: (Int) -> StyledLine) -> StyledLine {
    var line = StyledLine()
    for (place, column) in block.enumerated() {
      if place > 0 { line.append(gap) }
      line.append(cell(column))
    }
    return line
  }
}
