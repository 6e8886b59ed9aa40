import Language
import TestSupport
import Testing

private func tree(_ text: String) throws -> String {
  let statements = try Parser.parse("x = \(text)", grammar: .test)
  guard case .bind(_, .expression(let value)) = try #require(statements.first).kind else {
    Issue.record("no expression: \(text)")
    return ""
  }
  return value.tree
}

@Suite struct ExpressionTests {
  /// Each pair means the same: what binds tighter needs no parentheses.
  @Test(arguments: [
    ("-2^2", "-(2^2)"), ("2^3^2", "2^(3^2)"), ("2^-1", "2^(-1)"), ("a[1]^2", "(a[1])^2"),
    ("-a * b", "(-a) * b"), ("a * -b", "a * (-b)"), ("a - b - c", "(a - b) - c"),
    ("a / b // c % d", "((a / b) // c) % d"), ("a + b * c", "a + (b * c)"),
    ("1 + 2..3 * 4", "(1 + 2)..(3 * 4)"), ("x in 1..5", "x in (1..5)"),
    ("x not in 1..<5", "x not in (1..<5)"), ("x == 1 + 2", "x == (1 + 2)"),
    ("a ?? b == c", "a ?? (b == c)"), ("a ?? b ?? c", "(a ?? b) ?? c"),
    ("not a ?? b", "not (a ?? b)"), ("not a == b", "not (a == b)"), ("not not a", "not (not a)"),
    ("not a and b", "(not a) and b"), ("a or b and c", "a or (b and c)"),
    ("a or b or c", "(a or b) or c"), ("a is null and b", "(a is null) and b"),
    ("a + 1 is not null", "(a + 1) is not null"),
    ("a =~ /x/ or b !~ /y/", "(a =~ /x/) or (b !~ /y/)"),
    ("if a then b else c + d", "if a then b else (c + d)"),
    ("if a then b else if c then d else e", "if a then b else (if c then d else e)"),
    ("..5 == x", "(..5) == x"), ("--a", "-(-a)"), ("a < -b", "a < (-b)"),
  ]) func precedence(_ text: String, _ explicit: String) throws {
    #expect(try tree(text) == tree(explicit))
  }

  @Test(
    arguments: [
      ("null", "null"), ("true", "bool(true)"), ("42", "integer(42)"),
      ("1_000", "integer(1000)"), ("9223372036854775807", "integer(9223372036854775807)"),
      ("-9223372036854775808", "integer(-9223372036854775808)"), (".5", "float(0.5)"),
      ("1.0", "float(1.0)"), ("1e6", "float(1000000.0)"), ("1.5E-3", "float(0.0015)"),
      ("80%", "percentage(80.0)"), ("0.5%", "percentage(0.5)"),
      ("5%2", "(integer(5) remainder integer(2))"),
      ("a % b", "(name(a) remainder name(b))"), ("5% - 2", "(percentage(5.0) subtract integer(2))"),
      ("5 % 2", "(integer(5) remainder integer(2))"), ("(5%)", "percentage(5.0)"),
      ("1d 2h", "duration(1.0day 2.0hour)"), ("1.5h", "duration(1.5hour)"),
      ("3us + 2mo", "(duration(3.0microsecond) add duration(2.0month))"),
      ("1d2h", "duration(1.0day 2.0hour)"), ("2GB", "size(2000000000)"), ("1KiB", "size(1024)"),
      ("1.5GB", "size(1500000000)"), ("@1970-01-02", "date(1)"), ("@1969-12-31", "date(-1)"),
      ("@2024-02-29", "date(19782)"), ("@1970-01-01T00:01", "datetime(60000000)"),
      ("@1970-01-01T00:00:01.5", "datetime(1500000)"), ("'it''", ""),
      (#""a\n\t\\\"\u{e9}""#, #"text("a\n\t\\\"é")"#), ("'say \"so\"'", #"text("say \"so\"")"#),
      (#"f"{x} and {{y}} {f"{z}"}""#, #"format(name(x), " and {y} ", format(name(z)))"#),
      ("/a\\/b/i", "regex(pattern: \"a/b\", isCaseInsensitive: true)"),
      ("/[/]#\"/", "regex(pattern: \"[/]#\\\"\", isCaseInsensitive: false)"),
      ("a / b / c", "((name(a) divide name(b)) divide name(c))"),
      ("[1, 'a', [2]]", "[integer(1), text(\"a\"), [integer(2)]]"), ("[]", "[]"),
      ("{zip: text, 'a b': 1, by: 2}", "{zip: name(text), a b: integer(1), by: integer(2)}"),
      ("`trip distance` * $x", "(name(trip distance) multiply $x)"),
      ("_ + 1", "(placeholder add integer(1))"),
      ("`a\\`b`", "name(a`b)"), ("1..5", "(integer(1) .. integer(5))"),
      ("1...5", "(integer(1) .. float(0.5))"), ("1..<5", "(integer(1) ..< integer(5))"),
      ("[a.., ..b]", "[(name(a) .. ), ( .. name(b))]"),
      ("case { a > 1: 2, else: 3 }", "case((name(a) greater integer(1)): integer(2); integer(3))"),
      ("größe + 名前", "(name(größe) add name(名前))"),
    ].filter { !$0.1.isEmpty }) func literals(_ text: String, _ expected: String) throws
  {
    #expect(try tree(text) == expected)
  }

  @Test func formulas() throws {
    let text = "fit ols log(y) ~ a + log(b) + C(g) + a:b * c + poly(x, 2) - 1 se=robust"
    let statement = try #require(try Parser.parse(text, grammar: .test).first)
    guard case .pipeline(let pipeline) = statement.kind else {
      Issue.record("no pipeline")
      return
    }
    let stage = try #require(pipeline.stages.first)
    #expect(stage.words.map(\.text) == ["ols"])
    #expect(
      stage.items.first?.value.tree
        == "(log(name(y)) ~ (((((name(a) add log(name(b))) add C(name(g))) add "
        + "((name(a) interaction name(b)) multiply name(c))) add poly(name(x), integer(2))) "
        + "subtract integer(1)))")
    #expect(print(statement) == text)
  }
}
