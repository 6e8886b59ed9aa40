import Columnar

/// How the columns of a design matrix come from the inputs of a formula: all that prediction on new
/// rows needs to build the matrix a model was fitted to.
package struct DesignSpecification: Sendable, Hashable {
  /// An expression of the formula, and how its values are coded.
  package struct Input: Sendable, Hashable {
    /// The canonical text of the term: `distance`, `C(borough)`, `poly(x, 2)`.
    package var name: String
    package var type: DataType
    package var coding: Coding
  }

  package enum Coding: Sendable, Hashable {
    case numeric
    /// The levels seen in the fit, text by its bytes and others by value. The first is the
    /// reference.
    case categorical(levels: [Scalar])
    /// The three-term recurrence of the orthogonal polynomials: p(k+1) = (x - centers[k]) p(k) -
    /// (norms[k+1] / norms[k]) p(k-1), and column k is p(k) / √norms[k+1]; norms[0] is 1.
    case polynomial(centers: [Double], norms: [Double])
  }

  /// A product of the codings of one or more inputs.
  package struct Term: Sendable, Hashable {
    package var name: String
    package var factors: [Factor]
  }

  package struct Factor: Sendable, Hashable {
    /// An index into the inputs.
    package var input: Int
    /// Whether all levels have a column, not all but the first.
    package var hasAllLevels: Bool
  }

  package var hasIntercept: Bool
  package var inputs: [Input]
  /// Main effects first, then interactions by their order, as R arranges them.
  package var terms: [Term]

  /// What a column of the matrix holds.
  struct DesignColumn {
    /// nil for the intercept.
    var term: Int?
    /// For each factor its input and the level or the place among its columns; empty for the
    /// intercept.
    var parts: [(input: Int, place: Int)]
  }

  /// The columns in order: the intercept, then term by term, the first factor varying fastest.
  var columns: [DesignColumn] {
    var columns: [DesignColumn] = hasIntercept ? [DesignColumn(term: nil, parts: [])] : []
    for (index, term) in terms.enumerated() {
      var products: [[(input: Int, place: Int)]] = [[]]
      for factor in term.factors {
        let places: Range<Int> =
          switch inputs[factor.input].coding {
          case .numeric: 0..<1
          case .categorical(let levels): (factor.hasAllLevels ? 0 : 1)..<max(levels.count, 1)
          case .polynomial(let centers, _): 0..<centers.count
          }
        products = places.flatMap { place in products.map { $0 + [(factor.input, place)] } }
      }
      columns += products.map { DesignColumn(term: index, parts: $0) }
    }
    return columns
  }

  /// How many columns the matrix has, saturating where levels multiply beyond all measure.
  var columnCount: Int {
    terms.reduce(hasIntercept ? 1 : 0) { total, term in
      let product = term.factors.reduce(1) { product, factor in
        let width =
          switch inputs[factor.input].coding {
          case .numeric: 1
          case .categorical(let levels): max(levels.count - (factor.hasAllLevels ? 0 : 1), 0)
          case .polynomial(let centers, _): centers.count
          }
        let (result, overflow) = product.multipliedReportingOverflow(by: width)
        return overflow ? Int.max : result
      }
      let (sum, overflow) = total.addingReportingOverflow(product)
      return overflow ? Int.max : sum
    }
  }

  /// The name of a column as it is shown: `(intercept)`, `species Chinstrap`, `poly(x, 2) 1`,
  /// `species Chinstrap : year`.
  func name(of column: DesignColumn) -> String {
    if column.parts.isEmpty { return "(intercept)" }
    return column.parts.map { input, place in
      let name = inputs[input].name
      switch inputs[input].coding {
      case .numeric: return name
      case .categorical(let levels): return "\(name) \(levelText(levels[place]))"
      case .polynomial: return "\(name) \(place + 1)"
      }
    }.joined(separator: " : ")
  }

  /// The reference level of a column of a single categorical input; nil for others.
  func reference(of column: DesignColumn) -> String? {
    guard let term = column.term, terms[term].factors.count == 1 else { return nil }
    let factor = terms[term].factors[0]
    guard case .categorical(let levels) = inputs[factor.input].coding, !factor.hasAllLevels,
      let first = levels.first
    else { return nil }
    return levelText(first)
  }
}

/// A level as text. Dates and times are shown by layers that know calendars; here they are ISO.
func levelText(_ level: Scalar) -> String {
  switch level {
  case .null: "null"
  case .bool(let value): value ? "true" : "false"
  case .int(let value): "\(value)"
  case .float(let value):
    value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
  case .date(let days): isoDate(Int64(days))
  case .datetime(let microseconds):
    isoDate(floorDivide(microseconds, microsecondsPerDay)) + "T"
      + isoTime(microseconds - floorDivide(microseconds, microsecondsPerDay) * microsecondsPerDay)
  case .duration(let value): "\(Double(value.microseconds) / 1e6)s"
  case .text(let text): text
  }
}

let microsecondsPerDay: Int64 = 86_400_000_000

private func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
  let quotient = value / divisor
  return value % divisor < 0 ? quotient - 1 : quotient
}

/// The date of the proleptic Gregorian calendar `days` after 1970-01-01, by H. Hinnant's
/// `civil_from_days`.
private func isoDate(_ days: Int64) -> String {
  let shifted = days + 719_468
  let era = floorDivide(shifted, 146_097)
  let dayOfEra = shifted - era * 146_097
  let yearOfEra =
    (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shiftedMonth = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
  let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
}

private func isoTime(_ microseconds: Int64) -> String {
  let seconds = microseconds / 1_000_000
  let fraction = microseconds % 1_000_000
  let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60]
  return clock.map { padded($0, 2) }.joined(separator: ":")
    + (fraction == 0 ? "" : ".\(padded(fraction, 6))")
}

private func padded(_ number: Int64, _ width: Int) -> String {
  let digits = "\(abs(number))"
  let zeros = String(repeating: "0", count: max(width - digits.count, 0))
  return (number < 0 ? "-" : "") + zeros + digits
}
