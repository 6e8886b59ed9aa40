import Language
import TestSupport
import Testing

@testable import Terminal

@Suite struct PagerViewTests {
  @Test func slicesKeepColoursAndCells() {
    let line = "ab\u{1B}[1mcd\u{1B}[0m東京x"
    #expect(PagedText.width(of: line) == 9)
    #expect(PagedText.slice(line, from: 0, width: 9) == line + "\u{1B}[0m")
    #expect(PagedText.plain(PagedText.slice(line, from: 1, width: 3)) == "bcd")
    // Half of a wide character is a space.
    #expect(PagedText.plain(PagedText.slice(line, from: 5, width: 3)) == " 京")
    #expect(PagedText.plain(PagedText.slice(line, from: 3, width: 2)) == "d ")
    #expect(PagedText.plain(PagedText.slice(line, from: 40, width: 5)) == "")
    #expect(PagedText.slice("plain", from: 1, width: 3) == "lai")
    // For a colour that is not closed.
    #expect(PagedText.slice("a\u{1B}[1", from: 0, width: 9) == "a")
  }

  /// The first column of a table stays, and a step goes to where the next one begins.
  @Test func theFirstColumnStays() {
    let lines = [
      "  name   one  two   three", "  text   int  int   int", "  Adèle    1    2      3",
    ]
    var view = PagerView(
      text: PagedText(
        header: Array(lines[..<2]), body: [lines[2], "  \u{1B}[2m東京\u{1B}[0m     4    5      6"],
        columnStarts: [2, 9, 14, 20]), width: 18, height: 5, usesUTF8: true)
    func shown() -> [String] { view.rows.map(PagedText.plain) }
    #expect(shown()[0] == "  name   one  two ")
    _ = view.take("l")
    #expect(
      Array(shown()[..<4]) == [
        "  name  │two   thr", "  text  │int   int", "  Adèle │  2      ", "  東京  │  5      ",
      ])
    _ = view.take("l")
    #expect(shown()[0] == "  name  │three")
    _ = view.take("h")
    #expect(shown()[0] == "  name  │two   thr")
    _ = view.take("h")
    #expect(shown()[0] == "  name   one  two ")
    // Where it would take most of the window, it moves like the others.
    view.resize(width: 12, height: 5)
    _ = view.take("l")
    #expect(shown()[0] == "one  two   t")
  }

  /// Whatever keys come, and whatever the size: rows fit, and the place lies in the text.
  @Test(arguments: [(1, 1), (2, 2), (3, 5), (20, 4), (80, 24), (200, 60)], [[], [2, 9, 30]])
  func nothingLeavesTheScreen(_ size: (width: Int, height: Int), _ columnStarts: [Int]) {
    let (width, height) = size
    let body = (0..<100).map {
      "row \($0) \u{1B}[2m東京\u{1B}[0m " + String(repeating: "x", count: $0)
    }
    var view = PagerView(
      text: PagedText(header: ["names", "types"], body: body, columnStarts: columnStarts),
      width: width, height: height,
      usesUTF8: true)
    let keys = [
      "j", "k", " ", "b", "d", "u", "g", "G", "l", "h", "0", "$", "/", "r", "\r", "n", "N",
      "\u{7F}",
      "\u{1B}[A", "\u{1B}[6~", "\u{1B}", "x",
    ]
    var seed: UInt64 = 7
    for _ in 0..<600 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let goesOn = view.take(keys[Int(seed >> 33) % keys.count])
      #expect(goesOn)
      if seed >> 40 & 31 == 0 {
        view.resize(width: Int(seed >> 50 & 63), height: Int(seed >> 56 & 31))
      }
      let rows = view.rows
      #expect(rows.count == view.height)
      #expect(rows.allSatisfy { PagedText.width(of: $0) <= view.width })
      #expect((0..<100).contains(view.top))
    }
  }

  @Test func searching() {
    var view = PagerView(
      text: PagedText(header: ["h"], body: (0..<50).map { "Line \($0)" }), width: 40, height: 12,
      usesUTF8: false)
    for key in ["/", "l", "i", "n", "e", " ", "2", "7", "\r"] {
      let goesOn = view.take(key)
      #expect(goesOn)
    }
    #expect(view.top == 27)
    #expect(view.rows[0] == "h" && view.rows[1] == "Line 27")
    let searchesOn = view.take("n")
    #expect(searchesOn)
    #expect(view.rows.last?.contains("no \"line 27\" below") ?? false)
    let staysAfterQuit = view.take("q")
    #expect(!staysAfterQuit)
  }

  @Test func anEmptyText() {
    var view = PagerView(text: PagedText(body: []), width: 10, height: 3, usesUTF8: true)
    for key in ["j", "G", "$", " "] {
      let goesOn = view.take(key)
      #expect(goesOn)
    }
    #expect(view.rows.count == 3)
  }
}
