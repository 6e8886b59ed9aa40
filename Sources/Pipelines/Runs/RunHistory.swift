import Columnar
import Display
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One replay or pipeline run as it is recorded.
package struct RunRecord: Sendable {
  /// What belongs to a run by name.
  package struct Fact: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
      case parameter, input, code, metric, artifact
    }

    package var kind: Kind
    package var name: String
    /// A digest, or the value in the spelling of the language.
    package var text: String
    /// Of a metric, its value.
    package var number: Double?

    package init(_ kind: Kind, _ name: String, _ text: String, number: Double? = nil) {
      self.kind = kind
      self.name = name
      self.text = text
      self.number = number
    }
  }

  /// Its number in the record; 0 before it is recorded.
  package var id: Int64 = 0
  /// `replay` or `pipeline`.
  package var kind: String
  package var name: String
  package var path: String
  /// In UTC, as `2024-03-01T08:30:15.123Z`.
  package var started: String
  package var seconds = 0.0
  /// Of this program and those it started.
  package var processorSeconds = 0.0
  /// `done`, or the code of the error that ended it.
  package var status = "done"
  package var version = Engine.version
  package var facts: [Fact] = []

  package func facts(_ kind: Fact.Kind) -> [Fact] { facts.filter { $0.kind == kind } }
}

/// The record of replays and pipeline runs: a SQLite database.
package final class RunHistory {
  private let database: Database

  /// Opens the record at `path`, absolute, or makes it. Throws `io`, `corrupt`, `transient`, and
  /// `format` for one of a later version.
  package init(path: String) throws {
    database = try Database(path)
    try database.run("PRAGMA foreign_keys = ON")
    let version = try database.run("PRAGMA user_version").first?.first?.int ?? 0
    guard version <= 1 else {
      throw Diagnostic(.format, "\(path) is of version \(version); this program knows version 1")
    }
    if version == 1 { return }
    try database.transaction {
      try database.run(
        """
        CREATE TABLE IF NOT EXISTS runs (
          id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, name TEXT NOT NULL,
          path TEXT NOT NULL, started TEXT NOT NULL, seconds REAL NOT NULL,
          processor_seconds REAL NOT NULL, status TEXT NOT NULL, version TEXT NOT NULL)
        """)
      try database.run(
        """
        CREATE TABLE IF NOT EXISTS facts (
          run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, kind TEXT NOT NULL,
          name TEXT NOT NULL, text TEXT NOT NULL, number REAL, PRIMARY KEY (run, kind, name))
        """)
      try database.run("PRAGMA user_version = 1")
    }
  }

  /// Where the record lies if nobody says otherwise: `runs.db` in `KAIZEN_STORE`, else in the folder
  /// for the state of programs.
  package static var standardPath: String {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    if let store = variable("KAIZEN_STORE") { return store + "/runs.db" }
    let state = variable("XDG_STATE_HOME") ?? (variable("HOME") ?? "/tmp") + "/.local/state"
    return state + "/kaizen/runs.db"
  }

  /// Adds a run and returns its number.
  package func add(_ run: RunRecord) throws -> Int64 {
    try database.transaction {
      try database.run(
        """
        INSERT INTO runs (kind, name, path, started, seconds, processor_seconds, status, version)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          .text(run.kind), .text(run.name), .text(run.path), .text(run.started),
          .number(run.seconds), .number(run.processorSeconds), .text(run.status),
          .text(run.version),
        ])
      let id = try database.run("SELECT last_insert_rowid()").first?.first?.int ?? 0
      for fact in run.facts {
        try database.run(
          "INSERT OR REPLACE INTO facts (run, kind, name, text, number) VALUES (?, ?, ?, ?, ?)",
          [
            .int(id), .text(fact.kind.rawValue), .text(fact.name), .text(fact.text),
            fact.number.map { .number($0) } ?? .null,
          ])
      }
      return id
    }
  }

  /// The last `count` runs, oldest first.
  package func last(_ count: Int) throws -> [RunRecord] {
    try runs("ORDER BY id DESC LIMIT ?", [.int(Int64(count))]).reversed()
  }

  /// The run with a number. Throws `unknown-name`.
  package func run(_ id: Int64) throws -> RunRecord {
    if let run = try runs("WHERE id = ?", [.int(id)]).first { return run }
    let last = try database.run("SELECT max(id) FROM runs").first?.first?.int
    throw Diagnostic(
      .unknownName, "there is no run \(id)",
      notes: [last.map { "the last run is \($0)" } ?? "no run has been recorded yet"])
  }

  /// The runs that are done and have a metric, the best first.
  package func best(_ metric: String, isHigherBetter: Bool, count: Int) throws -> [RunRecord] {
    try runs(
      """
      JOIN facts ON facts.run = runs.id AND facts.kind = 'metric' AND facts.name = ?
      WHERE status = 'done' AND number IS NOT NULL
      ORDER BY number \(isHigherBetter ? "DESC" : "ASC"), id LIMIT ?
      """, [.text(metric), .int(Int64(count))])
  }

  /// The names of the metrics that runs have.
  package func metricNames() throws -> [String] {
    try database.run("SELECT DISTINCT name FROM facts WHERE kind = 'metric' ORDER BY name")
      .compactMap { $0.first?.text }
  }

  /// Removes all runs but the last `count`; returns how many went.
  package func prune(keeping count: Int) throws -> Int {
    try database.transaction {
      let before = try database.run("SELECT count(*) FROM runs").first?.first?.int ?? 0
      try database.run(
        "DELETE FROM runs WHERE id NOT IN (SELECT id FROM runs ORDER BY id DESC LIMIT ?)",
        [.int(Int64(count))])
      let after = try database.run("SELECT count(*) FROM runs").first?.first?.int ?? 0
      return Int(before - after)
    }
  }

  private func runs(_ clauses: String, _ values: [Database.Value]) throws -> [RunRecord] {
    let rows = try database.run(
      """
      SELECT runs.id, runs.kind, runs.name, path, started, seconds, processor_seconds, status, version
      FROM runs \(clauses)
      """, values)
    return try rows.compactMap { row in
      guard let id = row[0].int, let kind = row[1].text, let name = row[2].text,
        let path = row[3].text, let started = row[4].text, let seconds = row[5].number,
        let processorSeconds = row[6].number, let status = row[7].text, let version = row[8].text
      else { return nil }
      var run = RunRecord(kind: kind, name: name, path: path, started: started)
      (run.id, run.seconds, run.processorSeconds) = (id, seconds, processorSeconds)
      (run.status, run.version) = (status, version)
      run.facts = try database.run(
        "SELECT kind, name, text, number FROM facts WHERE run = ? ORDER BY kind, name", [.int(id)]
      ).compactMap { fact in
        guard let kind = fact[0].text.flatMap({ RunRecord.Fact.Kind(rawValue: $0) }),
          let name = fact[1].text, let text = fact[2].text
        else { return nil }
        return RunRecord.Fact(kind, name, text, number: fact[3].number)
      }
      return run
    }
  }
}
