import Columnar
import Display
import Language

/// Notebooks as Jupyter writes them, nbformat 4.5.
///
/// The parameters stand in a cell tagged `parameters`, in Python's notation: that is what papermill
/// and its like read and write. All other cells hold Kaizen; the front matter and the attributes of
/// cells lie in the metadata, so that reading the file again gives the same notebook.
package enum Jupyter {
  /// The file's text for a notebook in `folder`, where outputs too large for it lie.
  package static func text(of notebook: NotebookFile, in folder: String) throws -> String {
    let matter = try notebook.frontMatter.map { try FrontMatter(parsing: $0) } ?? FrontMatter()
    var writer = JupyterWriter(folder: folder)
    let parameters = matter.parameters.plain
    if !parameters.isEmpty { writer.add(parameters: parameters) }
    let cells = notebook.cells
    let outputs = Set(cells.compactMap(\.outputIndex))
    var number = 0
    for (index, element) in notebook.elements.enumerated() {
      switch element {
      case .frontMatter: break
      case .prose(let text): writer.add(prose: text)
      case .output(let output):
        if !outputs.contains(index) { writer.add(prose: output.raw) }
      case .cell(let cell):
        var recorded: NotebookFile.RecordedOutput?
        if let place = cells[number].outputIndex,
          case .output(let output) = notebook.elements[place]
        {
          recorded = output
        }
        number += 1
        writer.add(cell, output: recorded)
      }
    }
    var own = [Fact("format", .int(1))]
    if let raw = notebook.frontMatter { own.append(Fact("front_matter", .string(raw))) }
    return JSONValue.object([
      Fact("cells", .array(writer.cells)),
      Fact(
        "metadata",
        .object([
          Fact("kaizen", .object(own)),
          Fact(
            "kernelspec",
            .object([
              Fact("display_name", .string("Kaizen")), Fact("language", .string("python")),
              Fact("name", .string("kaizen")),
            ])),
        ])), Fact("nbformat", .int(4)), Fact("nbformat_minor", .int(5)),
    ]).indentedText + "\n"
  }
}

private struct JupyterWriter {
  let folder: String
  var cells: [JSONValue] = []
  private var ids: Set<String> = []

  init(folder: String) { self.folder = folder }

  /// nbformat wants an id of letters, digits, `-` and `_` that no other cell has.
  private mutating func id(_ wanted: String?, for text: String) -> String {
    if let wanted, wanted.utf8.count <= 64, !wanted.isEmpty,
      wanted.utf8.allSatisfy({ byte in
        let scalar = Unicode.Scalar(byte)
        return scalar.properties.isAlphabetic && byte < 0x80 || (0x30...0x39).contains(byte)
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
      }), ids.insert(wanted).inserted
    {
      return wanted
    }
    let made = NotebookFile.id(of: text, ordinal: cells.count + 1, notIn: ids)
    ids.insert(made)
    return made
  }

  private mutating func add(
    _ kind: String, id wanted: String?, _ source: String, metadata: [Fact] = [],
    outputs: [JSONValue]? = nil
  ) {
    var facts = [
      Fact("cell_type", .string(kind)), Fact("id", .string(id(wanted, for: source))),
      Fact("metadata", .object(metadata)), Fact("source", Self.lines(source)),
    ]
    if let outputs {
      facts.append(Fact("execution_count", .null))
      facts.append(Fact("outputs", .array(outputs)))
    }
    cells.append(.object(facts))
  }

  mutating func add(parameters: [Parameter]) {
    add(
      "code", id: "parameters", parameters.map(\.python).joined(separator: "\n"),
      metadata: [Fact("tags", .array([.string("parameters")]))], outputs: [])
  }

  mutating func add(prose: String) {
    var lines = prose.unixLines[...]
    while lines.first?.isEmpty == true { lines.removeFirst() }
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard !lines.isEmpty else { return }
    add("markdown", id: nil, lines.joined(separator: "\n"))
  }

  mutating func add(_ cell: NotebookFile.Cell, output: NotebookFile.RecordedOutput?) {
    var outputs: [JSONValue] = []
    if let output {
      outputs.append(
        .object([
          Fact("name", .string("stdout")), Fact("output_type", .string("stream")),
          Fact("text", Self.lines(wholeText(output))),
        ]))
    }
    let attributes = cell.attributes.sorted { $0.key < $1.key }
      .map { Fact($0.key, .string($0.value)) }
    add(
      "code", id: cell.id, cell.code,
      metadata: attributes.isEmpty
        ? [] : [Fact("kaizen", .object([Fact("attributes", .object(attributes))]))],
      outputs: outputs)
  }

  /// The output, read from its own file where it lies in one below the notebook's folder.
  private func wholeText(_ output: NotebookFile.RecordedOutput) -> String {
    guard let file = output.file else { return output.text }
    let place = Path.normalized(folder + "/" + file)
    guard Path.contains(folder, Path.real(place)) else { return output.text }
    return (try? readText(place)) ?? output.text
  }

  /// A text as nbformat keeps it: a list of lines with their ends.
  private static func lines(_ text: String) -> JSONValue {
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0) }
    guard let last = lines.popLast() else { return .array([]) }
    lines = lines.map { $0 + "\n" }
    if !last.isEmpty { lines.append(last) }
    return .array(lines.map { .string($0) })
  }
}

extension Parameter {
  /// The parameter as papermill reads it: `min_mass: float = 2500.0  # lightest bird kept`.
  var python: String {
    let names: [DataType: String] = [.text: "str", .int: "int", .float: "float", .bool: "bool"]
    let line = "\(name): \(names[type] ?? type.rawValue) = \(Self.python(defaultValue))"
    guard let documentation else { return line }
    return line + "  # " + documentation.unixLines.joined(separator: " ")
  }

  private static func python(_ value: Scalar) -> String {
    switch value {
    case .null: "None"
    case .bool(let flag): flag ? "True" : "False"
    case .int(let number): String(number)
    case .float(let number):
      number.isFinite ? "\(number)" : "float(\"\(number)\")"
    case .text(let text): JSONValue.string(text).text
    case .date, .datetime: JSONValue.string(String(value.literal.drop { $0 == "@" })).text
    case .duration: JSONValue.string(value.literal).text
    }
  }
}
