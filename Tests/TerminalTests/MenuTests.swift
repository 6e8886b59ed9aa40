import Language
import Testing

@testable import Terminal

@Suite struct MenuTests {
  private func menu(
    _ candidates: [(String, String)], selected: Int? = nil, width: Int = 80, height: Int = 24,
    utf8: Bool = true
  ) -> [String] {
    CompletionMenu(
      candidates: candidates.map { CompletionResult.Candidate($0.0, detail: $0.1) },
      selected: selected, width: width, height: height, usesColor: false, usesUTF8: utf8
    ).rows.map(\.text)
  }

  @Test func columnsReadDownwards() {
    let names = ["alpha", "beta", "gamma", "delta", "epsilon"].map { ($0, "") }
    #expect(menu(names, width: 30) == ["  alpha     delta", "  beta      epsilon", "  gamma"])
  }

  @Test func detailsStandBesideTheTexts() {
    #expect(
      menu([("fare", "float"), ("pickup", "datetime"), ("n", "")], width: 30)
        == ["  fare    float", "  pickup  datetime", "  n"])
  }

  @Test func theMeaningOfTheSelectedStandsBelow() {
    let names = (0..<40).map { ("name\($0)", $0 == 7 ? "what it means" : "") }
    #expect(menu(names, selected: 7, height: 12).last == "  what it means")
    #expect(menu(names, selected: 8, height: 12).last?.contains("name9") ?? false)
    #expect(
      menu(names, selected: 7, height: 4).suffix(2) == ["  … and 24 more", "  what it means"])
    // Not where it stands beside the text already.
    #expect(menu(names, selected: 7, height: 50).last != "  what it means")
  }

  @Test func nothingIsWiderOrHigherThanTheTerminal() {
    let names = (0..<500).map { ("column_\($0)_東京", "detail \($0)") }
    for width in 1...120 {
      for height in [1, 5, 24] {
        for selected in [nil, 0, 499] {
          let rows = menu(names, selected: selected, width: width, height: height)
          #expect(rows.allSatisfy { displayWidth($0) < width }, "\(width)")
          #expect(rows.count <= max(2, height))
        }
      }
    }
    #expect(menu(names, width: 80, height: 10).last == "  … and 464 more")
  }

  @Test func namesFromFilesCannotControlTheTerminal() {
    #expect(menu([("a\u{1B}[31mb", "x\ny")]) == ["  a␛[31mb  x␊y"])
    #expect(menu([("größe", "")], utf8: false) == ["  gr??e"])
  }

  @Test func commonBeginning() {
    func common(_ texts: [String]) -> String {
      CompletionResult(replacement: 0..<0, candidates: texts.map { .init($0) }).commonPrefix
    }
    #expect(common(["fare", "far", "fat"]) == "fa")
    #expect(common(["x", "y"]) == "")
    #expect(common([]) == "")
  }
}
