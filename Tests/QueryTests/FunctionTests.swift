import Columnar
import Language
import Query
import Testing

/// Values of functions, worked out by hand or from the definition.
@Suite struct FunctionTests {
  /// Expressions without columns and what they come to.
  static let cases: [(String, Scalar)] = [
    ("abs(-3)", .int(3)), ("abs(-2.5)", .float(2.5)), ("sign(-0.5)", .float(-1)),
    ("sign(7)", .int(1)), ("sqrt(9)", .float(3)), ("log(1)", .float(0)),
    ("log2(8)", .float(3)), ("log10(1000)", .float(3)), ("exp(0)", .float(1)),
    ("pow(2, 10)", .float(1024)), ("2 ^ 3 ^ 2", .float(512)), ("-2 ^ 2", .float(-4)),
    ("floor(-1.5)", .float(-2)), ("ceil(-1.5)", .float(-1)), ("trunc(-1.5)", .float(-1)),
    ("floor(7)", .int(7)), ("round(2.5)", .float(3)), ("round(-2.5)", .float(-3)),
    ("round(1.005, 2)", .float(1.01)), ("round(1234, -2)", .int(1200)),
    ("round(3.75, 1)", .float(3.8)), ("round(0.1 + 0.2, 1)", .float(0.3)),
    ("least(3, 1.5, null)", .float(1.5)), ("greatest(\"b\", \"a\")", .text("b")),
    ("clamp(7, 0, 5)", .int(5)), ("clamp(-1, 0, 5)", .int(0)), ("clamp(null, 0, 5)", .null),
    ("mod(-7, 3)", .int(2)), ("-7 % 3", .int(2)), ("7 // -2", .int(-4)),
    ("is_finite(1.0)", .bool(true)), ("1 / 0", .null), ("log(-1)", .null),
    ("log(0)", .float(-.infinity)), ("80%", .float(0.8)), ("2GB > 1", .bool(true)),
    ("length(\"grün\")", .int(4)), ("upper(\"grün\")", .text("GRÜN")),
    ("lower(\"ABC\")", .text("abc")), ("trim(\"  a b \")", .text("a b")),
    ("ltrim(\"  a \")", .text("a ")), ("rtrim(\"  a \")", .text("  a")),
    ("replace(\"banana\", \"an\", \"o\")", .text("booa")),
    ("replace(\"banana\", /a(.)/, \"<$1>\")", .text("b<n><n>a")),
    ("replace(\"abc\", /x*/, \"-\")", .text("-a-b-c-")), ("replace(\"\", /^$/, \"e\")", .text("e")),
    ("contains(\"banana\", \"nan\")", .bool(true)), ("contains(\"banana\", /N/)", .bool(false)),
    ("starts(\"banana\", \"ba\")", .bool(true)), ("ends(\"banana\", \"na\")", .bool(true)),
    ("slice(\"grün\", 3, 3)", .text("ü")), ("slice(\"abcdef\", -2)", .text("ef")),
    ("slice(\"abc\", 2, 9)", .text("bc")), ("slice(\"abc\", 3, 2)", .text("")),
    ("concat(\"a\", null, 1, 2.5, @2024-03-01)", .text("a12.52024-03-01")),
    ("f\"{1 + 1} of {2.0}\"", .text("2 of 2")), ("f\"x{null}\"", .null),
    ("pad_left(\"7\", 3, \"0\")", .text("007")), ("pad_right(\"ü\", 3, \"ab\")", .text("üab")),
    ("extract(\"a #12 b\", /#(\\d+)/)", .text("12")), ("extract(\"abc\", /b./)", .text("bc")),
    ("extract(\"abc\", /x/)", .null), ("extract(\"ab\", /(a)(b)/, 2)", .text("b")),
    ("matches(\"Late\", /late/i)", .bool(true)), ("\"late\" !~ /x/", .bool(true)),
    ("split_part(\"a-b-c\", \"-\", 2)", .text("b")), ("split_part(\"a-b\", \"-\", -1)", .text("b")),
    ("split_part(\"a-b\", \"-\", 3)", .null), ("repeat(\"ab\", 3)", .text("ababab")),
    ("reverse(\"grün\")", .text("nürg")),
    // One character to a reader: with an accent of its own, a flag, a family, a line end.
    ("length(\"cafe\u{301}\")", .int(4)), ("length(\"🇩🇪👩‍👧x\")", .int(3)),
    ("slice(\"e\u{301}a🇩🇪\", 1, 1)", .text("e\u{301}")),
    ("slice(\"e\u{301}a🇩🇪\", -1)", .text("🇩🇪")), ("reverse(\"a🇩🇪\")", .text("🇩🇪a")),
    ("pad_left(\"🇩🇪\", 3, \"-\")", .text("--🇩🇪")),
    ("pad_right(\"e\u{301}\", 2, \"🇩🇪\")", .text("e\u{301}🇩🇪")),
    ("year(@2024-02-29)", .int(2024)), ("quarter(@2024-02-29)", .int(1)),
    ("month(@2024-02-29)", .int(2)), ("day(@2024-02-29)", .int(29)),
    ("weekday(@2024-03-04)", .int(1)), ("hour(@2024-03-01T08:30)", .int(8)),
    ("minute(@2024-03-01T08:30)", .int(30)), ("second(@2024-03-01)", .int(0)),
    ("iso_week(@2021-01-03)", .int(53)), ("iso_week(@2024-12-30)", .int(1)),
    ("day_of_year(@2024-12-31)", .int(366)), ("date(@2024-03-01T23:59)", .date(19783)),
    ("date(\"2024-03-01\")", .date(19783)), ("date(\"x\")", .null),
    ("datetime(@1970-01-02)", .datetime(86_400_000_000)),
    ("@2024-01-31 + 1mo", .date(19782)), ("@2024-03-31 - 1mo", .date(19782)),
    ("@2023-12-31 + 1d", .date(19723)), ("@1970-01-01 + 1h", .datetime(3_600_000_000)),
    ("date_add(@2024-02-29, 1y)", .date(20147)), ("days(@2024-03-01 - @2024-02-01)", .float(29)),
    ("hours(1d 2h)", .float(26)), ("minutes(90s)", .float(1.5)), ("seconds(1min)", .float(60)),
    ("days(2) == 48h", .bool(true)), ("1h * 2.5 == 150min", .bool(true)),
    ("1h / 30min", .float(2)), ("-(1h) < 0s", .bool(true)),
    ("@2024-03-10 - @2024-03-01 > 1w", .bool(true)),
    ("date_diff(\"month\", @2024-01-31, @2024-03-01)", .int(2)),
    ("date_diff(\"week\", @2024-03-03, @2024-03-04)", .int(1)),
    ("date_diff(\"year\", @2024-12-31, @2024-01-01)", .int(0)),
    ("bin(7.5, 2)", .float(6)), ("bin(-1, 5)", .int(-5)), ("bin(@2024-03-07, 1w)", .date(19786)),
    ("bin(@2024-03-07, 1mo)", .date(19783)), ("bin(@2024-03-07, 1q)", .date(19723)),
    ("bin(@1969-12-31T23:00, 1d)", .datetime(-86_400_000_000)),
    ("bin(@1969-12-31, 1y)", .date(-365)),
    (
      "format_date(@2024-03-01T08:05, \"%d.%m.%y %H:%M %b %A\")", .text("01.03.24 08:05 Mar Friday")
    ),
    ("parse_date(\"01.03.2024\", \"%d.%m.%Y\")", .date(19783)),
    ("parse_date(\"1 March 2024\", \"%d %B %Y\")", .date(19783)),
    ("parse_date(\"2024-13-01\", \"%Y-%m-%d\")", .null),
    ("parse_date(\"2024-03-01 01:00\", \"%F %H:%M\")", .datetime(1_709_254_800_000_000)),
    ("coalesce(null, 2, 3)", .int(2)), ("if_null(null, 1.5)", .float(1.5)),
    ("null_if(3, 3)", .null), ("null_if(3, 4)", .int(3)), ("null ?? 4", .int(4)),
    ("cut(0.2, [0, 0.2, 0.5])", .text("[0.2, 0.5]")),
    ("cut(0.5, [0, 0.2, 0.5])", .text("[0.2, 0.5]")),
    ("cut(0.1, [0, 0.2, 0.5])", .text("[0, 0.2)")), ("cut(-1, [0, 1])", .null),
    ("cut(3, [0, 2, 4], [\"low\", \"high\"])", .text("high")),
    ("int(2.9)", .int(2)), ("int(-2.9)", .int(-2)), ("int(true)", .int(1)),
    ("int(\" 42 \")", .int(42)),
    ("int(\"4.2\")", .null), ("int(1e30)", .null), ("float(\"1e3\")", .float(1000)),
    ("float(\"nan\")", .null), ("float(\"0x10\")", .null), ("float(3)", .float(3)),
    ("text(2.0)", .text("2")), ("text(0.1)", .text("0.1")), ("text(true)", .text("true")),
    ("text(1d 2h)", .text("1d 2h")), ("text(@2024-03-01T08:30)", .text("2024-03-01T08:30:00")),
    ("bool(\"yes\")", .bool(true)), ("bool(0)", .bool(false)), ("bool(\"maybe\")", .null),
  ]

