import Columnar
import Display
import Language
import Notebooks
import TestSupport
import Testing

/// Notebooks as .ipynb, out and in.
struct JupyterTests {
  @Test func everyNotebookOfTheProjectComesBack() throws {
    for path in Project.files(in: "notebooks", withExtension: "md") {
      let notebook = try NotebookFile(parsing: try Project.text(path))
      guard !notebook.cells.isEmpty else { continue }
      let folder = Path.parent(Project.root + "/" + path)
      let text = try Jupyter.text(of: notebook, in: folder)
      let imported = try Jupyter.notebook(parsing: text, file: "x.ipynb")
      #expect(imported.remarks.isEmpty)
      #expect(imported.notebook.cells.map(\.cell.code) == notebook.cells.map(\.cell.code))
      #expect(
        imported.notebook.cells.map(\.cell.attributes) == notebook.cells.map(\.cell.attributes))
      #expect(imported.notebook.frontMatter == notebook.frontMatter)
      #expect(try Jupyter.text(of: imported.notebook, in: folder) == text)
    }
  }

  @Test func parametersComeBackFromPapermill() throws {
    let workspace = try Workspace()
    _ = try workspace.session(
      "param floor = 5000 min=1 max=6000 doc=\"lightest # bird\"",
      "param who = \"a \\\"b\\\" # c\"",
      "param day = @2024-03-01", "param share = 0.5", "param all = true",
      "load \"datasets/penguins.csv\" as p", "p | count where body_mass_g > $floor",
      "save \"x.md\"", "jupyter \"x.md\"")
    let text = try workspace.read("x.ipynb")
    #expect(text.contains(#""floor: int = 5000  # lightest # bird\n""#), "\(text)")
    // What papermill adds when it is given values.
    let injected = """
      {"cell_type": "code", "execution_count": null, "id": "abc", "metadata": {"tags": ["injected-parameters"]},
       "outputs": [], "source": ["# Parameters\\n", "floor = 5500\\n", "day = '2024-05-01'\\n", "share = 0.25\\n", "all = False"]}
      """
    guard case .object(var root) = try JSONValue.parse(text),
      let place = root.firstIndex(where: { $0.key == "cells" }),
      case .array(var cells) = root[place].value
    else {
      Issue.record("no cells")
      return
    }
    cells.insert(try JSONValue.parse(injected), at: 1)
    root[place].value = .array(cells)
    try workspace.write(JSONValue.object(root).indentedText, "y.ipynb")
    _ = try workspace.session("jupyter \"y.ipynb\"")
    let matter = try Replay(path: workspace.path("y.md")).frontMatter
    #expect(
      matter.parameters.map(\.defaultValue.literal)
        == ["5500", "\"a \\\"b\\\" # c\"", "@2024-05-01", "0.25", "false"])
    #expect(matter.parameters[0].maximum == .int(6000))
    try workspace.edit("y.ipynb", "floor = 5500", "floor = 7000")
    let error = workspace.error("jupyter \"y.ipynb\"")
    #expect(error?.code == .parameterType, "\(error?.whole ?? "")")
  }

  /// A notebook that Jupyter itself has run and saved: what it printed, displayed and failed with.
  @Test func whatJupyterHasSavedIsRead() throws {
    let workspace = try Workspace()
    try workspace.write(try Project.text("Tests/Fixtures/jupyter/executed.ipynb"), "p.ipynb")
    _ = try workspace.session("jupyter \"p.ipynb\"")
    let text = try workspace.read("p.md")
    #expect(text.contains("```python\nimport math, sys\n"), "\(text)")
    #expect(text.contains("````text\n3.141593\n```out of a cell\n````"), "\(text)")
    #expect(text.contains("{'a': [1, 2], 'b': 'π → ∞'}\n```"), "\(text)")
    #expect(
      text.contains(
        "Traceback (most recent call last)\nCell In[5], line 1\n----> 1 1 / 0\n\nZeroDivisionError"),
      "\(text)")
    #expect(text.contains("```raw\nraw text\n```"), "\(text)")
    let file = try NotebookFile(parsing: text)
    #expect(file.cells.isEmpty && file.text == text)
  }

  /// One of ours that Jupyter has read and saved again is the same notebook, and runs.
  @Test func whatJupyterHasSavedOfOursRuns() throws {
    let workspace = try Workspace()
    try workspace.write(try Project.text("Tests/Fixtures/jupyter/kaizen.ipynb"), "k.ipynb")
    _ = try workspace.session("jupyter \"k.ipynb\"")
    let text = try workspace.read("k.md")
    let file = try NotebookFile(parsing: text)
    #expect(file.cells.count == 5 && file.cells.allSatisfy { $0.outputIndex != nil }, "\(text)")
    #expect(file.cells.map(\.cell.code).contains("h | count by species"))
    #expect(workspace.replay("k.md").error == nil)
    let matter = try Replay(path: workspace.path("k.md")).frontMatter
    #expect(matter.parameters.map(\.name) == ["floor", "who"])
    #expect(matter.parameters[0].maximum == .int(6000))
    #expect(workspace.replay("k.md", .run, [("floor", "7000")]).error?.status == 2)
  }

  @Test func othersNotebooksAreKeptAsProse() throws {
    let workspace = try Workspace()
    try workspace.write(try Project.text("Tests/Fixtures/jupyter/python.ipynb"), "p.ipynb")
    let session = try workspace.session()
    var said = ""
    session.onOutput = { said += $0.text(.notebook) }
    try session.run("jupyter \"p.ipynb\" to \"p.md\"")
    let text = try workspace.read("p.md")
    #expect(text.contains("```python\nimport math\n"), "\(text)")
    #expect(text.contains("3.14"))
    #expect(said.contains("kept as prose") && said.contains("1 image"), "\(said)")
    #expect(try NotebookFile(parsing: text).cells.isEmpty)
  }

  @Test(arguments: [
    ("", "not JSON"), ("{}", "nbformat"), ("{\"nbformat\": 3, \"cells\": []}", "nbformat 3"),
    ("{\"nbformat\": 4}", "cells"), ("{\"nbformat\": 4, \"cells\": [{}]}", "cell 1"),
    ("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": 3}]}", "cell 1"),
  ])
  func whatIsNoneIsNamed(text: String, words: String) throws {
    let workspace = try Workspace()
    try workspace.write(text, "x.ipynb")
    let error = workspace.error("jupyter \"x.ipynb\"")
    #expect(error?.code == .format)
    #expect(error?.message.contains(words) == true, "\(error?.whole ?? "")")
    #expect(!workspace.exists("x.md"))
  }

  @Test func proseCannotBecomeCells() throws {
    let workspace = try Workspace()
    let markdown = #"["```kaizen\n", "x = 1\n", "```\n", "---"]"#
    try workspace.write(
      #"{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "markdown", "#
        + #""metadata": {}, "source": \#(markdown)}, {"cell_type": "raw", "metadata": {}, "#
        + #""source": "```kaizen\ny = 1\n```"}]}"#, "x.ipynb")
    _ = try workspace.session("jupyter \"x.ipynb\"")
    #expect(try NotebookFile(parsing: try workspace.read("x.md")).cells.isEmpty)
  }

  @Test func notebooksDifferByTheirValues() throws {
    let workspace = try Workspace()
    _ = try workspace.session(
      "param floor = 4000", "load \"datasets/penguins.csv\" as p",
      "p | agg m = mean(body_mass_g) where body_mass_g > $floor", "save \"a.md\"",
      "replay \"a.md\" floor=4001 output=\"b.md\"", "p | count", "save \"c.md\"")
    func findings(_ other: String, _ tolerance: Double = 1e-9) throws -> [String] {
      try NotebookComparison(
        workspace.path("a.md"), workspace.path(other), tolerance: tolerance
      ).findings.map { "\($0.kind) \($0.path)" }
    }
    #expect(try findings("a.md") == [])
    #expect(try findings("b.md") == ["parameter "])
    #expect(try findings("c.md") == ["only "])
    _ = try workspace.session("replay \"a.md\" floor=5000 output=\"b.md\"")
    #expect(try findings("b.md") == ["parameter ", "value rows[1].m", "value notes[1]"])
    #expect(try findings("b.md", 0.5) == ["parameter ", "value notes[1]"])
  }

  @Test func aReplayMayShowAPart() throws {
    let workspace = try Workspace()
    _ = try workspace.session(
      "load \"datasets/penguins.csv\" as p", "p | count", "p | count by sex", "save \"a.md\"")
    let ids = try Replay(path: workspace.path("a.md")).notebook.cells.compactMap(\.cell.id)
    var request = ReplayRequest(path: workspace.path("a.md"))
    for first in [ids[1], "2"] {
      request.first = first
      var shown: [String?] = []
      _ = try request.perform(like: try workspace.session()) { shown.append($0.id) }
      #expect(shown == [ids[1], ids[2]])
    }
    // A difference before it does not count, one behind it does.
    try workspace.edit("a.md", "    344\n", "    345\n")
    request.mode = .check
    request.first = "3"
    _ = try request.perform(like: try workspace.session())
    request.first = "2"
    #expect(throws: Diagnostic.self) { try request.perform(like: try workspace.session()) }
    request.first = "9"
    #expect(throws: Diagnostic.self) { try request.perform(like: try workspace.session()) }
  }
}
