import Columnar
import Language

extension Functions {
  static let plainText: [Function] = [
    Function(
      "concat", .text, "concat(a, b, …)", 1...1000,
      "All arguments one after the other as text; a null counts as empty.",
      "penguins | derive where_from = concat(species, \" of \", island) | head 3",
      "penguins | derive key = concat(species, year) | head 3"
    ) { call throws(Diagnostic) in
      var parts: [TypedExpr] = []
      for index in 0..<call.count { parts.append(call.binder.asText(try call.value(index))) }
      return call.apply(parts, type: .text, isTotal: true, Texts.concat)
    },
    Function(
      "contains", .text, "contains(x, part)", 2...2,
      "Whether a text holds another, or a match of a regex; or whether a list has an element.",
      "penguins | filter contains(island, \"ers\") | head 3",
      "penguins | filter contains(species, /^g/i) | head 3"
    ) { call throws(Diagnostic) in
      if let list = try call.binder.list(call.arguments[0]) {
        return call.apply([list, try call.text(1)], type: .bool, isTotal: true, TextLists.contains)
      }
      let x = try call.text(0)
      if let regex = try call.regex(1) { return call.apply([x], type: .bool, regex.matches) }
      return call.apply([x, try call.text(1)], type: .bool, isTotal: true, Texts.contains)
    },
    Function(
      "ends", .text, "ends(x, suffix)", 2...2, "Whether a text ends with another.",
      "penguins | filter ends(species, \"oo\") | head 3",
      "penguins | derive e = ends(island, \"e\") | head 3"
    ) { call throws(Diagnostic) in
      call.apply([try call.text(0), try call.text(1)], type: .bool, isTotal: true, Texts.ends)
    },
    Function(
      "extract", .text, "extract(x, regex, group = 1)", 2...3,
      "The part of the first match in brackets, or the whole match where there are none; null without a match.",
      "penguins | derive initial = extract(species, /^(.)/) | head 3",
      "penguins | derive end = extract(species, /([a-z])([a-z])$/, 2) | head 3"
    ) { call throws(Diagnostic) in
      let x = try call.text(0)
      let regex = try call.binder.regex(call.arguments[1])
      var group = min(regex.groupCount, 1)
      if call.isGiven(2) {
        let wanted = try call.constantNumber(2, "the number of a group")
        guard let number = Int(exactly: wanted), (0...regex.groupCount).contains(number) else {
          throw Diagnostic(
            .value, "the regex has no group \(Casts.text(wanted))", span: call.arguments[2].span,
            label: "groups 0 to \(regex.groupCount)")
        }
        group = number
      }
      return call.apply([x], type: .text, regex.extract(group: group))
    },
    Function(
      "length", .text, "length(x)", 1...1,
      "How many characters a text has, as a reader counts them: `é` is one however it is written; "
        + "or how many elements a list has.",
      "penguins | derive t = length(species) | head 3",
      "penguins | agg t = length(\"Grün\"), parts = length(split(\"a,b\", \",\"))"
    ) { call throws(Diagnostic) in
      if let list = try call.binder.list(call.arguments[0]) {
        return call.apply([list], type: .int, isTotal: true, TextLists.length)
      }
      return call.apply([try call.text(0)], type: .int, isTotal: true, Texts.length)
    },
    unary("lower", "In small letters.", Texts.lower),
    Function(
      "matches", .text, "matches(x, regex)", 2...2,
      "Whether a text has a match of a regex: `x =~ regex`.",
      "penguins | filter matches(species, /^A/) | head 3",
      "penguins | agg long = sum(matches(island, /^.{6,}$/))"
    ) { call throws(Diagnostic) in
      let x = try call.text(0)
      return call.apply([x], type: .bool, try call.binder.regex(call.arguments[1]).matches)
    },
    padding("pad_left", atStart: true, "Filled up in front to a width in characters."),
    padding("pad_right", atStart: false, "Filled up behind to a width in characters."),
    Function(
      "repeat", .text, "repeat(x, times)", 2...2, "The text so many times.",
      "penguins | derive twice = repeat(species, 2) | head 3",
      "penguins | derive stars = repeat(\"*\", year - 2006) | head 3"
    ) { call throws(Diagnostic) in
      call.apply([try call.text(0), try call.integer(1)], type: .text, Texts.repeated)
    },
    Function(
      "replace", .text, "replace(x, old, new)", 3...3,
      "Every occurrence of a text or match of a regex replaced; `$1` is a regex's first group.",
      "penguins | derive short = replace(island, \"Torgersen\", \"T\") | head 3",
      "penguins | derive vowels = replace(island, /[aeiou]/, \"_\") | head 3"
    ) { call throws(Diagnostic) in
      let (x, new) = (try call.text(0), try call.text(2))
      if let regex = try call.regex(1) { return call.apply([x, new], type: .text, regex.replace) }
      return call.apply([x, try call.text(1), new], type: .text, isTotal: true, Texts.replace)
    },
    unary(
      "reverse", "The characters last first; what a reader sees as one stays whole.", Texts.reverse),
    Function(
      "slice", .text, "slice(x, from, to = -1)", 2...3,
      "Characters from one place to another, both included, from 1; below 0 from the end.",
      "penguins | derive code = slice(species, 1, 3) | head 3",
      "penguins | derive end = slice(species, -3) | head 3"
    ) { call throws(Diagnostic) in
      let to = call.isGiven(2) ? try call.integer(2) : call.fallback(.int(-1))
      return call.apply(
        [try call.text(0), try call.integer(1), to], type: .text, isTotal: true, Texts.slice)
    },
    Function(
      "split_part", .text, "split_part(x, separator, n)", 3...3,
      "The n-th part between separators, from 1; below 0 from the end; null if there is none.",
      "penguins | derive first = split_part(island, \"r\", 1) | head 3",
      "penguins | agg part = split_part(\"a-b-c\", \"-\", -1)"
    ) { call throws(Diagnostic) in
      call.apply(
        [try call.text(0), try call.text(1), try call.integer(2)], type: .text, isTotal: true,
        Texts.splitPart)
    },
    Function(
      "starts", .text, "starts(x, prefix)", 2...2, "Whether a text starts with another.",
      "penguins | filter starts(species, \"Ad\") | head 3",
      "penguins | agg gentoos = sum(starts(species, \"G\"))"
    ) { call throws(Diagnostic) in
      call.apply([try call.text(0), try call.text(1)], type: .bool, isTotal: true, Texts.starts)
    },
    unary("upper", "In capital letters.", Texts.upper),
  ]

  private static func unary(
    _ name: String, type: DataType = .text, _ summary: String, _ kernel: @escaping Kernel
  ) -> Function {
    Function(
      name, .text, "\(name)(x)", 1...1, summary, "penguins | derive t = \(name)(species) | head 3",
      "penguins | agg t = \(name)(\"Grün\")"
    ) { call throws(Diagnostic) in
      call.apply([try call.text(0)], type: type, isTotal: true, kernel)
    }
  }

  private static func padding(_ name: String, atStart: Bool, _ summary: String) -> Function {
    Function(
      name, .text, "\(name)(x, width, fill = \" \")", 2...3, summary,
      "penguins | derive p = \(name)(text(body_mass_g), 6, \"0\") | head 3",
      "penguins | derive p = \(name)(island, 10) | head 3"
    ) { call throws(Diagnostic) in
      let fill = call.isGiven(2) ? try call.text(2) : call.fallback(.text(" "))
      return call.apply(
        [try call.text(0), try call.integer(1), fill], type: .text, Texts.pad(atStart: atStart))
    }
  }
}
