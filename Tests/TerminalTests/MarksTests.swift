import Testing

@testable import Terminal

/// Every edit of every small text gives the same with and without continuation marks.
@Suite struct MarksTests {
  private let marks = ContinuationMarks(usesUTF8: true)

  private static let texts = ["", "a", "\n", "a\nb", "\n\n", "ab\ncd\nef", "a\n\nb", "aa\naa"]

  @Test(arguments: texts)
  func cursorPlacesSurvive(_ text: String) {
    let line = EditedLine(text)
    for cursor in 0...line.text.count {
      let placed = EditedLine(text: line.text, cursor: cursor)
      let marked = marks.marked(placed)
      #expect(marks.unmarked(marked, before: marks.marked(line), line: line) == placed)
    }
  }

  @Test(arguments: texts)
  func deletionsTakeWholeNewlines(_ text: String) {
    let line = EditedLine(text)
    let marked = marks.marked(line)
    // For each place of the marked form, the place in the text before and after it.
    let places = (0...line.text.count).map {
      marks.marked(EditedLine(text: line.text, cursor: $0)).cursor
    }
    for start in 0...marked.text.count {
      // A key deletes from the cursor, or up to it.
      for end in start...marked.text.count where places.contains(start) || places.contains(end) {
        var after = marked
        after.text.removeSubrange(start..<end)
        after.cursor = start
        let result = marks.unmarked(after, before: marked, line: line)
        let first = places.lastIndex { $0 <= start } ?? 0
        let last = start == end ? first : places.firstIndex { $0 >= end } ?? line.text.count
        var expected = line.text
        expected.removeSubrange(first..<last)
        #expect(result.text == expected, "\(text.debugDescription) \(start)..<\(end)")
        #expect((0...result.text.count).contains(result.cursor))
      }
    }
  }

  @Test(arguments: texts)
  func insertionsGoWhereTheCursorIs(_ text: String) {
    let line = EditedLine(text)
    for inserted in ["x", "xyz", "p\nq", "\n"] {
      for cursor in 0...line.text.count {
        let placed = EditedLine(text: line.text, cursor: cursor)
        let marked = marks.marked(placed)
        var after = marked
        after.insert(marks.marked(EditedLine(inserted)).text)
        var expected = placed
        expected.insert(EditedLine(inserted).text)
        #expect(marks.unmarked(after, before: marked, line: placed).text == expected.text)
      }
    }
  }

  @Test func asciiTerminalsHaveNone() {
    let marks = ContinuationMarks(usesUTF8: false)
    let line = EditedLine("a\nb")
    #expect(marks.marked(line) == line)
  }

  @Test func upAndDownKeepTheColumn() {
    var line = EditedLine("abcd\ne\nfghi", utf8Cursor: 10)
    var places: [Int] = []
    while line.moveUp() { places.append(line.cursor) }
    while line.moveDown() { places.append(line.cursor) }
    #expect(places == [6, 1, 6, 8])
  }

  @Test func cursorInUTF8() {
    let line = EditedLine("é東x", utf8Cursor: 5)
    #expect(line.cursor == 2)
    #expect(line.utf8Cursor == 5)
    // Inside a character there is no place for a cursor.
    #expect(EditedLine("é", utf8Cursor: 1).cursor == 1)
  }
}
