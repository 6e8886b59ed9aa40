import Columnar
import Display
import Formats
import Language
import Notebooks
import Query

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Patterns of file names, as `trips-*.csv.gz`: the rows of all files that fit, one after the other.
extension LoadVerb {
  /// The files that a pattern names, as they would be typed, by their bytes; nil for a path without
  /// `*`, `?` and `[`, and for one that is a file as it stands. Throws `no-such-file` where none fits.
  func files(matching path: String, in session: Session, span: Span) throws -> [String]? {
    guard path.contains(where: { "*?[".contains($0) }),
      !Path.exists(session.files.absolute(path))
    else { return nil }
    var found = [path.hasPrefix("/") ? "/" : ""]
    for part in path.split(separator: "/") {
      found = found.flatMap { folder -> [String] in
        let prefix = folder.isEmpty || folder.hasSuffix("/") ? folder : folder + "/"
        guard part.contains(where: { "*?[".contains($0) }) else { return [prefix + part] }
        let place = session.files.absolute(prefix.isEmpty ? "." : prefix)
        return Path.entries(of: place).filter { fnmatch(String(part), $0, FNM_PERIOD) == 0 }
          .map { prefix + $0 }
      }
    }
    let files = found.filter {
      let place = session.files.absolute($0)
      return Path.exists(place) && !Path.isDirectory(place)
    }
    guard !files.isEmpty else {
      throw Diagnostic(.noSuchFile, "no file fits \(path)", span: span)
    }
    return files.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }

  /// The rows of several files with the same columns. A column has one type in all of them, found as
  /// in one file: where they differ, the files are read again with the wider one. Throws `type` where
  /// a file lacks a column that another has.
  func table(of files: [String], in session: Session, span: Span) throws -> LoadedTable {
    let paths = try files.map { try session.input($0, span: span) }
    var tables: [LoadedTable] = []
    for (path, file) in zip(paths, files) {
      tables.append(
        try located(path, file, span) { try whole(path, named: file, options: options) })
    }
    let types = try commonTypes(tables.map(\.frame), files, span)
    for (number, table) in tables.enumerated() {
      var wider = options
      for (name, column) in zip(table.frame.names, table.frame.columns)
      where types[name] != column.type && options.types[name] == nil {
        wider.types[name] = types[name].map { .type($0) }
      }
      if wider.types.count > options.types.count {
        tables[number] = try located(paths[number], files[number], span) {
          try whole(paths[number], named: files[number], options: wider)
        }
      }
    }
    let names = tables[0].frame.names
    let frames = tables.map { table in
      Frame(
        names: names, columns: names.compactMap { table.frame[$0] },
        rowCount: table.frame.rowCount)
    }
    var notes = ["\(grouped(files.count)) files"]
    for (table, file) in zip(tables, files) {
      notes += table.notes.map { "\(Path.name(file)): \($0)" }
    }
    var table = LoadedTable(frame: try Frame.concatenate(frames), notes: notes)
    table.frame.origin = RowOrigin {
      [parts = tables.map { (rowCount: $0.frame.rowCount, origin: $0.frame.origin) }] row in
      var row = row
      for part in parts {
        if row < part.rowCount { return part.origin?.place(of: row) }
        row -= part.rowCount
      }
      return nil
    }
    return table
  }

  /// The type of each column over all files. A column without values takes that of the others.
  private func commonTypes(
    _ frames: [Frame], _ files: [String], _ span: Span
  ) throws -> [String: DataType] {
    var types: [String: DataType] = [:]
    for (frame, file) in zip(frames, files) {
      for name in frames[0].names where frame[name] == nil {
        throw Diagnostic(
          .type, "\(file) has no column `\(name)`, and \(files[0]) has", span: span)
      }
      for (name, column) in zip(frame.names, frame.columns) {
        guard frames[0][name] != nil else {
          throw Diagnostic(
            .type, "\(files[0]) has no column `\(name)`, and \(file) has", span: span)
        }
        if column.nullCount == column.count { continue }
        types[name] = types[name].map { commonType($0, column.type) ?? .text } ?? column.type
      }
    }
    for name in frames[0].names where types[name] == nil { types[name] = frames[0][name]?.type }
    return types
  }

  private func located<Result>(
    _ path: String, _ file: String, _ span: Span, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let error as DataError {
      throw Diagnostic(error.naming(path, as: file), span: span)
    }
  }
}
