import Display
import Notebooks
import Pipelines

extension Session {
  /// Performs a replay and records it among the runs, where this session records them; `onRun` is told
  /// of each cell. Returns the summary. A record that cannot be written is said and harms nothing.
  package func recording(
    _ request: ReplayRequest, onRun: (CellRun) -> Void
  ) throws -> Message {
    guard let history = runHistory else {
      return try request.perform(like: self, onRun: onRun).summary
    }
    var recorder = RunRecorder("replay", path: request.path)
    do {
      let (replay, session, summary) = try request.perform(like: self, onRun: onRun)
      recorder.add(replay, session)
      try finish(&recorder, nil, history)
      return summary
    } catch {
      let known = (try? Replay(path: request.path))?.frontMatter.parameters ?? []
      for argument in request.arguments
      where known.plain.contains(where: { $0.name == argument.name }) {
        recorder.run.facts.append(.init(.parameter, argument.name, argument.value))
      }
      try finish(&recorder, error, history)
      throw error
    }
  }

  private func finish(_ recorder: inout RunRecorder, _ error: (any Error)?, _ history: String)
    throws
  {
    do {
      _ = try recorder.finish(error, in: history)
    } catch {
      try notify(
        .message(
          Message(text: "this run is not recorded: \(diagnostic(error).message)", kind: "warning")))
    }
  }
}
