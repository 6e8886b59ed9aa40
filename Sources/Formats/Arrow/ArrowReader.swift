import Columnar

/// A table read from an Arrow file, and what is to be said about the reading.
package struct ArrowResult: Sendable {
  package var frame: Frame
  /// Lines as `times below a microsecond cut off: when 3`.
  package var notes: [String]
}

/// Reads tables from Arrow IPC files, also called Feather of version 2.
package enum ArrowReader {
  /// The table in a file, with all columns or those named, and at most so many rows.
  ///
  /// Throws `fileNotFound`, `isDirectory`, `emptyFile`, `io`, `memory`, `cancelled`,
  /// `unknownColumn`, `format` for a kind of file or column that is not read, `overflow` with the
  /// row of a value that no column holds, and `corrupt`.
  package static func read(
    path: String, columns: [String]? = nil, rowLimit: Int? = nil
  ) throws -> ArrowResult {
    let file = try ArrowFile(path: path)
    var count = file.batchCount
    if let rowLimit {
      count = file.starts.firstIndex { $0 >= rowLimit } ?? count
    }
    Progress.shared.begin(
      "load \(splitPath(file.source.name).name)", unit: "rows", total: file.starts[count])
    defer { Progress.shared.end() }
    var result = try file.read(batches: 0..<count, columns: columns)
    if let rowLimit, result.frame.rowCount > rowLimit {
      result.frame = try result.frame.slice(0..<max(rowLimit, 0))
    }
    return result
  }
}

extension ArrowFile {
  /// Names and types of the columns. Throws `format` where one is of a type that is not read.
  package func schema() throws -> Schema {
    Schema(
      try fields.indices.map {
        Schema.Field(name: names[$0], type: try readableType($0, among: nil).type)
      })
  }

  /// The rows of some batches, with all columns or those named, in the order of the file.
  ///
  /// Several threads read; the result does not depend on how many.
  package func read(batches range: Range<Int>, columns wanted: [String]? = nil) throws
    -> ArrowResult
  {
    let columns = try self.columns(wanted)
    let types = try columns.map { try readableType($0, among: wanted) }
    let first = starts[range.lowerBound]
    let count = starts[range.upperBound] - first
    let targets = try types.map { type in
      var dictionary: ArrowDictionary?
      if case .dictionary(let id, _, _, let values) = type {
        dictionary = try self.dictionary(id, of: values)
      }
      return try ArrowTarget(type, count: count, dictionary: dictionary)
    }
    let layouts = try range.map { try bufferRanges(in: batches[$0]) }
    let width = columns.count
    let results = try Workers.map(parts: range.count * width) { part in
      let (place, index) = part.quotientAndRemainder(dividingBy: width)
      let batch = range.lowerBound + place
      defer { if index == 0 { Progress.shared.advance(batches[batch].rowCount) } }
      return try decode(
        columns[index], of: batch, types[index], layouts[place], to: targets[index], base: first)
    }
    if width == 0 { try range.forEach { try checkHead($0) } }
    let rows = range.map { starts[$0] - first..<starts[$0 + 1] - first }
    let made = try Workers.map(parts: width) { index in
      let pieces = stride(from: index, to: results.count, by: width).map { results[$0] }
      return try column(types[index], targets[index], pieces, rows, count: count)
    }
    return ArrowResult(
      frame: Frame(names: columns.map { names[$0] }, columns: made, rowCount: count),
      notes: notes(columns, types, results))
  }

  /// The rows in `range`, which must lie within the file, with all columns or those named: the
  /// batches in which they lie are read. Throws as `ArrowReader.read` does.
  package func rows(_ range: Range<Int>, columns: [String]? = nil) throws -> Frame {
    precondition(range.lowerBound >= 0 && range.upperBound <= rowCount)
    let first = max(0, (starts.firstIndex { $0 > range.lowerBound } ?? batchCount) - 1)
    let end = max(first, starts.firstIndex { $0 >= range.upperBound } ?? batchCount)
    let frame = try read(batches: first..<min(end, batchCount), columns: columns).frame
    let start = range.lowerBound - starts[first]
    return try frame.slice(start..<start + range.count)
  }

