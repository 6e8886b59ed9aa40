import Columnar
import Language

/// Texts compared, counted and digested.
extension Functions {
  static let textMeasures: [Function] = [
    measure(
      "byte_length", "How many bytes a text has in UTF-8.", Texts.byteCount,
      "penguins | derive b = byte_length(species) | head 3",
      "penguins | agg b = byte_length(\"grün\")"),
    measure(
      "code_point", "The number of the first character in Unicode; null for an empty text.",
      Texts.codePoint, "penguins | derive c = code_point(species) | head 3",
      "penguins | agg c = code_point(\"A\")"),
    Function(
      "count_matches", .text, "count_matches(x, part)", 2...2,
      "How often a text, or a match of a regex, occurs in another, without overlaps.",
      "penguins | derive n = count_matches(island, \"e\") | head 3",
      "penguins | derive vowels = count_matches(species, /[aeiou]/i) | head 3"
    ) { call throws(Diagnostic) in
      let x = try call.text(0)
      if let regex = try call.regex(1) { return call.apply([x], type: .int, regex.count) }
      return call.apply([x, try call.text(1)], type: .int, isTotal: true, Texts.occurrences)
    },
    distance(
      "damerau_levenshtein", .damerau, .int,
      "As `levenshtein`, where exchanging two neighbours is one step.",
      "penguins | agg d = damerau_levenshtein(\"recieve\", \"receive\")",
      "penguins | derive d = damerau_levenshtein(species, \"Adleie\") | head 3"),
    Function(
      "find", .text, "find(x, part)", 2...2,
      "Where a text first occurs in another, from 1; 0 where it does not.",
      "penguins | derive at = find(island, \"e\") | head 3",
      "penguins | filter find(island, \"gers\") > 0 | head 3"
    ) { call throws(Diagnostic) in
      call.apply([try call.text(0), try call.text(1)], type: .int, isTotal: true, Texts.find)
    },
    distance(
      "hamming", .hamming, .int,
      "In how many places two texts of one length differ; null for texts of different length.",
      "penguins | agg d = hamming(\"karolin\", \"kathrin\")",
      "penguins | derive d = hamming(island, \"Torgerzen\") | head 3"),
    measure(
      "hash", "A 64-bit number of a text, the same on every system: to sample or split by a key.",
      Texts.hash, "penguins | derive h = hash(species) | head 3",
      "penguins | derive part = hash(concat(species, island)) % 10 | head 3"),
    distance(
      "jaro", .jaro, .float, "Jaro's similarity of two texts, from 0 to 1.",
      "penguins | agg s = jaro(\"MARTHA\", \"MARHTA\")",
      "penguins | derive s = jaro(species, \"Adele\") | head 3"),
    distance(
      "jaro_winkler", .jaroWinkler, .float,
      "Jaro's similarity, raised by Winkler where the texts begin alike: for names.",
      "penguins | agg s = jaro_winkler(\"DWAYNE\", \"DUANE\")",
      "penguins | derive s = jaro_winkler(species, \"Adele\") | head 3"),
    distance(
      "levenshtein", .levenshtein, .int,
      "How many insertions, deletions and replacements make one text of the other.",
      "penguins | agg d = levenshtein(\"kitten\", \"sitting\")",
      "penguins | filter levenshtein(species, \"Adele\") <= 2 | head 3"),
    digest(
      "md5", "The MD5 digest of a text, in hexadecimal digits; for keys, not for secrets.",
      Texts.md5),
    digest("sha256", "The SHA-256 digest of a text, in hexadecimal digits.", Texts.sha256),
    distance(
      "similarity", .similarity, .float,
      "1 less `levenshtein` divided by the longer length: from 0 to 1.",
      "penguins | agg s = similarity(\"kitten\", \"sitting\")",
      "penguins | filter similarity(island, \"Torgerson\") > 0.8 | head 3"),
  ]

  private static func measure(
    _ name: String, _ summary: String, _ kernel: @escaping Kernel, _ first: String,
    _ second: String
  ) -> Function {
    Function(name, .text, "\(name)(x)", 1...1, summary, first, second) { call throws(Diagnostic) in
      call.apply([try call.text(0)], type: .int, isTotal: name != "code_point", kernel)
    }
  }

  private static func digest(
    _ name: String, _ summary: String, _ kernel: @escaping Kernel
  ) -> Function {
    Function(
      name, .text, "\(name)(x)", 1...1, summary, "penguins | agg d = \(name)(\"abc\")",
      "penguins | derive key = slice(\(name)(concat(species, island)), 1, 8) | head 3"
    ) { call throws(Diagnostic) in
      call.apply([try call.text(0)], type: .text, isTotal: true, kernel)
    }
  }

  private static func distance(
    _ name: String, _ distance: TextDistance, _ type: DataType, _ summary: String,
    _ first: String, _ second: String
  ) -> Function {
    Function(name, .text, "\(name)(a, b)", 2...2, summary, first, second) {
      call throws(Diagnostic) in
      call.apply([try call.text(0), try call.text(1)], type: type, distance.apply)
    }
  }
}
