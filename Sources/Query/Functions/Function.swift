import Language

/// A function of expressions: everything that help, completion and binding know of it.
package struct Function: Sendable {
  package enum Family: String, Sendable, CaseIterable {
    case math, text, list, time, conditional, conversion, aggregate, window, statistics, random
  }

  package let name: String
  package let family: Family
  /// `round(x, digits = 0)`
  package let signature: String
  package let summary: String
  /// Lines that run once `load "datasets/penguins.csv" as penguins` and
  /// `load "datasets/weather.csv" as weather` have.
  package let examples: [String]
  /// Whether two runs may differ, as of `today()`.
  package let isReproducible: Bool
  /// Whether what it gives is a list of texts, which stands inside an expression only.
  package let givesList: Bool
  /// How many arguments it takes.
  let arity: ClosedRange<Int>
  /// Checks the arguments and finds the type of the result.
  let bind: @Sendable (FunctionCall) throws(Diagnostic) -> TypedExpr

  init(
    _ name: String, _ family: Family, _ signature: String, _ arity: ClosedRange<Int>,
    _ summary: String, _ examples: String..., isReproducible: Bool = true, givesList: Bool = false,
    bind: @escaping @Sendable (FunctionCall) throws(Diagnostic) -> TypedExpr
  ) {
    self.name = name
    self.family = family
    self.signature = signature
    self.arity = arity
    self.summary = summary
    self.examples = examples
    self.isReproducible = isReproducible
    self.givesList = givesList
    self.bind = bind
  }
}

extension Function {
  /// What other languages call it, sorted.
  package var otherSpellings: [String] {
    Functions.otherSpellings.filter { $0.value == name }.map(\.key).sorted()
  }
}

/// All functions, by family and then by name.
package enum Functions {
  package static let all: [Function] = Function.Family.allCases.flatMap { family in
    declared.filter { $0.family == family }.sorted { $0.name < $1.name }
  }

  /// As the files of each family declare them.
  private static let declared: [Function] =
    elementary + power + bits + rounding + plainText + textChanges + textMeasures + lists + time
    + calendar
    + conditional + choices + conversion + moreConversion + aggregate + window + statistics + random

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// The function of that name; nil if there is none.
  package static func named(_ name: String) -> Function? { byName[name] }

  /// Whether the operation's value depends on when it runs.
  static func isVolatile(_ name: String) -> Bool { name == "today" || name == "now" }
}
