import Language
import Notebooks
import Query

/// `clean [columns]`
struct CleanVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "clean", .change, "Makes names of columns plain words", synopsis: "clean [COLUMNS]",
    details: [
      "Small letters, digits and `_`, words apart: `Trip Distance (km)` becomes "
        + "`trip_distance_km`, `fareAmount` `fare_amount`, `% paid` `percent_paid`, `2020` `x2020`. "
        + "Where two become one, the later ones get `_2`, `_3`."
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | rename sex -> `Sex of Bird`, year -> `Year (CE)` | clean | head 2"),
      Example(
        "load \"datasets/iris.csv\" as iris",
        "iris | rename species -> `Species Name`, sepal_width -> `sepalWidth` | clean | schema"),
    ], keywords: ["names", "clean_names", "snake_case", "janitor", "rename", "tidy"],
    synonyms: ["clean_names", "snake_case"])

  let call: Call

  init(_ call: Call) throws { self.call = call }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    let names = input.schema.names
    let chosen = Set(
      call.items.isEmpty ? names : try resolveSelection(call.items, schema: input.schema))
    var taken = Set(names.filter { !chosen.contains($0) || CleanVerb.cleaned($0) == $0 })
    var renamings: [LogicalPlan.Renaming] = []
    for name in names where chosen.contains(name) {
      let plain = CleanVerb.cleaned(name)
      if plain == name { continue }
      var candidate = plain
      var number = 2
      while !taken.insert(candidate).inserted {
        candidate = "\(plain)_\(number)"
        number += 1
      }
      renamings.append(LogicalPlan.Renaming(old: name, new: candidate))
    }
    return renamings.isEmpty ? input : .rename(input, renamings)
  }

  /// The name in small letters, digits and single `_`; never empty, a digit first or a reserved word.
  static func cleaned(_ name: String) -> String {
    var words: [String] = []
    var word = ""
    func end() {
      if !word.isEmpty { words.append(word) }
      word = ""
    }
    let characters = Array(name)
    for (index, character) in characters.enumerated() {
      if character == "%" || character == "#" {
        end()
        words.append(character == "%" ? "percent" : "number")
      } else if character == "'" || character == "’" {
        continue
      } else if character.isLetter || character.isNumber {
        // `fareAmount` and `HTTPServer` are two words each.
        let previous = index > 0 ? characters[index - 1] : " "
        let next = index + 1 < characters.count ? characters[index + 1] : " "
        if character.isUppercase,
          previous.isLowercase || previous.isNumber || (previous.isUppercase && next.isLowercase)
        {
          end()
        }
        word += character.lowercased()
      } else {
        end()
      }
    }
    end()
    let joined = words.joined(separator: "_")
    if joined.isEmpty { return "column" }
    if joined.first?.isNumber == true { return "x" + joined }
    return Keyword(rawValue: joined) == nil ? joined : joined + "_"
  }
}
