import Language
import TestSupport
import Testing

/// Nothing that can be typed or loaded may trap, and time is linear.
@Suite struct RobustnessTests {
  private func exercise(_ text: String) {
    do {
      for statement in try Parser.parse(text, grammar: .test) { _ = print(statement) }
    } catch {
      _ = error.render(source: text)
      _ = error.json(source: text)
    }
    _ = Parser.isComplete(text)
    _ = splitEntries(text)
    _ = Lexer.highlight(text)
  }

  @Test func randomBytes() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<1_500 {
      let bytes = (0..<Int.random(in: 0..<60, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      exercise(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test func randomPieces() {
    var random = SeededGenerator(seed: 4)
    let pieces = [
      "filter", "select", "fit", "ols", "x", "(", ")", "[", "]", "{", "}", "|", "|=", "=", "==",
      ",",
      ":", "~", "->", "..", "..<", "-", "/", "/x/", "\"", "\"a\"", "`", "f\"{", "}\"", "by",
      "where",
      "as", "sort", "if", "then", "else", "case", "not", "in", "is", "null", "5", "5%", "1d", "2GB",
      "@2024-03-01", "@", "$", "$x", "\n", "#", "!", "?", ";", "\\", "é", "for", "param", "def",
      "time",
      "load", "with", "over", "check", "export", ".", "*", "SELECT", "FROM",
    ]
    for _ in 0..<3_000 {
      var text = ""
      for _ in 0..<Int.random(in: 1..<14, using: &random) {
        text += pieces[Int.random(in: 0..<pieces.count, using: &random)]
        if Bool.random(using: &random) { text += " " }
      }
      exercise(text)
    }
  }

  /// Any beginning of a good line gives an error or a statement.
  @Test func beginnings() {
    for line in lines {
      for length in stride(from: 0, to: line.count, by: 3) { exercise(String(line.prefix(length))) }
    }
  }

  @Test(arguments: [
    "(", "[", "{a: ", "f(", "-", "not ", "if a then b else ", "f\"{", "x^", "case { a: ", "a[",
    "time ", "for v in [1] { ",
  ]) func deepNesting(_ opening: String) throws {
    let text = String(repeating: opening, count: 100_000 / opening.utf8.count)
    let diagnostic = #expect(throws: Diagnostic.self) {
      try Parser.parse(text, grammar: .test)
    }
    #expect(diagnostic?.message == "nested too deeply")
    #expect(diagnostic?.code == .syntax)
  }

  @Test func nestingBelowTheLimit() throws {
    let open = "a or b and not c == d + e * -f ^ ("
    let text =
      "x = " + String(repeating: open, count: 30) + "1" + String(repeating: ")", count: 30)
    let printed = try Parser.parse(text, grammar: .test).map { print($0) }
    #expect(try Parser.parse(printed[0], grammar: .test).map { print($0) } == printed)
  }

  @Test func longChains() throws {
    let fine = "x = 1" + String(repeating: " + 1", count: 900)
    #expect(try Parser.parse(fine, grammar: .test).count == 1)
    let long = "x = 1" + String(repeating: " + 1", count: 20_000)
    let diagnostic = #expect(throws: Diagnostic.self) { try Parser.parse(long, grammar: .test) }
    #expect(diagnostic?.message == "the expression is too long")
    let list = "x = [1" + String(repeating: ", 1", count: 20_000) + "]"
    #expect(try Parser.parse(list, grammar: .test).count == 1)
  }

  /// Sixteen times the text takes about sixteen times as long, not 256 times.
  @Test(arguments: [
    "a, ", "# note\n", "1d ", "a\n", "x = 5\n", "\"a\" ", "\\\n", "`a` | ", "a ..", "/", "{", "\n|",
    "#\n| ",
  ]) func linearTime(_ piece: String) {
    func time(_ size: Int) -> Double {
      let text = String(repeating: piece, count: size / piece.utf8.count)
      return processorSeconds {
        _ = try? Parser.parse(text, grammar: .test)
        _ = splitEntries(text)
      }
    }
    let small = time(4_000)
    let large = time(64_000)
    #expect(large < small * 100 + 0.5)
  }

  /// Programs with bytes changed, left out, doubled and moved.
  @Test func mutatedPrograms() {
    var generator = SyntaxGenerator(seed: 23)
    for _ in 0..<1_500 {
      var bytes = Array(print(generator.statement(1), grammar: .test).utf8)
      for _ in 0...generator.below(3) where !bytes.isEmpty {
        let place = generator.below(bytes.count)
        switch generator.below(4) {
        case 0: bytes[place] = UInt8(generator.below(256))
        case 1: bytes.remove(at: place)
        case 2:
          bytes.insert(contentsOf: bytes[place...].prefix(8), at: generator.below(bytes.count))
        default: bytes.swapAt(place, generator.below(bytes.count))
        }
      }
      exercise(String(decoding: bytes, as: UTF8.self))
    }
  }

  /// A megabyte of anything is an error in a few lines, in about eight times the time of an eighth.
  @Test(arguments: ["[", "\"", "|", "+", "f\"{"]) func aMegabyte(_ piece: String) {
    grows(piece, to: 1 << 20)
  }

  @Test(arguments: [
    "(", "{a: ", "f(", "'", "`", "| ", "- ", "not ", "f\"{\"", "^", "?", "case { ", "if a then ",
    "a.b", "@", "$", "!", "\\", "é", "\u{0}", "a = ", "1..", ".", "%>%",
  ]) func manyOfAnything(_ piece: String) {
    grows(piece, to: 1 << 16)
  }

  /// Parses as many bytes of a piece again and again, and an eighth of them.
  private func grows(_ piece: String, to size: Int) {
    func parse(_ count: Int) -> (Double, Int) {
      let text = String(repeating: piece, count: count / piece.utf8.count)
      var length = 0
      let time = processorSeconds {
        do {
          _ = try Parser.parse(text, grammar: .test)
        } catch {
          length = (error as? Diagnostic)?.render(source: text).utf8.count ?? .max
        }
      }
      return (time, length)
    }
    let (small, _) = parse(size / 8)
    let (large, length) = parse(size)
    #expect(length < 5_000)
    #expect(large < small * 24 + 0.5, "\(small), then \(large)")
  }
}
