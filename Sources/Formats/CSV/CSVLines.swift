import Columnar

/// Where records begin, for errors about a row that was read before.
extension CSVReader {
  /// The line in which the record of a row begins, from 1; nil where the file is not the one of
  /// `byteCount` bytes that was read, or has no such row. Reads the file up to there.
  package static func line(
    ofRow row: Int, path: String, options: CSVOptions, byteCount: Int
  ) throws -> Int? {
    let (source, isCompressed, isPart) = try ByteSource.open(path)
    let file = try CSVFile(source, options: options, isCompressed: isCompressed, isPart: isPart)
    guard source.count == byteCount || file.source.count == byteCount else { return nil }
    var scanner = RecordScanner(file.dialect)
    var place = file.data.lowerBound
    var left = row
    while left > 0, place < file.data.upperBound {
      try Cancellation.check()
      let piece = try file.source.bytes(min(1 << 16, file.data.upperBound - place), at: place)
      for index in piece.indices {
        let next = index + 1 < piece.count ? piece[index + 1] : 0
        guard scanner.step(piece[index], next: next) == .newline else { continue }
        left -= 1
        if left == 0 { return try file.source.line(at: place + index + 1) }
      }
      place += piece.count
    }
    return row == 0 && file.data.lowerBound < file.data.upperBound
      ? try file.source.line(at: file.data.lowerBound) : nil
  }
}

extension RowOrigin {
  /// The rows of a CSV file, which errors call `name`.
  package convenience init(
    csv path: String, named name: String, options: CSVOptions, byteCount: Int
  ) {
    self.init { row in
      let line = try? CSVReader.line(ofRow: row, path: path, options: options, byteCount: byteCount)
      return line.map { Place(file: name, line: $0) }
    }
  }
}
