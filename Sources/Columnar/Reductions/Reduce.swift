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
}
