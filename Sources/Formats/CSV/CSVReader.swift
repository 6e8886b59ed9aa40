import Columnar

/// Reads tables from CSV.
///
/// Three stages, kept apart: the dialect (`DialectSniffer`), the structure (`ChunkReader`: where
/// records and fields begin and end) and the types (`ChunkTyper`: what the fields mean). Whatever
/// the number of threads and wherever chunks end, the same file gives the same frame.
package enum CSVReader {
  /// The table in a file, plain or gzip, or on standard input for `-`.
  ///
  /// Throws `fileNotFound`, `isDirectory`, `emptyFile`, `notText`, `corrupt`, `io`, `memory`,
  /// `cancelled`, `unknownColumn` for a column to read that there is none of, and `format`, with the
  /// line, where records are not as they should be or a value is not of a type that was given.
  package static func read(path: String, options: CSVOptions = CSVOptions()) throws -> CSVResult {
    if let limit = options.rowLimit {
      // Take as much of the file as the rows turn out to need.
      var bytes = 1 << 18
      while bytes <= longestPeek {
        let (source, isCompressed, isPart) = try ByteSource.open(path, limit: bytes)
        let result = try peek(
          source, options, bytes, isCompressed: isCompressed, isPart: isPart)
        if let result, result.frame.rowCount >= limit || !result.report.isPartial || path == "-" {
          return result
        }
        bytes *= 4
      }
      return try whole(options, limit) { try read(path: path, options: $0) }
    }
    let (source, isCompressed, isPart) = try ByteSource.open(path)
    Progress.shared.begin(
      "load \(splitPath(source.name).name)", unit: "bytes", total: source.count)
    defer { Progress.shared.end() }
    return try read(source, options, isCompressed: isCompressed, isPart: isPart)
  }

  /// The table in memory; `name` is what errors call it.
  package static func read(
    bytes: [UInt8], name: String, options: CSVOptions = CSVOptions()
  ) throws -> CSVResult {
    if bytes.isEmpty { throw DataError(.emptyFile, "\(name) is empty", file: name) }
    let source = try ByteSource(name: name, bytes: bytes)
    if let limit = options.rowLimit {
      guard bytes.count <= longestPeek else {
        return try whole(options, limit) { try read(bytes: bytes, name: name, options: $0) }
      }
      if let result = try peek(source, options, .max, isCompressed: false, isPart: false) {
        return result
      }
    }
    return try read(source, options, isCompressed: false, isPart: false)
  }

  /// The most bytes that are looked at as one part.
  private static let longestPeek = 1 << 28

  /// The first rows of a table that is read whole, since so many are asked for; its types are then
  /// those of the whole file.
  static func whole(
    _ options: CSVOptions, _ limit: Int, _ read: (CSVOptions) throws -> CSVResult
  ) throws -> CSVResult {
    var options = options
    options.rowLimit = nil
    var result = try read(options)
    guard result.frame.rowCount > limit else { return result }
    result.frame = try result.frame.slice(0..<max(limit, 0))
    result.report.rowCount = result.frame.rowCount
    result.report.isPartial = true
    return result
  }

  /// Names and types of a file's columns, from all of it, without keeping the values.
  package static func schema(
    path: String, options: CSVOptions = CSVOptions()
  ) throws -> Schema {
    if options.rowLimit != nil { return try read(path: path, options: options).frame.schema }
    return try CSVStream(path: path, options: options).schema
  }

  /// How many rows a file has; checks its structure and reads no values.
  package static func countRows(
    path: String, options: CSVOptions = CSVOptions()
  ) throws -> Int {
    var options = options
    options.columns = []
    options.types = [:]
    return try read(path: path, options: options).report.rowCount
  }

  /// Reads the rows that the first `byteCount` bytes hold; nil if they do not hold a whole record.
  private static func peek(
    _ source: ByteSource, _ options: CSVOptions, _ byteCount: Int, isCompressed: Bool,
    isPart: Bool
  ) throws -> CSVResult? {
    var head = source
    var isPart = isPart
    if source.count > byteCount {
      head = try ByteSource(name: source.name, bytes: source.bytes(byteCount, at: 0))
      isPart = true
    }
    var result = try read(head, options, isCompressed: isCompressed, isPart: isPart)
    if isPart, result.frame.rowCount == 0, options.rowLimit! > 0 { return nil }
    result.report.isPartial = isPart || result.report.isPartial
    return result
  }

  /// What reads the records of `file`. Throws `unknownColumn`.
  static func load(
    _ file: CSVFile, _ options: CSVOptions, keepsValues: Bool
  ) throws -> CSVLoad {
    let names = file.header.names
    let known = Set(names)
    for name in options.columns ?? [] where !known.contains(name) {
      throw unknownColumn(name, file)
    }
    for name in options.types.keys.sorted() where !known.contains(name) {
      throw unknownColumn(name, file)
    }
    let wanted = options.columns.map { Set($0) }
    let columns = names.indices.filter { wanted?.contains(names[$0]) ?? true }
    let forced = try columns.map {
      try options.types[names[$0]].map {
        try ForcedType($0, nullsInvalid: options.nullsInvalidValues)
      }
    }
    if let given = options.nullWords, given.count > NullWords.maximumCount {
      throw DataError(
        .invalidValue, "at most \(NullWords.maximumCount) null words can be given")
    }
    let chunkSize =
      options.rowLimit == nil ? options.chunkSize : max(file.data.count, 1)
    return CSVLoad(
      source: file.source, dialect: file.dialect, names: names, columns: columns, forced: forced,
      words: NullWords(options.nullWords),
      plan: ChunkPlan(
        range: file.data, chunkSize: chunkSize, isPart: file.isPart,
        rowLimit: options.rowLimit),
      textLimit: options.dictionaryLimit, keepsValues: keepsValues)
  }

  private static func unknownColumn(_ name: String, _ file: CSVFile) -> DataError {
    let near = file.header.names.filter {
      editDistance(Array(name.lowercased().utf8), Array($0.lowercased().utf8))
        <= max(1, name.utf8.count / 3)
    }
    return DataError(
      .unknownColumn, "no column `\(name)` in \(file.source.name)", file: file.source.name,
      hints: near.prefix(3).map { "did you mean `\($0)`?" })
  }

  private static func read(
    _ source: ByteSource, _ options: CSVOptions, isCompressed: Bool, isPart: Bool
  ) throws -> CSVResult {
    let file = try CSVFile(
      source, options: options, isCompressed: isCompressed, isPart: isPart)
    let load = try self.load(file, options, keepsValues: true)
    let assembly = FrameAssembly(load, try load.run())
    if options.columns != nil, load.columns.count < load.names.count, assembly.hasOpenNullWords {
      // Whether a word is null in a text column depends on the columns that were left out.
      var all = options
      all.columns = nil
      let whole = try read(source, all, isCompressed: isCompressed, isPart: isPart)
      return whole.selecting(load.columns.map { load.names[$0] })
    }
    return try assembly.result(file, options)
  }
}

extension CSVResult {
  /// The same table with only the named columns.
  fileprivate func selecting(_ names: [String]) -> CSVResult {
    let kept = Set(names)
    var result = self
    result.frame = Frame(
      names: names, columns: names.map { frame[$0]! }, rowCount: frame.rowCount)
    result.report.nullWords.removeAll { !kept.contains($0.column) }
    result.report.keptAsText.removeAll { !kept.contains($0.column) }
    result.report.convertedToUTC.removeAll { !kept.contains($0) }
    return result
  }
}
