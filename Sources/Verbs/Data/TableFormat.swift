import Columnar
import Formats

/// The formats that tables are read from and written to, told by a file's ending.
enum TableFormat {
  case csv
  case arrow

  /// The format of a file; whatever has no ending of another is CSV.
  init(reading path: String) {
    let name = path.lowercased()
    self = name.hasSuffix(".arrow") || name.hasSuffix(".feather") ? .arrow : .csv
  }

  /// The format that a file is written in; nil for an ending that is none of a table.
  init?(writing path: String) {
    let name = path.lowercased()
    let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    if [".csv", ".tsv", ".txt"].contains(where: plain.hasSuffix) {
      self = .csv
    } else if name.hasSuffix(".arrow") {
      self = .arrow
    } else {
      return nil
    }
  }
}

/// A table read from a file, and what is to be said about the reading.
struct LoadedTable {
  var frame: Frame
  var notes: [String]
  /// Whether there is more in the file than was read.
  var isPartial = false

  init(frame: Frame, notes: [String]) {
    self.frame = frame
    self.notes = notes
  }

  /// What was read of a CSV file, which errors call `name`.
  init(_ result: CSVResult, of file: String, named name: String, _ options: CSVOptions) {
    frame = result.frame
    if file != "-" {
      frame.origin = RowOrigin(
        csv: file, named: name, options: options, byteCount: result.report.byteCount)
    }
    notes = result.report.notes
    isPartial = result.report.isPartial
  }

  init(_ result: ArrowResult) {
    frame = result.frame
    notes = result.notes
  }
}
