import Columnar
import Language
import Notebooks
import Query

/// `explode [name =] list [place=name]`
struct ExplodeVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "explode", .change, "Gives each part of a text, or element of a list, its own row",
    synopsis: "explode [NAME =] LIST [place=NAME]",
    details: [
      "LIST is `split(x, \",\")`, `extract_all(x, /regex/)` or another list of an expression; the "
        + "other columns are repeated. Without a name the elements take the place of the column that "
        + "the list is made of. A null, or a list without elements, keeps its row, with null."
    ],
    options: [.init("place", "name", "a column with the place of each element, from 1")],
    examples: [
      Example(
        "load \"datasets/titanic.csv\" as titanic",
        "titanic | explode word = extract_all(name, /[A-Za-z]+/) | count by word | sort -count | head 3"
      ),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | distinct species | explode letter = split(lower(species), \"\") place=at | count by letter | head 3"
      ),
    ],
    keywords: [
      "unnest", "split rows", "separate", "list to rows", "tags", "comma separated", "flatten",
      "separate_rows", "mv-expand", "words",
    ],
    synonyms: ["unnest", "separate_rows", "separate_longer_delim", "unnest_longer"],
    takesNamedItems: true)

  let call: Call
  let place: Name?

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1, "a list, as explode split(tags, \",\")")
    guard let option = call.option("place") else {
      place = nil
      return
    }
    guard case .name(let name) = option.kind else {
      throw call.invalid("place", "a name for a column")
    }
    place = Name(name, option.span)
  }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    try input.exploding(call.items[0], place: place, scope: call.scope(input.schema))
  }
}
