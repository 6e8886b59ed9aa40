import Columnar

/// A CSV file that is never held whole: its types come from all of it, its rows in batches.
///
/// A stream keeps the file open, so that what it gives is of one file even if another takes its
/// name. A file takes a few megabytes whatever its size: a compressed one is unpacked to a file without a
/// name. One in another encoding than UTF-8 is held as text.
package final class CSVStream: Sendable {
  /// Names and types of the columns, those that `CSVReader.read` finds.
  package let schema: Schema
  package let rowCount: Int
  /// What is to be said about the file: dialect, null words, renamed columns.
  package let report: LoadReport

  private let load: CSVLoad
  private let decided: Set<Int>
  /// For each chunk how many rows come before it, and at the end how many there are.
  private let firstRows: [Int]

  /// Looks at the whole file for its types and keeps no values: about as long as `load` takes.
  ///
  /// `columns` and `rowLimit` of the options are not heeded: which words are null depends on all
  /// columns. Throws as `CSVReader.read` does.
  package init(path: String, options: CSVOptions = CSVOptions()) throws {
    let (source, isCompressed, _) = try ByteSource.open(path, onDisk: true)
    Progress.shared.begin(
      "look at \(splitPath(source.name).name)", unit: "bytes", total: source.count)
    defer { Progress.shared.end() }
    var options = options
    options.rowLimit = nil
    options.columns = nil
    let file = try CSVFile(source, options: options, isCompressed: isCompressed, isPart: false)
    let load = try CSVReader.load(file, options, keepsValues: false)
    self.load = load
    let chunks = try load.run().chunks
    let decided = FrameAssembly.decidedWords(load, chunks)
    self.decided = decided
    var firstRows = [0]
    for chunk in chunks { firstRows.append(firstRows[firstRows.count - 1] + chunk.rowCount) }
    self.firstRows = firstRows
    rowCount = firstRows[chunks.count]
    schema = Schema(
      load.columns.indices.map {
        Schema.Field(name: load.names[load.columns[$0]], type: load.type($0))
      })
    var report = LoadReport(
      dialect: load.dialect, rowCount: rowCount, byteCount: source.count)
    report.isHeaderGuessed = options.hasHeader == nil
    report.renamed = file.header.renamed
    report.repairs = file.repairs
    report.isDecimalCommaFound = options.usesDecimalComma == nil && load.dialect.usesDecimalComma
    for (index, field) in schema.fields.enumerated() {
      var counts: [Int: Int] = [:]
      for chunk in chunks {
        for (word, count) in chunk.columns[index].wordCounts.enumerated() where count > 0 {
          let isNull =
            field.type != .text || word < load.words.unconditionalCount || decided.contains(word)
          if isNull { counts[word, default: 0] += Int(count) }
        }
      }
      report.nullWords += counts.sorted { $0.key < $1.key }.map {
        .init(column: field.name, word: load.words.spelling($0.key), count: $0.value)
      }
      if load.classes(index).contains(.offset) { report.convertedToUTC.append(field.name) }
    }
    self.report = report
  }

  /// The rows in `range`, which must lie within the file, with the named columns, in the order of
  /// the file; nil: all.
  ///
  /// Reads the part of the file in which they stand with all threads. The same values and types
  /// whatever the ranges; integers and codes are as narrow as these rows allow. Throws
  /// `unknownColumn`, `io` if the file has changed, `memory` and `cancelled`.
  package func rows(_ range: Range<Int>, columns names: [String]? = nil) throws -> Frame {
    precondition(range.lowerBound >= 0 && range.upperBound <= rowCount)
    for name in names ?? [] where schema.index(of: name) == nil {
      throw DataError(.unknownColumn, "no column `\(name)` in \(load.source.name)")
    }
    let wanted = names.map { Set($0) }
    let places = schema.fields.indices.filter { wanted?.contains(schema.fields[$0].name) ?? true }
    let part = CSVLoad(load, columns: places)
    let chunks = self.chunks(range)
    let pass = try part.run(chunks: chunks)
    for (chunk, pieces) in zip(chunks, pass.chunks)
    where pieces.rowCount != firstRows[chunk + 1] - firstRows[chunk] {
      throw load.changed
    }
    var report = self.report
    let frame = try FrameAssembly(part, pass, decided: decided).frame(&report)
    let start = range.lowerBound - firstRows[chunks.lowerBound]
    return try frame.slice(start..<start + range.count)
  }

  /// The chunks in which the rows of `range` begin.
  private func chunks(_ range: Range<Int>) -> Range<Int> {
    if range.isEmpty { return 0..<0 }
    // The last chunk that begins at or before a row.
    func chunk(of row: Int) -> Int {
      var low = 0
      var high = firstRows.count - 1
      while high - low > 1 {
        let middle = (low + high) / 2
        if firstRows[middle] <= row { low = middle } else { high = middle }
      }
      return low
    }
    return chunk(of: range.lowerBound)..<chunk(of: range.upperBound - 1) + 1
  }

  /// Calls `body` with the file's rows in order, `rowCount` at a time (fewer at the end), of the
  /// named columns. The cut is the same for any number of threads.
  ///
  /// A multiple of `Workers.partSize` keeps the parts of reductions where they are in a frame of the
  /// whole file.
  package func forEachBatch(
    of rowCount: Int = 4 * Workers.partSize, columns: [String]? = nil,
    _ body: (Frame) throws -> Void
  ) throws {
    precondition(rowCount > 0)
    var start = 0
    while start < self.rowCount {
      try Cancellation.check()
      let end = min(start + rowCount, self.rowCount)
      try body(rows(start..<end, columns: columns))
      start = end
    }
  }
}
