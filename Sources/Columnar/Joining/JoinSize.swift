/// How large a join becomes, known before its rows are made.
package struct JoinSize: Sendable, Hashable {
  /// Left rows of which the key is on the right.
  package let leftMatched: Int
  /// Pairs of rows of equal keys.
  package let pairs: Int

  /// Saturates, where no memory would hold the rows anyway.
  package static func product(_ left: Int, _ right: Int) -> Int {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? Int.max : product
  }
}
