import Columnar
import Display
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What starts the steps of a run.
package protocol StepExecutor {
  /// Starts a step with the objects of what it needs. Throws where it cannot even begin.
  func start(
    _ step: PipelineSpec.Step, needs: [(id: String, object: String)], of pipeline: PipelineRun,
    in run: RunFolder
  ) throws -> any StepExecution
}

/// A step that has been started.
package protocol StepExecution {
  /// How it ended; nil while it goes on.
  func poll() throws -> StepOutcome?
  /// Ends it: as Ctrl-C does, or at once.
  func stop(atOnce: Bool)
}

/// Runs steps in this process, one after another.
package struct InProcessExecutor: StepExecutor {
  let session: Session

  package init(like session: Session) { self.session = session }

  package func start(
    _ step: PipelineSpec.Step, needs: [(id: String, object: String)], of pipeline: PipelineRun,
    in run: RunFolder
  ) throws -> any StepExecution {
    Ended(outcome: try pipeline.run(step, needs: needs, like: session, run: run))
  }

  private struct Ended: StepExecution {
    let outcome: StepOutcome

    func poll() -> StepOutcome? { outcome }
    func stop(atOnce: Bool) {}
  }
}

/// Runs each step as a process of its own: `kaizen step run`. One that dies takes nothing with it.
package struct ProcessExecutor: StepExecutor {
  /// The program, and what stands before the step's id, behind it the options.
  let program: String
  let options: [String]

  /// `options` go to each step: threads, memory and the parameters as typed.
  package init(program: String, options: [String]) {
    self.program = program
    self.options = options
  }

  package func start(
    _ step: PipelineSpec.Step, needs: [(id: String, object: String)], of pipeline: PipelineRun,
    in run: RunFolder
  ) throws -> any StepExecution {
    let place = run.place(of: step.id)
    try Path.createFolders(place)
    // A file that was read may have been written anew since, so that the step could not find them.
    try run.write(needs, of: step.id)
    unlink(place + "/outcome.json")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(
      &actions, 2, place + "/stderr.txt", O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    let words =
      [
        program, "step", "run", pipeline.path, step.id, "--run", run.id, "--store",
        pipeline.store.root,
      ]
      + options
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var pid = pid_t()
    let status = posix_spawn(&pid, program, &actions, nil, &arguments, environ)
    guard status == 0 else {
      throw Diagnostic(
        .io, "step \(step.id) does not start: \(program): \(String(cString: strerror(status)))")
    }
    return StepProcess(pid: pid, step: step, place: place)
  }
}

private final class StepProcess: StepExecution {
  private let pid: pid_t
  private let step: PipelineSpec.Step
  private let place: String
  private let start = monotonicSeconds()

  init(pid: pid_t, step: PipelineSpec.Step, place: String) {
    self.pid = pid
    self.step = step
    self.place = place
  }

  func stop(atOnce: Bool) { kill(pid, atOnce ? SIGKILL : SIGINT) }

  func poll() throws -> StepOutcome? {
    var status: Int32 = 0
    let ended = waitpid(pid, &status, WNOHANG)
    if ended == 0 || (ended < 0 && errno == EINTR) { return nil }
    var outcome = read() ?? died(status)
    outcome.seconds = monotonicSeconds() - start
    return outcome
  }

  private func read() -> StepOutcome? {
    guard let text = try? readText(place + "/outcome.json"), let json = try? JSONValue.parse(text)
    else { return nil }
    return StepOutcome(json)
  }

  /// It ended without saying how.
  private func died(_ status: Int32) -> StepOutcome {
    let signal = status & 0x7f
    let code = (status >> 8) & 0xff
    var notes = ["in step \(step.id)"]
    if let text = try? readText(place + "/stderr.txt") {
      notes += text.split(separator: "\n").suffix(5).map(String.init)
    }
    let error =
      if signal != 0 {
        Diagnostic(
          .killed,
          "step \(step.id) was ended by signal \(signal)"
            + (signal == SIGKILL ? ": killed, or out of memory" : ""), notes: notes)
      } else if code == 75 {
        Diagnostic(.transient, "step \(step.id) asks to be tried again", notes: notes)
      } else {
        Diagnostic(.io, "step \(step.id) ended with exit status \(code)", notes: notes)
      }
    return StepOutcome(step: step.id, seconds: 0, error: error)
  }
}