  private func columns(_ wanted: [String]?) throws -> [Int] {
    guard let wanted else { return Array(fields.indices) }
    let known = Set(names)
    for name in wanted where !known.contains(name) {
      throw DataError(
        .unknownColumn, "no column `\(name)` in \(source.name)", file: source.name,
        hints: names.filter { editDistance(Array(name.utf8), Array($0.utf8)) <= 1 }.prefix(3).map {
          "did you mean `\($0)`?"
        })
    }
    let set = Set(wanted)
    return fields.indices.filter { set.contains(names[$0]) }
  }

  private func readableType(_ column: Int, among wanted: [String]?) throws -> ArrowType {
    if let type = fields[column].type { return type }
    let others = fields.indices.filter { fields[$0].type != nil }.prefix(3).map { names[$0] }
    throw DataError(
      .format,
      "\(source.name): column `\(names[column])` is of type \(fields[column].typeName), which is "
        + "not read", file: source.name,
      hints: wanted == nil && !others.isEmpty
        ? ["load \"\(source.name)\" | select \(others.joined(separator: ", "))"] : [])
  }

  private func checkHead(_ batch: Int) throws {
    guard let checksums else { return }
    let digest = batches[batch].head.withUnsafeBytes { XXHash64.hash($0) }
    guard digest == checksums.head(batch) else {
      throw Self.damaged(source, "the checksum of a batch does not fit")
    }
  }

  private func decode(
    _ column: Int, of batch: Int, _ type: ArrowType, _ layout: [Range<Int>],
    to target: ArrowTarget, base: Int
  ) throws -> ArrowPieceResult {
    let block = batches[batch]
    if column == 0 { try checkHead(batch) }
    guard column < layout.count else {
      throw DataError(
        .format,
        "\(source.name): column `\(names[column])` cannot be read, as it stands behind one of type "
          + fields[layout.count].typeName, file: source.name)
    }
    var piece = try ArrowPiece(
      source, name: names[column], rowCount: block.rowCount, firstRow: starts[batch],
      nulls: block.nodes[firstNodes[column]].nulls, buffers: block.buffers[layout[column]],
      hasValidity: type != .null, checksum: checksums?.column(column, batch))
    return try piece.decode(type, to: target, at: starts[batch] - base)
  }

  private func notes(
    _ columns: [Int], _ types: [ArrowType], _ results: [ArrowPieceResult]
  ) -> [String] {
    var counts = [ArrowCounts](repeating: ArrowCounts(), count: columns.count)
    for (part, result) in results.enumerated() { counts[part % columns.count] += result.counts }
    func listed(_ count: (ArrowCounts) -> Int) -> String? {
      let named = zip(columns, counts).filter { count($0.1) > 0 }.map {
        "\(names[$0.0]) \(grouped(count($0.1)))"
      }
      if named.isEmpty { return nil }
      return named.prefix(8).joined(separator: ", ")
        + (named.count > 8 ? ", … (\(named.count) columns)" : "")
    }
    let zones = zip(columns, types).compactMap { column, type -> String? in
      guard case .timestamp(_, let zone?) = type, zone != "UTC", !zone.isEmpty else { return nil }
      return "\(names[column]) (\(zone))"
    }
    var notes: [String] = []
    if let text = listed(\.notANumber) { notes.append("NaN read as null: \(text)") }
    if let text = listed(\.belowMicrosecond) {
      notes.append("times cut off to microseconds: \(text)")
    }
    if let text = listed(\.notMidnight) { notes.append("dates with a time cut off: \(text)") }
    if !zones.isEmpty { notes.append("times read as UTC: \(zones.joined(separator: ", "))") }
    for entry in renamed {
      notes.append(
        entry.original.isEmpty
          ? "column \(entry.position) has no name: \(entry.name)"
          : "second column named \(entry.original): \(entry.name)")
    }
    return notes
  }
}
