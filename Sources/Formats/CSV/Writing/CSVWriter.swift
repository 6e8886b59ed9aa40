import Columnar

/// Writes frames as CSV.
///
/// Floats are the shortest text that reads back as the same value, dates are ISO 8601, null is
/// nothing and empty text is `""`. Text is quoted where it holds the delimiter, a quote or a
/// newline, has blanks at an end, or is a word that might be read as null.
package enum CSVWriter {
  package struct Options: Sendable {
    package var delimiter: UInt8
    package var hasHeader: Bool

    package init(delimiter: UInt8 = UInt8(ascii: ","), hasHeader: Bool = true) {
      self.delimiter = delimiter
      self.hasHeader = hasHeader
    }
  }

  /// Rows that are formatted, and compressed, as one part.
  private static let partSize = 1 << 14

  /// Writes `frame` to `path`, compressed if its name ends in `.gz`. Throws `io` or `cancelled`,
  /// with what was at `path` untouched.
  package static func write(
    _ frame: Frame, to path: String, options: Options = Options()
  ) throws {
    let isCompressed = path.hasSuffix(".gz")
    Progress.shared.begin(
      "export \(splitPath(path).name)", unit: "rows", total: frame.rowCount)
    defer { Progress.shared.end() }
    try AtomicFile.write(path) { sink in
      try forEachPart(frame, options, isCompressed: isCompressed) { try sink.write($0) }
    }
  }

  /// Writes the frames that `body` hands on, one after the other, under the header of the first. They
  /// must have the same columns. Throws as `write(_:to:options:)` does, and what `body` throws.
  package static func write(
    to path: String, options: Options = Options(),
    _ body: ((Frame) throws -> Void) throws -> Void
  ) throws {
    let isCompressed = path.hasSuffix(".gz")
    try AtomicFile.write(path) { sink in
      var options = options
      try body { frame in
        try forEachPart(frame, options, isCompressed: isCompressed) { try sink.write($0) }
        options.hasHeader = false
      }
    }
  }

  /// Hands the lines of `frame` to `sink` in pieces, in order, from whichever thread has them. Throws
  /// `cancelled`, and what `sink` throws.
  package static func write(
    _ frame: Frame, options: Options = Options(), to sink: ([UInt8]) throws -> Void
  ) throws {
    try forEachPart(frame, options, isCompressed: false, sink)
  }

  /// `frame` as CSV in memory.
  package static func lines(_ frame: Frame, options: Options = Options()) throws -> [UInt8] {
    var lines: [UInt8] = []
    try forEachPart(frame, options, isCompressed: false) { lines += $0 }
    return lines
  }

  /// Formats parts on all threads and hands them on in order, one at a time, while the next are
  /// being formatted.
  private static func forEachPart(
    _ frame: Frame, _ options: Options, isCompressed: Bool, _ body: ([UInt8]) throws -> Void
  ) throws {
    let formatter = try RowFormatter(frame, delimiter: options.delimiter)
    let turns = Turns()
    // SAFETY: called by one thread at a time, in the order of parts.
    nonisolated(unsafe) let body = body
    try Workers.run(parts: max(1, Workers.partCount(frame.rowCount, partSize: partSize))) { part in
      do {
        let rows = Workers.part(part, of: frame.rowCount, partSize: partSize)
        var text = try formatter.lines(
          rows, after: part == 0 && options.hasHeader ? formatter.header : [])
        if isCompressed { text = try text.withUnsafeBufferPointer { try Gzip.deflate($0) } }
        guard turns.wait(for: part) else { return }
        try body(text)
        turns.end(part)
        Progress.shared.advance(rows.count)
      } catch {
        turns.abandon()
        throw error
      }
    }
  }
}
