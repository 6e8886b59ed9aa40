import Columnar
import Language
import Notebooks
import Query

/// `sort key, -key`
struct SortVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "sort", .change, "Orders rows; `-` turns a key around", synopsis: "sort [-]KEY, …",
    details: ["The sort is stable; nulls come last in both directions; text is by its bytes."],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | sort -body_mass_g, species | select species, body_mass_g | head 3"),
      Example(
        "load \"datasets/weather.csv\" as weather",
        "weather | sort month(date), -temp_max | take 1 by month(date)"),
    ], keywords: ["order", "arrange", "rank", "ascending", "descending"],
    synonyms: ["arrange", "orderby", "order_by"])

  let call: Call

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...100, "keys, as sort -fare, day")
  }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    try input.sorted(by: call.itemsAsSortKeys, scope: call.scope(input.schema))
  }
}

/// `head [N] [by keys]`
struct HeadVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "head", .look, "The first rows", synopsis: "head [N] [by KEYS]",
    details: ["5 where no number is given. With `by`, the first of each group."], clauses: [.by],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "head 3"),
      Example("load \"datasets/penguins.csv\" as penguins", "penguins | head 1 by species"),
    ], keywords: ["first", "top", "limit", "preview"], synonyms: ["limit"])

  let call: Call
  let count: Int

  init(_ call: Call) throws {
    self.call = call
    count = try call.rowCount(default: 5)
  }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    .take(
      input, .range(0..<count),
      by: try input.boundKeys(call.byItems, scope: call.scope(input.schema)))
  }
}

/// `tail [N] [by keys]`
struct TailVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "tail", .look, "The last rows", synopsis: "tail [N] [by KEYS]", clauses: [.by],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "tail 3"),
      Example("load \"datasets/weather.csv\" as weather", "weather | tail 1 by year(date)"),
    ],
    keywords: ["last", "end", "bottom"])

  let call: Call
  let count: Int

  init(_ call: Call) throws {
    self.call = call
    count = try call.rowCount(default: 5)
  }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    .take(
      input, .last(count),
      by: try input.boundKeys(call.byItems, scope: call.scope(input.schema)))
  }
}

/// `take N [by keys]`, `take a..b`
struct TakeVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "take", .change, "The first rows, or those from one number to another",
    synopsis: "take N [by KEYS]\n       take FROM..TO [by KEYS]",
    details: ["Rows are counted from 1."], clauses: [.by],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "penguins | take 101..103"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "penguins | sort -body_mass_g | take 1 by species"),
    ], keywords: ["rows", "slice", "range", "top", "limit"], synonyms: ["slice"])

  let call: Call
  let rows: Range<Int>

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1, "a number of rows or a range, as take 101..110")
    if case .range(let lower, let upper, let isHalfOpen) = call.items[0].value.kind {
      let from = try lower.map { try call.wholeNumber($0) } ?? 1
      let to = try upper.map { try call.wholeNumber($0) } ?? Int(UInt32.max)
      guard from >= 1, to >= from - (isHalfOpen ? 0 : 1) else {
        throw call.misuse(
          "rows are counted from 1, and a range goes up", at: call.items[0].value.span)
      }
      rows = from - 1..<max(from - 1, isHalfOpen ? to - 1 : to)
    } else {
      rows = 0..<(try call.rowCount(default: 5))
    }
  }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    .take(
      input, .range(rows),
      by: try input.boundKeys(call.byItems, scope: call.scope(input.schema)))
  }
}

/// `distinct [columns]`
struct DistinctVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "distinct", .change, "The distinct combinations of columns", synopsis: "distinct [COLUMNS]",
    details: [
      "With columns, only these are kept; without, whole rows are compared. In order of first "
        + "appearance."
    ],
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "penguins | distinct species, island"),
      Example("load \"datasets/iris.csv\" as iris", "iris | distinct | count"),
    ], keywords: ["unique", "duplicates", "values", "dedupe"], synonyms: ["unique"])

  let call: Call

  init(_ call: Call) throws { self.call = call }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    let names =
      call.items.isEmpty
      ? input.schema.names : try resolveSelection(call.items, schema: input.schema)
    return .distinct(.project(input, names), on: names)
  }
}

/// `dropnull [columns]`
struct DropNullVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "dropnull", .change, "Leaves out rows with a null", synopsis: "dropnull [COLUMNS]",
    examples: [
      Example("load \"datasets/penguins.csv\" as penguins", "penguins | dropnull sex | count"),
      Example("load \"datasets/titanic.csv\" as titanic", "titanic | dropnull numeric() | count"),
    ], keywords: ["missing values", "na", "complete", "drop_na", "null"],
    synonyms: ["drop_na", "dropna", "drop_nulls"])

  let call: Call

  init(_ call: Call) throws { self.call = call }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    .dropNull(
      input,
      in: call.items.isEmpty
        ? input.schema.names : try resolveSelection(call.items, schema: input.schema))
  }
}

extension Call {
  /// The items as keys of a sort, a leading minus turning a key around.
  var itemsAsSortKeys: [SortKey] {
    items.map { item in
      if case .unary(.minus, let operand) = item.value.kind {
        return SortKey(value: operand, isDescending: true)
      }
      return SortKey(value: item.value, isDescending: false)
    }
  }

  /// The number of rows that the one item gives, or a default.
  func rowCount(default standard: Int) throws -> Int {
    try expectItems(0...1, "a number of rows")
    guard let item = items.first else { return standard }
    return try wholeNumber(item.value)
  }

  /// A whole number of 0 or more.
  func wholeNumber(_ expression: Expr) throws -> Int {
    guard case .int(let number) = try scalar(expression), let count = Int(exactly: number),
      count >= 0, count <= Int(UInt32.max)
    else { throw misuse("this must be a whole number of rows", at: expression.span) }
    return count
  }
}
