// For the composed form, which the standard library has for its own use; Foundation's would cost
// more than all the rest of the program's start.
@_spi(_Unicode) import Swift

/// The text being edited, as Unicode scalars, and the scalar the cursor stands before.
struct EditedLine: Equatable {
  var text: [UInt32]
  var cursor: Int

  static let newline: UInt32 = 10

  init(text: [UInt32] = [], cursor: Int = 0) {
    self.text = text
    self.cursor = cursor
  }

  /// `string` with the cursor at its end.
  init(_ string: String) {
    text = string.unicodeScalars.map(\.value)
    cursor = text.count
  }

  /// `string` with the cursor at a UTF-8 offset.
  init(_ string: String, utf8Cursor: Int) {
    self.init(string)
    let index = string.utf8.index(
      string.utf8.startIndex, offsetBy: utf8Cursor, limitedBy: string.utf8.endIndex)
    let place = (index ?? string.endIndex).samePosition(in: string.unicodeScalars)
    cursor = string.unicodeScalars.distance(
      from: string.startIndex, to: place ?? string.endIndex)
  }

  var string: String { Self.string(of: text[...]) }

  /// The UTF-8 offset of the cursor in `string`.
  var utf8Cursor: Int { Self.string(of: text[..<cursor]).utf8.count }

  var isEmpty: Bool { text.isEmpty }

  /// The line the cursor is in, without its newline.
  var cursorLine: Range<Int> {
    let start = text[..<cursor].lastIndex(of: Self.newline).map { $0 + 1 } ?? 0
    let end = text[cursor...].firstIndex(of: Self.newline) ?? text.count
    return start..<end
  }

  /// Moves the cursor to the line above, in the same column where it has one. False when there is
  /// none.
  mutating func moveUp() -> Bool {
    let line = cursorLine
    if line.lowerBound == 0 { return false }
    let column = cursor - line.lowerBound
    cursor = line.lowerBound - 1
    let above = cursorLine
    cursor = min(above.lowerBound + column, above.upperBound)
    return true
  }

  /// Moves the cursor to the line below. False when there is none.
  mutating func moveDown() -> Bool {
    let line = cursorLine
    if line.upperBound == text.count { return false }
    let column = cursor - line.lowerBound
    cursor = line.upperBound + 1
    let below = cursorLine
    cursor = min(below.lowerBound + column, below.upperBound)
    return true
  }

  /// The text with letters and marks composed (Unicode's form NFC): libedit loses a mark that
  /// stands alone.
  var composed: EditedLine {
    let hasMarks = text.contains { value in
      guard value >= 0x300, let scalar = Unicode.Scalar(value) else { return false }
      // Vowels and final consonants of Korean have no class of their own.
      return scalar.properties.canonicalCombiningClass != .notReordered
        || (0x1161...0x11FF).contains(value)
    }
    if !hasMarks { return self }
    let whole = string._nfc.map(\.value)
    let head = Self.string(of: text[..<cursor])._nfc.map(\.value)
    return EditedLine(text: whole, cursor: min(head.count, whole.count))
  }

  mutating func insert(_ scalars: some Collection<UInt32>) {
    text.insert(contentsOf: scalars, at: cursor)
    cursor += scalars.count
  }

  private static func string(of scalars: ArraySlice<UInt32>) -> String {
    var view = String.UnicodeScalarView()
    for value in scalars { view.append(Unicode.Scalar(value) ?? "\u{FFFD}") }
    return String(view)
  }
}
