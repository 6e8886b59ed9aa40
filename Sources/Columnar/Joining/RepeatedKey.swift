/// The first row whose key occurs twice or more, with how often; nil if there is none. Keys with
/// null do not count. Throws `type` for columns that cannot be compared.
package func firstRepeatedKey(_ keys: [Column]) throws -> (row: Int, count: Int)? {
  let matches = try KeyMatches(left: keys, right: keys)
  guard let ids = matches.rightIds else { return nil }
  let sizes = try matches.rightSizes(ids)
  for row in 0..<ids.count {
    if row & 4095 == 0 { try Cancellation.check() }
    let id = ids[row]
    if id != noRow, sizes[Int(id)] > 1 { return (row, Int(sizes[Int(id)])) }
  }
  return nil
}
