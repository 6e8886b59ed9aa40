/// The medians and quantiles among some items: the values of a column of which several are asked for
/// are put in order once.
struct GroupQuantiles {
  private var probabilities: [ColumnIdentity: [Double]] = [:]
  private var whole: [ColumnIdentity: [Double: Scalar]] = [:]
  /// The last column's keys by group.
  private var known: (identity: ColumnIdentity, keys: GroupKeys)?

  init(_ items: [GroupItem]) {
    for item in items {
      guard let probability = item.probability, let column = item.arguments.first else { continue }
      probabilities[ColumnIdentity(column), default: []].append(probability)
    }
  }

  /// The quantile of each group, of an item that asks for one.
  mutating func column(
    _ column: Column, _ probability: Double, by grouping: Grouping
  ) throws -> Column {
    let identity = ColumnIdentity(column)
    if grouping.isWhole {
      if whole[identity] == nil {
        let wanted = probabilities[identity] ?? [probability]
        let found = zip(wanted, try column.quantiles(wanted))
        whole[identity] = Dictionary(found) { first, _ in first }
      }
      let type = try Reduction.quantile(probability).resultType(for: [column.type])
      return try .scalars([whole[identity]?[probability] ?? .null], type: type)
    }
    let keys: GroupKeys
    if let known, known.identity == identity {
      keys = known.keys
    } else {
      // The former column's go first.
      known = nil
      keys = try GroupKeys(column, by: grouping)
      known = (identity, keys)
    }
    return try groupQuantiles(column, probability, keys, groupCount: grouping.groupCount)
  }
}

extension GroupItem {
  /// Of a median or quantile.
  fileprivate var probability: Double? {
    switch reduction {
    case .median: 0.5
    case .quantile(let probability): probability
    default: nil
    }
  }
}
