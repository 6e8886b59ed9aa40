import Columnar
import Display
import Language

extension Jupyter {
  /// A notebook read from a file of Jupyter's, and what of it could not be taken over.
  package struct Imported: Sendable {
    package var notebook: NotebookFile
    /// In words, as `2 images left out`; empty where all is there.
    package var remarks: [String]
  }

  /// Reads nbformat 4. Cells of a Kaizen notebook are cells; those of another language become fenced
  /// prose, which is kept and does not run. A cell tagged `parameters`, and one that papermill
  /// injected, give the front matter its parameters. Throws `format` for what is no such file and
  /// `parameter-type` for a parameter whose value does not fit.
  package static func notebook(parsing text: String, file: String) throws -> Imported {
    func wrong(_ message: String) -> Diagnostic { Diagnostic(.format, "\(file): \(message)") }
    let root: JSONValue
    do {
      root = try JSONValue.parse(text)
    } catch {
      throw wrong("it is not JSON: \(error.message) at byte \(error.offset)")
    }
    guard case .int(let major)? = root["nbformat"] else { throw wrong("it has no `nbformat`") }
    guard major == 4 else { throw wrong("nbformat \(major); this program reads nbformat 4") }
    guard case .array(let cells)? = root["cells"] else { throw wrong("it has no list of cells") }
    let metadata = root["metadata"] ?? .null
    var reader = JupyterReader(
      isKaizen: metadata["kaizen"] != nil || metadata["kernelspec"]?["name"] == .string("kaizen"),
      language: metadata["language_info"]?["name"]?.string
        ?? metadata["kernelspec"]?["language"]?.string ?? "text")
    if let raw = metadata["kaizen"]?["front_matter"]?.string {
      reader.matter = try FrontMatter(parsing: raw)
      reader.rawMatter = raw
    }
    for (index, cell) in cells.enumerated() {
      guard let kind = cell["cell_type"]?.string, let source = cell["source"]?.joined else {
        throw wrong("cell \(index + 1) has no `cell_type` or `source`")
      }
      try reader.add(kind, source, cell)
    }
    let notebook = try NotebookFile(parsing: reader.text)
    return Imported(notebook: notebook, remarks: reader.remarks)
  }
}

extension JSONValue {
  var string: String? { if case .string(let text) = self { text } else { nil } }

  /// A text that nbformat keeps as one string or as a list of lines.
  fileprivate var joined: String? { joined(by: "") }

  fileprivate func joined(by separator: String) -> String? {
    switch self {
    case .string(let text): return text
    case .array(let parts):
      let texts = parts.compactMap(\.string)
      return texts.count == parts.count ? texts.joined(separator: separator) : nil
    default: return nil
    }
  }
}

private struct JupyterReader {
  let isKaizen: Bool
  let language: String
  var matter = FrontMatter()
  var rawMatter: String?
  private var body: [String] = []
  private var ids: Set<String> = []
  private var number = 0
  private var foreign = 0
  private var leftOut = 0

  init(isKaizen: Bool, language: String) {
    self.isKaizen = isKaizen
    self.language = language
  }

  var remarks: [String] {
    var remarks: [String] = []
    if foreign > 0 {
      remarks.append(
        "\(foreign) cell\(foreign == 1 ? "" : "s") of \(language) kept as prose: "
          + "\(foreign == 1 ? "it does" : "they do") not run here")
    }
    if leftOut > 0 {
      remarks.append("\(leftOut) image\(leftOut == 1 ? "" : "s") or attachments left out")
    }
    return remarks
  }

  /// The notebook's text.
  var text: String {
    let front = matter.text(over: rawMatter)
    return ([front] + body).joined(separator: "\n")
  }

  mutating func add(_ kind: String, _ source: String, _ cell: JSONValue) throws {
    if case .object(let attachments)? = cell["attachments"] { leftOut += attachments.count }
    switch kind {
    case "markdown":
      if !source.isEmpty { body.append(source.withoutOpenFences + "\n") }
    case "code":
      if case .array(let tags)? = cell["metadata"]?["tags"],
        tags.contains(.string("parameters")) || tags.contains(.string("injected-parameters"))
      {
        try addParameters(source)
      } else if isKaizen {
        addCell(source, cell)
      } else {
        addForeign(source, cell)
      }
    default: body.append(fenced(source, "raw"))
    }
  }

  private mutating func addCell(_ source: String, _ cell: JSONValue) {
    number += 1
    var attributes: [(String, String)] = []
    var wanted = cell["id"]?.string
    if case .object(let facts)? = cell["metadata"]?["kaizen"]?["attributes"] {
      for fact in facts {
        guard let value = fact.value.string, isAttribute(fact.key, value) else { continue }
        if fact.key == "id" { wanted = value } else { attributes.append((fact.key, value)) }
      }
    }
    if let known = wanted, !isAttribute("id", known) || ids.contains(known) { wanted = nil }
    let id = wanted ?? NotebookFile.id(of: source, ordinal: number, notIn: ids)
    ids.insert(id)
    body.append(NotebookFile.Cell(code: source, attributes: [("id", id)] + attributes).raw)
    let output = outputText(cell)
    if !output.isEmpty {
      body[body.count - 1] +=
        NotebookFile.RecordedOutput(text: output, attributes: [("id", id)]).raw
    }
  }

  private func isAttribute(_ name: String, _ value: String) -> Bool {
    !name.isEmpty && !value.isEmpty
      && name.allSatisfy { $0.isLetter || $0.isNumber || "_-.".contains($0) }
      && !value.contains { $0 == "\"" || $0.isNewline || $0 == "`" }
  }

