import Columnar

/// Makes a frame and a report of what a load's passes left.
struct FrameAssembly {
  private let load: CSVLoad
  private let pass: CSVLoad.Pass
  /// The null words that were met in columns that are not text, and so are null in text, too.
  private let decided: Set<Int>

  /// An assembly of some chunks of a file for all of which it is known which words are null.
  init(_ load: CSVLoad, _ pass: CSVLoad.Pass, decided: Set<Int>) {
    self.load = load
    self.pass = pass
    self.decided = decided
  }

  init(_ load: CSVLoad, _ pass: CSVLoad.Pass) {
    self.init(load, pass, decided: Self.decidedWords(load, pass.chunks))
  }

  /// The null words that were met in columns that are not text.
  static func decidedWords(_ load: CSVLoad, _ chunks: [ChunkPieces]) -> Set<Int> {
    var decided = Set<Int>()
    if load.words.spread {
      for column in load.columns.indices where load.type(column) != .text {
        for chunk in chunks {
          for (word, count) in chunk.columns[column].wordCounts.enumerated()
          where count > 0 && word != load.words.quotedEmpty {
            decided.insert(word)
          }
        }
      }
    }
    return decided
  }

  /// Whether a text column holds a word of which other columns might say that it is null.
  var hasOpenNullWords: Bool {
    guard load.words.spread else { return false }
    for column in load.columns.indices where load.type(column) == .text {
      for chunk in pass.chunks {
        let piece = chunk.columns[column]
        if piece.wordRows.contains(where: { !decided.contains(Int($0.word)) }) { return true }
        if piece.wordCounts.enumerated().contains(where: {
          $1 > 0 && $0 != load.words.quotedEmpty && !decided.contains($0)
        }) {
          return true
        }
      }
      for typer in pass.typers {
        guard let table = typer.tables[column] else { continue }
        for code in 0..<table.count where !table.isMarked(code) {
          let text = table.text(code)
          if let word = load.words.index(text.baseAddress!, text.count), !decided.contains(word) {
            return true
          }
        }
      }
    }
    return false
  }

  func result(_ file: CSVFile, _ options: CSVOptions) throws -> CSVResult {
    var report = LoadReport(
      dialect: load.dialect, rowCount: pass.rowCount, byteCount: load.source.count)
    report.isHeaderGuessed = options.hasHeader == nil
    report.renamed = file.header.renamed
    report.repairs = file.repairs
    report.isDecimalCommaFound = options.usesDecimalComma == nil && load.dialect.usesDecimalComma
    if let limit = options.rowLimit { report.isPartial = pass.rowCount >= limit && limit >= 0 }
    return CSVResult(frame: try frame(&report), report: report)
  }

  /// The columns, and in `report` what is to be said about them.
  func frame(_ report: inout LoadReport) throws -> Frame {
    let chunks = chunks
    var columns: [Column] = []
    for index in load.columns.indices {
      try Cancellation.check()
      if load.type(index) == .text {
        columns.append(try text(index, chunks, &report))
      } else {
        let source = ColumnPieces(chunks, column: index)
        let type = load.type(index)
        columns.append(
          try ColumnAssembly(source: source, type: type, place: pass.places?.storage(index, type))
            .column())
        try note(index, source, &report)
      }
      for typer in pass.typers { typer.release(index) }
      pass.places?.release(index)
    }
    return Frame(
      names: load.columns.map { load.names[$0] }, columns: columns, rowCount: pass.rowCount)
  }

  private var chunks: [ChunkPieces] {
    pass.chunks.filter { $0.rowCount > 0 || !$0.columns.isEmpty }
  }

  private func text(
    _ index: Int, _ chunks: [ChunkPieces], _ report: inout LoadReport
  ) throws -> Column {
    let name = load.names[load.columns[index]]
    let assembly = TextAssembly(
      source: ColumnPieces(chunks, column: index), tables: pass.typers.map { $0.tables[index] },
      words: load.words, nullWords: decided.union(0..<load.words.unconditionalCount),
      limit: load.textLimit, place: pass.places?.storage(index, .text))
    let result = try assembly.result()
    if load.forced[index] == nil {
      if let reason = TextReason.reason(result.column, dialect: load.dialect) {
        report.keptAsText.append(.init(column: name, reason: reason))
      } else if let others = try fewOthers(result.column, index, chunks) {
        report.fewOthers.append(others)
      }
    }
    note(result.wordCounts, name, &report)
    return result.column
  }

  /// What is to be said about a column that is not text.
  private func note(
    _ index: Int, _ source: ColumnPieces, _ report: inout LoadReport
  ) throws {
    let name = load.names[load.columns[index]]
    try noteInvalid(name, source, &report)
    if load.classes(index).contains(.offset) { report.convertedToUTC.append(name) }
    var wordCounts: [Int: Int] = [:]
    for piece in source.pieces {
      for (word, count) in piece.wordCounts.enumerated() where count > 0 {
        wordCounts[word, default: 0] += Int(count)
      }
    }
    note(wordCounts, name, &report)
  }

  private func note(_ wordCounts: [Int: Int], _ name: String, _ report: inout LoadReport) {
    report.nullWords += wordCounts.sorted { $0.key < $1.key }.map {
      .init(column: name, word: load.words.spelling($0.key), count: $0.value)
    }
  }

  private func noteInvalid(
    _ name: String, _ source: ColumnPieces, _ report: inout LoadReport
  ) throws {
    let pieces = source.pieces.filter { $0.invalid != nil }
    guard let first = pieces.first, let invalid = first.invalid else { return }
    report.invalidValues.append(
      .init(
        column: name, count: pieces.reduce(0) { $0 + ($1.invalid?.count ?? 0) },
        value: invalid.first.field, line: try load.source.line(at: first.invalidOffset),
        reason: invalid.first.reason))
  }

  /// What is to be said about a text column in which all values but a few are of another type.
  private func fewOthers(
    _ column: Column, _ index: Int, _ chunks: [ChunkPieces]
  ) throws -> LoadReport.FewOthers? {
    let classifier = FieldClassifier(
      words: load.words, point: load.dialect.usesDecimalComma ? 0x2C : 0x2E)
    guard let others = try MinorityValues.find(column, classifier) else { return nil }
    // Chunks before the row's tell in which it is, and the chunk where in the file.
    var row = others.firstRow
    var chunk = 0
    while chunk < chunks.count, row >= chunks[chunk].rowCount {
      row -= chunks[chunk].rowCount
      chunk += 1
    }
    guard case .text(let value) = column[others.firstRow],
      let offset = try load.offset(chunk: chunk, row: row, column: index)
    else { return nil }
    return .init(
      column: load.names[load.columns[index]], type: others.type, count: others.count,
      valueCount: others.valueCount, value: value,
      line: try load.source.line(at: offset))
  }
}
