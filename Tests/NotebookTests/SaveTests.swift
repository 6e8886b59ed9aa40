import Columnar
import Display
import Foundation
import Language
import Notebooks
import TestSupport
import Testing

/// `save`: what of a session becomes a notebook, and what is refused.
struct SaveTests {
  static let load = "load \"datasets/penguins.csv\" as penguins"

  /// The code of the cells of a saved notebook.
  private func cells(_ workspace: Workspace, _ name: String = "x.md") throws -> [String] {
    try NotebookFile(parsing: try workspace.read(name)).cells.map(\.cell.code)
  }

  @Test func aSessionIsSavedAndChecksClean() throws {
    let workspace = try Workspace()
    let session = try workspace.session(
      "# ## Birds", Self.load, "def heavy(x) = x | filter body_mass_g > 5000", "use penguins",
      "|= filter sex == \"male\"", "n = heavy(penguins)", "count by species", "undo")
    // `undo` takes back `n` and leaves the count, which does not depend on it.
    try session.run("for s in [\"Biscoe\", \"Dream\"] { count where island == $s }")
    #expect(throws: Diagnostic.self) { try session.run("penguins | filter nonsense > 1") }
    try session.run("history")
    try session.run("save \"x.md\"")
    let cells = try cells(workspace)
    #expect(
      cells == [
        Self.load,
        "def heavy(x) = x | filter body_mass_g > 5000\nuse penguins",
        "penguins |= filter sex == \"male\"", "penguins | count by species",
        "for s in [\"Biscoe\", \"Dream\"] { penguins | count where island == $s }",
      ])
    #expect(try workspace.read("x.md").contains("\n## Birds\n"))
    let result = workspace.replay("x.md", .check)
    #expect(result.error == nil, "\(result.error?.whole ?? "")")
  }

  @Test func drawnSeedsAreWrittenIn() throws {
    let workspace = try Workspace()
    _ = try workspace.session(
      Self.load, "train, test = penguins | split 80%", "penguins | sample 3", "save \"x.md\"")
    for cell in try cells(workspace).dropFirst() { #expect(cell.contains(/\ seed=\d+/), "\(cell)") }
    #expect(workspace.replay("x.md", .check).error == nil)
    for line in ["def pick(x) = x | sample 3", "for i in [1, 2] { penguins | sample 3 }"] {
      let error = workspace.error(Self.load, line, "y = pick(penguins)")
      #expect(error?.code == .noSeed, "\(error?.whole ?? "")")
    }
  }

  @Test func pathsAreRelativeToTheNotebook() throws {
    let workspace = try Workspace()
    try workspace.write("a,b\n1,2\n", "data/x.csv")
    try Path.createFolders(workspace.path("notes/deep"))
    try Path.createFolders(workspace.path("out"))
    let absolute = Scalar.text(workspace.path("data/x.csv")).literal
    _ = try workspace.session(
      "load \"data/../data/x.csv\" as x", "load \(absolute) as y", "export x \"out/x.csv\"",
      "load \"out/x.csv\" as z", "save \"notes/deep/x.md\"", "save \"x.md\"")
    #expect(
      try cells(workspace, "notes/deep/x.md") == [
        "load \"../../data/x.csv\" as x", "load \"../../data/x.csv\" as y",
        "export x \"../../out/x.csv\"", "load \"../../out/x.csv\" as z",
      ])
    // What the notebook wrote is no input of it.
    #expect(try workspace.read("notes/deep/x.md").components(separatedBy: "sha256").count == 2)
    #expect(try cells(workspace)[0] == "load \"data/x.csv\" as x")
    #expect(workspace.replay("x.md", .check).error == nil)
    // Writing outside its folder needs leave.
    #expect(workspace.replay("notes/deep/x.md").error?.code == .notAllowed)
    #expect(
      workspace.replay("notes/deep/x.md", .check, allow: [workspace.path("out")]).error == nil)
  }

  @Test func computedPathsStayInTheirFolder() throws {
    let workspace = try Workspace()
    try Path.createFolders(workspace.path("notes"))
    let lines = ["f = \"datasets/iris.csv\"", "load $f as iris"]
    #expect(workspace.error(lines[0], lines[1], "save \"x.md\"") == nil)
    let error = workspace.error(lines[0], lines[1], "save \"notes/x.md\"")
    #expect(error?.code == .notReproducible)
    #expect(error?.message.contains("$f") == true)
  }

  @Test func parametersGoToTheFrontMatter() throws {
    let workspace = try Workspace()
    _ = try workspace.session(
      "param mass = 5000 min=1 max=9000 doc=\"lightest: kept\"",
      "param day = @2024-03-01", "param at = @2024-03-01T08:30:15", "param wait = 90min",
      "param who = \"a: b # c\" choices=[\"a: b # c\", \"d\"]", Self.load,
      "penguins | filter body_mass_g > $mass | count", "day", "at", "wait", "who", "save \"x.md\"")
    let notebook = try Replay(path: workspace.path("x.md"))
    #expect(notebook.frontMatter.parameters.map(\.name) == ["mass", "day", "at", "wait", "who"])
    #expect(notebook.frontMatter.parameters[0].maximum == .int(9000))
    let result = workspace.replay("x.md", .check)
    #expect(result.error == nil, "\(result.error?.whole ?? "")")
    for (name, value) in [
      ("mass", "6000"), ("day", "2024-03-02"), ("at", "2024-03-01T09:00"), ("wait", "2h"),
      ("who", "d"),
    ] {
      #expect(workspace.replay("x.md", .run, [(name, value)]).error == nil, "\(name)")
      #expect(workspace.replay("x.md", .check, [(name, value)]).error?.status == 4)
    }
  }

  @Test func proseCannotSwallowCells() throws {
    let workspace = try Workspace()
    _ = try workspace.session(
      "# ```kaizen", "# ~~~", Self.load, "# ```python", "# x = 1", "# ```", "penguins | count",
      "save \"x.md\"")
    #expect(try cells(workspace) == [Self.load, "penguins | count"])
    let text = try workspace.read("x.md")
    #expect(text.contains("\\```kaizen"))
    #expect(text.contains("\n```python\nx = 1\n```\n"))
  }

  @Test func whatCannotRunAgainIsRefused() throws {
    let workspace = try Workspace()
    for line in [
      "x = today()", "penguins | derive t = now()", "for d in [today()] { d }",
      "for d in [1] { y = today() }", "def f(x) = today()", "def g(x) = x | derive t = now()",
    ] {
      let error = workspace.error(Self.load, line, "save \"x.md\" draft=true")
      #expect(error?.code == .notReproducible, "\(line): \(error?.whole ?? "no error")")
      #expect(error?.notes.contains { $0.contains("line: ") } == true)
    }
    #expect(!workspace.exists("x.md"))
    #expect(workspace.error("save \"x.md\"")?.code == .usage)
    #expect(workspace.error(Self.load, "save \"x.txt\"")?.code == .usage)
  }

  @Test func aNameMayBeBoundTwice() throws {
    let workspace = try Workspace()
    let session = try workspace.session(
      Self.load, "n = 1", "n = 2", "penguins | filter year == 2007 | count", "_", "forget n",
      "n = 3", "n * 2", "time m = penguins | filter sex == \"male\"", "m | count", "save \"x.md\"")
    _ = session
    let result = workspace.replay("x.md", .check)
    #expect(result.error == nil, "\(result.error?.whole ?? "")")
    #expect(try cells(workspace).contains("m = penguins | filter sex == \"male\""))
  }

  @Test func largeOutputsLieBesideTheNotebook() throws {
    let workspace = try Workspace()
    let list = (0..<4_000).map { "\($0)" }.joined(separator: ", ")
    _ = try workspace.session("for i in [\(list)] { f\"row number {i}\" }", "save \"x.md\"")
    let file = try NotebookFile(parsing: try workspace.read("x.md"))
    let spill = try #require(
      file.elements.compactMap { element -> String? in
        if case .output(let output) = element { output.file } else { nil }
      }.first)
    #expect(spill.hasPrefix("x_files/"))
    #expect(try workspace.read(spill).utf8.count > 32 * 1024)
    #expect(workspace.replay("x.md", .check).error == nil)
    // A copy has spills of its own.
    #expect(workspace.replay("x.md", .run, copy: "y.md").error == nil)
    #expect(try workspace.read("y.md").contains("file=y_files/"))
    #expect(workspace.replay("y.md", .check).error == nil)
    // One digit of a spilled output.
    try workspace.edit(spill, "row number 3999", "row number 3998")
    let error = try #require(workspace.replay("x.md", .check).error)
    #expect(error.status == 3)
    #expect(error.whole.contains("- ") && error.whole.contains("row number 3998"))
    #expect(error.notes.count < 60)
    // One that is told to lie elsewhere is not read there.
    try workspace.write("secret\n", "../secret.txt")
    try workspace.edit("x.md", "file=\(spill)", "file=../secret.txt")
    #expect(workspace.replay("x.md", .check).error?.whole.contains("secret\n") == false)
  }

  @Test func anExistingNotebookIsReplacedWhole() throws {
    let workspace = try Workspace()
    try workspace.write("old text that is much longer than the new one\n" + "x", "x.md")
    try workspace.write("{}", "x.md.lock")
    _ = try workspace.session(Self.load, "save \"x.md\"", "save \"x.md\"")
    #expect(try workspace.read("x.md").contains("old text") == false)
    #expect(workspace.replay("x.md", .check).error == nil)
  }

  @Test func dataThatChangedInBetweenIsNoticed() throws {
    let workspace = try Workspace()
    try workspace.write("a\n1\n2\n", "x.csv")
    let session = try workspace.session("load \"x.csv\" as x", "x | agg s = sum(a)")
    try workspace.write("a\n1\n3\n", "x.csv")
    let error = #expect(throws: Diagnostic.self) { try session.run("save \"x.md\"") }
    #expect(error?.code == .notReproducible)
    #expect(error?.whole.contains("3") == true && error?.whole.contains("4") == true)
    #expect(!workspace.exists("x.md") && !workspace.exists("x.md.lock"))
    try session.run("save \"x.md\" draft=true")
    #expect(workspace.replay("x.md", .check).error?.status == 3)
    try session.run("export x \"gone.csv\"")
    unlink(workspace.path("gone.csv"))
    try workspace.write("a\n1\n2\n", "x.csv")
    #expect(throws: Diagnostic.self) { try session.run("save \"y.md\"") }
    unlink(workspace.path("x.csv"))
    let missing = #expect(throws: Diagnostic.self) { try session.run("save \"y.md\"") }
    #expect(missing?.message.contains("x.csv") == true)
  }

  @Test func exportsAreCompared() throws {
    let workspace = try Workspace()
    let session = try workspace.session(Self.load, "export penguins \"p.csv\"")
    try workspace.write("tampered\n", "p.csv")
    let error = #expect(throws: Diagnostic.self) { try session.run("save \"x.md\"") }
    #expect(error?.whole.contains("p.csv differs") == true)
    #expect(try workspace.read("p.csv") == "tampered\n")
  }
}
