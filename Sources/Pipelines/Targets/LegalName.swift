import Notebooks

/// Names in the small alphabets of orchestrators.
enum LegalName {
  /// A text with ASCII letters, digits and `others` only, at most `limit` long, that begins and ends
  /// with a letter or digit; where that is another one, it ends with a digest of the text, so that two
  /// that differ stay two. The first of `others` stands for what may not.
  static func of(
    _ text: String, others: String = "-_", limit: Int, isSmall: Bool = false
  ) -> String {
    let filler = others.first ?? "-"
    func isKept(_ character: Character) -> Bool {
      character.isASCII && (character.isLetter || character.isNumber)
    }
    let plain = (isSmall ? text.lowercased() : text).map { character in
      isKept(character) || others.contains(character) ? character : filler
    }.drop { !isKept($0) }
    let isWhole = plain.last.map(isKept) ?? false
    if isWhole, plain.count <= limit, String(plain) == text { return text }
    let end = String(filler) + String(digest(text).prefix(8))
    return (plain.isEmpty ? "x" : String(plain.prefix(max(1, limit - end.utf8.count)))) + end
  }

  /// That of a step, which begins with a letter.
  static func step(
    _ id: String, others: String = "-_", limit: Int = 90, isSmall: Bool = false
  ) -> String {
    of("step\(others.first ?? "-")\(id)", others: others, limit: limit, isSmall: isSmall)
  }

  /// That of a step where only letters, digits and `_` may stand, as in programs.
  static func variable(_ step: String) -> String {
    // Ids without `_` stay different when each `-` becomes one.
    self.step(step.contains("_") ? step : step.replacing("-", with: "_"), others: "_")
  }

  /// Names of several texts with letters, digits and `_` that begin with a letter; no two are the
  /// same or one of `taken`, whatever the texts are.
  static func variables(_ texts: [String], besides taken: Set<String> = []) -> [String] {
    var taken = taken
    return texts.map { text in
      let beginsWell = text.first.map { $0.isASCII && $0.isLetter } ?? false
      var wanted = beginsWell ? text : "x \(text)"
      var name = of(wanted, others: "_", limit: 60)
      while !taken.insert(name.lowercased()).inserted {
        // A longer text has another digest.
        wanted += " "
        name = of(wanted, others: "_", limit: 60)
      }
      return name
    }
  }
}
