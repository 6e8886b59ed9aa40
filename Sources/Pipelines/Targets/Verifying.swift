import Columnar
import Display
import Language
import Notebooks

/// `promote verify`: the commands of VERIFY.md, run where their tools are installed, and what they
/// gave held against a run of our own.
package struct TargetCheck {
  private let folder: String
  private let session: Session
  private let targets: [any PipelineTarget.Type]
  private let wiring: Wiring
  /// Whether the targets were named, so that a missing tool is an error.
  private let areNamed: Bool

  /// The targets called `names` of the pipeline in `folder`, absolute; all that it was promoted to if
  /// none are. Throws `usage` and `no-such-file`.
  package init(_ names: [String], in folder: String, like session: Session) throws {
    self.folder = folder
    self.session = session
    let lock = try PipelineLock(in: folder)
    areNamed = !names.isEmpty
    targets = try Targets.named(areNamed ? names : lock.options.targets)
    let file = "pipeline.yaml"
    wiring = Wiring(
      try PipelineSpec(parsing: try readText("\(folder)/\(file)"), file: file), folder: ".",
      image: lock.options.image)
    let there = lock.options.targets
    if let other = targets.first(where: { !there.contains($0.name) }) {
      throw Diagnostic(
        .usage, "this pipeline was not promoted to \(other.name)",
        notes: [there.isEmpty ? "it has no targets" : "targets: \(there.joined(separator: ", "))"],
        hints: ["promote \"x.md\" to \"\(Path.name(folder))/\" target=\(other.name)"])
    }
    if targets.isEmpty {
      throw Diagnostic(
        .usage, "this pipeline has no targets",
        hints: ["promote \"x.md\" to \"\(Path.name(folder))/\" target=make"])
    }
  }

  /// Runs the commands. Throws `no-such-file` for a tool that was asked for and is not installed, and
  /// `differs` where a command fails or gives something else.
  package func run() throws -> Report {
    var rows: [[Cell]] = []
    for target in targets {
      let verification = target.verification(of: wiring)
      var result = "nothing of it can be run here"
      if let missing = verification.programs.first(where: { Tool.find($0) == nil }) {
        guard !areNamed else {
          throw Diagnostic(
            .noSuchFile, "\(target.name): `\(missing)` is not installed",
            hints: [verification.install])
        }
        result = "`\(missing)` is not installed: \(verification.install)"
      } else if !verification.commands.isEmpty {
        do {
          for command in verification.commands {
            try run(command, target, install: verification.install)
          }
          result =
            verification.level == .executed ? try compare(target) : "nothing is wrong with it"
        } catch let error as Diagnostic where error.code == .noSuchFile && !areNamed {
          result = "\(error.message): \(verification.install)"
        }
      }
      rows.append([
        .text(target.name), .text(verification.level.rawValue),
        .text(verification.commands.map(\.text).joined(separator: "; ")), .text(result),
      ])
    }
    return Report(
      kind: "verification",
      sections: [
        .table(
          ReportTable(
            key: "targets",
            columns: [
              ReportColumn("target"), ReportColumn("level"), ReportColumn("command", droppable: 1),
              ReportColumn("result"),
            ], rows: rows))
      ])
  }

  private func run(
    _ command: Verification.Command, _ target: any PipelineTarget.Type, install: String
  ) throws {
    let log = "\(folder)/.kaizen/verify/\(target.name).log"
    let status = try Tool.run(
      command, in: "\(folder)/targets/\(target.name)", output: log,
      programs: "\(folder)/.kaizen/verify/bin")
    if status == 0 { return }
    let said = (try? readText(log)) ?? ""
    // The program is there, what it needs is not.
    if said.contains("ModuleNotFoundError") {
      let line = said.split(separator: "\n").last { $0.contains("ModuleNotFoundError") } ?? ""
      throw Diagnostic(.noSuchFile, "\(target.name): \(line)", hints: [install])
    }
    throw Diagnostic(
      .differs, "\(target.name): `\(command.text)` ended with exit status \(status)",
      notes: said.split(separator: "\n").suffix(12).map(String.init) + ["all it said: \(log)"])
  }

  /// Runs the pipeline with the values in the target's folder and compares what each step gave with
  /// what it left there.
  private func compare(_ target: any PipelineTarget.Type) throws -> String {
    let artifacts = StepFolder("\(folder)/targets/\(target.name)/artifacts")
    let values = "\(folder)/targets/\(target.name)/\(wiring.values)"
    let pipeline = try PipelineRun(
      path: folder + "/pipeline.yaml",
      arguments: Path.exists(values) ? try PipelineRun.values(inFile: values) : [])
    let marks = pipeline.spec.steps.map { artifacts.digests(of: $0.id) }
    if marks.allSatisfy({ $0 == nil }) { return "done; what it gave is kept elsewhere" }
    let result = try PipelineRunner(pipeline, executor: InProcessExecutor(like: session)).run()
    if let error = result.outcomes.compactMap(\.error).first { throw error }
    var count = 0
    for (outcome, mark) in zip(result.outcomes, marks) {
      let own = (outcome.record?.artifacts ?? []).map { String($0.object.prefix(64)) }
      let written = (outcome.record?.outputs ?? []).map(\.object)
      guard let mark, mark.sorted() == (own + written).sorted() else {
        throw Diagnostic(
          .differs, "\(target.name): step \(outcome.step) gave something else than our own run",
          notes: ["in \(artifacts.path)"])
      }
      count += mark.count
    }
    let steps = result.outcomes.count
    return "\(steps) step\(steps == 1 ? "" : "s"), \(count) digests as of our own run"
  }
}

extension StepFolder {
  /// The digests that a step's mark has, of what it gave and of what it wrote; nil where it is not
  /// done.
  func digests(of step: String) -> [String]? {
    guard let text = try? readText("\(path)/\(Self.mark(step))"),
      let json = try? JSONValue.parse(text), let artifacts = json.texts("artifacts"),
      let outputs = json.texts("outputs")
    else { return nil }
    return (artifacts + outputs).map(\.value)
  }
}
