import Columnar

extension Output {
  /// The output as one JSON object on one line, ended by a newline.
  ///
  /// Every object has a `kind`. A frame has `row_count`, `columns` (`name`, `type`) and `rows`, an
  /// object a row. A report has its facts, then each table as an array of objects under its key. A
  /// histogram has `edges` and, a panel each, `counts`. A message has its facts and its `text`.
  /// Nothing is rounded and no row left out, whatever the screen shows.
  package func json() -> String {
    var bytes: [UInt8] = []
    switch self {
    case .frame(let output): output.writeJSON(to: &bytes)
    case .report(let report): report.json.write(to: &bytes)
    case .plot(let plot): plot.json.write(to: &bytes)
    case .message(let message): message.json.write(to: &bytes)
    }
    bytes.append(0x0A)
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension FrameOutput {
  fileprivate func writeJSON(to bytes: inout [UInt8]) {
    let columns = zip(frame.names, frame.columns).map { name, column in
      JSONValue.object([Fact("name", .string(name)), Fact("type", .string(column.type.rawValue))])
    }
    bytes += "{\"kind\": \"frame\", \"row_count\": \(rowCount), \"columns\": ".utf8
    JSONValue.array(columns).write(to: &bytes)
    bytes += ", \"rows\": [".utf8
    let keys = frame.names.map { name in
      var key: [UInt8] = []
      JSONValue.write(string: name, to: &key)
      return key + ": ".utf8
    }
    for row in 0..<frame.rowCount {
      if row > 0 { bytes += ", ".utf8 }
      bytes.append(UInt8(ascii: "{"))
      for (place, column) in frame.columns.enumerated() {
        if place > 0 { bytes += ", ".utf8 }
        bytes += keys[place]
        JSONValue(column[row]).write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
    bytes.append(UInt8(ascii: "]"))
    if !footer.isEmpty {
      bytes += ", \"notes\": ".utf8
      JSONValue.array(footer.map { .string($0) }).write(to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }
}

extension Message {
  fileprivate var json: JSONValue {
    var all = [Fact("kind", .string(kind))] + facts
    if let subject { all.append(Fact("subject", .string(subject))) }
    all.append(Fact("text", .string(text)))
    return .object(all)
  }
}

extension Report {
  fileprivate var json: JSONValue {
    var all = [Fact("kind", .string(kind))] + facts
    for section in sections {
      switch section {
      case .table(let table): all.append(Fact(table.key, table.json))
      case .plot(let plot): all.append(Fact(plot.kind, plot.json))
      case .text: break
      }
    }
    return .object(all)
  }
}

extension ReportTable {
  var json: JSONValue {
    .array(
      rows.map { row in
        .object(
          zip(columns, row).flatMap { column, cell in
            cell.json.map { [Fact(column.key, $0)] } ?? []
          })
      })
  }
}

extension Cell {
  /// The value for programs; nil where the cell is blank.
  var json: JSONValue? {
    switch self {
    case .empty: nil
    case .null: .null
    case .text(let text): .string(text)
    case .int(let value): .int(value)
    case .number(let value, _): .number(value)
    case .share(let count, let whole):
      .object([Fact("count", .int(count)), Fact("of", .int(whole))])
    case .interval(let lower, let upper): .array([.number(lower), .number(upper)])
    case .bar(let fraction): .number(fraction)
    case .spark(let heights): .array(heights.map { .int(Int64($0)) })
    case .shown(_, let value): value
    }
  }
}
