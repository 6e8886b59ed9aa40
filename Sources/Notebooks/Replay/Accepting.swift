import Language

/// Rewriting a notebook with the outputs of a run.
extension Replay {
  /// Outputs above this many bytes lie in a file of their own beside the notebook.
  static var spillLimit: Int { 32 * 1024 }

  /// The notebook with the outputs of this run, for a file at `target`: prose, cells and unknown
  /// attributes as they are, ids given to cells that lack one or share one, and the inputs' digests
  /// and the parameters' values pinned anew.
  /// Also the files of outputs too large for the notebook, relative to its folder.
  package func accepted(
    for target: String
  ) throws -> (notebook: NotebookFile, spills: [(path: String, text: String)]) {
    var writer = AcceptedWriter(
      name: Path.stem(target), ids: Set(notebook.cells.compactMap(\.cell.id)))
    let cells = notebook.cells
    let outputs = Set(cells.compactMap(\.outputIndex))
    var number = 0
    let matter = acceptedFrontMatter()
    if notebook.frontMatter == nil, let matter { writer.elements.append(.frontMatter(matter)) }
    for (index, element) in notebook.elements.enumerated() {
      switch element {
      case .frontMatter: writer.elements.append(.frontMatter(matter ?? ""))
      case .prose: writer.elements.append(element)
      case .output:
        // A cell's output is written with its cell; one that belongs to no cell is left.
        if !outputs.contains(index) { writer.elements.append(element) }
      case .cell(let cell):
        var recorded: NotebookFile.RecordedOutput?
        if let place = cells[number].outputIndex, case .output(let old) = notebook.elements[place] {
          recorded = old
        }
        let run = number < runs.count ? runs[number] : nil
        number += 1
        if let run {
          writer.add(cell, number: number, text: run.text, recorded: recorded)
        } else {
          writer.elements.append(element)
          if let recorded { writer.elements.append(.output(recorded)) }
        }
      }
    }
    return (NotebookFile(elements: writer.elements), writer.spills)
  }

  /// The front matter with what this run used; nil where none is needed.
  private func acceptedFrontMatter() -> String? {
    var matter = frontMatter
    matter.inputs = inputs
    matter.parameters = parameters.map { used in
      var parameter = used
      parameter.defaultValue = used.value
      return parameter
    }
    guard let raw = notebook.frontMatter else { return inputs.isEmpty ? nil : matter.text }
    return matter.text(over: raw)
  }
}

/// Cells with their new outputs as they gather.
private struct AcceptedWriter {
  /// The notebook's name without its ending.
  let name: String
  /// All ids that stand in the notebook, and those that were made.
  var ids: Set<String>
  var elements: [NotebookFile.Element] = []
  var spills: [(path: String, text: String)] = []
  private var seen: Set<String> = []

  init(name: String, ids: Set<String>) {
    self.name = name
    self.ids = ids
  }

  mutating func add(
    _ cell: NotebookFile.Cell, number: Int, text: String, recorded: NotebookFile.RecordedOutput?
  ) {
    var cell = cell
    if cell.id.map({ seen.contains($0) }) ?? true {
      let fresh = NotebookFile.id(of: cell.code, ordinal: number, notIn: ids)
      cell = cell.identified(as: fresh)
      ids.insert(fresh)
    }
    let id = cell.id ?? ""
    seen.insert(id)
    if text.isEmpty {
      elements.append(.cell(cell))
      return
    }
    if cell.raw.utf8.last != UInt8(ascii: "\n") { cell.raw += cell.usesCRLF ? "\r\n" : "\n" }
    elements.append(.cell(cell))
    let output = NotebookFile.RecordedOutput.recording(
      text, id: id, name: name, extra: recorded?.attributes ?? [:], usesCRLF: cell.usesCRLF,
      spills: &spills)
    if let recorded, recorded.text == output.text, recorded.id == id, recorded.file == output.file {
      elements.append(.output(recorded))
    } else {
      elements.append(.output(output))
    }
  }
}

extension NotebookFile.RecordedOutput {
  /// What the cell `id` printed; of a text above the limit, where it lies: it is added to `spills`.
  /// `name` is the notebook's, `extra` are attributes to be kept.
  static func recording(
    _ text: String, id: String, name: String, extra: [String: String] = [:],
    usesCRLF: Bool = false, spills: inout [(path: String, text: String)]
  ) -> NotebookFile.RecordedOutput {
    let kept = extra.filter { $0.key != "id" && $0.key != "file" }.sorted { $0.key < $1.key }
      .map { ($0.key, $0.value) }
    guard text.utf8.count > Replay.spillLimit else {
      return .init(text: text, attributes: [("id", id)] + kept, usesCRLF: usesCRLF)
    }
    // An id that a person gave may be no name of a file.
    let isName = id.utf8.count <= 60 && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    let file = "\(name)_files/\(isName ? id : String(digest(id).prefix(12))).txt"
    spills.append((file, text))
    return .init(
      text: "\(text.unixLines.count) lines in \(file)\n",
      attributes: [("id", id), ("file", file)] + kept, usesCRLF: usesCRLF)
  }
}

extension NotebookFile {
  /// The first five base32 digits of the hash of a cell's text and its ordinal; of a cell whose id
  /// would be one of `taken`, the next hash that is free.
  package static func id(
    of code: String, ordinal: Int, notIn taken: Set<String> = []
  ) -> String {
    let digits = Array("abcdefghijklmnopqrstuvwxyz234567")
    var attempt = 0
    while true {
      let again = attempt == 0 ? "" : "\n\(attempt)"
      var bits = UInt32(digest("\(ordinal)\n\(code)\(again)").prefix(8), radix: 16) ?? 0
      var id = ""
      for _ in 0..<5 {
        id.append(digits[Int(bits >> 27)])
        bits <<= 5
      }
      if !taken.contains(id) { return id }
      attempt += 1
    }
  }
}

extension NotebookFile.Cell {
  /// The cell with an id, its other attributes and its fence as they are.
  func identified(as id: String) -> NotebookFile.Cell {
    var cell = self
    cell.attributes["id"] = id
    let bytes = Array(raw.utf8)
    var end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    if end > 0, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    var place = end
    var length = 0
    if let old = self.id {
      // Quotes may stand around the value; an `id=` within another attribute does not count.
      for spelling in [" id=\(old)", "\tid=\(old)", " id=\"\(old)\"", "\tid=\"\(old)\""] {
        let wanted = Array(spelling.utf8)
        for start in 0..<max(0, end - wanted.count + 1)
        where Array(bytes[start..<start + wanted.count]) == wanted {
          let next = start + wanted.count
          guard next == end || bytes[next] == UInt8(ascii: " ") || bytes[next] == UInt8(ascii: "\t")
          else { continue }
          (place, length) = (start, wanted.count)
        }
      }
    }
    cell.raw = String(
      decoding: bytes[..<place] + Array(" id=\(id)".utf8) + bytes[(place + length)...],
      as: UTF8.self)
    return cell
  }
}
