/// What is known of a group's rows so far: fields of one or more 64-bit words, side by side, so that
/// one visit to a group's memory serves all aggregates.
///
/// All words begin as 0, and the first is the number of rows.
struct GroupState: Sendable {
  enum Field: Hashable, Sendable {
    /// How many rows have a value.
    case count(Int)
    /// Of integers below 64 bits exact, of floats in the order of the rows.
    case sum(Int)
    /// Of 64-bit integers: two words, low and high.
    case wideSum(Int)
    /// Of products of two columns of at most 16 bits; exact.
    case integerProduct(Int, Int)
    /// Of products of two columns as floats.
    case product(Int, Int)
    /// The least key, as its complement: the greatest of the complements.
    case least(Int)
    case greatest(Int)
    /// The row behind the first one with a value.
    case firstRow(Int)
    /// The row behind the last one with a value.
    case lastRow(Int)
    /// Moments about the mean: five words, mean, sum of deviations, and sums of their second to
    /// fourth powers; the last two only where `power` is 4, else three words.
    case moments(Int, power: Int)
    /// The sum of products of deviations of two columns, both with moments.
    case comoment(Int, Int)
  }

  /// The columns that are read, each once.
  private(set) var columns: [Column] = []
  private(set) var words: [Field: Int] = [:]
  /// How many words a group has.
  private(set) var stride = 1
  private var known: [ColumnIdentity: Int] = [:]

  init() {}

  /// The number of a column, the same for a column that is known already.
  mutating func index(of column: Column) -> Int {
    let identity = ColumnIdentity(column)
    if let index = known[identity] { return index }
    columns.append(column)
    known[identity] = columns.count - 1
    return columns.count - 1
  }

  /// Adds a field unless it is there.
  mutating func add(_ field: Field) {
    if case .count(let column) = field, columns[column].validity == nil { return }
    guard words[field] == nil else { return }
    if case .count(let column) = field, let word = counter(like: column) {
      words[field] = word
      return
    }
    words[field] = stride
    stride += field.wordCount
  }

  /// The word that counts the values of another column with the same nulls.
  private func counter(like column: Int) -> Int? {
    let validity = columns[column].validity.map { ObjectIdentifier($0.words) }
    for (field, word) in words {
      if case .count(let other) = field,
        columns[other].validity.map({ ObjectIdentifier($0.words) }) == validity
      {
        return word
      }
    }
    return nil
  }

  /// The word in which a field begins.
  func word(_ field: Field) -> Int {
    // A column without nulls has as many values as there are rows.
    if let word = words[field] { return word }
    return 0
  }

  /// The field with the sum of a column.
  func sumField(_ column: Int) -> Field {
    if case .int64 = columns[column].storage { return .wideSum(column) }
    return .sum(column)
  }

  /// Whether no field is rounded, so that it does not matter how rows are cut.
  var isExact: Bool {
    words.keys.allSatisfy { field in
      switch field {
      case .sum(let column): !columns[column].isFloat
      case .product, .moments, .comoment: false
      case .count, .wideSum, .integerProduct, .least, .greatest, .firstRow, .lastRow: true
      }
    }
  }

  /// The moments of a column, to whichever power they are kept.
  func momentsField(_ column: Int) -> Field {
    let fourth = Field.moments(column, power: 4)
    return words[fourth] == nil ? .moments(column, power: 2) : fourth
  }
}

extension GroupState.Field {
  fileprivate var wordCount: Int {
    switch self {
    case .wideSum: 2
    case .moments(_, let power): power == 4 ? 5 : 3
    default: 1
    }
  }
}

extension UnsafeMutablePointer<UInt64> {
  /// Adds to the float in the word.
  @inline(__always)
  func add(_ value: Double) { pointee = (Double(bitPattern: pointee) + value).bitPattern }

  /// Sets the float in the word.
  @inline(__always)
  func set(_ value: Double) { pointee = value.bitPattern }
}

extension GroupState.Field {
  /// The column whose nulls are passed over.
  var column: Int? {
    switch self {
    case .count(let column), .sum(let column), .wideSum(let column), .least(let column),
      .greatest(let column), .firstRow(let column), .lastRow(let column),
      .integerProduct(let column, _), .product(let column, _):
      column
    case .moments, .comoment: nil
    }
  }
}

extension Column {
  var isFloat: Bool { if case .float = storage { true } else { false } }
}
