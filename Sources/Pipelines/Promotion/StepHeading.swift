import Language

/// A heading that makes a step of the lines below it: `## step: train retries=2 timeout=10min`.
package struct StepHeading: Sendable, Equatable {
  package let name: String
  /// How often it is tried again, and the seconds it may take; nil for what the promotion says of all.
  package private(set) var retries: Int?
  package private(set) var timeout: Double?

  /// Reads what stands behind `step:`; nil where it has no name. Throws `syntax`.
  init?(_ text: String) throws {
    var words = text.split(separator: " ").map(String.init)
    // Options stand behind the name; a name may hold a `=`, too.
    while let last = words.last, let equals = last.firstIndex(of: "="), words.count > 1,
      equals > last.startIndex, last[..<equals].allSatisfy(\.isLetter)
    {
      let (option, value) = (last[..<equals], String(last[last.index(after: equals)...]))
      let place = "the heading `step: \(text.drop { $0 == " " })`"
      switch option {
      case "retries":
        guard let count = Int(value), (0...100).contains(count) else {
          throw Diagnostic(.syntax, "\(place): `retries` takes a whole number from 0 to 100")
        }
        retries = retries ?? count
      case "timeout":
        guard let seconds = Seconds.parse(value) else {
          throw Diagnostic(.syntax, "\(place): `timeout` takes a time, as 30s, 10min or 2h")
        }
        timeout = timeout ?? seconds
      default:
        throw Diagnostic(
          .syntax, "\(place): a step has no option `\(option)`",
          notes: ["options: retries, timeout"])
      }
      words.removeLast()
    }
    if words.isEmpty { return nil }
    name = String(words.joined(separator: " ").prefix(60))
  }
}
