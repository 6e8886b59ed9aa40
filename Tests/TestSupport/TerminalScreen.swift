#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A small terminal: what a person would see after the bytes a program wrote.
///
/// Knows cursor movement, erasing, inserting, deleting, wrapping at the margin, scrolling and wide
/// characters, as xterm does them. Colours are kept beside the text. What scrolled off the top is
/// kept.
package struct TerminalScreen {
  package internal(set) var width: Int
  package internal(set) var height: Int
  /// Rows that scrolled off the top, oldest first.
  package internal(set) var scrolledOff: [String] = []
  package internal(set) var cursor = (row: 0, column: 0)
  /// Whether the program asked for bracketed paste.
  package private(set) var bracketsPaste = false
  /// How often it did: a prompt does each time it begins to read.
  package private(set) var promptCount = 0
  /// How often the bell rang.
  package private(set) var bells = 0

  var cells: [[Cell]]
  /// Of each row whether the next goes on with its text, which came to the margin.
  var isContinued: [Bool]
  /// The screen that a pager has put aside, and the cursor on it.
  private var other: (cells: [[Cell]], row: Int, column: Int)?
  private var style = ""
  /// A character at the last column wraps only when another follows.
  var wrapsNext = false
  private var insertsCharacters = false
  private var state = State.text
  private var partial: [UInt8] = []

  /// One character with what combines with it; the right half of a wide one is empty.
  struct Cell {
    var text = " "
    var style = ""
  }

  private enum State {
    case text, escape, charset
    case control(String)
    case command
  }

  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
    cells = Array(repeating: Array(repeating: Cell(), count: width), count: height)
    isContinued = Array(repeating: false, count: height)
  }

  /// Whether a pager has the screen.
  package var showsOtherScreen: Bool { other != nil }

  /// The rows on the screen, without the spaces at their ends.
  package var rows: [String] { cells.map(Self.text) }

  /// The colour codes the cells of a row were printed with, empty for none.
  package func styles(ofRow row: Int) -> [String] { cells[row].map(\.style) }

  /// The rows up to the last that shows anything.
  package var text: String {
    var shown = rows
    while shown.last == "" { shown.removeLast() }
    return shown.joined(separator: "\n")
  }

  /// Everything that was ever shown and not erased.
  package var allText: String { (scrolledOff + [text]).joined(separator: "\n") }

  /// How often `text` was shown and not erased.
  package func occurrences(of text: String) -> Int {
    allText.split(separator: text, omittingEmptySubsequences: false).count - 1
  }

  /// Takes in what the program wrote.
  package mutating func feed(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      if byte < 0x80 {
        partial.removeAll()
        feed(Unicode.Scalar(byte))
        continue
      }
      if byte >= 0xC0 { partial.removeAll() }
      partial.append(byte)
      if let text = String(validating: partial, as: UTF8.self) {
        partial.removeAll()
        text.unicodeScalars.forEach { feed($0) }
      }
    }
  }

  static func text(of row: [Cell]) -> String {
    var text = row.map(\.text).joined()
    while text.last == " " { text.removeLast() }
    return text
  }

  private mutating func feed(_ scalar: Unicode.Scalar) {
    switch state {
    case .text:
      if scalar == "\u{1B}" {
        state = .escape
      } else if scalar.value < 0x20 || scalar == "\u{7F}" {
        control(scalar)
      } else {
        put(scalar)
      }
    case .escape:
      switch scalar {
      case "[": state = .control("")
      case "]": state = .command
      case "(", ")": state = .charset
      default:
        state = .text
        if scalar == "M" { cursor.row = max(0, cursor.row - 1) }
      }
    case .charset: state = .text
    case .command: if scalar == "\u{07}" { state = .text }
    case .control(let parameters):
      if (0x40..<0x7F).contains(scalar.value) {
        state = .text
        sequence(parameters, scalar)
      } else {
        state = .control(parameters + String(scalar))
      }
    }
  }

  private mutating func control(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\n": lineFeed()
    case "\r":
      cursor.column = 0
      wrapsNext = false
    case "\u{08}":
      cursor.column = max(0, cursor.column - 1)
      wrapsNext = false
    case "\t": cursor.column = min(width - 1, (cursor.column / 8 + 1) * 8)
    case "\u{07}": bells += 1
    default: break
    }
  }

  private mutating func lineFeed() {
    wrapsNext = false
    if cursor.row < height - 1 {
      cursor.row += 1
    } else {
      scrolledOff.append(Self.text(of: cells.removeFirst()))
      cells.append(Array(repeating: Cell(), count: width))
      isContinued.removeFirst()
      isContinued.append(false)
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let columns = Self.columns(of: scalar)
    if columns == 0 {
      let column = wrapsNext ? cursor.column : max(0, cursor.column - 1)
      cells[cursor.row][column].text.unicodeScalars.append(scalar)
      return
    }
    if wrapsNext || cursor.column + columns > width {
      cursor.column = 0
      isContinued[cursor.row] = true
      lineFeed()
    }
    if insertsCharacters { insertBlanks(columns) }
    cells[cursor.row][cursor.column] = Cell(text: String(scalar), style: style)
    if columns == 2 { cells[cursor.row][cursor.column + 1].text = "" }
    cursor.column += columns
    if cursor.column >= width {
      cursor.column = width - 1
      wrapsNext = true
    }
  }

  private mutating func insertBlanks(_ count: Int) {
    for _ in 0..<min(count, width - cursor.column) {
      cells[cursor.row].insert(Cell(), at: cursor.column)
      cells[cursor.row].removeLast()
    }
  }

  private mutating func sequence(_ parameters: String, _ final: Unicode.Scalar) {
    if parameters.hasPrefix("?") {
      if parameters == "?2004" {
        bracketsPaste = final == "h"
        if bracketsPaste { promptCount += 1 }
      }
      if parameters == "?1049" { switchScreen(isOther: final == "h") }
      return
    }
    let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
    let first = numbers.first.flatMap { $0 }
    let count = max(1, first ?? 1)
    if final != "m" { wrapsNext = false }
    switch final {
    case "A": cursor.row = max(0, cursor.row - count)
    case "B": cursor.row = min(height - 1, cursor.row + count)
    case "C": cursor.column = min(width - 1, cursor.column + count)
    case "D": cursor.column = max(0, cursor.column - count)
    case "G": cursor.column = min(width, count) - 1
    case "H":
      cursor.row = min(height, count) - 1
      cursor.column = min(width, max(1, numbers.count > 1 ? numbers[1] ?? 1 : 1)) - 1
    case "J": eraseDisplay(first ?? 0)
    case "K": eraseLine(first ?? 0)
    case "P":
      for _ in 0..<min(count, width - cursor.column) {
        cells[cursor.row].remove(at: cursor.column)
        cells[cursor.row].append(Cell())
      }
    case "@": insertBlanks(count)
    case "X":
      for column in cursor.column..<min(width, cursor.column + count) {
        cells[cursor.row][column] = Cell()
      }
    case "m": style = parameters == "0" ? "" : parameters
    case "h": if parameters == "4" { insertsCharacters = true }
    case "l": if parameters == "4" { insertsCharacters = false }
    default: break
    }
  }

  private mutating func switchScreen(isOther: Bool) {
    if isOther, other == nil {
      other = (cells, cursor.row, cursor.column)
      cells = Array(repeating: Array(repeating: Cell(), count: width), count: height)
      isContinued = Array(repeating: false, count: height)
    } else if !isOther, let saved = other {
      other = nil
      cells = saved.cells
      isContinued = Array(repeating: false, count: cells.count)
      cursor = (saved.row, saved.column)
      let size = (width, height)
      (width, height) = (cells.first?.count ?? width, cells.count)
      resize(width: size.0, height: size.1)
    }
  }

  private mutating func eraseDisplay(_ kind: Int) {
    eraseLine(kind)
    let rows = kind == 0 ? cursor.row + 1..<height : kind == 1 ? 0..<cursor.row : 0..<height
    for row in rows {
      cells[row] = Array(repeating: Cell(), count: width)
      isContinued[row] = false
    }
  }

  private mutating func eraseLine(_ kind: Int) {
    if kind != 1 { isContinued[cursor.row] = false }
    let columns =
      kind == 0 ? cursor.column..<width : kind == 1 ? 0..<cursor.column + 1 : 0..<width
    for column in columns { cells[cursor.row][column] = Cell() }
  }

  /// East Asian wide and emoji take 2 columns, marks none: enough for what tests show.
  private static func columns(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
