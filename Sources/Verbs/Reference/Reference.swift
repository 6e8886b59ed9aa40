import Language
import Notebooks
import Query

/// The page docs/language.md: what is written by hand, and verbs, functions and error codes from
/// their own declarations.
package enum Reference {
  /// The whole page as Markdown.
  package static let text =
    [grammar, rules, verbs, functions, errors, output]
    .joined(separator: "\n\n") + "\n"

  private static var verbs: String {
    var parts = ["## Verbs"]
    for purpose in VerbDeclaration.Purpose.allCases {
      let members = Registry.catalog.declarations.filter { $0.purpose == purpose }
      if members.isEmpty { continue }
      let index = members.map { "[\($0.name)](#\($0.name))" }.joined(separator: " · ")
      parts.append("**\(purpose.rawValue):** \(index)")
    }
    for purpose in VerbDeclaration.Purpose.allCases {
      let members = Registry.catalog.declarations.filter { $0.purpose == purpose }
      parts += members.map(entry)
    }
    return parts.joined(separator: "\n\n")
  }

  private static func entry(_ verb: VerbDeclaration) -> String {
    let forms = verb.synopsis.split(separator: "\n").map { "    " + $0.drop { $0 == " " } }
    var parts = ["### \(verb.name)", sentence(verb.summary), forms.joined(separator: "\n")]
    parts += verb.details
    if !verb.options.isEmpty {
      let rows = verb.options.map { option in
        "| `\(option.name)=` | `\(cell(option.values))` | \(cell(option.meaning)) |"
      }
      parts.append(
        (["| option | values | meaning |", "|---|---|---|"] + rows).joined(separator: "\n"))
    }
    parts += verb.examples.map { example in
      (["```kaizen"] + example.lines + ["```"]).joined(separator: "\n")
    }
    if !verb.synonyms.isEmpty {
      let names = verb.synonyms.map { "`\($0)`" }.joined(separator: ", ")
      parts.append("Also understood: \(names).")
    }
    return parts.joined(separator: "\n\n")
  }

  private static var functions: String {
    var parts = [
      "## Functions",
      "The examples go with `load \"datasets/penguins.csv\" as penguins` and "
        + "`load \"datasets/weather.csv\" as weather`.\nNull in, null out, unless it says otherwise.",
    ]
    for family in Function.Family.allCases {
      let members = Functions.all.filter { $0.family == family }
      if members.isEmpty { continue }
      parts.append("### \(title(family))")
      parts.append(members.map(entry).joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n")
  }

  private static func entry(_ function: Function) -> String {
    (["- **`\(function.signature)`** \(function.summary)"] + function.examples.map { "  `\($0)`" })
      .joined(separator: "<br>\n")
  }

  private static func title(_ family: Function.Family) -> String {
    switch family {
    case .math: "Mathematics"
    case .text: "Text"
    case .list: "Lists: parts of texts, inside an expression"
    case .time: "Time"
    case .conditional: "Conditions and nulls"
    case .conversion: "Conversion"
    case .aggregate: "Aggregates"
    case .window: "Windows: over the rows of a group"
    case .statistics: "Statistics"
    case .random: "Random numbers"
    }
  }

  private static var errors: String {
    var byStatus: [Int32: [Diagnostic.Code]] = [:]
    for code in Diagnostic.Code.allCases { byStatus[code.exitStatus, default: []].append(code) }
    let rows = byStatus.keys.sorted().map { status in
      let codes = (byStatus[status] ?? []).map { "`\($0.rawValue)`" }.joined(separator: " ")
      return "| \(status) | \(meaning(status)) | \(codes) |"
    }
    return """
      ## Errors and exit status

      One error has one message: a stable code, the place at fault, the reason, and what to do. Only columns that
      are there at that stage are suggested. A line that fails changes nothing.

          error[unknown-column]: no column `body_mas_g` here
            penguins | filter body_mas_g > 4000
                              ^^^^^^^^^^ did you mean `body_mass_g`?

      | status | when | codes |
      |---|---|---|
      | 0 | done | |

      """ + rows.joined(separator: "\n")
  }

  private static func meaning(_ status: Int32) -> String {
    switch status {
    case 1: "a command failed"
    case 2: "a mistake in the line, an option or a parameter"
    case 3: "an output differs from the record"
    case 4: "an input or a secret is missing, or an input is not the one pinned"
    case 5: "a data check failed"
    case 6: "a model gate failed"
    case 7: "a drift gate failed"
    case 75: "worth another try"
    case 130: "interrupted"
    default: ""
    }
  }

  private static func sentence(_ text: String) -> String { text.hasSuffix(".") ? text : text + "." }

  /// Text for a cell of a Markdown table.
  private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
