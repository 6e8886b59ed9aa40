import Columnar
import Display
import Language
import Notebooks
import Pipelines

/// `drift frame against "profile.json"` and `drift frame to "profile.json"`
struct DriftVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "drift", .keep, "Holds data to its profile: exit status 7 where it has drifted",
    synopsis:
      "drift [FRAME] against \"PROFILE.json\" [of=NAME] [psi=0.25] [fail=true|false]\n"
      + "       drift [FRAME] to \"PROFILE.json\"",
    details: [
      "`to` writes what the columns look like now, and `promote` does so for the tables that a "
        + "pipeline reads, in its profile.json. `against` compares column by column: the share of "
        + "nulls, numbers by the deciles that they had, texts by the values that they had.",
      "The measure is the population stability index. From 0.1 a column is `shifted`, which is shown; "
        + "from 0.25, or `psi=`, it is `drifted`, which ends the line, as a column that is gone or of "
        + "another type does. An index that chance gives once in a thousand times, as that of few "
        + "rows, counts for nothing. `fail=false` only shows.",
    ],
    options: [
      .init("of", "NAME", "the table in the profile; the frame's own name if not given"),
      .init("psi", "0.01…100", "the index from which on a column has drifted; default 0.25"),
      .init("fail", "true|false", "whether drift ends the line; default true"),
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins", "drift penguins to \"penguins.json\"",
        "drift penguins against \"penguins.json\""),
      Example(
        "load \"datasets/weather.csv\" as weather", "first = weather | filter date < @2014-01-01",
        "last = weather | filter date >= @2014-01-01", "drift first to \"weather.json\"",
        "drift last against \"weather.json\" of=first fail=false"),
    ],
    keywords: ["psi", "baseline", "profile", "monitor", "distribution", "shift", "stability"],
    takesPaths: true, prepositions: ["against", "to"])

  let call: Call
  let frameName: Name?
  private let file: Item
  private let isBaseline: Bool
  private let limit: Double
  private let fails: Bool

  var needsInput: Bool { frameName == nil }

  init(_ call: Call) throws {
    self.call = call
    frameName = try call.onlyFrame()
    let (against, to) = (call.preposition("against"), call.preposition("to"))
    guard let files = against ?? to, files.count == 1, against == nil || to == nil else {
      throw call.misuse("`drift` needs a profile, as drift t against \"profile.json\"")
    }
    file = files[0]
    isBaseline = to != nil
    limit = try call.numberOption("psi", in: 0.01...100) ?? 0.25
    fails = call.option("fail") == nil ? true : try call.flagOption("fail")
    if isBaseline, let option = call.options.first, option.name.text != "of" {
      throw call.misuse(
        "`\(option.name.text)` is for `against`: a baseline judges nothing", at: option.name.span)
    }
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let frame = try frameName.map { try session.frame(of: $0) } ?? call.frame(input, session)
    let path = try call.path(file, "the profile")
    let name = try call.scalarOption("of")?.text ?? frameName?.text ?? session.state.current
    if isBaseline { return try write(frame, name ?? "frame", path, in: session) }
    let place = try session.input(path, span: file.value.span)
    guard Path.exists(place) else {
      throw Diagnostic(
        .noSuchFile, "there is no \"\(path)\"", span: file.value.span,
        hints: ["drift \(name ?? "t") to \(Scalar.text(path).literal)"])
    }
    let tables = try TableProfile.read(try readText(place), file: path)
    let table = try baseline(name, tables, path)
    return try judge(frame, table, in: session)
  }

  /// A baseline says what was there; a replay must not take what is there for it.
  private func write(
    _ frame: Frame, _ name: String, _ path: String, in session: Session
  ) throws -> Value {
    session.leaveOutOfHistory()
    let target = try session.files.writable(path, span: file.value.span)
    let profile = try TableProfile(name, frame, like: session)
    try writeText(TableProfile.text([profile], source: name), to: target)
    return .output(
      .message(
        Message(
          subject: Path.name(path),
          text:
            "what \(name) looks like · \(extent(rows: profile.rows, columns: profile.columns.count))",
          kind: "drift", facts: [Fact("file", .string(Path.name(path)))])))
  }

  private func baseline(
    _ name: String?, _ tables: [TableProfile], _ path: String
  ) throws -> TableProfile {
    if let table = tables.first(where: { $0.name == name }) { return table }
    if call.option("of") == nil, tables.count == 1 { return tables[0] }
    let names = tables.map(\.name)
    throw Diagnostic(
      .unknownName, "\"\(path)\" has no table `\(name ?? "?")`",
      span: call.option("of")?.span ?? file.value.span,
      label: name.flatMap { nearest($0, among: names) }.map { "did you mean of=\($0)?" },
      notes: ["tables: \(names.joined(separator: ", "))"])
  }

  private func judge(
    _ frame: Frame, _ table: TableProfile, in session: Session
  ) throws -> Value {
    let worker = TableProfile.worker(frame, like: session)
    var columns = try table.columns.map {
      try Cancellation.check()
      return try ColumnDrift($0, rows: table.rows, frame, limit: limit, in: worker)
    }
    let known = Set(table.columns.map(\.name))
    columns += frame.names.filter { !known.contains($0) }.map { ColumnDrift(new: $0) }
    let drifted = columns.filter { $0.verdict == .drifted }
    let shifted = columns.count { $0.verdict == .shifted }
    let report = Report(
      kind: "drift", sections: [.table(Self.table(columns))],
      footer: [
        "\(grouped(frame.rowCount)) rows against \(grouped(table.rows)) · "
          + (drifted.isEmpty ? "no column has drifted" : "\(drifted.count) drifted")
          + (shifted == 0 ? "" : ", \(shifted) shifted")
      ],
      facts: [
        Fact("passed", .bool(drifted.isEmpty)), Fact("rows", .int(Int64(frame.rowCount))),
        Fact("baseline_rows", .int(Int64(table.rows))),
        Fact("max_psi", columns.compactMap(\.psi).max().map { .number($0) } ?? .null),
      ])
    guard fails, let first = drifted.first else { return .output(.report(report)) }
    try session.notify(.report(report))
    throw Diagnostic(
      .driftFailed, "drift: \(Self.summary(first))", span: call.stage.span,
      notes: drifted.dropFirst().map { "also: \(Self.summary($0))" })
  }

  private static func table(_ columns: [ColumnDrift]) -> ReportTable {
    ReportTable(
      key: "columns",
      columns: [
        ReportColumn("verdict", title: ""), ReportColumn("column"),
        ReportColumn("psi", .decimal), ReportColumn("detail", title: "", wraps: true),
      ],
      rows: columns.map { column in
        let mark =
          switch column.verdict {
          case .same: "✓"
          case .shifted: "~"
          case .drifted: "✗"
          }
        return [
          .shown(mark, .string(column.verdict.rawValue)), .text(column.name),
          column.psi.map { .number($0, .decimals(3)) } ?? .empty, .text(column.detail),
        ]
      })
  }

  private static func summary(_ column: ColumnDrift) -> String {
    var parts = [column.detail]
    if let psi = column.psi { parts.insert("psi \(NumberFormat.decimals(3).text(psi))", at: 0) }
    return "`\(column.name)` " + parts.filter { !$0.isEmpty }.joined(separator: " · ")
  }
}
