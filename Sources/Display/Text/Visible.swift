extension String {
  /// The text with what would move the cursor, ring or hide shown as signs: `␛`, `␊`, `\u{202E}`.
  ///
  /// Data comes from anywhere; none of it may steer the terminal or break a table's lines.
  func visible(_ glyphs: RenderContext.Glyphs) -> String {
    var needsWork = false
    for byte in utf8 where byte < 0x20 || byte >= 0x7F {
      needsWork = true
      break
    }
    guard needsWork else { return self }
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if scalar.isSteering {
        result.append(contentsOf: scalar.picture(glyphs).unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }
}

extension Unicode.Scalar {
  /// Control characters, line separators, and the signs that reorder or hide text.
  fileprivate var isSteering: Bool {
    switch value {
    case 0...0x1F, 0x7F...0x9F, 0x061C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F,
      0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE001F:
      true
    default: false
    }
  }

  fileprivate func picture(_ glyphs: RenderContext.Glyphs) -> String {
    if glyphs == .unicode {
      if value < 0x20 { return String(Unicode.Scalar(0x2400 + value) ?? "?") }
      if value == 0x7F { return "␡" }
    } else {
      switch value {
      case 0x09: return "\\t"
      case 0x0A: return "\\n"
      case 0x0D: return "\\r"
      default: break
      }
    }
    return "\\u{" + String(value, radix: 16, uppercase: true) + "}"
  }
}