  private mutating func addForeign(_ source: String, _ cell: JSONValue) {
    foreign += 1
    let name = language.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    body.append(fenced(source, name == "kaizen" || name == "out" ? "text" : name))
    let output = outputText(cell)
    if !output.isEmpty { body.append(fenced(output, "text")) }
  }

  private func fenced(_ text: String, _ info: String) -> String {
    let fence = NotebookFile.fence(around: text)
    return "\(fence)\(info)\n\(text)\(text.utf8.last == 0x0A ? "" : "\n")\(fence)\n"
  }

  /// What a cell printed, as text; pictures are counted.
  private mutating func outputText(_ cell: JSONValue) -> String {
    guard case .array(let outputs)? = cell["outputs"] else { return "" }
    var text = ""
    for output in outputs {
      switch output["output_type"]?.string {
      case "stream": text += output["text"]?.joined ?? ""
      case "error":
        // Unlike other texts of the format these are lines without their ends.
        let lines = output["traceback"]?.joined(by: "\n") ?? output["evalue"]?.string ?? ""
        text += lines.withoutEscapes + "\n"
      default:
        guard let data = output["data"] else { continue }
        if case .object(let kinds) = data, kinds.contains(where: { $0.key.hasPrefix("image/") }) {
          leftOut += 1
        }
        if let plain = data["text/plain"]?.joined { text += plain + "\n" }
      }
    }
    return text
  }

  /// `name: type = value  # doc` lines, and those that go on from one to the next are not read.
  private mutating func addParameters(_ source: String) throws {
    for line in source.unixLines {
      guard let assignment = PythonAssignment(line) else { continue }
      if let place = matter.parameters.firstIndex(where: { $0.name == assignment.name }) {
        var parameter = matter.parameters[place]
        let value =
          switch (assignment.value, parameter.type) {
          case (.text(let text), let type) where type != .text: try parameter.parsed(text)
          case (let value, _): try parameter.checked(value)
          }
        parameter.value = value
        parameter.defaultValue = value
        matter.parameters[place] = parameter
      } else if let type = assignment.value.type, isKaizen {
        var parameter = Parameter(name: assignment.name, type: type, value: assignment.value)
        parameter.documentation = assignment.remark
        matter.parameters.append(parameter)
      }
    }
    if !isKaizen { body.append(fenced(source, language.filter { $0.isASCII && $0.isLetter })) }
  }
}

/// One assignment of a literal in Python's notation.
private struct PythonAssignment {
  let name: String
  let value: Scalar
  let remark: String?

  /// nil for anything but `name = literal` and `name: type = literal`.
  init?(_ line: String) {
    guard let equals = line.firstIndex(of: "=") else { return nil }
    let target = line[..<equals].split(separator: ":", maxSplits: 1)
    guard let name = target.first.map({ $0.filter { !$0.isWhitespace } }), !name.isEmpty,
      name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }), !(name.first?.isNumber ?? true)
    else { return nil }
    self.name = String(name)
    let rest = line[line.index(after: equals)...].drop { $0 == " " || $0 == "\t" }
    guard let (value, after) = Self.literal(rest) else { return nil }
    self.value = value
    let tail = after.drop { $0 == " " || $0 == "\t" }
    if tail.isEmpty {
      remark = nil
    } else if tail.first == "#" {
      let words = tail.dropFirst().drop { $0 == " " }
      remark = words.isEmpty ? nil : String(words)
    } else {
      return nil
    }
  }

  private static func literal(_ text: Substring) -> (value: Scalar, rest: Substring)? {
    if let quote = text.first, quote == "\"" || quote == "'" { return string(text, quote) }
    let word = text.prefix { $0 != "#" && !$0.isWhitespace }
    let rest = text.dropFirst(word.count)
    switch word {
    case "True": return (.bool(true), rest)
    case "False": return (.bool(false), rest)
    case "float(\"inf\")": return (.float(.infinity), rest)
    case "float(\"-inf\")": return (.float(-.infinity), rest)
    default:
      let digits = word.replacing("_", with: "")
      if let number = Int64(digits) { return (.int(number), rest) }
      guard let number = Double(digits), digits.first?.isLetter == false else { return nil }
      return (.float(number), rest)
    }
  }

  private static func string(
    _ text: Substring, _ quote: Character
  ) -> (value: Scalar, rest: Substring)? {
    var result = ""
    var rest = text.dropFirst()
    while let next = rest.first {
      rest = rest.dropFirst()
      if next == quote { return (.text(result), rest) }
      guard next == "\\" else {
        result.append(next)
        continue
      }
      guard let escaped = rest.first else { return nil }
      rest = rest.dropFirst()
      switch escaped {
      case "n": result += "\n"
      case "r": result += "\r"
      case "t": result += "\t"
      case "\\", "\"", "'": result.append(escaped)
      case "u", "x":
        let count = escaped == "u" ? 4 : 2
        let digits = rest.prefix(count)
        guard digits.count == count, let code = UInt32(digits, radix: 16),
          let scalar = Unicode.Scalar(code)
        else { return nil }
        result.unicodeScalars.append(scalar)
        rest = rest.dropFirst(count)
      default: return nil
      }
    }
    return nil
  }
}

extension String {
  /// The text without escape sequences for colours, as tracebacks have them.
  fileprivate var withoutEscapes: String {
    var result = ""
    var isSequence = false
    for scalar in unicodeScalars {
      if scalar == "\u{1B}" {
        isSequence = true
      } else if isSequence {
        if scalar.properties.isAlphabetic { isSequence = false }
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
