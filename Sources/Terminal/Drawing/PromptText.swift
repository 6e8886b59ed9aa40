/// A prompt as scalars, each with the code of its colour.
struct PromptText: Equatable {
  var scalars: [UInt32] = []
  /// As in `ESC[…m`; empty for none.
  var codes: [String] = []

  /// Takes `text` apart. Colours are written in it as `ESC[…m`, and `ESC[0m` ends them; any other
  /// escape is left out.
  init(_ text: String) {
    var code = ""
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if scalar != "\u{1B}" {
        scalars.append(scalar.value)
        codes.append(code)
        continue
      }
      guard rest.first == "[", let end = rest.firstIndex(of: "m") else { continue }
      let new = String(String.UnicodeScalarView(rest[..<end].dropFirst()))
      rest = rest[rest.index(after: end)...]
      code = new.isEmpty || new == "0" ? "" : code.isEmpty ? new : code + ";" + new
    }
  }

  var withoutColors: PromptText {
    var result = self
    result.codes = Array(repeating: "", count: scalars.count)
    return result
  }

  /// The text without colours.
  var plain: String { EditedLine(text: scalars).string }
}
