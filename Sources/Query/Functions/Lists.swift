import Columnar
import Language

extension Functions {
  static let lists: [Function] = [
    Function(
      "extract_all", .list, "extract_all(x, regex, group = 0)", 2...3,
      "A list of all matches of a regex, or of one of its groups.",
      "penguins | derive vowels = length(extract_all(island, /[aeiou]/)) | head 3",
      "penguins | derive v = list_join(extract_all(lower(species), /[aeiou]/), \"-\") | head 3",
      givesList: true
    ) { call throws(Diagnostic) in
      let x = try call.text(0)
      let regex = try call.binder.regex(call.arguments[1])
      var group = 0
      if call.isGiven(2) {
        group = try call.wholeNumber(2, 0...max(regex.groupCount, 0), "the number of a group")
      }
      return call.apply([x], type: .text, regex.extractAll(group: group))
    },
    Function(
      "list_contains", .list, "list_contains(list, x)", 2...2,
      "Whether an element is equal to a text: `x in list`.",
      "penguins | filter list_contains(split(species, \"l\"), \"Ade\") | head 3",
      "penguins | agg n = sum(list_contains(extract_all(species, /o+/), \"oo\"))"
    ) { call throws(Diagnostic) in
      call.apply(
        [try call.texts(0), try call.text(1)], type: .bool, isTotal: true, TextLists.contains)
    },
    changing(
      "list_distinct", "Each different element once, where it first stands.",
      "length(list_distinct(split(island, \"\")))", TextLists.distinct),
    Function(
      "list_join", .list, "list_join(list, separator)", 2...2,
      "The elements as one text with a separator between them; nulls are passed over.",
      "penguins | derive where_from = list_join([species, island, sex], \" / \") | head 3",
      "penguins | derive spaced = list_join(split(species, \"\"), \" \") | head 3"
    ) { call throws(Diagnostic) in
      call.apply(
        [try call.texts(0), try call.text(1)], type: .text, isTotal: true, TextLists.joined)
    },
    Function(
      "list_position", .list, "list_position(list, x)", 2...2,
      "The place of the first element equal to a text, from 1; 0 where there is none.",
      "penguins | derive p = list_position(split(island, \"\"), \"e\") | head 3",
      "penguins | agg p = list_position([\"a\", \"b\"], \"b\")"
    ) { call throws(Diagnostic) in
      call.apply(
        [try call.texts(0), try call.text(1)], type: .int, isTotal: true, TextLists.position)
    },
    changing(
      "list_reverse", "The elements last first.",
      "list_join(list_reverse(split(island, \"r\")), \"r\")", TextLists.reversed),
    changing(
      "list_sort", "The elements in order of their bytes, nulls last.",
      "list_join(list_sort(split(lower(island), \"\")), \"\")", TextLists.sorted),
    Function(
      "split", .list, "split(x, separator)", 2...2,
      "A list of the parts between separators or matches of a regex; of the characters where the "
        + "separator is empty. `[1]` takes the first part, `[-1]` the last, `[2..]` a list of the "
        + "others; `length` counts them; `explode` gives each a row.",
      "penguins | derive last = split(island, \"e\")[-1] | head 3",
      "penguins | derive parts = length(split(species, /[aeiou]/)) | head 3", givesList: true
    ) { call throws(Diagnostic) in
      let x = try call.text(0)
      if let regex = try call.regex(1) { return call.apply([x], type: .text, regex.split) }
      return call.apply([x, try call.text(1)], type: .text, isTotal: true, TextLists.split)
    },
  ]

  /// A function that makes a list of a list; `example` is an expression over penguins.
  private static func changing(
    _ name: String, _ summary: String, _ example: String, _ kernel: @escaping Kernel
  ) -> Function {
    Function(
      name, .list, "\(name)(list)", 1...1, summary, "penguins | derive x = \(example) | head 3",
      "penguins | agg x = list_join(\(name)(split(\"b,a,b\", \",\")), \" \")", givesList: true
    ) { call throws(Diagnostic) in
      call.apply([try call.texts(0)], type: .text, isTotal: true, kernel)
    }
  }
}
