import Language

/// A notebook as it lies in its file: Markdown with `kaizen` cells and an `out` fence behind each.
///
/// Every element keeps its raw text, so that writing what was read gives the same bytes, whatever
/// line ends, fences and attributes the file has.
package struct NotebookFile: Sendable {
  package enum Element: Sendable {
    /// From the first `---` to the second, both included.
    case frontMatter(String)
    /// Markdown that is neither a cell nor an output.
    case prose(String)
    case cell(Cell)
    case output(RecordedOutput)
  }

  /// A fence whose info string begins with `kaizen`.
  package struct Cell: Sendable {
    package var raw: String
    /// The text between the fences, with `\n` line ends.
    package var code: String
    package var attributes: [String: String]
    /// The line of the opening fence, counted from 1.
    package var line: Int

    package var id: String? { attributes["id"] }
    /// Whether the cell is meant to fail.
    package var expectsError: Bool { attributes["error"] == "true" }
  }

  /// A fence whose info string begins with `out`.
  package struct RecordedOutput: Sendable {
    package var raw: String
    package var text: String
    package var attributes: [String: String]
    package var line: Int

    package var id: String? { attributes["id"] }
    /// The file that holds the output, where it was too large for the notebook.
    package var file: String? { attributes["file"] }
  }

  package var elements: [Element]

  package init(elements: [Element]) { self.elements = elements }

  /// The file's text: for what was read, the same bytes.
  package var text: String {
    elements.map { element in
      switch element {
      case .frontMatter(let raw), .prose(let raw): raw
      case .cell(let cell): cell.raw
      case .output(let output): output.raw
      }
    }.joined()
  }

  package var frontMatter: String? {
    if case .frontMatter(let raw)? = elements.first { raw } else { nil }
  }

  /// The cells in order, each with the place of its output among the elements, if it has one.
  package var cells: [(cell: Cell, index: Int, outputIndex: Int?)] {
    var cells: [(cell: Cell, index: Int, outputIndex: Int?)] = []
    for (index, element) in elements.enumerated() {
      switch element {
      case .cell(let cell): cells.append((cell, index, nil))
      case .output(let output):
        if let last = cells.indices.last, cells[last].outputIndex == nil,
          output.id == nil || output.id == cells[last].cell.id
        {
          cells[last].outputIndex = index
        }
      case .frontMatter, .prose: break
      }
    }
    return cells
  }
}

extension NotebookFile {
  /// The number, from 1, of the cell that `place` names by its id or its number. Throws
  /// `unknown-name` where `file` has none such.
  package func cellNumber(_ place: String, of file: String) throws -> Int {
    let ids = cells.map(\.cell.id)
    if let index = ids.firstIndex(of: place) { return index + 1 }
    if let number = Int(place), ids.indices.contains(number - 1) { return number }
    let known = ids.compactMap { $0 }
    throw Diagnostic(
      .unknownName, "\(file) has no cell `\(place)`",
      label: nearest(place, among: known).map { "did you mean `\($0)`?" },
      notes: [
        known.isEmpty
          ? "its cells have no ids: use a number from 1 to \(ids.count)"
          : "cells: \(known.prefix(20).joined(separator: ", "))"
      ])
  }
}

extension NotebookFile.Cell {
  /// A cell in the form that `save` writes.
  package init(code: String, attributes: [(String, String)]) {
    let fence = NotebookFile.fence(around: code)
    self.init(
      raw: "\(fence)kaizen\(NotebookFile.info(attributes))\n\(code)\n\(fence)\n", code: code,
      attributes: Dictionary(attributes, uniquingKeysWith: { first, _ in first }), line: 0)
  }

  /// Whether the cell's lines end with CR LF.
  var usesCRLF: Bool { raw.utf8.prefix { $0 != UInt8(ascii: "\n") }.last == UInt8(ascii: "\r") }
}

extension NotebookFile.RecordedOutput {
  /// An output in the form that `save` and `--accept` write.
  package init(text: String, attributes: [(String, String)], usesCRLF: Bool = false) {
    let fence = NotebookFile.fence(around: text)
    let isWhole = text.isEmpty || text.utf8.last == UInt8(ascii: "\n")
    let body = isWhole ? text : text + "\n"
    var raw = "\(fence)out\(NotebookFile.info(attributes))\n\(body)\(fence)\n"
    if usesCRLF { raw = raw.withCRLF }
    self.init(
      raw: raw, text: body,
      attributes: Dictionary(attributes, uniquingKeysWith: { first, _ in first }), line: 0)
  }
}

extension NotebookFile {
  /// A fence longer than any run of backticks that begins a line of `text`.
  static func fence(around text: String) -> String {
    var longest = 2
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      let run = line.drop { $0 == UInt8(ascii: " ") }.prefix { $0 == UInt8(ascii: "`") }.count
      longest = max(longest, run)
    }
    return String(repeating: "`", count: longest + 1)
  }

  /// Attributes as they stand behind `kaizen` or `out`, with quotes where a value has blanks.
  static func info(_ attributes: [(String, String)]) -> String {
    attributes.map { name, value in
      value.contains(where: \.isWhitespace) ? " \(name)=\"\(value)\"" : " \(name)=\(value)"
    }.joined()
  }
}
