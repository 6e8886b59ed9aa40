import TestSupport
import Testing

/// A Swift file below Sources.
struct SourceFile: Sendable, CustomTestStringConvertible {
  let path: String
  let text: String

  static let all: [SourceFile] = Project.files(in: "Sources", withExtension: "swift").map {
    SourceFile(path: $0, text: (try? Project.text($0)) ?? "")
  }

  var testDescription: String { path }

  /// The folder below Sources.
  var module: String {
    path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
  }

  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// The modules named by import lines, whatever stands before or after `import`.
  var imports: [String] {
    lines.compactMap { line -> String? in
      let words = line.split { " \t".contains($0) }
      guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
        words[..<place].allSatisfy({ $0.hasPrefix("@") || Self.accessLevels.contains($0) })
      else { return nil }
      let kinds: Set<Substring> = [
        "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
      ]
      let named: Substring? = words[(place + 1)...].first { !kinds.contains($0) }
      return named.map { String($0.prefix { $0 != "." }) }
    }
  }

  private static let accessLevels: Set<Substring> = [
    "public", "package", "internal", "fileprivate", "private",
  ]

  /// The lines with comments and the contents of string literals blanked, so that only code is left.
  var code: [String] {
    var result: [String] = []
    var inMultiline = false
    var blockDepth = 0
    for line in lines {
      var kept = ""
      var rest = line
      var inString = false
      while let character = rest.first {
        if inMultiline {
          if rest.hasPrefix("\"\"\"") {
            inMultiline = false
            rest = rest.dropFirst(3)
            continue
          }
          rest = rest.dropFirst(character == "\\" ? 2 : 1)
        } else if blockDepth > 0 {
          if rest.hasPrefix("*/") { blockDepth -= 1 }
          rest = rest.dropFirst(rest.hasPrefix("*/") ? 2 : 1)
        } else if inString {
          if character == "\"" { inString = false }
          rest = rest.dropFirst(character == "\\" ? 2 : 1)
        } else if rest.hasPrefix("\"\"\"") {
          inMultiline = true
          rest = rest.dropFirst(3)
        } else if rest.hasPrefix("//") {
          break
        } else if rest.hasPrefix("/*") {
          blockDepth += 1
          rest = rest.dropFirst(2)
        } else {
          if character == "\"" { inString = true } else { kept.append(character) }
          rest = rest.dropFirst()
        }
      }
      result.append(kept)
    }
    return result
  }
}
