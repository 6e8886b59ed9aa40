import Columnar
import Display
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Recorded runs as runs of an MLflow server, by its REST interface of version 2.0.
package struct MLflow {
  private let client: HTTPClient
  private let session: Session
  /// It is in no message.
  private let token: String?

  /// The server at `address`, or the one that `MLFLOW_TRACKING_URI` names. The token, or the one in
  /// `MLFLOW_TRACKING_TOKEN`, goes with each request and nowhere else. Throws `usage` where the address
  /// is missing.
  package init(_ address: String? = nil, token: Secret? = nil, like session: Session) throws {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    guard let address = address ?? variable("MLFLOW_TRACKING_URI") else {
      throw Diagnostic(
        .usage, "MLFLOW_TRACKING_URI does not say where the server is",
        hints: ["MLFLOW_TRACKING_URI=http://localhost:5000 kaizen runs push"])
    }
    let source = token?.variable ?? "MLFLOW_TRACKING_TOKEN"
    let token = try token?.value() ?? variable(source)
    if let token, !token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
      throw Diagnostic(.usage, "\(source) has characters that no token has")
    }
    self.token = token
    client = try HTTPClient(address, authorization: token.map { "Bearer \($0)" })
    self.session = session
  }

  /// Sends a run, with parameters, metrics, digests as tags, and the files it made that are still
  /// what they were. Returns the run's id there and how many files went.
  package func push(_ run: RunRecord) throws -> (id: String, files: Int) {
    let experiment = try experiment(run.name)
    let start = Self.milliseconds(run.started)
    var tags = [
      ("mlflow.source.name", run.path), ("kaizen.kind", run.kind), ("kaizen.version", run.version),
      ("kaizen.status", run.status), ("kaizen.run", "\(run.id)"),
    ]
    for kind in [RunRecord.Fact.Kind.input, .code, .artifact] {
      tags += run.facts(kind).map { ("kaizen.\(kind.rawValue).\(Self.key($0.name))", $0.text) }
    }
    let created = try post(
      "runs/create",
      [
        Fact("experiment_id", .string(experiment)),
        Fact("run_name", .string("\(run.name) \(run.id)")), Fact("start_time", .int(start)),
      ])
    guard case .string(let id)? = created["run"]?["info"]?["run_id"] else {
      throw Diagnostic(.io, "the MLflow server gave no run")
    }
    func pairs(_ pairs: [(String, String)]) -> JSONValue {
      .array(
        pairs.map { .object([Fact("key", .string($0.0)), Fact("value", .string($0.1))]) })
    }
    // A server takes a hundred of each at once.
    let parameters = run.facts(.parameter).map { (Self.key($0.name), String($0.text.prefix(6000))) }
    for part in parameters.parts(of: 100) {
      _ = try post(
        "runs/log-batch", [Fact("run_id", .string(id)), Fact("params", pairs(part))])
    }
    for part in tags.parts(of: 100) {
      _ = try post("runs/log-batch", [Fact("run_id", .string(id)), Fact("tags", pairs(part))])
    }
    let metrics: [JSONValue] = run.facts(.metric).compactMap { fact in
      fact.number.map { number in
        .object([
          Fact("key", .string(Self.key(fact.name))), Fact("value", .number(number)),
          Fact("timestamp", .int(start)), Fact("step", .int(0)),
        ])
      }
    }
    for part in metrics.parts(of: 1000) {
      _ = try post(
        "runs/log-batch", [Fact("run_id", .string(id)), Fact("metrics", .array(part))])
    }
    let files = try pushFiles(run, experiment: experiment, id: id)
    _ = try post(
      "runs/update",
      [
        Fact("run_id", .string(id)),
        Fact("status", .string(run.status == "done" ? "FINISHED" : "FAILED")),
        Fact("end_time", .int(start + Int64((run.seconds * 1000).rounded()))),
      ])
    return (id, files)
  }

  private func pushFiles(_ run: RunRecord, experiment: String, id: String) throws -> Int {
    var count = 0
    for fact in run.facts(.artifact) {
      try Cancellation.check()
      let folder = Path.parent(run.path)
      let sha256 = fact.text.prefix(64)
      let places = [folder + "/" + fact.name, folder + "/.kaizen/objects/" + fact.text]
      guard
        let file = places.first(where: { (try? digest(ofFile: $0).sha256) ?? "" == sha256 })
      else { continue }
      let name = Self.pathComponent(
        Path.name(fact.name)
          + (file.hasSuffix(".arrow") && !fact.name.hasSuffix(".arrow") ? ".arrow" : ""))
      let response = try client.send(
        "PUT",
        "/api/2.0/mlflow-artifacts/artifacts/\(Self.pathComponent(experiment))/"
          + "\(Self.pathComponent(id))/artifacts/\(name)",
        body: try readBytes(file), type: "application/octet-stream")
      guard (200..<300).contains(response.status) else {
        throw Diagnostic(
          .io, "the MLflow server did not take \(fact.name): status \(response.status)")
      }
      count += 1
    }
    return count
  }

  /// The id of the experiment of a name, which is made if need be.
  private func experiment(_ name: String) throws -> String {
    let path = "/api/2.0/mlflow/experiments/get-by-name?experiment_name=" + Self.pathComponent(name)
    let found = try client.send("GET", path)
    if found.status == 200, let json = try? JSONValue.parse(utf8: found.body),
      case .string(let id)? = json["experiment"]?["experiment_id"]
    {
      return id
    }
    guard found.status == 404 || found.status == 200 else { throw refusal(found) }
    let made = try post("experiments/create", [Fact("name", .string(name))])
    guard case .string(let id)? = made["experiment_id"] else {
      throw Diagnostic(.io, "the MLflow server gave no experiment")
    }
    return id
  }

  private func post(_ path: String, _ facts: [Fact]) throws -> JSONValue {
    let body = Array(JSONValue.object(facts).text.utf8)
    let response = try client.send("POST", "/api/2.0/mlflow/" + path, body: body)
    guard response.status == 200 else { throw refusal(response) }
    return (try? JSONValue.parse(utf8: response.body)) ?? .null
  }

  private func refusal(_ response: HTTPClient.Response) -> Diagnostic {
    // A server, or a proxy before it, may repeat what it was sent.
    let whole = String(decoding: response.body, as: UTF8.self)
    let body = token.map { whole.replacing($0, with: "…") } ?? whole
    let said = body.prefix(300).split(separator: "\n").first.map(String.init) ?? ""
    return Diagnostic(
      response.status >= 500 ? .transient : .io,
      "the MLflow server answers with status \(response.status)", notes: said.isEmpty ? [] : [said])
  }

  /// A name as MLflow has keys: letters, digits, `_`, `-`, `.`, space and `/`.
  static func key(_ name: String) -> String {
    String(
      name.map { $0.isASCII && ($0.isLetter || $0.isNumber) || "_-. /".contains($0) ? $0 : "_" }
        .prefix(200))
  }

  /// Text as a part of a URL's path or query.
  static func pathComponent(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return text.utf8.map { byte in
      let scalar = Character(Unicode.Scalar(byte))
      if byte < 0x80, scalar.isLetter || scalar.isNumber || "-_.~".contains(scalar) {
        return String(scalar)
      }
      return "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }.joined()
  }

  /// Milliseconds since 1970 of a time as runs have it; 0 for what is none.
  static func milliseconds(_ time: String) -> Int64 {
    let parts = time.split { !$0.isNumber }.compactMap { Int64($0) }
    guard parts.count >= 6 else { return 0 }
    // Days from the civil calendar (Howard Hinnant, chrono-compatible date algorithms).
    let (month, day) = (parts[1], parts[2])
    let year = parts[0] - (month <= 2 ? 1 : 0)
    let era = year / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    let seconds = ((days * 24 + parts[3]) * 60 + parts[4]) * 60 + parts[5]
    return seconds * 1000 + (parts.count > 6 ? parts[6] : 0)
  }
}

extension Array {
  /// The elements in runs of at most `count`.
  fileprivate func parts(of count: Int) -> [[Element]] {
    stride(from: 0, to: self.count, by: count).map {
      Array(self[$0..<Swift.min($0 + count, self.count)])
    }
  }
}
