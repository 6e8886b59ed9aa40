import ArgumentParser
import Columnar
import Display
import Language
import Notebooks
import Pipelines
import Terminal

/// `kaizen pipeline …`
struct PipelineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pipeline", abstract: "Run a pipeline, and look at its runs.",
    subcommands: [Run.self, Watch.self, Status.self, Logs.self, Attach.self, Collect.self])

  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "run", abstract: "Run all steps; what has not changed is not run again.")

    @OptionGroup var globals: GlobalOptions
    @OptionGroup var pipeline: PipelineOptions

    @Option(help: ArgumentHelp("How many steps may run at once.", valueName: "n"))
    var jobs: Int?

    @Flag(help: "Only with the inputs that it was promoted with: exit status 4 for others.")
    var locked = false

    func validate() throws {
      if let jobs, !(1...256).contains(jobs) {
        throw ValidationError("--jobs takes a number from 1 to 256")
      }
    }

    func run() throws {
      let frontEnd = FrontEnd(globals.run)
      try frontEnd.finish {
        let run = try pipeline.open(frontEnd)
        if locked { try run.requireLockedInputs() }
        try frontEnd.run(run, pipeline, jobs: jobs)
      }
    }
  }

  struct Watch: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "watch", abstract: "Run on a schedule, or whenever an input changes.")

    @OptionGroup var globals: GlobalOptions
    @OptionGroup var pipeline: PipelineOptions

    @Option(
      help: ArgumentHelp(
        "Run this often, as 10min; without it, when an input or the file changes.",
        valueName: "time"))
    var every: String?

    @Option(help: ArgumentHelp("End after so many runs.", valueName: "n"))
    var count: Int?

    func validate() throws {
      if let every, Seconds.parse(every) == nil {
        throw ValidationError("--every takes a time, as 30s, 10min, 2h or 1d")
      }
      if let count, count < 1 { throw ValidationError("--count takes a number from 1") }
    }

    func run() throws {
      let frontEnd = FrontEnd(globals.run)
      try frontEnd.finish {
        var runs = 0
        while true {
          let run = try pipeline.open(frontEnd)
          var watch = InputWatch(run)
          do {
            try frontEnd.run(run, pipeline, jobs: nil)
          } catch let error as Diagnostic where error.code != .cancelled {
            // The next run may find better data.
            frontEnd.write(error, source: "")
          }
          runs += 1
          if let count, runs >= count { return }
          try watch.wait(every: every.flatMap(Seconds.parse))
        }
      }
    }
  }

  struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "status",
      abstract: "How the steps of a run stand; the last one if none is named.")

    @OptionGroup var globals: GlobalOptions
    @OptionGroup var pipeline: PipelineOptions

    @Argument(help: ArgumentHelp("The run, by the beginning of its name.", valueName: "run"))
    var runID: String?

    func run() throws {
      let frontEnd = FrontEnd(globals.run)
      try frontEnd.finish {
        let known = try pipeline.open(frontEnd)
        let folder = try known.store.run(runID)
        try frontEnd.write(.report(known.status(of: folder)))
      }
    }
  }

  struct Logs: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "logs", abstract: "What the steps of a run showed.")

    @OptionGroup var globals: GlobalOptions
    @OptionGroup var pipeline: PipelineOptions

    @Argument(help: ArgumentHelp("The run, by the beginning of its name.", valueName: "run"))
    var runID: String?

    @Option(help: ArgumentHelp("Of this step only.", valueName: "id"))
    var step: String?

    func run() throws {
      let frontEnd = FrontEnd(globals.run)
      try frontEnd.finish {
        let known = try pipeline.open(frontEnd)
        let folder = try known.store.run(runID)
        if let step { _ = try known.step(step) }
        for (id, text) in known.logs(of: folder) where step == nil || step == id {
          writeOutput(step == nil ? "── \(id)\n\(text)" : text)
        }
      }
    }
  }

  struct Attach: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "attach",
      abstract: "Open the prompt on a step of a run, with exactly what it was given.",
      discussion: "Without a terminal the lines on standard input are run.")

    @OptionGroup var globals: GlobalOptions
    @OptionGroup var pipeline: PipelineOptions

    @Argument(
      help: ArgumentHelp(
        "The run, by the beginning of its name; the last one if none is named.", valueName: "run"))
    var runID: String?

    @Option(help: ArgumentHelp("The step; the one that failed if none is named.", valueName: "id"))
    var step: String?

    func run() throws {
      var frontEnd = FrontEnd(globals.run)
      try frontEnd.finish {
        let known = try pipeline.open(frontEnd)
        let folder = try known.store.run(runID)
        let step = try known.attachedStep(self.step, in: folder)
        let session = try known.session(attachedTo: step, in: folder, like: frontEnd.session)
        let message = known.attachMessage(step, in: folder)
        frontEnd = FrontEnd(globals.run, session: session)
        frontEnd.write(message)
      }
      if TerminalInfo.current.inputIsTerminal {
        try Prompt(frontEnd).run()
      } else {
        try frontEnd.runStandardInput()
      }
    }
  }

  struct Collect: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "gc", abstract: "Remove old runs and what only they need.")

    @OptionGroup var globals: GlobalOptions
    @OptionGroup var pipeline: PipelineOptions

    @Option(help: ArgumentHelp("How many runs to keep.", valueName: "n"))
    var keep = 10

    func validate() throws {
      guard keep >= 0 else { throw ValidationError("--keep takes a number from 0") }
    }

    func run() throws {
      let frontEnd = FrontEnd(globals.run)
      try frontEnd.finish {
        let known = try pipeline.open(frontEnd)
        frontEnd.write(try known.store.collect(keeping: keep))
      }
    }
  }
}

