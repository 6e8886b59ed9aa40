import Display
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The promotion of a notebook with the files that it writes and their lock.
struct PromotedFiles {
  let promotion: Promotion
  /// By paths in the pipeline's folder.
  let files: [GeneratedFile]
  let lock: PipelineLock

  init(
    _ path: String, into folder: String, options: PromotionOptions, like session: Session
  ) throws {
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
    promotion = try Promotion(
      notebook: path, session: replayed, headings: try replay.stepHeadings(),
      parameters: replay.frontMatter.parameters, into: folder,
      options: options)
    let text = promotion.spec.text
    // What is written must be what is read.
    guard try PipelineSpec(parsing: text, file: "pipeline.yaml").text == text else {
      throw Diagnostic(
        .usage, "a name in this notebook cannot be written in YAML",
        notes: ["one that begins with a byte-order mark is read without it"])
    }
    let profile = try Profile(promotion, like: session)
    var files = [
      GeneratedFile(path: "pipeline.yaml", text: text),
      GeneratedFile(path: "checks.kz", text: profile.checks),
      GeneratedFile(path: Profile.fileName, text: profile.json),
    ]
    let targets = try Targets.named(options.targets)
    let wiring = Wiring(promotion.spec, folder: promotion.folder, image: options.image)
    for target in targets {
      files += try target.files(for: wiring).map {
        GeneratedFile(path: "targets/\(target.name)/\($0.path)", text: $0.text)
      }
    }
    if !targets.isEmpty { files.append(Verification.file(for: targets, wiring)) }
    self.files = files
    lock = PipelineLock(
      files: [(Path.relative(path, to: folder), try digest(ofFile: path).sha256)]
        + files.map { ($0.path, digest($0.text)) },
      inputs: replay.frontMatter.inputs.map { ($0.path, $0.sha256) }, options: options)
  }

  /// Removes what an earlier promotion wrote for targets and this one does not, and returns those
  /// files that were edited since: they stay.
  func removeOthers(of before: PipelineLock, in folder: String) throws -> [String] {
    let own = Set(files.map(\.path))
    var left: [String] = []
    for file in before.files where !own.contains(file.path) {
      let isTargets = file.path == Verification.fileName || file.path.hasPrefix("targets/")
      guard isTargets, Path.normalized(file.path) == file.path,
        let there = try? digest(ofFile: folder + "/" + file.path)
      else { continue }
      if there.sha256 == file.sha256 {
        unlink(folder + "/" + file.path)
        // The folder goes, too, if nothing else is in it.
        rmdir(Path.parent(folder + "/" + file.path))
      } else {
        left.append(file.path)
      }
    }
    return left
  }

  func report(folder: String, base: String, left: [String]) -> Report {
    let spec = promotion.spec
    let dropped = promotion.dropped
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
    func named(_ file: String) -> String { Path.relative(folder + "/" + file, to: base) }
    let yaml = named("pipeline.yaml")
    footer.append("checks to review: \(named("checks.kz"))")
    let targets = lock.options.targets
    if !targets.isEmpty {
      footer.append("targets: \(targets.map { named("targets/" + $0) }.joined(separator: ", "))")
      footer.append("how each was tried: \(named(Verification.fileName))")
    }
    if !left.isEmpty {
      footer.append(
        "edited by hand, so not removed: \(left.map(named).joined(separator: ", "))")
    }
    footer.append("kaizen pipeline run \(yaml)")
    return Report(
      kind: "promotion",
      title: [
        "\(spec.source) → \(yaml) · \(spec.steps.count) step\(spec.steps.count == 1 ? "" : "s")"
      ], sections: [.table(table)], footer: footer,
      facts: [
        Fact("pipeline", .string(yaml)), Fact("dropped", .array(dropped.map { .string($0) })),
        Fact("targets", .array(targets.map { .string($0) })),
      ])
  }
}
