/// A reduction of one or two columns, a value a group.
package struct GroupItem: Sendable {
  package let reduction: Reduction
  package let arguments: [Column]

  /// Throws as `Reduction.resultType` does.
  package init(_ reduction: Reduction, _ arguments: [Column]) throws {
    self.reduction = reduction
    self.arguments = arguments
    type = try reduction.resultType(for: arguments.map(\.type))
  }

  /// The type of the result.
  let type: DataType
}

/// How an item's value follows from a group's state.
enum StateResult: Sendable {
  case rows
  case count(Int)
  case nullCount(Int)
  case wideSum(Int, count: Int)
  case sumOrNull(Int, count: Int)
  case floatSum(Int, count: Int)
  case mean(SumWord, count: Int)
  /// Of durations: rounded to whole microseconds.
  case wholeMean(SumWord, count: Int)
  case least(Int, count: Int)
  case greatest(Int, count: Int)
  /// A word with a row plus 1.
  case row(Int)
  case variance(Spread, isDeviation: Bool)
  case skewness(Int, count: Int)
  case kurtosis(Int, count: Int)
  case association(Association, isCorrelation: Bool)
  case weightedMean(product: Int, weight: SumWord, count: Int)

  /// Where a sum lies, and as what.
  enum SumWord: Sendable {
    case integer(Int)
    case wide(Int)
    case float(Int)
  }

  enum Spread: Sendable {
    /// From exact sums of values and squares.
    case exact(sum: Int, squares: Int, count: Int)
    case moments(Int, count: Int)
  }

  enum Association: Sendable {
    case exact(sums: (Int, Int), squares: (Int, Int), product: Int, count: Int)
    case moments(Int, Int, comoment: Int, count: Int)
  }
}

extension GroupState {
  /// Adds the fields that an item needs, and says how its value follows from them; nil where no
  /// state of fixed size gives it.
  mutating func add(_ item: GroupItem) throws -> StateResult? {
    guard let first = item.arguments.first else { return .rows }
    switch item.reduction {
    case .count, .countValid:
      let column = count(first)
      return .count(word(.count(column)))
    case .countNull:
      let column = count(first)
      return .nullCount(word(.count(column)))
    case .sum:
      let column = count(first)
      let counted = word(.count(column))
      switch sum(column) {
      case .integer(let word): return .sumOrNull(word, count: counted)
      case .wide(let word): return .wideSum(word, count: counted)
      case .float(let word): return .floatSum(word, count: counted)
      }
    case .mean:
      let column = count(first)
      let total = sum(column)
      return item.type == .duration
        ? .wholeMean(total, count: word(.count(column))) : .mean(total, count: word(.count(column)))
    case .min, .max, .any, .all:
      let column = count(try first.dictionaryEncoded())
      let isLeast = item.reduction == .min || item.reduction == .all
      let field = isLeast ? Field.least(column) : .greatest(column)
      add(field)
      return isLeast
        ? .least(word(field), count: word(.count(column)))
        : .greatest(word(field), count: word(.count(column)))
    case .first, .last:
      let column = index(of: first)
      let field = item.reduction == .first ? Field.firstRow(column) : .lastRow(column)
      add(field)
      return .row(word(field))
    case .variance, .standardDeviation:
      return .variance(
        spread(count(first)), isDeviation: item.reduction == .standardDeviation)
    case .skewness, .kurtosis:
      let column = count(first)
      _ = sum(column)
      let field = Field.moments(column, power: 4)
      add(field)
      return item.reduction == .skewness
        ? .skewness(word(field), count: word(.count(column)))
        : .kurtosis(word(field), count: word(.count(column)))
    case .correlation, .covariance:
      return .association(
        try association(first, item.arguments[1]),
        isCorrelation: item.reduction == .correlation)
    case .weightedMean:
      let (values, weights) = try paired(first, item.arguments[1])
      let field = Field.product(values, weights)
      add(field)
      return .weightedMean(
        product: word(field), weight: sum(weights), count: word(.count(values)))
    case .median, .quantile, .countDistinct, .nth, .mode, .joined: return nil
    }
  }

  private mutating func count(_ column: Column) -> Int {
    let index = index(of: column)
    add(.count(index))
    return index
  }

  private mutating func sum(_ column: Int) -> StateResult.SumWord {
    let field = sumField(column)
    add(field)
    if case .wideSum = field { return .wide(word(field)) }
    if case .float = columns[column].storage { return .float(word(field)) }
    return .integer(word(field))
  }

  private mutating func spread(_ column: Int) -> StateResult.Spread {
    let counted = word(.count(column))
    if columns[column].hasExactProducts {
      _ = sum(column)
      let squares = Field.integerProduct(column, column)
      add(squares)
      return .exact(sum: word(.sum(column)), squares: word(squares), count: counted)
    }
    _ = sum(column)
    // The fourth power's moments hold the second's.
    if words[.moments(column, power: 4)] == nil { add(.moments(column, power: 2)) }
    return .moments(word(momentsField(column)), count: counted)
  }

  private mutating func association(
    _ first: Column, _ second: Column
  ) throws -> StateResult.Association {
    let (x, y) = try paired(first, second)
    let counted = word(.count(x))
    if columns[x].hasExactProducts, columns[y].hasExactProducts {
      _ = (sum(x), sum(y))
      let fields = [Field.integerProduct(x, x), .integerProduct(y, y), .integerProduct(x, y)]
      for field in fields { add(field) }
      return .exact(
        sums: (word(.sum(x)), word(.sum(y))), squares: (word(fields[0]), word(fields[1])),
        product: word(fields[2]), count: counted)
    }
    for column in [x, y] {
      _ = sum(column)
      if words[.moments(column, power: 4)] == nil { add(.moments(column, power: 2)) }
    }
    add(.comoment(x, y))
    return .moments(
      word(momentsField(x)), word(momentsField(y)), comoment: word(.comoment(x, y)),
      count: counted)
  }

  /// Two columns with null where either has none.
  private mutating func paired(_ first: Column, _ second: Column) throws -> (Int, Int) {
    if first.validity == nil, second.validity == nil { return (count(first), count(second)) }
    let validity = try Bitmap.intersection(first.validity, second.validity)
    func masked(_ column: Column) -> Column {
      guard let validity else { return column }
      return Column(type: column.type, storage: column.storage, alwaysValid: validity)
    }
    return (count(masked(first)), count(masked(second)))
  }
}

extension Column {
  /// Whether the values are so narrow that sums of their products are exact in 64 bits.
  fileprivate var hasExactProducts: Bool {
    switch storage {
    case .int8, .int16: true
    default: false
    }
  }
}
