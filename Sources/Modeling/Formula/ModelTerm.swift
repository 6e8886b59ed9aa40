import Columnar

/// One term of a formula's right side, its expressions evaluated on the rows to fit on.
package struct ModelTerm: Sendable {
  package indirect enum Role: Sendable {
    /// A quantity that enters as it is. Bools count as 0 and 1; dates and durations in days.
    case numeric(Column)
    /// Groups, of which the first is the reference: text, bools, and whatever stands in `C(…)`.
    case categorical(Column)
    /// Orthogonal polynomials of a quantity up to a degree, as R's `poly`.
    case polynomial(Column, degree: Int)
    /// The products of the columns of several terms, none of them an interaction.
    case interaction([ModelTerm])
  }

  /// The canonical text: `flipper_length_mm`, `log(distance + 1)`, `C(borough)`, `poly(x, 2)`,
  /// `a:b`. A model asks for its inputs by these.
  package var name: String
  package var role: Role

  package init(name: String, role: Role) {
    self.name = name
    self.role = role
  }

  /// A term that is categorical where `column` is text or bool, and numeric otherwise.
  package init(name: String, column: Column) {
    self.name = name
    role = column.type == .text || column.type == .bool ? .categorical(column) : .numeric(column)
  }

  /// The terms whose columns have to be evaluated: the parts of an interaction, else the term.
  package var parts: [ModelTerm] {
    if case .interaction(let parts) = role { return parts.flatMap(\.parts) }
    return [self]
  }

  /// The evaluated column; nil for an interaction.
  package var column: Column? {
    switch role {
    case .numeric(let column), .categorical(let column), .polynomial(let column, _): column
    case .interaction: nil
    }
  }
}

/// A formula with its columns evaluated: what a model is fitted to.
package struct ModelFormula: Sendable {
  /// The canonical text: `body_mass_g ~ flipper_length_mm + species`.
  package var text: String
  /// The canonical text of the left side.
  package var responseName: String
  package var response: Column
  package var terms: [ModelTerm]
  package var hasIntercept: Bool

  package init(
    text: String, responseName: String, response: Column, terms: [ModelTerm],
    hasIntercept: Bool = true
  ) {
    self.text = text
    self.responseName = responseName
    self.response = response
    self.terms = terms
    self.hasIntercept = hasIntercept
  }
}
