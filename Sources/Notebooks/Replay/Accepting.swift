import Language

/// Rewriting a notebook with the outputs of a run.
extension Replay {
  /// Outputs above this many bytes lie in a file of their own beside the notebook.
  static var spillLimit: Int { 32 * 1024 }

  /// The notebook with the outputs of this run: prose, cells and unknown attributes as they are,
  /// ids given to cells that lack one or share one, and the inputs' digests pinned anew.
  /// Also the files of outputs too large for the notebook, relative to its folder.
  package func accepted() -> (notebook: NotebookFile, spills: [(path: String, text: String)]) {
    var elements: [NotebookFile.Element] = []
    var spills: [(path: String, text: String)] = []
    var seen: Set<String> = []
    let cells = notebook.cells
    let outputs = Set(cells.compactMap(\.outputIndex))
    var number = 0
    if notebook.frontMatter == nil, !inputs.isEmpty {
      elements.append(.frontMatter(frontMatter(pinning: inputs).text))
    }
    for (index, element) in notebook.elements.enumerated() {
      switch element {
      case .frontMatter:
        elements.append(
          pinDifferences.isEmpty ? element : .frontMatter(frontMatter(pinning: inputs).text))
      case .prose: elements.append(element)
      case .output:
        // A cell's output is written with its cell; one that belongs to no cell is left.
        if !outputs.contains(index) { elements.append(element) }
      case .cell(let cell):
        let run = number < runs.count ? runs[number] : nil
        let recorded = cells[number].outputIndex.map { notebook.elements[$0] }
        number += 1
        guard let run else {
          elements.append(element)
          if let recorded { elements.append(recorded) }
          continue
        }
        var written = cell
        var id = cell.id
        if id == nil || seen.contains(id ?? "") {
          let fresh = NotebookFile.id(of: cell.code, ordinal: number)
          written = cell.identified(as: fresh)
          id = fresh
        }
        if let id { seen.insert(id) }
        elements.append(.cell(written))
        if let output = output(run.text, id: id, spills: &spills) {
          if case .output(let old)? = recorded, old.text == output.text, old.id == output.id {
            elements.append(.output(old))
          } else {
            elements.append(.output(output))
          }
        }
      }
    }
    return (NotebookFile(elements: elements), spills)
  }

  /// The element for what a cell printed; nil where it printed nothing.
  func output(
    _ text: String, id: String?, spills: inout [(path: String, text: String)]
  ) -> NotebookFile.RecordedOutput? {
    if text.isEmpty { return nil }
    let attributes = id.map { [("id", $0)] } ?? []
    guard text.utf8.count > Self.spillLimit, let id else {
      return NotebookFile.RecordedOutput(text: text, attributes: attributes)
    }
    let file = "\(Path.stem(path))_files/\(id).txt"
    spills.append((file, text))
    return NotebookFile.RecordedOutput(
      text: "\(text.unixLines.count) lines in \(file)\n",
      attributes: attributes + [("file", file)])
  }

  private func frontMatter(pinning inputs: [FrontMatter.Input]) -> FrontMatter {
    var matter = frontMatter
    matter.inputs = inputs
    return matter
  }
}

extension NotebookFile {
  /// The first five base32 digits of the hash of a cell's text and its ordinal.
  package static func id(of code: String, ordinal: Int) -> String {
    let digits = Array("abcdefghijklmnopqrstuvwxyz234567")
    let hex = digest("\(ordinal)\n\(code)").prefix(8)
    var bits = UInt32(hex, radix: 16) ?? 0
    var id = ""
    for _ in 0..<5 {
      id.append(digits[Int(bits >> 27)])
      bits <<= 5
    }
    return id
  }
}

extension NotebookFile.Cell {
  /// The cell with an id, its other attributes and its fence as they are.
  func identified(as id: String) -> NotebookFile.Cell {
    var cell = self
    cell.attributes["id"] = id
    let line = raw.prefix { $0 != "\n" && $0 != "\r\n" }
    let rest = raw.dropFirst(line.count)
    var opening = String(line)
    if let old = self.id {
      opening = opening.replacing("id=\(old)", with: "id=\(id)")
    } else {
      opening += " id=\(id)"
    }
    cell.raw = opening + rest
    return cell
  }
}
