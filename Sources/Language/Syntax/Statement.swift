/// One line of a program: what is run, undone, recorded and sliced as a whole.
package struct Statement: Sendable {
  package indirect enum Kind: Sendable {
    /// `a, b = …`; more than one name only before a pipeline.
    case bind(names: [Name], value: Bound)
    /// `name |= stages`; without a name the current frame is rebound.
    case rebind(name: Name?, stages: [Stage])
    case pipeline(Pipeline)
    case expression(Expr)
    case parameter(ParameterDeclaration)
    case definition(Definition)
    /// `for v in list { lines }`
    case loop(variable: Name, values: Expr, body: [Statement])
    /// `time …` and `plan …`
    case inspect(Inspection, Statement)
    /// `! text`
    case shell(String)
    /// `? text`
    case help(String)
    /// A line that is only a comment: prose, its first `#` and one space stripped.
    case prose(String)
  }

  package enum Bound: Sendable {
    case pipeline(Pipeline)
    case expression(Expr)
  }

  package enum Inspection: String, Sendable {
    case time, plan
  }

  package var kind: Kind
  package var span: Span

  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

/// A source and the stages its rows run through.
package struct Pipeline: Sendable {
  /// The bound name that the pipeline starts from; nil where the first stage is a source itself
  /// (`load`) or works on the current frame.
  package var source: Name?
  package var stages: [Stage]

  package init(source: Name?, stages: [Stage]) {
    self.source = source
    self.stages = stages
  }
}

/// A verb with what it is applied to: `verb items clause*`.
package struct Stage: Sendable {
  /// The canonical verb; synonyms are resolved by the parser.
  package var verb: Name
  /// Leading bare words that the verb's syntax asks for, as `ols` in `fit ols …`.
  package var words: [Name]
  package var items: [Item]
  /// In the order written.
  package var clauses: [Clause]
  /// The conditions behind a colon, in `check` and `gate`.
  package var conditions: [Expr]
  package var span: Span

  package init(
    verb: Name, words: [Name] = [], items: [Item] = [], clauses: [Clause] = [],
    conditions: [Expr] = [], span: Span
  ) {
    self.verb = verb
    self.words = words
    self.items = items
    self.clauses = clauses
    self.conditions = conditions
    self.span = span
  }
}

/// `expression`, `name = expression` or, in `rename`, `old -> new`.
package struct Item: Sendable {
  /// The name given with `=`.
  package var name: Name?
  package var value: Expr
  /// The name behind `->`.
  package var renamed: Name?
  /// `each(selector) = …`: the selector, where one was given in place of a name.
  package var each: Expr?
  /// Whether it follows the item before it without a comma, as the path in `export daily "d.csv"`.
  package var isJuxtaposed: Bool

  package init(
    name: Name? = nil, value: Expr, renamed: Name? = nil, each: Expr? = nil,
    isJuxtaposed: Bool = false
  ) {
    self.name = name
    self.value = value
    self.renamed = renamed
    self.each = each
    self.isJuxtaposed = isJuxtaposed
  }
}

package struct SortKey: Sendable {
  package var value: Expr
  package var isDescending: Bool

  package init(value: Expr, isDescending: Bool) {
    self.value = value
    self.isDescending = isDescending
  }
}

package struct Clause: Sendable {
  package enum Kind: Sendable {
    case by([Item])
    case `where`(Expr)
    case sort([SortKey])
    case into([Name])
    case on([Item])
    case `as`(Name)
    /// A word that belongs to the verb, with what follows it: `to "dir/"`, `with median(x)`,
    /// `over bin(t, 1d)`, `for m1`, `beats "m.kzm"`.
    case preposition(Name, [Item])
    case option(Name, Expr)
  }

  package var kind: Kind
  package var span: Span

  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

/// `param day = @2024-03-01 min=… doc="…"`
package struct ParameterDeclaration: Sendable {
  package var name: Name
  /// The default; nil where only options are given, as for a secret.
  package var value: Expr?
  /// `min`, `max`, `doc`, `choices`, `secret`.
  package var options: [(name: Name, value: Expr)]

  package init(name: Name, value: Expr?, options: [(name: Name, value: Expr)]) {
    self.name = name
    self.value = value
    self.options = options
  }
}

/// `def name(x, y) = expression | stages`
package struct Definition: Sendable {
  package enum Body: Sendable {
    case expression(Expr)
    case pipeline(Pipeline)
  }

  package var name: Name
  package var parameters: [Name]
  package var body: Body

  package init(name: Name, parameters: [Name], body: Body) {
    self.name = name
    self.parameters = parameters
    self.body = body
  }
}
