import Columnar
import Display
import Language
import Modeling
import Notebooks
import Pipelines

/// `runs`, `runs show N`, `runs compare A B`, `runs best metric=NAME`, `runs prune`
struct RunsVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "runs", .keep, "What replays and pipelines have run, and with what they did",
    synopsis:
      "runs [last=20]\n       runs show RUN\n       runs compare RUN, RUN\n       "
      + "runs best metric=NAME [last=10]\n       runs prune [keep=100]\n       runs push [RUN] [to=\"URL\"] [token=$SECRET]",
    details: [
      "Each replay and pipeline run is recorded with its parameters, the digests of its inputs, "
        + "lines and results, the metrics of its evaluations and gates, and its time. `compare` says "
        + "what of these differs: first what went in, then what came out. `best` lists the runs by a "
        + "metric, the best first. The record is a SQLite file, runs.db, in the folder KAIZEN_STORE or "
        + "the one for the state of programs. `push` sends a run, the last if none is named, to the "
        + "MLflow server that MLFLOW_TRACKING_URI names, or `to=`. A token comes from "
        + "MLFLOW_TRACKING_TOKEN, or from a parameter that is a secret; it goes with the requests and "
        + "nowhere else. A server behind https:// is spoken to by the program curl."
    ],
    options: [
      .init("last", "1…1000", "how many are listed"),
      .init("metric", "NAME", "the metric that `best` goes by, as auc"),
      .init("keep", "0…1000000", "how many runs `prune` leaves"),
      .init("to", "\"URL\"", "the MLflow server that `push` sends to"),
      .init("token", "$SECRET", "the secret that `push` shows the server"),
    ],
    examples: [
      Example(
        "param floor = 4000", "load \"datasets/penguins.csv\" as penguins",
        "penguins | count where body_mass_g > $floor", "save \"birds.md\"", "replay \"birds.md\"",
        "replay \"birds.md\" floor=5000", "runs", "runs compare 1, 2"),
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "m = penguins | fit ols body_mass_g ~ flipper_length_mm", "evaluate m on penguins",
        "save \"model.md\"", "replay \"model.md\"", "runs best metric=rmse", "runs show 1"),
    ],
    keywords: ["history", "experiments", "tracking", "mlflow", "compare", "metrics"],
    recording: .left, isJuxtaposed: true)

  private enum Action: String, CaseIterable {
    case list, show, compare, best, prune, push
  }

  private let call: Call
  private let action: Action
  private let numbers: [Int64]
  let needsInput = false

  init(_ call: Call) throws {
    self.call = call
    var action = Action.list
    var items = call.items[...]
    if let first = items.first, case .name(let word) = first.value.kind {
      guard let known = Action(rawValue: word) else {
        let words = Action.allCases.map(\.rawValue)
        throw Diagnostic(
          .usage, "`runs` cannot `\(word)`", span: first.value.span,
          label: nearest(word, among: words).map { "did you mean `\($0)`?" },
          notes: ["usage: \(call.declaration.synopsis)"])
      }
      action = known
      items.removeFirst()
    }
    numbers = try items.map { item in
      guard case .integer(let number) = item.value.kind else {
        throw call.misuse("a run is a number, as `runs` lists them", at: item.value.span)
      }
      return number
    }
    self.action = action
    let wanted = action == .show ? 1 : action == .compare ? 2 : 0
    guard numbers.count == wanted || action == .push && numbers.count == 1 else {
      throw call.misuse(
        wanted == 0
          ? "`runs \(action.rawValue)` takes no number"
          : "`runs \(action.rawValue)` takes \(wanted) run\(wanted == 1 ? "" : "s")")
    }
    if action == .best, call.option("metric") == nil {
      throw call.misuse("`runs best` needs a metric, as metric=auc")
    }
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    session.leaveOutOfHistory()
    guard case .unrestricted = session.files.policy else {
      throw Diagnostic(
        .notAllowed, "`runs` works at the prompt only: a notebook has no business in the record",
        span: call.stage.verb.span)
    }
    let history = try RunHistory(path: session.runHistory ?? RunHistory.standardPath)
    switch action {
    case .list:
      let runs = try history.last(try call.integerOption("last", in: 1...1000) ?? 20)
      return .output(.report(RunReports.list(runs)))
    case .show: return .output(.report(RunReports.show(try history.run(numbers[0]))))
    case .compare:
      return .output(
        .report(RunReports.compare(try history.run(numbers[0]), try history.run(numbers[1]))))
    case .best:
      let name = try call.textOption("metric") ?? ""
      let known = try history.metricNames()
      guard known.contains(name) else {
        throw Diagnostic(
          .unknownName, "no run has a metric `\(name)`", span: call.option("metric")?.span,
          label: nearest(name, among: known).map { "did you mean `\($0)`?" },
          notes: known.isEmpty
            ? ["evaluate and gate give metrics"] : ["metrics: \(known.joined(separator: ", "))"])
      }
      let base = String(name.prefix { $0 != "#" })
      let runs = try history.best(
        name, isHigherBetter: Metric(rawValue: base)?.isHigherBetter ?? true,
        count: try call.integerOption("last", in: 1...1000) ?? 10)
      return .output(.report(RunReports.list(runs, metric: name)))
    case .push:
      let runs = try numbers.first.map { [try history.run($0)] } ?? history.last(1)
      guard let run = runs.first else {
        throw Diagnostic(.unknownName, "no run has been recorded yet")
      }
      let (id, files) = try MLflow(
        try call.textOption("to"), token: try call.secretOption("token"), like: session
      ).push(run)
      return .output(
        .message(
          Message(
            subject: "run \(run.id)",
            text: "sent as \(id) · \(files) file\(files == 1 ? "" : "s")", kind: "runs",
            facts: [Fact("run", .int(run.id)), Fact("mlflow_run", .string(id))])))
    case .prune:
      let count = try history.prune(
        keeping: try call.integerOption("keep", in: 0...1_000_000) ?? 100)
      return .output(
        .message(
          Message(
            text: "\(count) run\(count == 1 ? "" : "s") removed", kind: "runs",
            facts: [Fact("removed", .int(Int64(count)))])))
    }
  }
}
