/// Named columns of one length: a table. A value; copies share memory.
package struct Frame: Sendable {
  package let names: [String]
  package let columns: [Column]
  package let rowCount: Int
  /// Where the rows were read, for errors; nil where that is not known.
  package var origin: RowOrigin?

  /// A frame over `columns`, which must be of one length, under as many distinct names.
  package init(
    names: [String], columns: [Column], rowCount: Int? = nil, origin: RowOrigin? = nil
  ) {
    let rowCount = rowCount ?? columns.first?.count ?? 0
    precondition(names.count == columns.count && columns.allSatisfy { $0.count == rowCount })
    self.names = names
    self.columns = columns
    self.rowCount = rowCount
    self.origin = origin
  }

  package func index(of name: String) -> Int? { names.firstIndex(of: name) }

  package subscript(name: String) -> Column? { index(of: name).map { columns[$0] } }

  package var schema: Schema {
    Schema(zip(names, columns).map { Schema.Field(name: $0, type: $1.type) })
  }
}

/// Names and types of columns, known before any row is.
package struct Schema: Sendable, Hashable {
  package struct Field: Sendable, Hashable {
    package var name: String
    package var type: DataType

    package init(name: String, type: DataType) {
      self.name = name
      self.type = type
    }
  }

  package var fields: [Field]

  package init(_ fields: [Field]) { self.fields = fields }

  package var names: [String] { fields.map(\.name) }

  package func index(of name: String) -> Int? { fields.firstIndex { $0.name == name } }

  package subscript(name: String) -> DataType? { index(of: name).map { fields[$0].type } }
}
