import Columnar

/// Turns rows of a frame into lines.
///
/// SAFETY: the sources point into the frame and the texts, which live as long as the formatter.
struct RowFormatter: @unchecked Sendable {
  private let frame: Frame
  private let texts: [TextStorage]
  private let sources: [CellSource]
  private let delimiter: UInt8
  let header: [UInt8]

  init(_ frame: Frame, delimiter: UInt8) throws {
    self.frame = frame
    self.delimiter = delimiter
    let quoting = Quoting(delimiter: delimiter)
    let none = try TextStorage([])
    texts = try frame.columns.map { column in
      switch column.storage {
      case .dictionary(_, let dictionary): try quoting.quoted(dictionary.entries)
      case .text(let texts): try quoting.quoted(texts)
      default: none
      }
    }
    sources = zip(frame.columns, texts).map { CellSource($0, texts: $1) }
    var header: [UInt8] = []
    for (place, name) in frame.names.enumerated() {
      if place > 0 { header.append(delimiter) }
      var name = name
      name.withUTF8 { quoting.append($0, to: &header) }
    }
    header.append(0x0A)
    self.header = header
  }

  /// The lines of `rows`, after `prefix`. Throws `cancelled`.
  func lines(_ rows: Range<Int>, after prefix: [UInt8]) throws -> [UInt8] {
    var capacity = prefix.count + 64
    for source in sources { capacity += source.capacity(rows) + rows.count }
    // A line of no columns is a newline, too.
    capacity += rows.count
    return try withExtendedLifetime(self) {
      try [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        // SAFETY: the capacity covers every cell, delimiter and newline, and 32 bytes more.
        let start = buffer.baseAddress!
        for (place, byte) in prefix.enumerated() { start[place] = byte }
        var end = start + prefix.count
        try sources.withUnsafeBufferPointer { sources in
          for row in rows {
            if row & 4095 == 0 { try Cancellation.check() }
            for place in 0..<sources.count {
              if place > 0 {
                end[0] = delimiter
                end += 1
              }
              end = sources[place].write(row, end)
            }
            end[0] = 0x0A
            end += 1
          }
        }
        count = end - start
      }
    }
  }
}
