import Language

/// Random syntax trees of everything the grammar has.
package struct SyntaxGenerator {
  package var random: SeededGenerator
  let none = Span(0, 0)

  package init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  package mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
  package mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
  package mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }
  package mutating func many<T>(_ range: ClosedRange<Int>, _ make: (inout Self) -> T) -> [T] {
    (0..<Int.random(in: range, using: &random)).map { _ in make(&self) }
  }

  private static let names = [
    "a", "fare", "x1", "_x", "größe", "名前", "trip distance", "by", "2nd", "a`b", "tab\there",
    "with",
    "over", "sort", "to", "f", "each1", "-", "n:1", "new\nline", "back\\slash", "e9", "m",
  ]

  mutating func name() -> Name { Name(pick(Self.names)) }
  mutating func plainName() -> Name { Name(pick(["a", "fare", "x1", "größe", "trip distance"])) }

  package mutating func expression(_ depth: Int, inFormula: Bool = false) -> Expr {
    Expr(kind(depth, inFormula), none)
  }

  private mutating func kind(_ depth: Int, _ inFormula: Bool) -> Expr.Kind {
    if depth <= 0 || chance(20) { return leaf() }
    let next = depth - 1
    switch below(14) {
    case 0...4:
      let operations = BinaryOperator.allCases.filter { inFormula || $0 != .interaction }
      return .binary(
        pick(operations), expression(next, inFormula: inFormula),
        expression(next, inFormula: inFormula))
    case 5: return .unary(.minus, expression(next, inFormula: inFormula))
    case 6: return .unary(.not, expression(next, inFormula: inFormula))
    case 7: return .isNull(expression(next, inFormula: inFormula), isNegated: chance(50))
    case 8:
      let isHalfOpen = chance(40)
      let lower = chance(80) ? expression(next, inFormula: inFormula) : nil
      let isOpen = !isHalfOpen && lower != nil && chance(40)
      return .range(
        lower: lower, upper: isOpen ? nil : expression(next, inFormula: inFormula),
        isHalfOpen: isHalfOpen)
    case 9:
      return .conditional(
        condition: expression(next, inFormula: inFormula),
        then: expression(next, inFormula: inFormula),
        otherwise: expression(next, inFormula: inFormula))
    case 10:
      return .choice(
        arms: many(1...2) {
          ChoiceArm(condition: $0.expression(next), value: $0.expression(next))
        }, otherwise: chance(50) ? expression(next) : nil)
    case 11:
      return .call(
        function: Name(pick(["mean", "log", "f", "odd name", "zscore"])),
        arguments: many(0...2) { $0.expression(next) })
    case 12: return .index(expression(next, inFormula: inFormula), expression(next))
    default: return container(next)
    }
  }

  private mutating func container(_ depth: Int) -> Expr.Kind {
    switch below(3) {
    case 0: return .list(many(0...3) { $0.expression(depth) })
    case 1:
      let keys = ["zip", "by", "odd key", "null"].shuffled(using: &random).prefix(below(4))
      return .record(keys.map { RecordField(key: Name($0), value: expression(depth)) })
    default:
      // The parser joins no texts, so no two stand side by side.
      var parts: [FormatPart] = []
      for _ in 0..<below(4) {
        if case .text? = parts.last {
          parts.append(.expression(expression(depth)))
        } else {
          parts.append(chance(50) ? .text(text()) : .expression(expression(depth)))
        }
      }
      return .format(parts.filter { if case .text("") = $0 { false } else { true } })
    }
  }

  private mutating func text() -> String {
    pick([
      "", "x", "it's \"so\"", "a\\b", "line\nbreak", "{brace}", "tab\t", "é日本🎉", "\u{1B}[0m",
      "# no",
    ])
  }

  private mutating func leaf() -> Expr.Kind {
    switch below(18) {
    case 0: return .null
    case 1: return .bool(chance(50))
    case 2: return .integer(pick([0, 1, 42, 1_000_000, .max, .min]))
    case 3:
      return .float(
        pick([
          0, 1, 0.5, 1e300, .leastNonzeroMagnitude, 1.7976931348623157e308, 1e16, 123456.789, 1e-7,
        ]))
    case 4: return .percentage(pick([80, 0.5, 100, 1e20, 33.3]))
    case 5: return .text(text())
    case 6: return .date(Int32(Int.random(in: -719_162...2_932_896, using: &random)))
    case 7:
      return .datetime(
        Int64.random(in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &random))
    case 8:
      return .duration(
        many(1...3) {
          DurationPart(
            amount: $0.pick([1, 2.5, 30, 0.125, 1e21]), unit: $0.pick(DurationPart.Unit.allCases))
        })
    case 9: return .size(pick([0, 1, 1_024, 1_000, 2_000_000_000, 1 << 40, .max]))
    case 10:
      return .regex(
        pattern: pick(["late|delay", "#(\\d+)", "a/b", "[/]x", "\\\\", "(?:)", "\"'", "é"]),
        isCaseInsensitive: chance(50))
    case 11: return .variable(pick(["cutoff", "odd name", "by", "x1"]))
    case 12: return .placeholder
    default: return .name(name().text)
    }
  }
}
