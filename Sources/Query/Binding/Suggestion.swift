import Language

/// Names to choose from, for messages.
enum Suggestion {
  /// `name` as it is written in a line: in backticks where it is not a plain word.
  static func written(_ name: String) -> String { print(Expr(.name(name), Span(0, 0))) }

  /// `columns at this stage: id, fare, … (19)`
  static func listing(_ names: [String], of what: String = "columns at this stage") -> String {
    if names.isEmpty { return "there are no \(what)" }
    var shown: [String] = []
    var width = 0
    for name in names {
      width += name.count + 2
      if width > 52, !shown.isEmpty { break }
      shown.append(written(name))
    }
    let isCut = shown.count < names.count
    return "\(what): " + shown.joined(separator: ", ")
      + (isCut ? ", … (\(names.count))" : "")
  }
}
