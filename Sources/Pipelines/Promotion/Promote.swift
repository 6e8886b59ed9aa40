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
    let (promotion, files, lock) = try made(path, into: folder, like: session)
    try Path.createFolders(folder)
    for file in files { try writeText(file.text, to: folder + "/" + file.name) }
    try writeText(lock.text, to: folder + "/" + PipelineLock.fileName)
    return promotion.report(folder: folder, base: session.files.base)
  }

  /// Compares the files in `folder` with what promotion of the notebook writes now. Throws `differs`
  /// with the file and the line for one that was edited, is missing or is older than the notebook.
  package static func check(
    _ path: String, into folder: String, like session: Session
  ) throws -> Message {
    func named(_ file: String) -> String {
      Path.relative(folder + "/" + file, to: session.files.base)
    }
    let again = "promote writes it anew"
    guard Path.exists(folder + "/" + PipelineLock.fileName) else {
      throw Diagnostic(.differs, "\(named(PipelineLock.fileName)) is missing", notes: [again])
    }
    let lock = try PipelineLock(in: folder)
    let source = Path.relative(path, to: folder)
    // What lies there is compared first: that needs no replay.
    for file in lock.files where file.path != source {
      guard Path.exists(folder + "/" + file.path) else {
        throw Diagnostic(.differs, "\(named(file.path)) is missing", notes: [again])
      }
    }
    let (promotion, files, fresh) = try made(path, into: folder, like: session)
    let isStale = lock.files.contains { file in
      file.path == source && fresh.files.first { $0.path == source }?.sha256 != file.sha256
    }
    for file in files {
      let there =
        Path.exists(folder + "/" + file.name) ? try readText(folder + "/" + file.name) : ""
      guard let line = firstDifference(there, file.text) else { continue }
      let wasEdited = lock.files.first { $0.path == file.name }?.sha256 != digest(there)
      let place = "\(named(file.name)) line \(line)"
      throw Diagnostic(
        .differs,
        wasEdited
          ? "\(place) was edited: promotion writes something else"
          : "\(place) is not what \(Path.name(path)) gives now: it was changed after promotion",
        notes: difference(there, file.text) + [again])
    }
    if isStale || fresh.text != lock.text {
      throw Diagnostic(
        .differs, "\(named(PipelineLock.fileName)) does not fit \(Path.name(path)) any more",
        notes: [again])
    }
    let count = promotion.spec.steps.count
    return Message(
      subject: named("pipeline.yaml"),
      text: "\(count) step\(count == 1 ? "" : "s") · all files as promotion writes them",
      kind: "promote", facts: [Fact("files", .int(Int64(files.count + 1)))])
  }

  /// The number of the first line in which two texts differ, counted from 1; nil where they are equal.
  private static func firstDifference(_ left: String, _ right: String) -> Int? {
    if Array(left.utf8) == Array(right.utf8) { return nil }
    let left = left.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    let right = right.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (index, pair) in zip(left, right).enumerated() where !pair.0.elementsEqual(pair.1) {
      return index + 1
    }
    return min(left.count, right.count)
  }

  /// The promotion of a notebook with the files that it writes and their lock.
  private static func made(
    _ path: String, into folder: String, like session: Session
  ) throws -> (Promotion, files: [(name: String, text: String)], lock: PipelineLock) {
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
      notebook: path, session: replayed, headings: replay.stepHeadings,
      parameters: replay.frontMatter.parameters, into: folder)
    let text = promotion.spec.text
    // What is written must be what is read.
    guard try PipelineSpec(parsing: text, file: "pipeline.yaml").text == text else {
      throw Diagnostic(
        .usage, "a name in this notebook cannot be written in YAML",
        notes: ["one that begins with a byte-order mark is read without it"])
    }
    let profile = try Profile(promotion, like: session)
    let files = [
      (name: "pipeline.yaml", text: text), (name: "checks.kz", text: profile.checks),
      (name: "profile.json", text: profile.json),
    ]
    let lock = PipelineLock(
      files: [(Path.relative(path, to: folder), try digest(ofFile: path).sha256)]
        + files.map { ($0.name, digest($0.text)) },
      inputs: replay.frontMatter.inputs.map { ($0.path, $0.sha256) })
    return (promotion, files, lock)
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
        "left out, it only looks: "
          + dropped.map { "`\($0)`" }.joined(separator: ", "))
    }
    let yaml = Path.relative(folder + "/pipeline.yaml", to: base)
    footer.append("checks to review: \(Path.relative(folder + "/checks.kz", to: base))")
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

extension Replay {
  /// The steps that headings like `## step: clean` put lines into, by the place of the line among the
  /// lines that ran; a step goes on to the next heading.
  var stepHeadings: [Int: String] {
    var headings: [Int: String] = [:]
    var current: String?
    var number = 0
    for element in notebook.elements {
      switch element {
      case .prose(let text):
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
          let marks = line.prefix { $0 == "#" }.count
          guard (1...6).contains(marks), line.dropFirst(marks).first == " " else { continue }
          let title = line.dropFirst(marks).filter { $0 != "\r" }.drop { $0 == " " }
          guard title.lowercased().hasPrefix("step:") else {
            current = nil
            continue
          }
          let name = title.dropFirst(5).drop { $0 == " " }
          current = name.isEmpty ? nil : String(name.prefix(60))
        }
      case .cell:
        if number < runs.count, let current {
          for place in runs[number].steps { headings[place] = current }
        }
        number += 1
      case .frontMatter, .output: break
      }
    }
    return headings
  }
}
