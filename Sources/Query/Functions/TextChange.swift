import Columnar
import Language

/// Texts cleaned and made.
extension Functions {
  static let textChanges: [Function] = [
    change(
      "capitalize", "The first letter as a capital, the rest as it is.", Texts.capitalised,
      "weather | derive w = capitalize(weather) | head 3",
      "penguins | agg c = capitalize(\"élan vital\")"),
    Function(
      "char", .text, "char(n)", 1...1, "The character of a number in Unicode; null for no such.",
      "penguins | agg c = char(65)", "penguins | derive c = char(year - 1900) | head 3"
    ) { call throws(Diagnostic) in
      call.apply([try call.integer(0)], type: .text, Texts.character)
    },
    Function(
      "format_number", .text, "format_number(x, decimals = 0)", 1...2,
      "A number as text with so many decimals, at most 20, and commas between thousands.",
      "penguins | derive g = format_number(body_mass_g) | head 3",
      "penguins | agg g = format_number(mean(body_mass_g), 2) by species"
    ) { call throws(Diagnostic) in
      let decimals = call.isGiven(1) ? try call.integer(1) : call.fallback(.int(0))
      return call.apply(
        [try call.number(0), decimals], type: .text, isTotal: true, Texts.grouped)
    },
    change(
      "normalize", "In Unicode's composed form NFC, so that equal looks are equal bytes.",
      Texts.composed, "penguins | derive n = normalize(island) | head 3",
      "penguins | agg same = normalize(\"e\\u{301}\") == \"é\""),
    change(
      "squish", "Without white space at the ends and with single spaces inside.", Texts.squished,
      "penguins | agg s = squish(\"  two   words \")",
      "penguins | derive s = squish(concat(\" \", species, \"  penguin\")) | head 3"),
    change(
      "strip_accents", "Without accents and other marks on letters.", Texts.withoutMarks,
      "penguins | agg s = strip_accents(\"Málaga, Orléans, Köln\")",
      "penguins | derive s = strip_accents(island) | head 3"),
    change(
      "title", "Each word with a capital first letter and small others.", Texts.title,
      "weather | derive w = title(weather) | head 3",
      "penguins | agg t = title(\"the LONG way home\")"),
    Function(
      "translate", .text, "translate(x, from, to)", 3...3,
      "Each character of `from` replaced by that at its place in `to`, or taken out without one.",
      "penguins | derive t = translate(species, \"aeiou\", \"43105\") | head 3",
      "penguins | agg t = translate(\"(555) 12-34\", \"()- \", \"\")"
    ) { call throws(Diagnostic) in
      call.apply(
        [try call.text(0), try call.text(1), try call.text(2)], type: .text, isTotal: true,
        Texts.translated)
    },
    trim(
      "ltrim", start: true, end: false,
      "Without white space, or the characters given, at the start."),
    trim(
      "rtrim", start: false, end: true, "Without white space, or the characters given, at the end."),
    trim(
      "trim", start: true, end: true, "Without white space, or the characters given, at both ends."),
  ]

  private static func change(
    _ name: String, _ summary: String, _ kernel: @escaping Kernel, _ first: String,
    _ second: String
  ) -> Function {
    Function(name, .text, "\(name)(x)", 1...1, summary, first, second) { call throws(Diagnostic) in
      call.apply([try call.text(0)], type: .text, isTotal: true, kernel)
    }
  }

  private static func trim(_ name: String, start: Bool, end: Bool, _ summary: String) -> Function {
    Function(
      name, .text, "\(name)(x, characters)", 1...2, summary,
      "penguins | derive t = \(name)(concat(\" \", species, \" \")) | head 3",
      "penguins | agg t = \(name)(\"--7--\", \"-\")"
    ) { call throws(Diagnostic) in
      let x = try call.text(0)
      guard call.isGiven(1) else {
        return call.apply(
          [x], type: .text, isTotal: true, Texts.trim(start: start, end: end))
      }
      return call.apply(
        [x, try call.text(1)], type: .text, isTotal: true, Texts.trimSet(start: start, end: end))
    }
  }
}
