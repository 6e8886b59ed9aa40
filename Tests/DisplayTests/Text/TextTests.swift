import Columnar
import Testing

@testable import Display

@Suite struct TextTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("日本語", 6), ("é", 1), ("e\u{301}", 1), ("👍🏽", 2), ("🇩🇪", 2), ("❤️", 2),
    ("a\u{200D}", 1), ("⎺▕█", 3), ("ｱ", 1), ("Ａ", 2), ("한", 2), ("\u{301}", 0), ("👨‍👩‍👧", 2),
  ])
  func widths(text: String, width: Int) { #expect(text.columnWidth == width) }

  @Test func cutsAtColumns() {
    #expect("flipper".cut(to: 7, ellipsis: "…") == "flipper")
    #expect("flipper".cut(to: 5, ellipsis: "…") == "flip…")
    #expect("日本語".cut(to: 4, ellipsis: "…") == "日…")
    #expect("flipper".cut(to: 1, ellipsis: "…") == "…")
    #expect("flipper".cut(to: 2, ellipsis: "...") == "..")
  }

  @Test func nothingSteersTheTerminal() {
    let text = "a\u{1B}[31m\n\t\u{7F}\u{202E}\u{9B}日\u{200B}"
    #expect(text.visible(.unicode) == "a␛[31m␊␉␡\\u{202E}\\u{9B}日\\u{200B}")
    #expect(text.visible(.ascii) == "a\\u{1B}[31m\\n\\t\\u{7F}\\u{202E}\\u{9B}日\\u{200B}")
    #expect("\r\n".visible(.unicode) == "␍␊")
  }

  @Test func footersBreakBetweenTheirParts() {
    #expect(
      wrapped("  n 342 · 2 null · bin 500", width: 20, glyphs: .unicode)
        == ["  n 342 · 2 null", "    bin 500"])
    #expect(
      wrapped("filter COND   rows for which it is true", width: 30, glyphs: .unicode)
        == ["filter COND   rows for which", "              it is true"])
    #expect(wrapped("abcdefghij", width: 4, glyphs: .unicode) == ["abcd", "  ef", "  gh", "  ij"])
    #expect(wrapped("", width: 10, glyphs: .unicode) == [""])
  }

  @Test func noWrappedLineIsTooWideAndNoWordIsLost() {
    var generator = SeededGenerator(seed: 3)
    let words = ["a", "filter", "·", "日本語", "supercalifragilistic", "  ", "1,234", "é", "n 3 · 2"]
    for _ in 0..<2000 {
      let text = (0..<Int.random(in: 0...20, using: &generator))
        .map { _ in words.randomElement(using: &generator) ?? "" }.joined(separator: " ")
      let width = Int.random(in: 8...60, using: &generator)
      let result = wrapped(text, width: width, glyphs: .unicode)
      #expect(result.allSatisfy { $0.columnWidth <= width }, "\(text)")
      func letters(_ text: String) -> String { text.filter { $0 != " " && $0 != "·" } }
      #expect(letters(result.joined()) == letters(text))
    }
  }

  @Test func asciiSaysTheSame() {
    #expect(
      RenderContext.Glyphs.ascii.legible("R² 0.78 · 344 rows × 8 columns ≥ 3 …")
        == "R^2 0.78, 344 rows x 8 columns >= 3 ...")
  }

  @Test(arguments: [
    (Scalar.null, "null"), (.bool(true), "true"), (.int(.min), "-9223372036854775808"),
    (.float(0.5), "0.5"), (.date(19783), "2024-03-01"),
    (.datetime(1_709_281_800_000_000), "2024-03-01 08:30:00"),
    (.duration(Duration(microseconds: 93_784_000_000)), "1d 02:03:04"),
    (.duration(Duration(microseconds: -1_500_000)), "-00:00:01.5"),
    (.duration(Duration(months: 14)), "14mo"),
    (.duration(Duration(microseconds: .min)), "-106751991d 04:00:54.775808"),
    (.text("x"), "x"),
  ])
  func scalars(scalar: Scalar, text: String) { #expect(scalar.text == text) }

  @Test func messagesPutTheAsideAtTheMargin() {
    let message = Output.message(
      Message(
        subject: "p", text: "172 of 344 rows kept", aside: "undo brings them back", kind: "bound"))
    #expect(
      message.text(RenderContext(width: 60))
        == "p  172 of 344 rows kept                undo brings them back\n")
    #expect(
      message.text(RenderContext(width: 40))
        == "p  172 of 344 rows kept\n                   undo brings them back\n")
    #expect(
      message.text(RenderContext(width: 60, usesColor: true)).hasPrefix("\u{1B}[1mp\u{1B}[0m  172"))
  }
}
