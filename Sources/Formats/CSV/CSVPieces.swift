import Columnar

/// A table that has been read and whose numbers lie in pieces, a piece a chunk of the file: for what
/// goes over the rows once, and needs no whole columns.
///
/// SAFETY: the pieces point into memory of the typers, which live as long; nothing is changed any more.
package final class CSVPieces: @unchecked Sendable {
  /// Names and types of the columns that were read.
  package let schema: Schema
  package let rowCount: Int
  package let report: LoadReport

  private let pass: CSVLoad.Pass
  private let columns: [ColumnPieces]
  /// The text columns, by their place.
  private let texts: [Int: Column]

  init(
    load: CSVLoad, pass: CSVLoad.Pass, chunks: [ChunkPieces], texts: [Int: Column],
    report: LoadReport
  ) {
    self.pass = pass
    self.texts = texts
    self.report = report
    rowCount = pass.rowCount
    columns = load.columns.indices.map { ColumnPieces(chunks, column: $0) }
    schema = Schema(
      load.columns.indices.map {
        Schema.Field(name: load.names[load.columns[$0]], type: load.type($0))
      })
  }

  /// The rows in `range`, which must lie within the table, with the named columns, in the order of
  /// the file; nil: all.
  package func rows(_ range: Range<Int>, columns names: [String]? = nil) throws -> Frame {
    precondition(range.lowerBound >= 0 && range.upperBound <= rowCount)
    let wanted = names.map { Set($0) }
    let places = schema.fields.indices.filter { wanted?.contains(schema.fields[$0].name) ?? true }
    return Frame(
      names: places.map { schema.fields[$0].name },
      columns: try places.map { place in
        if let text = texts[place] { return try text.slice(range) }
        return try ColumnAssembly(
          source: columns[place], type: schema.fields[place].type, rows: range
        ).column()
      }, rowCount: range.count)
  }
}
