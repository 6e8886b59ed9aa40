import Columnar

/// How one column of a frame is shown: its cells as text, and how wide they are.
struct FrameColumn: Sendable {
  let name: String
  let typeName: String
  private let column: Column
  private let glyphs: RenderContext.Glyphs
  private var format = Format()
  private var extent = Extent()
  /// At most this wide: cells and name are cut beyond; set by the layout.
  var limit: Int?

  /// What all cells of a column have in common.
  private struct Format {
    var float = FloatColumnFormat()
    /// Whether no shown datetime has seconds, so that the clock ends at the minutes.
    var dropsSeconds = true

    mutating func include(_ other: Format) {
      float.include(other.float)
      if !other.dropsSeconds { dropsSeconds = false }
    }
  }

  /// How wide the cells are.
  private struct Extent {
    var decimals = DecimalWidths()
    var others = 0

    var width: Int { max(others, decimals.total) }

    mutating func include(_ other: Extent) {
      decimals.include(other.decimals)
      others = max(others, other.others)
    }
  }

  private init(_ name: String, _ column: Column, _ glyphs: RenderContext.Glyphs) {
    self.name = name.visible(glyphs)
    typeName = column.type.rawValue
    self.column = column
    self.glyphs = glyphs
  }

  /// A column with the widths of its first `rowCount` rows measured.
  init(name: String, column: Column, rowCount: Int, glyphs: RenderContext.Glyphs) {
    self.init(name, column, glyphs)
    format = format(of: 0..<rowCount)
    extent = extent(of: 0..<rowCount)
  }

  /// The same, by all threads. Throws `cancelled` after Ctrl-C.
  init(measuring rowCount: Int, of column: Column, name: String, glyphs: RenderContext.Glyphs)
    throws
  {
    self.init(name, column, glyphs)
    let size = 8192
    let parts = Workers.partCount(rowCount, partSize: size)
    let plain = self
    for part in try Workers.map(
      parts: parts, { plain.format(of: Workers.part($0, of: rowCount, partSize: size)) })
    {
      format.include(part)
    }
    let formatted = self
    for part in try Workers.map(
      parts: parts, { formatted.extent(of: Workers.part($0, of: rowCount, partSize: size)) })
    {
      extent.include(part)
    }
  }

  var alignment: TextAlignment {
    switch column.type {
    case .int, .float, .duration: .right
    case .bool, .date, .datetime, .text: .left
    }
  }

  /// The width without any limit.
  var naturalWidth: Int { max(name.columnWidth, typeName.columnWidth, extent.width) }

  /// The width under `limit`; only text is cut, and names that are wider than their cells.
  func width(limit: Int) -> Int {
    let cells = column.type == .text ? min(extent.width, limit) : extent.width
    return max(cells, typeName.columnWidth, min(name.columnWidth, limit))
  }

  var width: Int { limit.map(width(limit:)) ?? naturalWidth }

  func paddedName() -> String {
    name.cut(to: width, ellipsis: glyphs.ellipsis).padded(to: width, alignment: alignment)
  }

  func paddedTypeName() -> String { typeName.padded(to: width, alignment: alignment) }

  func isNull(_ row: Int) -> Bool { column.isNull(row) }

  /// The cell of a row at full width.
  func paddedCell(_ row: Int) -> String {
    var bytes: [UInt8] = []
    append(row, width: width, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Adds the cell of a row, with the spaces that bring it to `width`, the column's.
  func append(_ row: Int, width: Int, to bytes: inout [UInt8]) {
    let value = column[row]
    if case .int(let number) = value { return append(number, width: width, to: &bytes) }
    var text = text(of: value)
    var left = 0
    var right = 0
    switch value {
    case .float:
      (left, right) = extent.decimals.margins(of: text)
      left += max(0, width - left - text.columnWidth - right)
    case .text:
      text = text.cut(to: width, ellipsis: glyphs.ellipsis)
      pad(text, .left)
    default: pad(text, alignment)
    }
    func pad(_ text: String, _ alignment: TextAlignment) {
      let missing = max(0, width - text.columnWidth)
      (left, right) = alignment == .left ? (0, missing) : (missing, 0)
    }
    for _ in 0..<left { bytes.append(UInt8(ascii: " ")) }
    bytes.append(contentsOf: text.utf8)
    for _ in 0..<right { bytes.append(UInt8(ascii: " ")) }
  }

  /// Adds an integer at the right of its cell, without a string of its own: most cells of long
  /// tables are integers.
  private func append(_ number: Int64, width: Int, to bytes: inout [UInt8]) {
    let count = Self.width(of: number)
    for _ in count..<max(count, width) { bytes.append(UInt8(ascii: " ")) }
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(UInt8(ascii: "-"), count: count))
    var rest = number.magnitude
    var place = start + count
    repeat {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      place -= 1
      bytes[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
      rest = quotient
    } while rest != 0
  }

  /// How many digits an integer has, and its sign.
  private static func width(of number: Int64) -> Int {
    var count = number < 0 ? 2 : 1
    var rest = number.magnitude / 10
    while rest != 0 {
      count += 1
      rest /= 10
    }
    return count
  }

  private func text(of value: Scalar) -> String {
    switch value {
    case .null: glyphs.null
    case .float(let value): format.float.text(value)
    case .text(let text): text.visible(glyphs)
    case .datetime(let value):
      format.dropsSeconds
        ? String(Calendar.text(spaced: value).dropLast(3)) : Calendar.text(spaced: value)
    case let other: other.text
    }
  }

  private func format(of rows: Range<Int>) -> Format {
    var format = Format()
    switch column.type {
    case .float:
      for row in rows { if case .float(let value) = column[row] { format.float.include(value) } }
    case .datetime:
      for row in rows {
        if case .datetime(let value) = column[row], !value.isMultiple(of: 60_000_000) {
          format.dropsSeconds = false
        }
      }
    default: break
    }
    return format
  }

  private func extent(of rows: Range<Int>) -> Extent {
    var extent = Extent()
    for row in rows {
      let value = column[row]
      switch value {
      case .int(let number): extent.others = max(extent.others, Self.width(of: number))
      case .float: extent.decimals.include(text(of: value))
      default: extent.others = max(extent.others, text(of: value).columnWidth)
      }
    }
    return extent
  }
}