  @Test(arguments: cases.indices) func value(_ index: Int) throws {
    let (text, expected) = Self.cases[index]
    let value = try evaluateScalar(expression(text), scope: Scope())
    if case .float(let a) = value, case .float(let b) = expected {
      #expect(a == b || abs(a - b) <= 1e-12 * abs(b), "\(text): \(a)")
    } else {
      #expect(value == expected, "\(text)")
    }
  }

  /// The same on the rows of a frame, so that it is not only constants that are right.
  @Test(arguments: [
    ("upper(s)", "upper"), ("length(u)", "length"), ("concat(s, u)", "concat"),
    ("slice(u, 1, 1)", "slice"), ("replace(u, \"v\", \"w\")", "replace"),
    ("s =~ /r/", "match"), ("round(x, 1)", "round"), ("year(d)", "year"), ("d + 1mo", "month"),
    ("cut(a, [0, 3, 9])", "cut"), ("u ?? s", "coalesce"), ("text(when)", "text"),
  ])
  func columnsAndConstantsAgree(_ text: String, _ name: String) throws {
    let expression = try expression(text)
    for size in [1, 64, 65, 300] {
      let frame = try generated(size, seed: 11)
      let column = try bind(expression, in: Scope(schema: frame.schema)).evaluate(on: frame).column
      for row in stride(from: 0, to: size, by: 7) {
        // The row's values in place of its columns.
        let variables = frame.boxed(row).filter { !$0.value.isNull }
        guard variables.count == frame.names.count else { continue }
        let single = try evaluateScalar(
          expression.namesAsVariables, scope: Scope(variables: variables))
        #expect(column[row] == single, "\(text) row \(row)")
      }
    }
  }

