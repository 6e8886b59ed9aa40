import Display
import Language
import Yams

/// Reading and writing the plain YAML of front matter and pipelines.
package enum YAML {
  /// The most brackets that may stand in one another, and the most columns that a line may be
  /// indented by: a reader that recurses must not run out of stack. Brackets in texts count, too.
  private static let bracketLimit = 1000
  private static let indentLimit = 256

  /// The root of a document; nil for an empty one. Throws `syntax` that begins with `place`; lines
  /// are counted in a file in which `lines` stand before the document.
  package static func node(_ text: String, of place: String, after lines: Int = 0) throws -> Node? {
    var depth = 0
    var indent = 0
    var isIndent = true
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
      case UInt8(ascii: "\n"): (indent, isIndent) = (0, true)
      default: break
      }
      if isIndent {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"):
          indent += 1
        case UInt8(ascii: "\n"): break
        default: isIndent = false
        }
      }
      if depth > bracketLimit || isIndent && indent > indentLimit {
        throw Diagnostic(.syntax, "\(place): it is nested too deep")
      }
    }
    do {
      return try Yams.compose(yaml: text)
    } catch {
      let reason = (error as? YamlError)?.shortDescription(after: lines)
      throw Diagnostic(.syntax, "\(place): \(reason ?? "\(error)")")
    }
  }

  /// A scalar that is read back as this text: plain where that is safe, else double-quoted.
  package static func scalar(_ text: String) -> String {
    guard let first = text.utf8.first, let last = text.utf8.last else { return "\"\"" }
    let isPlain =
      isLetter(first) && last != UInt8(ascii: " ")
      && text.utf8.allSatisfy {
        isLetter($0) || (0x30...0x39).contains($0) || " _-./".utf8.contains($0)
      }
      && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
    return isPlain ? text : quoted(text)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  /// A scalar in double quotes that is read back as this text. Escaped is what YAML does not take as
  /// it is: controls, its line breaks, byte-order marks.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22: result += "\\\""
      case 0x5C: result += "\\\\"
      case 0x0A: result += "\\n"
      case 0x09: result += "\\t"
      case 0x0D: result += "\\r"
      case 0..<0x20, 0x7F..<0xA1, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
