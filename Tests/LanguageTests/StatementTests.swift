import Language
import TestSupport
import Testing

private func canonical(_ text: String, _ bound: Set<String> = []) throws -> [String] {
  var grammar = Grammar.test
  grammar.boundNames = bound
  return try Parser.parse(text, grammar: grammar).map { print($0, grammar: grammar) }
}

private func kind(_ text: String, _ bound: Set<String> = []) throws -> String {
  var grammar = Grammar.test
  grammar.boundNames = bound
  switch try Parser.parse(text, grammar: grammar).first?.kind {
  case .bind(_, .pipeline): return "bind pipeline"
  case .bind(_, .expression): return "bind expression"
  case .pipeline(let pipeline): return pipeline.source == nil ? "stages" : "source"
  case .expression: return "expression"
  default: return "other"
  }
}

@Suite struct StatementTests {
  @Test func firstWord() throws {
    #expect(try kind("count") == "stages")
    #expect(try kind("count", ["count"]) == "source")
    #expect(try kind("count | head", ["count"]) == "source")
    #expect(try kind("count / 2 / 3", ["count"]) == "expression")
    #expect(try kind("select /a/") == "stages")
    #expect(try kind("trips | head") == "source")
    #expect(try kind("1 + 2") == "expression")
    #expect(try kind("count()") == "expression")
    #expect(try kind("sort -fare") == "stages")
  }

  @Test func afterEqual() throws {
    #expect(try kind("x = trips", ["trips"]) == "bind pipeline")
    #expect(try kind("x = trips") == "bind expression")
    #expect(try kind("x = trips | head") == "bind pipeline")
    #expect(try kind("x = load 'a.csv'") == "bind pipeline")
    #expect(try kind("x = count()") == "bind expression")
    #expect(try kind("x = sample * 2", ["sample"]) == "bind expression")
    #expect(try kind("x = sample 1%", ["sample"]) == "bind pipeline")
    #expect(try kind("sample = 5") == "bind expression")
  }

  /// A name that an earlier line binds is known to the next.
  @Test func namesBoundBefore() throws {
    #expect(try canonical("count = 6\ncount / 2 / 3") == ["count = 6", "count / 2 / 3"])
    #expect(try canonical("load 'a.csv' as head\nhead") == ["load \"a.csv\" as head", "head"])
    let statements = try Parser.parse("load 'a.csv' as head\nhead", grammar: .test)
    #expect(statements.last?.tree == "head | []")
  }

  @Test(
    arguments: [
      ("mutate  x=1,y = 2", "derive x = 1, y = 2"), ("trips|arrange -fare", "trips | sort -fare"),
      ("plot hist fare", "hist fare"), ("load 'a'as b sep = ';'", "load \"a\" as b sep=\";\""),
      ("filter (a > 1) and ((b))", "filter a > 1 and b"),
      ("filter (a or b) and c", "filter (a or b) and c"),
      ("x = (1 + 2) * 3", "x = (1 + 2) * 3"), ("check: fare>=0", "check: fare >= 0"),
      ("check trips: a > 0 by b", "check trips by b: a > 0"), ("set", "set"), ("exit", "exit"),
      ("set memory=2GB", "set memory=2GB"), ("help join", "help join"), ("help sort", "help sort"),
      ("history /re/i", "history /re/i"), ("save \"x.md\" for m1", "save \"x.md\" for m1"),
      ("#note", "# note"), ("# note", "# note"), ("## Heading", "## Heading"), ("#", "#"),
      ("!ls -l", "! ls -l"), ("?  join", "? join"), ("?", "?"), ("_|head", "_ | head"),
      ("x |= head 5|tail 2", "x |= head 5 | tail 2"), ("sort (-a), -b", "sort -a, -b"),
      ("derive each(numeric())=zscore(_)", "derive each(numeric()) = zscore(_)"),
      ("bar mean(x) over `by` top=10", "bar mean(x) over `by` top=10"),
      ("fill `with` with 3", "fill `with` with 3"), ("hist x range=0..5", "hist x range=0..5"),
      ("filter x in 0.. by g", "filter x in 0.. by g"),
      ("filter (x in 0..) and y", "filter x in (0..) and y"),
      ("load [\"a\", \"b\"] null=[\"-\"]", "load [\"a\", \"b\"] null=[\"-\"]"),
      (
        "promote \"a\" to \"b\" target=github-actions",
        "promote \"a\" to \"b\" target=github-actions"
      ),
      ("def clean(x)=x|filter a>0", "def clean(x) = x | filter a > 0"),
      ("def half(x) = x / 2", "def half(x) = x / 2"), ("time describe", "time describe"),
      ("export m2 to \"x\"", "export m2 to \"x\""), ("x = 1e300", "x = 1e300"),
      ("x = 2000MB", "x = 2GB"), ("x = 'a\"b'", "x = \"a\\\"b\""), ("split 80%seed=7", ""),
      ("select a..d, /re/, -x, starts('t')", "select a..d, /re/, -x, starts(\"t\")"),
    ].filter { !$0.1.isEmpty }) func prints(_ text: String, _ expected: String) throws
  {
    #expect(try canonical(text, ["trips"]) == [expected])
    #expect(try canonical(expected, ["trips"]) == [expected])
  }

  @Test func loopsHoldLines() throws {
    let text = "for b in [\"x\"] {\n  # look\n  hist fare where g == $b\n  head 5\n}"
    #expect(try canonical(text) == [text])
    #expect(try canonical("for b in [1] { head }\nhead") == ["for b in [1] { head }", "head"])
  }

  @Test func prefixesAreForThePrompt() throws {
    var grammar = Grammar.test
    #expect(throws: Diagnostic.self) { try Parser.parse("descr fare", grammar: grammar) }
    grammar.isInteractive = true
    let statements = try Parser.parse("descr fare", grammar: grammar)
    #expect(statements.map { print($0) } == ["describe fare"])
    #expect(throws: Diagnostic.self) { try Parser.parse("de fare", grammar: grammar) }
  }

  @Test func verbsInParenthesesStayValues() throws {
    #expect(try canonical("x = (head)") == ["x = `head`"])
    #expect(try canonical("x = `head`") == ["x = `head`"])
  }

  @Test func namesWithTheirRoles() throws {
    let text = "y = trips | derive z = a + $c | filter log(b) > 1 by k = g"
    var found: [String] = []
    for statement in try Parser.parse(text, grammar: .test) {
      statement.forEachName { found.append("\($0.text) \($1)") }
    }
    #expect(
      found.sorted() == [
        "a column", "b column", "c variable", "g column", "k binding", "log function",
        "trips value", "y binding", "z binding",
      ])
  }

  @Test func spansCoverWhatTheyName() throws {
    let text = "trips | filter größe > 1\nhead 5 by x"
    let statements = try Parser.parse(text, grammar: .test)
    let bytes = Array(text.utf8)
    func source(_ span: Span) -> String {
      String(decoding: bytes[span.start..<span.end], as: UTF8.self)
    }
    #expect(statements.map { source($0.span) } == ["trips | filter größe > 1", "head 5 by x"])
    guard case .pipeline(let first) = statements[0].kind,
      case .pipeline(let second) = statements[1].kind
    else {
      Issue.record("no pipelines")
      return
    }
    #expect(source(first.stages[0].span) == "filter größe > 1")
    #expect(source(first.stages[0].items[0].value.span) == "größe > 1")
    #expect(source(second.stages[0].clauses[0].span) == "by x")
  }
}
