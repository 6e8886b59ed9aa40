/// Random tables as CSV text, with everything that a file may hold: quotes, newlines in quotes,
/// either line end, nulls, null words, and columns whose kind of value changes on the way.
package struct RandomCSV {
  package private(set) var bytes: [UInt8] = []
  private var generator: SeededGenerator

  package init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    let width = Int.random(in: 1...7, using: &generator)
    let rows = Int.random(in: 0...150, using: &generator)
    let lineEnd = Bool.random(using: &generator) ? "\n" : "\r\n"
    let styles = (0..<width).map { _ in Int.random(in: 0..<Self.styleCount, using: &generator) }
    let quoting = [0, 0, 5, 60].randomElement(using: &generator)!
    var text = (0..<width).map { "c\($0)" }.joined(separator: ",") + lineEnd
    for row in 0..<rows {
      let fields = styles.map { style -> String in
        var field = field(style, row, of: rows)
        if !field.hasPrefix("\""), Int.random(in: 0..<100, using: &generator) < quoting {
          field = "\"\(field)\""
        }
        return field
      }
      text += fields.joined(separator: ",")
      // The last line may lack its end, unless it would then be no line at all.
      let isLast = row == rows - 1
      if !isLast || fields == [""] || Bool.random(using: &generator) { text += lineEnd }
    }
    if width > 1, text.hasSuffix(lineEnd) {
      text += String(repeating: lineEnd, count: Int.random(in: 0...2, using: &generator))
    }
    bytes = Array(text.utf8)
  }

  private static let styleCount = 22

  private mutating func field(_ style: Int, _ row: Int, of rows: Int) -> String {
    func digits(_ range: ClosedRange<Int>) -> String {
      "\(Int.random(in: range, using: &generator))"
    }
    func one(_ choices: [String]) -> String { choices.randomElement(using: &generator)! }
    switch style {
    case 0: return digits(0...9)
    case 1: return digits(-300...99_999)
    case 2: return row < rows / 2 ? digits(0...5) : digits(-(1 << 62)...1 << 62)
    case 3: return one([digits(0...99), "", "NA", "-", " 7", "7 "])
    case 4: return "\(Double.random(in: -1...1, using: &generator))"
    case 5: return one(["\(digits(0...999)).\(digits(0...999))", "", "NaN", "1e5", "-0", "12"])
    case 6: return row < rows * 3 / 4 ? one([digits(0...999), "-0"]) : one(["1.25", "inf", "-2"])
    case 7: return row == rows * 3 / 4 ? "late" : digits(0...999)
    case 8: return "00\(digits(0...99))"
    case 9: return one(["18446744073709551616", digits(0...9)])
    case 10: return row < rows / 2 ? one(["18446744073709551616", "4"]) : one(["1.5", "007.5"])
    case 11: return one(["true", "FALSE", "False", "", "None"])
    case 12: return one(["true", "0", "1"])
    case 13: return "20\(digits(10...99))-0\(digits(1...9))-\(digits(10...31))"
    case 14: return "20\(digits(10...99))-0\(digits(1...9))-\(digits(10...28))"
    case 15:
      return row < rows / 2
        ? "2024-02-\(digits(10...29))"
        : one(["2024-02-29 23:59:59", "2024-02-29T01:02:03.25Z", "", "2024-02-29T01:02+05:30"])
    case 16: return one(["red", "green", "blue", "", "NA", "\"NA\"", "-", "?"])
    case 17: return "\(one(["key", "a much longer key number "]))\(digits(0...40))"
    case 18:
      return one([
        "\"a,b\"", "\"line\nbreak\"", "\"crlf\r\nbreak\"", "\"he said \"\"no\"\"\"", "\"\"",
        "\"\"\"\"", "plain", "", "\"\n\n\n\"", "ünïcödé €", "\"日本,\n\"",
      ])
    case 19: return one(["", "\"\"", "NA"])
    case 20: return ""
    default: return one([" ", "", "x", "\" \""])
    }
  }
}

/// A small generator with a seed, the same everywhere (Vigna's SplitMix64).
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
