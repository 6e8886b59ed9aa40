import Columnar
import Language
import Query
import Testing

/// Mistakes, where their carets stand and what is suggested.
@Suite struct DiagnosticTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    let text: String
    let code: Diagnostic.Code
    let place: String
    let says: String

    init(_ text: String, _ code: Diagnostic.Code, at place: String, _ says: String) {
      (self.text, self.code, self.place, self.says) = (text, code, place, says)
    }

    var testDescription: String { text }
  }

  static let mistakes = [
    Mistake("fair > 3", .unknownColumn, at: "fair", "did you mean `fare`?"),
    Mistake("cutoff > 3", .unknownColumn, at: "cutoff", "a bound value is `$cutoff`"),
    Mistake("trips > 3", .unknownColumn, at: "trips", "is a frame"),
    Mistake("xyzzy > 3", .unknownColumn, at: "xyzzy", "columns at this stage: fare, dist"),
    Mistake("fare > $cutof", .unknownName, at: "$cutof", "did you mean `$cutoff`?"),
    Mistake("fare > $dist", .unknownName, at: "$dist", "without `$`"),
    Mistake("sqroot(fare) > 1", .unknownFunction, at: "sqroot", "did you mean `sqrt`?"),
    Mistake("nchar(note) > 1", .unknownFunction, at: "nchar", "`length`"),
    Mistake("fare(1) > 1", .unknownFunction, at: "fare", "is a column"),
    Mistake("round() > 1", .arguments, at: "round()", "round(x, digits = 0)"),
    Mistake("round(fare, 1, 2) > 1", .arguments, at: "round(fare, 1, 2)", "1 to 2 arguments"),
    Mistake("now(1) > when", .arguments, at: "now(1)", "now()"),
    Mistake("note + 1 > 2", .type, at: "note + 1", "text + int"),
    Mistake("note + \"x\" == \"y\"", .type, at: "note + \"x\"", "concat"),
    Mistake("flag + 1 > 2", .type, at: "flag + 1", "int(…)"),
    Mistake("note > 3", .type, at: "note > 3", "text > int"),
    Mistake("fare == \"3\"", .type, at: "fare == \"3\"", "without quotes"),
    Mistake("when > \"2024-03-01\"", .type, at: "when > \"2024-03-01\"", "`@2024-03-01`"),
    Mistake("day + 1 > day", .type, at: "day + 1", "days(…)"),
    Mistake("sqrt(note) > 1", .type, at: "note", "`note` is text"),
    Mistake("upper(fare) == \"A\"", .type, at: "fare", "text(…)"),
    Mistake("fare =~ /x/", .type, at: "fare", "needs text"),
    Mistake("note =~ /(/", .value, at: "/(/", "regex"),
    Mistake("note =~ dist", .type, at: "dist", "a regex is needed"),
    Mistake("fare in dist", .type, at: "dist", "a list or a range"),
    Mistake("fare in [1, \"a\"]", .type, at: "\"a\"", "text"),
    Mistake("note in 1..5", .type, at: "note in 1", "text >= int"),
    Mistake("not fare", .type, at: "fare", "`not` needs true or false"),
    Mistake("fare and flag", .type, at: "fare", "`and` joins conditions"),
    Mistake("fare", .type, at: "fare", "condition"),
    Mistake("(if fare then 1 else 2) > 1", .type, at: "fare", "condition"),
    Mistake("(if flag then 1 else \"a\") > 1", .type, at: "\"a\"", "different types: int and text"),
    Mistake("(case { flag: note, else: day }) is null", .type, at: "day", "text and date"),
    Mistake("(note ?? 1) is null", .type, at: "1", "text and int"),
    Mistake("lag(fare) > 1", .type, at: "lag", "order"),
    Mistake("first(fare) > 1", .type, at: "first", "order"),
    Mistake("mean(mean(fare)) > 1", .type, at: "mean(fare)", "another aggregate"),
    Mistake("mean(note) > 1", .type, at: "note", "`mean` does not apply to text"),
    Mistake("quantile(fare, 95) > 1", .value, at: "95", "`95%`"),
    Mistake("quantile(fare, dist) > 1", .type, at: "dist", "does not depend on rows"),
    Mistake("bin(day, 1h) == day", .type, at: "1h", "whole days"),
    Mistake("bin(day, 3) == day", .type, at: "3", "duration"),
    Mistake("bin(fare, 0) > 1", .type, at: "0", "above 0"),
    Mistake("when - when > 1mo", .type, at: "1mo", "no fixed length"),
    Mistake("cut(fare, [3, 1]) is null", .value, at: "[3, 1]", "must rise"),
    Mistake(
      "cut(fare, [1, 2], [\"a\", \"b\"]) is null", .value, at: "[\"a\", \"b\"]", "1 interval"),
    Mistake("date_diff(\"fortnight\", day, day) > 1", .value, at: "\"fortnight\"", "month"),
    Mistake("format_date(day, \"%Q\") == \"\"", .value, at: "\"%Q\"", "%Q"),
    Mistake("extract(note, /a/, 1) == \"\"", .value, at: "1", "no group 1"),
    Mistake("twice(fare, 2) > 1", .arguments, at: "twice(fare, 2)", "twice(x)"),
    Mistake("loop(fare) > 1", .value, at: "loop(fare)", "calls itself"),
    Mistake("clean(fare) > 1", .type, at: "clean", "def of stages"),
    Mistake("twice(note) > 1", .type, at: "twice(note)", "text * int"),
    Mistake("_ > 3", .unknownName, at: "_", "each"),
    Mistake("[1, 2] == fare", .type, at: "[1, 2]", "a list cannot stand here"),
  ]

  static func scope() throws -> Scope {
    let definitions = try Parser.parse(
      """
      def twice(x) = x * 2
      def loop(x) = loop(x + 1)
      def clean(x) = x | filter fare > 0
      """, grammar: grammar
    ).compactMap { statement -> Definition? in
      if case .definition(let definition) = statement.kind { definition } else { nil }
    }
    return Scope(
      schema: Schema([
        Schema.Field(name: "fare", type: .float), Schema.Field(name: "dist", type: .float),
        Schema.Field(name: "note", type: .text), Schema.Field(name: "flag", type: .bool),
        Schema.Field(name: "day", type: .date), Schema.Field(name: "when", type: .datetime),
      ]), variables: ["cutoff": .int(3)],
      boundNames: ["trips": "frame", "cutoff": "scalar"],
      definitions: Dictionary(uniqueKeysWithValues: definitions.map { ($0.name.text, $0) }))
  }

  @Test(arguments: mistakes) func isTold(_ mistake: Mistake) throws {
    let expression = try expression(mistake.text)
    let scope = try Self.scope()
    do {
      _ = try bindCondition(expression, in: scope, allowing: [.aggregates, .windows])
      Issue.record("\(mistake.text) is accepted")
    } catch {
      #expect(error.code == mistake.code)
      #expect(spanned(error, in: mistake.text) == mistake.place)
      let said = ([error.message, error.label ?? ""] + error.notes + error.hints)
        .joined(separator: "\n")
      #expect(said.contains(mistake.says), "\(said)")
    }
  }

  @Test func definitionsExpandHygienically() throws {
    let definitions = try Parser.parse(
      """
      def plus(y) = y + x
      def f(x) = plus(x) * 10
      """, grammar: grammar
    ).compactMap { statement -> Definition? in
      if case .definition(let definition) = statement.kind { definition } else { nil }
    }
    let frame = Frame(names: ["x", "z"], columns: [try .ints([1]), try .ints([5])])
    let scope = Scope(
      schema: frame.schema,
      definitions: Dictionary(uniqueKeysWithValues: definitions.map { ($0.name.text, $0) }))
    // The x of `plus` is the column, not the parameter of `f`.
    let bound = try bind(expression("f(z)"), in: scope)
    #expect(try bound.evaluate(on: frame).column[0] == .int(60))
  }

  @Test func definitionsThatGrowWithoutEndAreRefused() throws {
    var text = "def d0(x) = x + x\n"
    for level in 1..<40 { text += "def d\(level)(x) = d\(level - 1)(d\(level - 1)(x))\n" }
    let definitions = try Parser.parse(text, grammar: grammar).compactMap { statement in
      if case .definition(let definition) = statement.kind { definition } else { nil }
    }
    let scope = Scope(
      definitions: Dictionary(uniqueKeysWithValues: definitions.map { ($0.name.text, $0) }))
    #expect(throws: Diagnostic.self) { try bind(expression("d39(1)"), in: scope) }
  }

  @Test func deepExpressionsDoNotExhaustTheStack() throws {
    let frame = Frame(names: ["a"], columns: [try .ints([1, 2, nil])])
    let scope = Scope(schema: frame.schema)
    let bound = try bind(expression("a" + String(repeating: " + 1", count: 350)), in: scope)
    #expect(try bound.evaluate(on: frame).column.values == [.int(351), .int(352), .null])
    let deeper = try expression("a" + String(repeating: " + 1", count: 900))
    let error = #expect(throws: Diagnostic.self) { try bind(deeper, in: scope) }
    #expect(error?.code == .value)
  }

  @Test func dataErrorsGetTheirPlace() {
    let error = DataError(.overflow, "too large", row: 1_233_999)
    let diagnostic = Diagnostic(error, span: Span(3, 5))
    #expect(diagnostic.message == "too large (row 1,234,000)")
    #expect(diagnostic.code == .overflow && diagnostic.span == Span(3, 5))
    let file = DataError(.format, "\"1,2\" is not a number", file: "o.csv", line: 88_213)
    #expect(Diagnostic(file).message == "o.csv line 88,213: \"1,2\" is not a number")
    #expect(Diagnostic(DataError.cancelled).code == .cancelled)
  }
}
