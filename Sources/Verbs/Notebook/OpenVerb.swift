import Language
import Notebooks

/// `open "x.md" [before=CELL] [allow="FOLDER"] [name=value …]`
struct OpenVerb: ActionVerb {
  static let declaration = VerbDeclaration(
    "open", .keep, "Continues a notebook: its cells run here and are shown",
    synopsis: "open \"FILE.md\" [before=CELL] [allow=\"FOLDER\"] [PARAMETER=VALUE …]",
    details: [
      "The session becomes the notebook's: its names are bound, the next line goes on from its last "
        + "cell, and `save` writes it with what was added. What was here before is kept: `restore _`. "
        + "While the cells run they have no shell, write below the notebook's folder only and read "
        + "outside it only the inputs it pins, but for the folders that `allow=` names. Where one "
        + "fails nothing has changed, and `before=` opens the cells before it."
    ],
    options: [
      .init("allow", "\"FOLDER\"|[FOLDERS]", "what outside its folder it may read and write"),
      .init("before", "CELL", "the id or number of a cell before which to stop"),
    ],
    examples: [
      Example(
        "load \"datasets/penguins.csv\" as penguins", "penguins | count by species",
        "save \"birds.md\"", "open \"birds.md\"", "penguins | count by island"),
      Example(
        "param floor = 3000", "load \"datasets/penguins.csv\" as penguins",
        "light = penguins | filter body_mass_g < $floor", "save \"light.md\"",
        "open \"light.md\" floor=3500"),
    ], keywords: ["notebook", "continue", "edit", "resume", "cells"], recording: .left,
    takesAnyOption: true)

  let call: Call
  let needsInput = false

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...1, "the notebook, as \"analysis.md\"")
  }

  func run(on input: Value?, in session: Session) throws -> Value {
    let item = call.items[0]
    let typed = try call.path(item)
    let path = try session.files.readable(typed, span: item.value.span)
    let end = try call.scalarOption("before")
    return .output(
      .message(
        try session.open(
          path, arguments: try call.parameterArguments(), before: end?.text,
          allowed: try call.allowedFolders(in: session), typed: typed)))
  }
}

extension Call {
  /// The folders that `allow=` names, absolute. Throws `usage`.
  func allowedFolders(in session: Session) throws -> [String] {
    guard let value = option("allow") else { return [] }
    var elements = [value]
    if case .list(let list) = value.kind { elements = list }
    return try elements.map { element in
      guard case .text(let folder) = try scalar(element) else {
        throw invalid("allow", "the path of a folder, or a list of them")
      }
      return session.files.absolute(folder)
    }
  }

  /// The options but those of the verb's own, as values of a notebook's parameters: each as it would
  /// be typed on a command line, since what is shown of a number may be rounded.
  func parameterArguments() throws -> [(name: String, value: String)] {
    let own = Set(declaration.options.map(\.name))
    return try options.filter { !own.contains($0.name.text) }.map { name, value in
      let scalar = try scalar(value)
      if case .text(let text) = scalar { return (name.text, text) }
      return (name.text, scalar.literal)
    }
  }
}
