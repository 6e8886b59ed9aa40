/// The signs that frame the data, and what stands for them where the terminal is not UTF-8.
extension RenderContext.Glyphs {
  /// A missing value.
  var null: String { self == .unicode ? "·" : "null" }
  var ellipsis: String { self == .unicode ? "…" : "..." }
  /// Between the parts of a footer.
  var separator: String { self == .unicode ? " · " : ", " }

  /// Words written for people, in signs the terminal has.
  ///
  /// Data is not put through this, only titles, footers, captions and notes.
  package func legible(_ text: String) -> String {
    guard self == .ascii, text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
    var result = ""
    var rest = text[...]
    while let character = rest.first {
      if rest.hasPrefix(" · ") {
        result += separator
        rest = rest.dropFirst(3)
        continue
      }
      result += plainSigns[character] ?? String(character)
      rest = rest.dropFirst()
    }
    return result
  }
}

private let plainSigns: [Character: String] = [
  "·": ".", "…": "...", "×": "x", "²": "^2", "³": "^3", "≥": ">=", "≤": "<=", "≠": "!=",
  "→": "->", "←": "<-", "–": "-", "—": "-", "−": "-", "±": "+/-", "≈": "~", "∞": "inf", "›": ">",
  "✓": "ok", "✗": "x", "“": "\"", "”": "\"", "‘": "'", "’": "'", "•": "*", "∅": "null",
  "χ": "chi", "σ": "sigma", "μ": "mu", "α": "alpha", "β": "beta", "λ": "lambda", "ρ": "rho",
  "τ": "tau", "κ": "kappa", "Δ": "delta", "√": "sqrt", "µ": "u", "°": " deg",
]
