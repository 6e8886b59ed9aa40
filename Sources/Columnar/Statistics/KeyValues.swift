extension Column {
  /// A column like this one with the values of `keys`, the last of which may stand for null.
  func values(ofKeys keys: [UInt64], lastIsNull: Bool) throws -> Column {
    var validity: Bitmap?
    if lastIsNull {
      var bits = [Bool](repeating: true, count: keys.count)
      bits[keys.count - 1] = false
      validity = try Bitmap(bits)
    }
    func isNull(_ place: Int) -> Bool { lastIsNull && place == keys.count - 1 }
    switch storage {
    case .float:
      let values = keys.indices.map { isNull($0) ? 0 : FloatKeys.value(keys[$0]) }
      return Column(type: type, storage: .float(try Buffer(values)), validity: validity)
    case .dictionary(_, let dictionary):
      let entries = try dictionary.entriesByRank
      let codes = keys.indices.map { isNull($0) ? 0 : entries[Int(keys[$0])] }
      return Column(
        type: type,
        storage: .dictionary(try Codes(codes, entryCount: dictionary.count), dictionary),
        validity: validity)
    default:
      let values = keys.indices.map {
        isNull($0) ? 0 : Int64(bitPattern: keys[$0] ^ (1 << 63))
      }
      return try Column(integers: try Buffer(values), type: type, validity: validity)
    }
  }
}
