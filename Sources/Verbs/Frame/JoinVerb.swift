import Columnar
import Language
import Notebooks
import Query

/// `join frame on keys [kind=…]`
struct JoinVerb: PartnerVerb {
  static let declaration = VerbDeclaration(
    "join", .change, "Adds the columns of another frame where keys are equal",
    synopsis: "join FRAME on KEY, … [kind=inner|left|right|full|semi|anti|cross|asof] "
      + "[expect=n:1] [suffix=_right]\n       [direction=backward] [tolerance=5s]",
    details: [
      "A key is a column of both, `on id`, or one of each, `on zone == zone_id`; of the two the "
        + "left one comes out. Other columns of the right side that the left has too get the "
        + "suffix. Left rows keep their order, matches of one row the right side's; right rows "
        + "without a match come last. Null matches nothing.",
      "`semi` keeps left rows that match and `anti` those that do not. `asof` takes for each left "
        + "row the right row whose last key is nearest: `backward` the last that is not later, "
        + "`forward` the first that is not earlier, `nearest` the closer, no farther away than "
        + "`tolerance`; keys before the last must be equal.",
      "`expect` fails where keys repeat: `n:1` on the right, `1:n` on the left, `1:1` on either. "
        + "A result over 10 times as long as the longer side needs `expect=n:m`.",
    ], clauses: [.on],
    options: [
      .init("kind", "inner|left|right|full|semi|anti|cross|asof", "which rows come out"),
      .init("expect", "1:1|n:1|1:n|n:m", "how often a key may occur on the left and on the right"),
      .init("suffix", "text", "behind right names that the left has too; `_right` if not given"),
      .init("direction", "backward|forward|nearest", "where `asof` looks; backward if not given"),
      .init("tolerance", "length|number", "how far `asof` looks"),
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "means = penguins | agg mean_mass = mean(body_mass_g) by species",
        "penguins | join means on species expect=n:1 | select species, body_mass_g, mean_mass "
          + "| head 3"),
      Example(
        "load \"datasets/weather.csv\" as weather", "load \"datasets/co2.csv\" as co2",
        "weather | join co2 on date kind=asof tolerance=7d | count"),
      Example(
        "load \"datasets/titanic.csv\" as titanic",
        "dear = titanic | filter fare > 300 | select ticket, fare",
        "titanic | join dear on ticket kind=semi | count"),
    ],
    keywords: [
      "merge", "lookup", "match", "combine", "vlookup", "left", "outer", "inner", "asof",
      "relation",
    ], synonyms: ["merge"])

  let call: Call
  let partners: [Name]
  private let kind: LogicalPlan.Join.Kind
  private let keys: [JoinRequest.Key]

  init(_ call: Call) throws {
    self.call = call
    partners = try call.frameNames("join")
    if let second = partners.dropFirst().first {
      throw call.misuse("`join` takes one frame; a second `| join` takes another", at: second.span)
    }
    let word = try call.choiceOption("kind", among: Self.kinds) ?? "inner"
    let direction =
      try call.choiceOption("direction", among: AsOfDirection.allCases.map(\.rawValue))
      .flatMap { AsOfDirection(rawValue: $0) }
    if word == "asof" {
      kind = .asOf(direction ?? .backward, nil)
      for name in ["expect"] where call.option(name) != nil {
        throw call.misuse(
          "an as-of join takes one right row for each left row", at: call.option(name)?.span)
      }
    } else {
      for name in ["direction", "tolerance"] where call.option(name) != nil {
        throw call.misuse("`\(name)` belongs to kind=asof", at: call.option(name)?.span)
      }
      kind = JoinKind(rawValue: word).map { .matching($0) } ?? .cross
    }
    keys = try (call.onItems ?? []).map { try call.joinKey($0) }
    if word == "cross", let item = call.onItems?.first {
      throw call.misuse("a cross join takes no keys", at: item.value.span)
    }
    if word != "cross", keys.isEmpty {
      var diagnostic = call.misuse("`join` needs keys")
      diagnostic.hints = ["join \(Language.print(call.items[0].value)) on KEY"]
      throw diagnostic
    }
  }

  private static let kinds = JoinKind.allCases.map(\.rawValue) + ["cross", "asof"]

  func lower(_ input: LogicalPlan, with partners: [LogicalPlan]) throws -> LogicalPlan {
    let expectation = try call.choiceOption(
      "expect", among: LogicalPlan.Join.Expectation.allCases.map(\.rawValue))
    let suffix = try call.textOption("suffix") ?? "_right"
    if suffix.isEmpty { throw call.invalid("suffix", "at least one letter") }
    return try input.joined(
      with: partners[0],
      JoinRequest(
        rightName: self.partners[0], keys: keys, kind: kind,
        expectation: expectation.flatMap { LogicalPlan.Join.Expectation(rawValue: $0) },
        suffix: suffix,
        tolerance: try call.scalarOption("tolerance").map {
          ($0, call.option("tolerance")?.span ?? call.stage.span)
        }, span: call.stage.span))
  }
}

/// `append frame, …`
struct AppendVerb: PartnerVerb {
  static let declaration = VerbDeclaration(
    "append", .change, "Puts the rows of other frames behind", synopsis: "append FRAME, …",
    details: [
      "Columns are matched by name. What one side lacks is null there, which is said; ints and "
        + "floats of one name become floats, dates and datetimes datetimes; other types that "
        + "differ are an error."
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "biscoe = penguins | filter island == \"Biscoe\"",
        "dream = penguins | filter island == \"Dream\"", "biscoe | append dream | count by island"),
      Example(
        "load \"datasets/iris.csv\" as iris", "flowers = iris | select species | head 2",
        "iris | tail 2 | append flowers"),
    ],
    keywords: ["union", "concat", "concatenate", "rbind", "stack", "rows", "bind_rows", "vstack"],
    synonyms: ["union", "bind_rows"])

  let call: Call
  let partners: [Name]

  init(_ call: Call) throws {
    self.call = call
    partners = try call.frameNames("append")
  }

  func lower(_ input: LogicalPlan, with partners: [LogicalPlan]) throws -> LogicalPlan {
    var plan = input
    for (name, partner) in zip(self.partners, partners) {
      plan = try plan.appending(partner, span: name.span)
    }
    return plan
  }
}

extension Call {
  /// The items as names of bound frames; at least one.
  func frameNames(_ verb: String) throws -> [Name] {
    try expectItems(1...100, "the name of a bound frame")
    return try items.map { item in
      switch item.value.kind {
      case .name(let text): return Name(text, item.value.span)
      case .placeholder: return Name("_", item.value.span)
      case .text:
        throw misuse("`\(verb)` takes a bound frame; `load` binds one", at: item.value.span)
      default: throw misuse("`\(verb)` takes the name of a bound frame", at: item.value.span)
      }
    }
  }

  /// `a` or `a == b` behind `on`.
  func joinKey(_ item: Item) throws -> JoinRequest.Key {
    switch item.value.kind {
    case .name(let text):
      let name = Name(text, item.value.span)
      return JoinRequest.Key(left: name, right: name, span: item.value.span)
    case .binary(.equal, let left, let right):
      if case .name(let first) = left.kind, case .name(let second) = right.kind {
        return JoinRequest.Key(
          left: Name(first, left.span), right: Name(second, right.span), span: item.value.span)
      }
    default: break
    }
    throw misuse(
      "a key is a column, `on id`, or one of each side, `on left_id == right_id`",
      at: item.value.span)
  }
}
