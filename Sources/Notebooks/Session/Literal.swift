import Columnar
import Language

extension Scalar {
  /// The value as an expression of the language.
  package var expression: Expr {
    let kind: Expr.Kind =
      switch self {
      case .null: .null
      case .bool(let value): .bool(value)
      case .int(let value): .integer(value)
      case .float(let value): .float(value)
      case .date(let days): .date(days)
      case .datetime(let microseconds): .datetime(microseconds)
      case .duration(let duration): .duration(duration.parts)
      case .text(let text): .text(text)
      }
    return Expr(kind, Span(0, 0))
  }

  /// The value in the spelling of the language: `"Adelie"`, `@2024-03-01`, `2.5`.
  package var literal: String { Language.print(expression) }
}

extension Duration {
  /// The parts of a literal, largest unit first.
  var parts: [DurationPart] {
    let units: [(DurationPart.Unit, Int64)] = [
      (.day, 86_400_000_000), (.hour, 3_600_000_000), (.minute, 60_000_000), (.second, 1_000_000),
      (.millisecond, 1_000), (.microsecond, 1),
    ]
    var parts: [DurationPart] = []
    if months != 0 { parts.append(DurationPart(amount: Double(months), unit: .month)) }
    var rest = microseconds
    for (unit, size) in units where rest.magnitude >= size.magnitude {
      parts.append(DurationPart(amount: Double(rest / size), unit: unit))
      rest %= size
    }
    return parts.isEmpty ? [DurationPart(amount: 0, unit: .second)] : parts
  }
}
