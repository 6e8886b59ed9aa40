import CSQLite
import Language
import Notebooks

/// A SQLite database, as far as the record of runs needs one.
final class Database {
  /// A value that goes in or comes out.
  enum Value: Sendable, Hashable {
    case null
    case int(Int64)
    case number(Double)
    case text(String)

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var int: Int64? { if case .int(let value) = self { value } else { nil } }

    var number: Double? {
      switch self {
      case .number(let value): value
      case .int(let value): Double(value)
      default: nil
      }
    }
  }

  private let handle: OpaquePointer
  private let path: String

  /// Opens the database at `path`, or makes it with its folders. Throws `io` and `corrupt`.
  init(_ path: String) throws {
    try Path.createFolders(Path.parent(path))
    var handle: OpaquePointer?
    let status = sqlite3_open_v2(
      path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, nil)
    guard status == SQLITE_OK, let handle else {
      let reason = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "no memory"
      if let handle { sqlite3_close(handle) }
      throw Diagnostic(.io, "\(path): \(reason)")
    }
    self.handle = handle
    self.path = path
    // Another program may be writing.
    sqlite3_busy_timeout(handle, 5_000)
  }

  deinit { sqlite3_close(handle) }

  /// Runs one statement and gives its rows. Throws `io`, `corrupt` or, where another program holds the
  /// database, `transient`.
  @discardableResult
  func run(_ sql: String, _ values: [Value] = []) throws -> [[Value]] {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else { throw failure() }
    defer { sqlite3_finalize(statement) }
    for (index, value) in values.enumerated() {
      let place = Int32(index + 1)
      let status =
        switch value {
        case .null: sqlite3_bind_null(statement, place)
        case .int(let number): sqlite3_bind_int64(statement, place, number)
        case .number(let number): sqlite3_bind_double(statement, place, number)
        case .text(let text):
          kaizen_sqlite_bind_text(statement, place, text, Int32(clamping: text.utf8.count))
        }
      guard status == SQLITE_OK else { throw failure() }
    }
    var rows: [[Value]] = []
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW:
        rows.append((0..<sqlite3_column_count(statement)).map { read(statement, $0) })
      case SQLITE_DONE: return rows
      default: throw failure()
      }
    }
  }

  /// Runs `body` so that all of what it writes is there afterwards, or nothing.
  func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    try run("BEGIN IMMEDIATE")
    do {
      let result = try body()
      try run("COMMIT")
      return result
    } catch {
      _ = try? run("ROLLBACK")
      throw error
    }
  }

  private func read(_ statement: OpaquePointer?, _ column: Int32) -> Value {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: return .int(sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT: return .number(sqlite3_column_double(statement, column))
    case SQLITE_TEXT:
      guard let bytes = sqlite3_column_text(statement, column) else { return .null }
      let count = Int(sqlite3_column_bytes(statement, column))
      // SAFETY: SQLite gives `count` bytes, valid until the next step.
      return .text(
        String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
    default: return .null
    }
  }

  private func failure() -> Diagnostic {
    let reason = String(cString: sqlite3_errmsg(handle))
    let code: Diagnostic.Code =
      switch sqlite3_errcode(handle) {
      case SQLITE_BUSY, SQLITE_LOCKED: .transient
      case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
      default: .io
      }
    return Diagnostic(code, "\(path): \(reason)")
  }
}
