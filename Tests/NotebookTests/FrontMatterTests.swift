import Columnar
import Language
import Notebooks
import TestSupport
import Testing

struct FrontMatterTests {
  static let odd = [
    "", " ", "a b", "a: b # c", "- x", "'", "\"", "\\", "a\nb", "a\r\nb", "\t", "#", "é", "数据", "👩‍👩‍👧",
    "\u{85}", "\u{2028}", "x\u{FEFF}y", "\u{7F}", "\u{1}", "null", "Yes", "1", "1e5", "0x1F", "{a}",
    "[b", "*a", "&a", "!t", "%x", "@x", "`x`", "key: ", "...", "---", "a ", " a", "~", "2024-03-01",
  ]

  @Test(arguments: odd) func textsPassThroughYAML(text: String) throws {
    var matter = FrontMatter()
    matter.title = text
    matter.inputs = [.init(path: text, sha256: String(repeating: "a", count: 64), bytes: 3)]
    var parameter = Parameter(name: "p", type: .text, value: .text(text))
    parameter.documentation = text
    parameter.choices = [.text(text), .text("other")]
    matter.parameters = [parameter]
    let read = try FrontMatter(parsing: matter.text)
    #expect(read.title.map { Array($0.utf8) } == Array(text.utf8))
    #expect(read.inputs == matter.inputs)
    #expect(read.parameters.first?.defaultValue == .text(text))
    #expect(read.parameters.first?.choices == parameter.choices)
    #expect(read.parameters.first?.documentation == text)
    // A notebook finds the end of its front matter.
    let file = try NotebookFile(parsing: matter.text + "x\n")
    #expect(file.frontMatter == matter.text)
  }

  @Test(arguments: [
    Scalar.int(.min), .int(-1), .int(.max), .float(2500), .float(1e300), .float(-1.5e-7),
    .float(0.1), .bool(true), .bool(false), .date(0), .date(19_783), .date(-1),
    .datetime(1_709_281_800_000_000), .datetime(1_709_281_800_123_456), .datetime(0),
    .duration(Duration(microseconds: 86_400_000_000)), .duration(Duration(months: 15)),
    .duration(Duration(microseconds: 5_400_000_001)),
  ])
  func valuesPassThroughYAML(value: Scalar) throws {
    var matter = FrontMatter()
    let type = try #require(value.type)
    matter.parameters = [Parameter(name: "p", type: type, value: value, minimum: value)]
    let read = try FrontMatter(parsing: matter.text)
    #expect(read.parameters.first?.defaultValue == value, "\(matter.text)")
    #expect(read.parameters.first?.minimum == value)
  }

  @Test(arguments: [
    ("params: 3", "mapping"), ("params: {a: {type: floot, default: 1}}", "types are"),
    ("params: {a: {type: int, default: x}}", "is int"),
    ("params: {a: {type: int, default: 1, min: 2}}", "below the minimum"),
    ("inputs: {a: {sha256: 12}}", "64 digits"), ("kaizen: 2", "format 2"),
    ("tolerance: 2", "from 0 to 1"), ("tolerance: x", "from 0 to 1"), ("a: [", "front matter"),
    ("- a", "mapping"),
  ])
  func mistakesAreNamed(yaml: String, words: String) {
    let error = #expect(throws: Diagnostic.self) {
      try FrontMatter(parsing: "---\n\(yaml)\n---\n")
    }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test func deepYAMLIsRefused() {
    for text in [
      String(repeating: "[", count: 100_000), "a: " + String(repeating: "{b: ", count: 20_000),
      String(repeating: "- ", count: 50_000) + "x", String(repeating: "? ", count: 50_000),
    ] {
      #expect(throws: Diagnostic.self) { try FrontMatter(parsing: "---\n\(text)\n---\n") }
    }
  }

  @Test func toleranceIsRead() throws {
    for (text, value) in [("1e-6", 1e-6), ("0", 0), ("0.01", 0.01)] {
      #expect(try FrontMatter(parsing: "---\ntolerance: \(text)\n---\n").tolerance == value)
    }
  }
}
