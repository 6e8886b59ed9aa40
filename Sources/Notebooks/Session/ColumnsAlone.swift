import Language

extension Diagnostic {
  /// For a name that nothing is bound to and that is a column of the frame at hand: says so, and gives
  /// the line in a verb that sees columns. `columns` are those of the frame `frame`.
  func naming(columns: [String], of frame: String?, in text: String) -> Diagnostic {
    guard code == .unknownName || code == .unknownVerb, let span, let frame,
      span.start >= 0, span.end <= text.utf8.count, span.start < span.end
    else { return self }
    let bytes = Array(text.utf8)
    let place = String(decoding: bytes[span.start..<span.end], as: UTF8.self)
    let name = place.hasPrefix("`") ? String(place.dropFirst().dropLast()) : place
    guard columns.contains(name) else { return self }
    var result = self
    result.label = "a column of `\(frame)`"
    if code == .unknownName { result.notes = ["filter, derive, agg and the like see columns"] }
    // Of one line that is nothing else, so that there is a line to offer.
    let line = String(
      text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    // A verb that is spelt alike is not meant.
    if line == place {
      result.hints = ["select \(line)"]
      return result
    }
    guard hints.isEmpty, !line.contains("\n"), !line.contains("|"), !line.contains(" = ") else {
      return result
    }
    if [" == ", " != ", " < ", " > ", " <= ", " >= ", " in ", " and ", " or ", " is "]
      .contains(where: line.contains)
    {
      result.hints = ["filter \(line)"]
    } else if code == .unknownName {
      result.hints = ["derive x = \(line)"]
    }
    return result
  }
}