  @Test func patternThatSearchesForAgesIsAnError() throws {
    let frame = Frame(
      names: ["t"], columns: [try .texts([String(repeating: "a", count: 40) + "!"])])
    let bound = try bind(expression("t =~ /^(a+)+$/"), in: Scope(schema: frame.schema))
    let error = #expect(throws: DataError.self) { try bound.evaluate(on: frame) }
    #expect(error?.code == .invalidValue && error?.row == 0)
  }

  @Test func dictionariesAreLookedAtOnceAnEntry() throws {
    // Entries that no row uses any more neither fail nor are noted.
    let frame = Frame(names: ["t"], columns: [try .texts(["1", "x", "2", "1", nil])])
    let kept = try frame.filter(Bitmap([true, false, true, true, true]))
    let bound = try bind(expression("int(t)"), in: Scope(schema: kept.schema))
    let (column, notes) = try bound.evaluate(on: kept)
    #expect(column.values == [.int(1), .int(2), .int(1), .null])
    #expect(notes.isEmpty)
  }

  /// A hint that names a function names one that there is.
  @Test func otherSpellingsNameFunctions() {
    for function in Functions.all {
      #expect(
        function.otherSpellings.allSatisfy { Functions.named($0) == nil },
        "\(function.name) has a function's name among its other spellings")
    }
    let spellings = Set(Functions.all.flatMap(\.otherSpellings))
    for name in ["nchar", "substr", "toupper", "strftime", "n_distinct", "nunique", "std", "avg"] {
      #expect(spellings.contains(name), "\(name)")
    }
  }

  @Test func randomNumbersGoBySeedAndPlace() throws {
    let frame = try generated(70_000, seed: 3)
    let lines = [
      "random(7)", "random_int(-3, 3, 7)", "random_normal(10, 2, 7)",
      "random_choice([\"a\", \"b\", null], 7)",
    ]
    for line in lines {
      let whole = try #require(try run("derive r = \(line)", on: frame)["r"])
      let again = try #require(try run("derive r = \(line)", on: frame)["r"])
      let start = try frame.slice(0..<100)
      let part = try #require(try run("derive r = \(line)", on: start)["r"])
      #expect(whole.values == again.values)
      #expect(part.values == Array(whole.values.prefix(100)), "\(line)")
    }
    func numbers(_ line: String) throws -> [Double] {
      try #require(try run("derive r = \(line)", on: frame)["r"]).values.compactMap(\.number)
    }
    let uniform = try numbers("random(7)")
    #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(uniform.reduce(0, +) / 70_000 - 0.5) < 0.005)
    #expect(try uniform != numbers("random(8)"))
    let dice = try numbers("random_int(1, 6, 7)")
    for face in 1...6 {
      #expect(abs(Double(dice.count { $0 == Double(face) }) / 70_000 - 1 / 6) < 0.006)
    }
    let normal = try numbers("random_normal(10, 2, 7)")
    let mean = normal.reduce(0, +) / 70_000
    let variance = normal.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 69_999
    #expect(abs(mean - 10) < 0.04 && abs(variance - 4) < 0.1)
    let extremes = try numbers("random_int(-9223372036854775807 - 1, 9223372036854775807, 1)")
    #expect(extremes.contains { $0 < 0 } && extremes.contains { $0 > 0 })
  }

  @Test func registryIsSortedAndComplete() {
    for family in Function.Family.allCases {
      let names = Functions.all.filter { $0.family == family }.map(\.name)
      #expect(names == names.sorted(), "\(family)")
      #expect(!names.isEmpty)
    }
    #expect(Set(Functions.all.map(\.name)).count == Functions.all.count)
    #expect(Functions.all.count >= 150)
    for function in Functions.all {
      // Those of the other families have a second one as they get theirs.
      let least = [.aggregate, .window].contains(function.family) ? 1 : 2
      #expect(
        function.examples.count >= least && function.summary.hasSuffix("."), "\(function.name)")
      #expect(function.signature.hasPrefix(function.name + "("), "\(function.name)")
      #expect(
        function.examples.contains { $0.contains(function.name + "(") }, "\(function.name)")
    }
  }
}
