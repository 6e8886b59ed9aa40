import Columnar
import Display
import Formats
import Language
import Notebooks
import Query

/// Files whose tables are more than the memory budget leaves room for.
extension LoadVerb {
  /// A table that is read in batches, with what its columns would take in memory and what is to be
  /// said about the file.
  struct Streamed {
    var table: StreamedTable
    /// Nil where reading them takes more than they do.
    var byteCount: Int?
    var notes: [String]
  }

  /// The table of a file that does not fit the memory budget; nil for one that does.
  ///
  /// `name` is what errors about its rows call it. The first megabyte and the length of the file say
  /// how large it is; `isKnown` that it was read in vain.
  func streamed(_ file: String, named name: String, isKnown: Bool = false) throws -> Streamed? {
    let room = MemoryBudget.available
    switch TableFormat(reading: file) {
    case .csv:
      if !isKnown {
        if try CSVReader.surelyFits(path: file, in: room) { return nil }
        let estimate = try CSVReader.estimate(path: file, options: options)
        guard !estimate.isExact, estimate.columnBytes > room else { return nil }
      }
      let stream = try CSVStream(path: file, options: options)
      let origin = RowOrigin(
        csv: file, named: name, options: options, byteCount: stream.report.byteCount)
      let table = try StreamedTable(schema: stream.schema, rowCount: stream.rowCount) {
        var frame = try stream.rows($0, columns: $1)
        frame.origin = origin.sliced(from: $0.lowerBound)
        return frame
      }
      return Streamed(
        table: table, byteCount: isKnown ? nil : table.byteCount(), notes: stream.report.notes)
    case .arrow:
      let arrow = try ArrowFile(path: file)
      guard isKnown || arrow.byteCount > room else { return nil }
      let table = try StreamedTable(schema: try arrow.schema(), rowCount: arrow.rowCount) {
        try arrow.rows($0, columns: $1)
      }
      return Streamed(table: table, byteCount: isKnown ? nil : table.byteCount(), notes: [])
    }
  }

  /// Binds a streamed frame, or gives it to the stages that follow.
  func bind(
    _ streamed: Streamed, _ name: String?, _ path: String, followedBy stages: [Stage],
    in session: Session
  ) throws -> Value {
    let plan = LogicalPlan.source(.init(streamed.table, label: Path.name(path)))
    let extent = extent(rows: streamed.table.rowCount, columns: streamed.table.schema.names.count)
    // Whether it is streamed depends on the machine, and is no part of a notebook.
    let reason =
      streamed.byteCount.map { "about \(MemoryBudget.text($0)) in memory, over" }
      ?? "reading it whole goes over"
    let remark = Message(
      text:
        "streamed from disk: \(reason) the budget of \(MemoryBudget.text(MemoryBudget.limit))",
      kind: "note")
    guard let name else {
      for note in streamed.notes {
        try session.show(.message(Message(text: note, kind: "note")))
      }
      try session.notify(.message(remark))
      return .plan(plan)
    }
    session.bind(name, to: .plan(plan))
    session.use(name)
    try session.show(
      .message(
        Message(
          subject: name, text: ([extent] + streamed.notes).joined(separator: " · "),
          kind: "load",
          facts: [
            Fact("name", .string(name)), Fact("rows", .int(Int64(streamed.table.rowCount))),
            Fact("columns", .int(Int64(streamed.table.schema.names.count))),
            Fact("notes", .array(streamed.notes.map { .string($0) })),
          ])))
    try session.notify(.message(remark))
    return stages.isEmpty ? .nothing : .plan(plan)
  }
}