/// What all commands about a pipeline take.
struct PipelineOptions: ParsableArguments {
  @Argument(help: "pipeline.yaml")
  var file: String

  @Option(
    name: .customShort("p"),
    help: ArgumentHelp("Give a parameter a value.", valueName: "name=value"))
  var parameters: [String] = []

  @Option(
    name: .customLong("parameters"),
    help: ArgumentHelp("Take values from this file of YAML; -p comes after it.", valueName: "file"))
  var parameterFile: String?

  @Option(
    help: ArgumentHelp(
      "Where results are kept; .kaizen beside the file if not given.", valueName: "folder"))
  var store: String?

  /// The pipeline with its values: those of the file, of `input`, and those typed, each over the one
  /// before.
  func open(_ frontEnd: FrontEnd, _ input: ExecutorInput? = nil) throws -> PipelineRun {
    let files = frontEnd.session.files
    var values: [(name: String, value: String)] = []
    if let parameterFile { values = try PipelineRun.values(inFile: files.absolute(parameterFile)) }
    return try PipelineRun(path: files.absolute(file), store: store.map { files.absolute($0) }) {
      values + (input?.arguments(of: $0) ?? [])
        + (try parameterArguments(parameters, of: $0.parameters.map(\.name)))
    }
  }
}

/// `kaizen step run pipeline.yaml ID`
struct StepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step", abstract: "Run one step of a pipeline.", subcommands: [Run.self])

  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "run", abstract: "Run one step; those it needs must have run.")

    @OptionGroup var globals: GlobalOptions
    @OptionGroup var pipeline: PipelineOptions

    @Argument(help: "The step's id.")
    var step: String

    @Option(
      help: ArgumentHelp(
        "Take what it needs from this folder, and leave there what it gives.", valueName: "folder"))
    var artifacts: String?

    @Option(
      help: ArgumentHelp(
        "Take values and places from this message of Kubeflow Pipelines, and leave its answer.",
        valueName: "json"))
    var executorInput: String?

    @Option(
      help: ArgumentHelp(
        "Only if pipeline.yaml has this SHA-256: exit status 4 for another.", valueName: "digest"))
    var madeFor: String?

    @Option(
      name: .customLong("run"), help: ArgumentHelp("The run it is part of.", visibility: .hidden))
    var runID: String?

    func run() throws {
      let frontEnd = FrontEnd(globals.run)
      try frontEnd.finish {
        let input = try executorInput.map { try ExecutorInput(parsing: $0) }
        let known = try pipeline.open(frontEnd, input)
        if let madeFor, known.sha256 != madeFor {
          throw Diagnostic(
            .pinned, "\(Path.name(known.path)) is not the one that this was made for",
            notes: ["sha256 \(known.sha256.prefix(12))…, made for \(madeFor.prefix(12))…"],
            hints: ["promote the notebook again"])
        }
        if let input {
          let folder = input.folder(of: known.spec)
          try run(known, in: folder, frontEnd) { try input.write($0, of: known.spec) }
          return
        }
        if let artifacts {
          try run(known, in: StepFolder(frontEnd.session.files.absolute(artifacts)), frontEnd)
          return
        }
        let folder = runID.map { RunFolder(id: $0, in: known.store) }
        let outcome = try known.run(
          try known.step(step), needs: folder?.needs(of: step), like: frontEnd.session, run: folder)
        frontEnd.write(outcome)
        if let error = outcome.error { throw error }
      }
    }

    /// As orchestrators do; then nobody else watches over the time.
    private func run(
      _ known: PipelineRun, in folder: StepFolder, _ frontEnd: FrontEnd,
      then answer: (StepOutcome) throws -> Void = { _ in }
    ) throws {
      let step = try known.step(step)
      if let timeout = step.timeout { Deadline.set(timeout) }
      let outcome = try known.run(step, in: folder, like: frontEnd.session)
      frontEnd.write(outcome)
      if let error = outcome.error { throw error }
      try answer(outcome)
    }
  }
}

