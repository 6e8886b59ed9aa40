import Columnar
import Display
import Language
import Notebooks

extension Promotion {
  /// Replays the notebook at `path`, which must check clean, promotes it and writes the files into
  /// `folder`. Both absolute. Returns what to show.
  package static func promote(
    _ path: String, into folder: String, like session: Session
  ) throws -> Report {
    var request = ReplayRequest(path: path)
    request.mode = .check
    let replay: Replay
    let replayed: Session
    do {
      let result = try request.perform(like: session)
      (replay, replayed) = (result.replay, result.session)
    } catch let error as Diagnostic {
      var refusal = error
      refusal.notes.append("only a notebook that checks clean is promoted")
      throw refusal
    }
    let promotion = try Promotion(
      notebook: path, session: replayed, parameters: replay.frontMatter.parameters, into: folder)
    try Path.createFolders(folder)
    let text = promotion.spec.text
    // What is written must be what is read.
    guard try PipelineSpec(parsing: text, file: "pipeline.yaml").text == text else {
      throw Diagnostic(
        .usage, "a name in this notebook cannot be written in YAML",
        notes: ["one that begins with a byte-order mark is read without it"])
    }
    try writeText(text, to: folder + "/pipeline.yaml")
    let lock = PipelineLock(files: [
      (Path.relative(path, to: folder), try digest(ofFile: path).sha256),
      ("pipeline.yaml", digest(text)),
    ])
    try writeText(lock.text, to: folder + "/pipeline.lock.json")
    return promotion.report(folder: folder, base: session.files.base)
  }

  private func report(folder: String, base: String) -> Report {
    let table = ReportTable(
      key: "steps",
      columns: [
        ReportColumn("step"), ReportColumn("needs"),
        ReportColumn("program", title: "lines", .right),
        ReportColumn("writes", title: "writes"),
      ],
      rows: spec.steps.map { step in
        let lines = step.program.split(separator: "\n").count
        return [
          .text(step.id),
          .shown(step.needs.joined(separator: ", "), .array(step.needs.map { .string($0) })),
          .shown("\(lines)", .string(step.program)),
          .shown(step.outputs.joined(separator: ", "), .array(step.outputs.map { .string($0) })),
        ]
      })
    var footer: [String] = []
    if !dropped.isEmpty {
      footer.append(
        "left out, it only looks: " + dropped.map { "`\($0)`" }.joined(separator: ", "))
    }
    let yaml = Path.relative(folder + "/pipeline.yaml", to: base)
    footer.append("kaizen pipeline run \(yaml)")
    return Report(
      kind: "promotion",
      title: [
        "\(spec.source) → \(yaml) · \(spec.steps.count) step\(spec.steps.count == 1 ? "" : "s")"
      ], sections: [.table(table)], footer: footer,
      facts: [
        Fact("pipeline", .string(yaml)), Fact("dropped", .array(dropped.map { .string($0) })),
      ])
  }
}
