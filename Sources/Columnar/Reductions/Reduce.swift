/// The reduction of each group's rows, a value a group, in the order of the groups.
///
/// The columns must have the grouping's row count. Throws as `resultType` does, and `overflow`
/// where a sum does not fit 64 bits, its `row` being the first row of the group at fault.
package func reduce(
  _ reduction: Reduction, _ arguments: [Column], by grouping: Grouping
) throws -> Column {
  do {
    return try reduce([try GroupItem(reduction, arguments)], by: grouping)[0]
  } catch let failure as GroupFailure {
    var error = failure.error
    error.row = Int(grouping.firstRows[failure.group])
    throw error
  }
}

/// What went wrong with an item's value for a group.
package struct GroupFailure: Error {
  /// The group's number.
  var group: Int
  /// The item's place.
  package var item: Int
  package var error: DataError
  /// The group's keys; empty where there are none, or they are not known.
  package var keys: [Scalar] = []

  /// The failure with its group's values of `keys`.
  package func naming(_ keys: [Column], of grouping: Grouping) -> GroupFailure {
    var named = self
    let row = Int(grouping.firstRows[group])
    named.keys = keys.filter { row < $0.count }.map { $0[row] }
    return named
  }
}
