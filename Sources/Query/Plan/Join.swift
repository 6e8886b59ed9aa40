import Columnar
import Language

extension LogicalPlan {
  /// Rows of two plans put together where their keys are equal.
  package struct Join: Sendable {
    package enum Kind: Sendable, Hashable {
      case matching(JoinKind)
      case cross
      /// Left rows with the nearest right row; the last key is the ordered one.
      case asOf(AsOfDirection, AsOfTolerance?)
    }

    package struct Key: Sendable, Hashable {
      package var left: String
      package var right: String

      package init(left: String, right: String) {
        self.left = left
        self.right = right
      }
    }

    /// How often a key may occur on either side.
    package enum Expectation: String, Sendable, CaseIterable {
      case oneToOne = "1:1"
      case manyToOne = "n:1"
      case oneToMany = "1:n"
      case manyToMany = "n:m"

      package var isLeftUnique: Bool { self == .oneToOne || self == .oneToMany }
      package var isRightUnique: Bool { self == .oneToOne || self == .manyToOne }
    }

    /// A column that comes out.
    package struct Output: Sendable, Hashable {
      package enum Source: Sendable, Hashable {
        case left(String)
        case right(String)
        /// The left key of this number, and where there is no left row the right one.
        case key(Int)
      }

      package var name: String
      package var source: Source
      package var type: DataType
    }

    package var left: LogicalPlan
    package var right: LogicalPlan
    /// What the right side is called in messages.
    package var rightName: String
    package var kind: Kind
    package var keys: [Key]
    package var expectation: Expectation?
    package var columns: [Output]
    /// Where errors of data belong.
    package var span: Span
  }
}

extension LogicalPlan.Join {
  var schema: Schema { Schema(columns.map { Schema.Field(name: $0.name, type: $0.type) }) }

  /// Whether the rows come out in the order of the left side's.
  var keepsLeftOrder: Bool {
    if case .matching(let kind) = kind { !kind.keepsRight } else { true }
  }

  /// The columns that each side is asked for.
  var needs: (left: Set<String>, right: Set<String>) {
    var needs = (left: Set(keys.map(\.left)), right: Set(keys.map(\.right)))
    for column in columns {
      switch column.source {
      case .left(let name): needs.left.insert(name)
      case .right(let name): needs.right.insert(name)
      case .key: break
      }
    }
    return needs
  }

  /// No more rows than these come out; nil where that is not known.
  var maximumRowCount: Int? {
    guard let leftCount = left.maximumRowCount else { return nil }
    switch kind {
    case .asOf: return leftCount
    case .cross: return right.maximumRowCount.map { JoinSize.product(leftCount, $0) }
    case .matching(let kind):
      if !kind.hasRight { return leftCount }
      guard expectation?.isRightUnique == true else { return nil }
      if !kind.keepsRight { return leftCount }
      return right.maximumRowCount.map { leftCount + $0 }
    }
  }

  /// How many rows are expected to come out, keys being taken to occur once on the right.
  var estimate: RowEstimate? {
    guard let first = left.estimate else { return nil }
    let once = "keys once in \(rightName)"
    switch kind {
    case .asOf: return RowEstimate(rows: first.rows, isExact: first.isExact, basis: "")
    case .cross:
      return right.estimate.map {
        RowEstimate(
          rows: first.rows * $0.rows, isExact: first.isExact && $0.isExact, basis: "")
      }
    case .matching(let kind):
      if !kind.hasRight || (!kind.keepsRight && expectation?.isRightUnique == true) {
        let isExact = kind == .left && first.isExact
        return RowEstimate(rows: first.rows, isExact: isExact, basis: isExact ? "" : "at most")
      }
      if !kind.keepsRight { return RowEstimate(rows: first.rows, isExact: false, basis: once) }
      return right.estimate.map {
        RowEstimate(rows: max(first.rows, $0.rows), isExact: false, basis: once)
      }
    }
  }

  /// `left on pu_zone == zone_id · zones`
  var detail: String {
    var parts: [String] = [rightName]
    switch kind {
    case .matching(let kind): parts.append("kind=\(kind.rawValue)")
    case .cross: parts.append("kind=cross")
    case .asOf(let direction, _): parts.append("kind=asof direction=\(direction.rawValue)")
    }
    if !keys.isEmpty {
      let pairs = keys.map { key in
        let left = Suggestion.written(key.left)
        return key.left == key.right ? left : "\(left) == \(Suggestion.written(key.right))"
      }
      parts.insert("on " + pairs.joined(separator: ", "), at: 1)
    }
    if let expectation { parts.append("expect=\(expectation.rawValue)") }
    return parts.joined(separator: " ")
  }
}
