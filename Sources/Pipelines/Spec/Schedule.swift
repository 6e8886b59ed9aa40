import Language

/// When a pipeline is to run, as cron has it: minute, hour, day of the month, month, day of the week,
/// in UTC.
package struct Schedule: Sendable, Equatable {
  /// The five fields, a space between them: digits, `*`, `/`, `,` and `-` only.
  package let text: String

  package var fields: [String] { text.split(separator: " ").map(String.init) }

  /// Reads five fields of numbers. Throws `usage` for anything else, names of days and months too:
  /// not every orchestrator knows them.
  package init(parsing text: String) throws {
    let fields = text.split(separator: " ").map(String.init)
    let bounds: [(name: String, range: ClosedRange<Int>)] = [
      ("minute", 0...59), ("hour", 0...23), ("day of the month", 1...31), ("month", 1...12),
      ("day of the week", 0...6),
    ]
    func wrong(_ message: String) -> Diagnostic {
      Diagnostic(
        .usage, "the schedule \"\(text)\": \(message)",
        notes: ["minute, hour, day of the month, month, day of the week (0 is Sunday), in UTC"],
        hints: ["schedule=\"30 6 * * 1-5\""])
    }
    guard fields.count == bounds.count else { throw wrong("five fields are needed") }
    for (field, bound) in zip(fields, bounds) where !Self.fits(field, bound.range) {
      throw wrong(
        "`\(field)` is no \(bound.name): numbers from \(bound.range.lowerBound) to "
          + "\(bound.range.upperBound), *, lists, ranges and steps are")
    }
    self.text = fields.joined(separator: " ")
  }

  /// Whether a field is a list of `*`, numbers and ranges, each of which may have a step.
  private static func fits(_ field: String, _ range: ClosedRange<Int>) -> Bool {
    func number(_ text: Substring) -> Int? {
      guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
      else { return nil }
      return Int(text)
    }
    return field.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { part in
      let parts = part.split(separator: "/", omittingEmptySubsequences: false)
      guard let span = parts.first, parts.count <= 2 else { return false }
      if parts.count == 2 {
        guard let step = number(parts[1]), step >= 1, span == "*" || span.contains("-") else {
          return false
        }
      }
      if span == "*" { return true }
      let ends = span.split(separator: "-", omittingEmptySubsequences: false).map(number)
      guard ends.count <= 2, let lower = ends[0], let upper = ends[ends.count - 1] else {
        return false
      }
      return range.contains(lower) && range.contains(upper) && lower <= upper
    }
  }

  /// Whether the field of weekdays has this one; 0 is Sunday.
  package func runs(onWeekday day: Int) -> Bool {
    guard let field = fields.last else { return false }
    return field.split(separator: ",").contains { part in
      let parts = part.split(separator: "/")
      let step = parts.count > 1 ? Int(parts[1]) ?? 1 : 1
      let ends = parts[0] == "*" ? [0, 6] : parts[0].split(separator: "-").compactMap { Int($0) }
      guard let lower = ends.first, let upper = ends.last else { return false }
      return lower <= day && day <= upper && (day - lower).isMultiple(of: max(1, step))
    }
  }
}
