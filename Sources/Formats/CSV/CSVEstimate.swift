import Columnar

/// How large a file's table will be, told from its beginning.
package struct CSVEstimate: Sendable {
  /// Rows in the file, from the length of the first records.
  package let rowCount: Int
  /// Bytes of text, after decompression.
  package let byteCount: Int
  /// Bytes that the columns will take, as wide as those of the first records.
  package let columnBytes: Int
  /// Names and types as the first records have them; later values may widen the types.
  package let schema: Schema
  /// Whether the first records are all there are, so that nothing is estimated.
  package let isExact: Bool
}

extension CSVReader {
  /// Whether a file's table takes fewer than so many bytes whatever stands in it, so that nothing need
  /// be estimated: an empty field takes a byte of the file and, among floats, eight in memory.
  package static func surelyFits(path: String, in room: Int) throws -> Bool {
    let (source, isCompressed, isPart) = try ByteSource.open(path, limit: 1)
    return !isCompressed && !isPart && source.count < room / 16
  }

  /// How large the table in a file will be, from its first megabyte: a few milliseconds. Throws as
  /// `read` does. Standard input cannot be looked at without being taken.
  package static func estimate(
    path: String, options: CSVOptions = CSVOptions()
  ) throws -> CSVEstimate {
    var options = options
    options.rowLimit = .max
    let sampleSize = 1 << 20
    let (source, isCompressed, isPart) = try ByteSource.open(path, limit: sampleSize)
    var sample = source
    let isCut = isPart || source.count > sampleSize
    if source.count > sampleSize {
      sample = try ByteSource(name: source.name, bytes: source.bytes(sampleSize, at: 0))
    }
    let file = try CSVFile(
      sample, options: options, isCompressed: isCompressed, isPart: isCut)
    let load = try self.load(file, options, keepsValues: true)
    let assembly = FrameAssembly(load, try load.run())
    let frame = try assembly.result(file, options).frame
    guard isCut, frame.rowCount > 0 else {
      return CSVEstimate(
        rowCount: frame.rowCount, byteCount: source.count, columnBytes: frame.estimatedBytes(1),
        schema: frame.schema, isExact: !isCut)
    }
    let byteCount = isPart ? try ByteSource.unpackedSize(path) : source.count
    // The sample's last record may be cut off, which is too little to matter.
    let share = Double(max(byteCount - file.data.lowerBound, 1)) / Double(max(file.data.count, 1))
    return CSVEstimate(
      rowCount: whole(Double(frame.rowCount) * share), byteCount: byteCount,
      columnBytes: frame.estimatedBytes(share), schema: frame.schema, isExact: false)
  }

  private static func whole(_ value: Double) -> Int { Int(exactly: value.rounded()) ?? .max }
}

extension Frame {
  /// The bytes of a frame with `share` times as many rows of the same kind.
  fileprivate func estimatedBytes(_ share: Double) -> Int {
    var perRow = 0.0
    var fixed = 0.0
    for column in columns {
      if column.validity != nil { perRow += 0.125 }
      switch column.storage {
      case .int8: perRow += 1
      case .int16: perRow += 2
      case .int32: perRow += 4
      case .int64, .float: perRow += 8
      case .text(let texts):
        perRow += 8 + Double(texts.bytes.count) / Double(max(texts.count, 1))
      case .dictionary(let codes, let dictionary):
        let size = Double(dictionary.entries.bytes.count) / Double(max(dictionary.count, 1))
        if dictionary.count > 256, dictionary.count * 4 > codes.count {
          // Most texts are new ones: there will be too many for a dictionary.
          perRow += 8 + size
        } else {
          perRow += dictionary.count <= 128 ? 1 : dictionary.count <= 2048 ? 2 : 4
          fixed += Double(dictionary.count) * (size + 8)
        }
      }
    }
    let total = perRow * Double(rowCount) * share + fixed
    return Int(exactly: total.rounded()) ?? .max
  }
}
