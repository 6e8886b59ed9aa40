import Columnar
import Display
import Language
import Notebooks

/// `jupyter "x.md" to "x.ipynb"` and back
struct JupyterVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "jupyter", .keep, "Writes a notebook as .ipynb, or makes one of an .ipynb",
    synopsis:
      "jupyter \"FILE.md\" [to \"FILE.ipynb\"]\n       jupyter \"FILE.ipynb\" [to \"FILE.md\"]",
    details: [
      "An .ipynb is nbformat 4.5, with outputs as text and a cell tagged `parameters` in Python's "
        + "notation, which is what papermill reads. One that papermill has filled in, or Jupyter has "
        + "saved, is read back; cells of other languages are kept as prose and do not run. Outputs "
        + "are taken over as they are: `replay` says whether they hold."
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins", "penguins | count by species",
        "save \"birds.md\"", "jupyter \"birds.md\""),
      Example(
        "param floor = 5000", "load \"datasets/penguins.csv\" as penguins",
        "penguins | count where body_mass_g > $floor", "save \"birds.md\"",
        "jupyter \"birds.md\" to \"birds.ipynb\"", "jupyter \"birds.ipynb\" to \"again.md\"",
        "replay \"again.md\" check=true"),
    ], keywords: ["ipynb", "notebook", "papermill", "convert", "import", "export", "nbformat"],
    recording: .left, takesPaths: true, prepositions: ["to"])

  let call: Call
  let needsInput = false

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1, "the notebook, as \"analysis.md\" or \"analysis.ipynb\"")
    if let target = call.preposition("to"), target.count != 1 {
      throw call.misuse("`to` takes one file")
    }
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let item = call.items[0]
    let typed = try call.path(item)
    let isImport = typed.hasSuffix(".ipynb")
    guard isImport || typed.hasSuffix(".md") else {
      throw call.misuse("a notebook's name ends in .md or .ipynb", at: item.value.span)
    }
    let ending = isImport ? ".md" : ".ipynb"
    var target = typed.prefix(typed.count - (isImport ? 6 : 3)) + ending
    var span = item.value.span
    if let named = call.preposition("to")?.first {
      target = try call.path(named)[...]
      span = named.value.span
      guard target.hasSuffix(ending) else {
        throw call.misuse("this becomes a file that ends in \(ending)", at: span)
      }
    }
    let path = try session.files.readable(typed, span: item.value.span)
    let output = try session.files.writable(String(target), span: span)
    session.leaveOutOfHistory()
    let text = try readText(path)
    var remarks: [String] = []
    let cells: Int
    if isImport {
      let imported = try Jupyter.notebook(parsing: text, file: typed)
      remarks = imported.remarks
      cells = imported.notebook.cells.count
      try writeText(imported.notebook.text, to: output)
    } else {
      let notebook = try NotebookFile(parsing: text)
      cells = notebook.cells.count
      try writeText(try Jupyter.text(of: notebook, in: Path.parent(path)), to: output)
    }
    let count = "\(cells) cell\(cells == 1 ? "" : "s")"
    return .output(
      .message(
        Message(
          subject: String(target), text: ([count] + remarks).joined(separator: " · "),
          kind: "jupyter",
          facts: [
            Fact("path", .string(session.files.absolute(String(target)))),
            Fact("cells", .int(Int64(cells))),
            Fact("remarks", .array(remarks.map { .string($0) })),
          ])))
  }
}
