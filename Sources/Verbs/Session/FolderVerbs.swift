import Display
import Language
import Notebooks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `source "FILE"`
struct RunFileVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "source", .session, "Runs the lines of a file as if they were typed here",
    synopsis: "source \"FILE\"",
    details: [
      "Each line becomes a line of the session: `history` and saved notebooks have the lines, not "
        + "the file. Where one fails, all of them are taken back."
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins",
        "source \"datasets/heavy.kz\"", "heavy | count by species"),
      Example("source \"datasets/heavy.kz\"", "heavy | describe body_mass_g"),
    ], keywords: ["script", "include", "run", "do", "execute"], synonyms: ["do"],
    recording: .left, takesPaths: true)

  let call: Call
  let needsInput = false

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1, "a file, as source \"clean.kz\"")
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    try session.runLines(of: try call.path(call.items[0]), span: call.items[0].value.span)
    return .nothing
  }
}

/// `pwd`
struct WorkingFolderVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "pwd", .session, "Says which folder relative paths start from", synopsis: "pwd",
    examples: ["pwd", Example("ls \"datasets\"", "pwd")],
    keywords: ["folder", "directory", "path", "where"], recording: .left)

  let needsInput = false

  init(_ call: Call) throws { try call.expectItems(0...0, "nothing behind it") }

  func run(on input: Value?, in session: Session) throws -> Value {
    session.leaveOutOfHistory()
    let path = session.files.base
    return .output(
      .message(Message(text: path, kind: "folder", facts: [Fact("path", .string(path))])))
  }
}

/// `cd ["FOLDER"]`
struct ChangeFolderVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "cd", .session, "Changes the folder that relative paths start from",
    synopsis: "cd [\"FOLDER\"]",
    details: [
      "Without a folder, the home folder. `undo` goes back. A saved notebook has its paths written "
        + "from where it is saved, whatever the folder was when the line was typed."
    ],
    examples: [
      Example("cd \"datasets\"", "load \"penguins.csv\" | count"),
      Example("cd \"datasets\"", "undo"),
    ], keywords: ["folder", "directory", "path", "chdir"], synonyms: ["chdir"], recording: .left,
    takesPaths: true)

  let call: Call
  let needsInput = false

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(0...1, "at most a folder, as cd \"data\"")
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let item = call.items.first
    if let item, case .name(let name) = item.value.kind {
      throw Diagnostic(
        .usage, "a folder stands in quotes", span: item.value.span, hints: ["cd \"\(name)\""])
    }
    let path = try item.map { try call.path($0, "the folder") } ?? "~"
    let folder = try session.files.readable(path, span: item?.value.span)
    guard Path.isDirectory(folder) else {
      throw Path.exists(folder)
        ? Diagnostic(.usage, "\(path) is a file, not a folder", span: item?.value.span)
        : Diagnostic(.noSuchFile, "there is no folder \(path)", span: item?.value.span)
    }
    session.move(to: folder)
    return .nothing
  }
}

/// `ls ["FOLDER"]`
struct ListFilesVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "ls", .session, "Lists the files of a folder", synopsis: "ls [\"FOLDER\"]",
    details: ["Hidden files, whose names begin with a dot, are left out."],
    examples: ["ls", "ls \"datasets\""], keywords: ["files", "folder", "directory", "dir"],
    synonyms: ["dir"], recording: .left, takesPaths: true)

  let call: Call
  let needsInput = false

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(0...1, "at most a folder, as ls \"data\"")
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    session.leaveOutOfHistory()
    let span = call.items.first?.value.span
    let path = try call.items.first.map { try call.path($0, "the folder") } ?? "."
    let folder = try session.files.readable(path, span: span)
    let rows = try entries(of: folder, named: path, span).map { entry in
      [
        Cell.text(entry.name + (entry.size == nil ? "/" : "")),
        entry.size.map { .int($0) } ?? .text(""),
      ]
    }
    if rows.isEmpty { return .output(.message(Message(text: "no files in it", kind: "files"))) }
    let table = ReportTable(
      key: "files",
      columns: [ReportColumn("name"), ReportColumn("bytes", .right)], rows: rows)
    return .output(.report(Report(kind: "files", sections: [.table(table)])))
  }

  /// Names in the order of their bytes, with sizes; folders have none.
  private func entries(
    of folder: String, named path: String, _ span: Span?
  ) throws -> [(name: String, size: Int64?)] {
    guard let directory = opendir(folder) else {
      if errno == ENOTDIR {
        throw Diagnostic(.usage, "\(path) is a file, not a folder", span: span)
      }
      throw Diagnostic(
        errno == ENOENT ? .noSuchFile : .io, "no folder \(path) that can be read", span: span)
    }
    defer { closedir(directory) }
    var found: [(name: String, size: Int64?)] = []
    while let entry = readdir(directory) {
      // SAFETY: the name is ended by 0 and lies in the entry, which lives until the next call.
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(
          to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)
        ) { String(cString: $0) }
      }
      if name.hasPrefix(".") { continue }
      var status = stat()
      guard stat(folder + "/" + name, &status) == 0 else { continue }
      found.append((name, status.st_mode & S_IFMT == S_IFDIR ? nil : Int64(status.st_size)))
    }
    return found.sorted { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
  }
}