extension FrontEnd {
  /// Runs a pipeline, each step as a process of its own, and says how each ended. Throws the error of
  /// the first step that failed.
  func run(_ pipeline: PipelineRun, _ options: PipelineOptions, jobs: Int?) throws {
    if let warning = pipeline.warning { writeError("warning: \(warning)\n") }
    var words = ["--threads", "\(Workers.threadCount)"]
    if self.options.memory > 0 { words += ["--memory", "\(self.options.memory / 1_000_000)MB"] }
    if let file = options.parameterFile { words += ["--parameters", session.files.absolute(file)] }
    for parameter in options.parameters { words += ["-p", parameter] }
    var runner = PipelineRunner(
      pipeline, executor: ProcessExecutor(program: Engine.program, options: words))
    runner.jobs = jobs ?? min(4, Workers.threadCount)
    runner.onStep = { [unowned self] in write($0) }
    runner.onRetry = { step, error, seconds in
      writeError(
        "\(step): \(error.message); again in \(NumberFormat.decimals(0).text(seconds)) s\n")
    }
    var recorder = RunRecorder("pipeline", path: pipeline.path)
    let result: PipelineRunner.Result
    do {
      result = try runner.run()
    } catch {
      record(&recorder, error)
      throw error
    }
    recorder.add(pipeline, result)
    record(&recorder, result.outcomes.first { $0.error != nil }?.error)
    if let error = result.outcomes.first(where: { $0.error != nil })?.error {
      var error = error
      error.hints = ["kaizen pipeline attach \(options.file)"]
      throw error
    }
    let reused = result.outcomes.filter(\.isReused).count
    write(
      Message(
        subject: pipeline.spec.name,
        text: "\(result.outcomes.count) steps done"
          + (reused > 0 ? " · \(reused) of them before, not run again" : ""),
        kind: "pipeline", facts: [Fact("run", .string(result.run.id))]))
  }

  /// Adds a run to the record; one that cannot be written harms nothing.
  private func record(_ recorder: inout RunRecorder, _ error: (any Error)?) {
    guard let history = session.runHistory else { return }
    do {
      _ = try recorder.finish(error, in: history)
    } catch {
      writeError("warning: this run is not recorded: \(session.diagnostic(error).message)\n")
    }
  }

  /// A line for a step that has ended.
  func write(_ outcome: StepOutcome) {
    let seconds = NumberFormat.decimals(2).text(outcome.seconds)
    var text =
      outcome.error.map { "failed in \(seconds) s · \($0.message)" }
      ?? (outcome.isReused ? "nothing has changed" : "done in \(seconds) s")
    if outcome.attempts > 1 { text += " · attempt \(outcome.attempts)" }
    write(
      Message(
        subject: outcome.step, text: text, kind: "step",
        facts: [
          Fact("step", .string(outcome.step)), Fact("outcome", .string(outcome.kind)),
          Fact("seconds", .number(outcome.seconds)),
        ]))
  }
}
