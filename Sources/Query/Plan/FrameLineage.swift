/// Which columns of which data the columns and rows of a table come from, in the terms of
/// OpenLineage's facet of column lineage.
package struct FrameLineage: Sendable, Equatable {
  /// A column of a file, or of what a step is given.
  package struct Field: Sendable, Hashable, Comparable {
    package var dataset: String
    package var column: String

    package init(dataset: String, column: String) {
      self.dataset = dataset
      self.column = column
    }

    package static func < (left: Field, right: Field) -> Bool {
      (left.dataset, left.column) < (right.dataset, right.column)
    }
  }

  /// What a field is to what comes of it.
  package struct Use: Sendable, Hashable, Comparable {
    /// Those that its values become part of, in rising order, and then those that only decide.
    package enum Kind: String, Sendable, CaseIterable {
      case identity = "IDENTITY"
      case transformation = "TRANSFORMATION"
      case aggregation = "AGGREGATION"
      case conditional = "CONDITIONAL"
      case filter = "FILTER"
      case group = "GROUP_BY"
      case join = "JOIN"
      case sort = "SORT"
      case window = "WINDOW"
    }

    package var kind: Kind
    /// Whether the values can no longer be told from what came of them.
    package var isMasked = false

    package init(_ kind: Kind, isMasked: Bool = false) {
      self.kind = kind
      self.isMasked = isMasked
    }

    package var isDirect: Bool {
      switch kind {
      case .identity, .transformation, .aggregation: true
      default: false
      }
    }

    /// What the field is to something that makes `later` use of what came of it.
    func then(_ later: Use) -> Use {
      if !isDirect { return self }
      let isMasked = isMasked || later.isMasked
      if !later.isDirect { return Use(later.kind, isMasked: isMasked) }
      return Use(max(self, later).kind, isMasked: isMasked)
    }

    private var rank: Int { Kind.allCases.firstIndex(of: kind) ?? 0 }

    package static func < (left: Use, right: Use) -> Bool {
      (left.rank, left.isMasked ? 1 : 0) < (right.rank, right.isMasked ? 1 : 0)
    }
  }

  package typealias Origins = [Field: Set<Use>]

  /// By column. One that is not there comes from where nobody knows; one without origins, as a count,
  /// from no column.
  package var columns: [String: Origins]
  /// What decides which rows there are, and in which order; nil where that is not known.
  package var rows: Origins?

  package init(columns: [String: Origins] = [:], rows: Origins? = nil) {
    self.columns = columns
    self.rows = rows
  }

  /// Of a table about which nothing is known.
  package static let unknown = FrameLineage()

  /// Of a table that is read as it is: each column is that of the same name in all of `datasets`.
  package static func whole(_ datasets: [String], columns: [String]) -> FrameLineage {
    var lineage = FrameLineage(rows: [:])
    for column in columns {
      lineage.columns[column] = Dictionary(
        datasets.map { (Field(dataset: $0, column: column), [Use(.identity)]) },
        uniquingKeysWith: { first, _ in first })
    }
    return lineage
  }

  /// What is left of it where a value from other data, whose origins are not known here, took part in
  /// making this of `before`: the columns that stayed what they were.
  package func unchanged(from before: FrameLineage) -> FrameLineage {
    FrameLineage(
      columns: columns.filter { before.columns[$0.key] == $0.value },
      rows: rows == before.rows ? rows : nil)
  }
}

extension FrameLineage.Origins {
  /// Takes in what else there is.
  mutating func add(_ other: Self) { merge(other) { $0.union($1) } }

  /// These fields, used in this way.
  func then(_ use: FrameLineage.Use) -> Self { mapValues { Set($0.map { $0.then(use) }) } }
}

extension FrameLineage {
  /// The origins of what is made of columns, each used in a way; nil where those of one are not known.
  package func origins(of uses: [(column: String, use: Use)]) -> Origins? {
    var found: Origins = [:]
    for (column, use) in uses {
      guard let origins = columns[column] else { return nil }
      found.add(origins.then(use))
    }
    return found
  }

  /// Adds columns by whose values rows were divided.
  package mutating func decide(columns names: [String]) { decide(names, .group) }

  /// Adds columns that decide about rows.
  mutating func decide(_ names: [String], _ kind: Use.Kind) {
    guard let known = rows, let more = origins(of: names.map { ($0, Use(kind)) }) else {
      rows = nil
      return
    }
    var both = known
    both.add(more)
    rows = both
  }
}

extension TypedExpr {
  /// The columns that it reads, with what they are to its value.
  func uses(_ outer: FrameLineage.Use = .init(.identity)) -> [(
    column: String, use: FrameLineage.Use
  )] {
    func changed(by kind: FrameLineage.Use.Kind, isMasked: Bool = false) -> FrameLineage.Use {
      FrameLineage.Use(kind, isMasked: isMasked).then(outer)
    }
    switch kind {
    case .constant: return []
    case .column(let name): return [(name, outer)]
    case .apply(let operation, let arguments):
      let masks = operation.name == LogicalPlan.pseudonym
      return arguments.flatMap { $0.uses(changed(by: .transformation, isMasked: masks)) }
    case .and(let left, let right), .or(let left, let right):
      return [left, right].flatMap { $0.uses(changed(by: .transformation)) }
    case .choice(let arms, let otherwise):
      return arms.flatMap { arm in
        arm.condition.uses(changed(by: .conditional))
          + arm.value.uses(changed(by: .transformation))
      } + otherwise.uses(changed(by: .transformation))
    case .aggregate(let call):
      return call.arguments.flatMap { $0.uses(changed(by: .aggregation)) }
    case .window(let call):
      return call.arguments.flatMap { $0.uses(changed(by: .transformation)) }
    }
  }
}
