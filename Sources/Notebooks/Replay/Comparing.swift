import Columnar
import Display
import Language

/// Two notebooks side by side: what differs in their parameters, inputs, lines and values.
package struct NotebookComparison: Sendable {
  package struct Finding: Sendable {
    /// The cell's id or number, or what of the front matter it is.
    package var place: String
    /// `value`, `output`, `code`, `only`, `parameter`, `input`.
    package var kind: String
    /// Where within the output, as `facts.r2`.
    package var path: String
    package var before: JSONValue
    package var after: JSONValue
  }

  package private(set) var findings: [Finding] = []
  /// Cells that both have.
  package private(set) var cellCount = 0
  private let tolerance: Double

  /// Compares the notebooks at two absolute paths by what they record: the values of their locks,
  /// where both have one, else the outputs' text. Numbers that differ by at most `tolerance`, relative
  /// to the larger, are the same. Throws for a file that is no notebook or a lock that is damaged.
  package init(_ before: String, _ after: String, tolerance: Double) throws {
    self.tolerance = tolerance
    let left = try Side(before)
    let right = try Side(after)
    compareFrontMatter(left.replay.frontMatter, right.replay.frontMatter)
    var places: [(left: Int, right: Int?)] = []
    var taken: Set<Int> = []
    for (number, cell) in left.cells.enumerated() {
      let match = right.cells.firstIndex { $0.id != nil && $0.id == cell.id }
      if let match, taken.insert(match).inserted {
        places.append((number, match))
      } else {
        places.append((number, nil))
      }
    }
    for (index, place) in places.enumerated() where place.right == nil {
      let code = left.cells[place.left].code
      let match = right.cells.indices.first { !taken.contains($0) && right.cells[$0].code == code }
      guard let match else { continue }
      taken.insert(match)
      places[index].right = match
    }
    for place in places {
      try Cancellation.check()
      let cell = left.cells[place.left]
      guard let match = place.right else {
        add(cell.label, "only", before: .string(cell.code), after: .null)
        continue
      }
      cellCount += 1
      compare(cell, right.cells[match])
    }
    for (number, cell) in right.cells.enumerated() where !taken.contains(number) {
      add(cell.label, "only", before: .null, after: .string(cell.code))
    }
  }

  /// One of the two: its cells with what is recorded of each.
  private struct Side {
    struct Cell {
      var id: String?
      var label: String
      var code: String
      var text: String
      var values: [JSONValue]?
    }

    let replay: Replay
    var cells: [Cell] = []

    init(_ path: String) throws {
      replay = try Replay(path: path)
      let lock = try replay.recordedLock()
      for (number, entry) in replay.notebook.cells.enumerated() {
        let id = entry.cell.id
        let locked = lock?.cells.first { id != nil && $0.id == id }
        let text = replay.recordedText(entry.outputIndex)
        cells.append(
          Cell(
            id: id, label: id.map { "cell \($0)" } ?? "cell \(number + 1)", code: entry.cell.code,
            text: text,
            // A lock that is not of this output says nothing about it.
            values: locked.flatMap { $0.output == digest(text) ? $0.values : nil }))
      }
    }
  }

  private mutating func add(
    _ place: String, _ kind: String, path: String = "", before: JSONValue, after: JSONValue
  ) {
    findings.append(
      Finding(place: place, kind: kind, path: path, before: before, after: after))
  }

  private mutating func compareFrontMatter(_ left: FrontMatter, _ right: FrontMatter) {
    let inputs = (left.inputs.map(\.path) + right.inputs.map(\.path)).uniqued
    for path in inputs {
      let before = left.inputs.first { $0.path == path }?.sha256
      let after = right.inputs.first { $0.path == path }?.sha256
      if before != after {
        add(path, "input", before: JSONValue(text: before), after: JSONValue(text: after))
      }
    }
    for name in (left.parameters.map(\.name) + right.parameters.map(\.name)).uniqued {
      let before = left.parameters.first { $0.name == name }?.declaredText
      let after = right.parameters.first { $0.name == name }?.declaredText
      if before != after {
        add(name, "parameter", before: JSONValue(text: before), after: JSONValue(text: after))
      }
    }
  }

  private mutating func compare(_ left: Side.Cell, _ right: Side.Cell) {
    if left.code != right.code {
      add(left.label, "code", before: .string(left.code), after: .string(right.code))
    }
    guard let before = left.values, let after = right.values else {
      if left.text != right.text {
        add(left.label, "output", before: .string(left.text), after: .string(right.text))
      }
      return
    }
    let known = findings.count
    compare(.array(before), .array(after), path: "", place: left.label)
    // Values may agree where what is said of them does not.
    if findings.count == known, before == after, left.text != right.text {
      add(left.label, "output", before: .string(left.text), after: .string(right.text))
    }
  }

  private mutating func compare(
    _ left: JSONValue, _ right: JSONValue, path: String, place: String
  ) {
    if left.agrees(with: right, tolerance: tolerance) { return }
    switch (left, right) {
    case (.array(let before), .array(let after)) where before.count == after.count:
      for (index, pair) in zip(before, after).enumerated() {
        // The outputs of a cell are a list that has mostly one entry.
        let step =
          path.isEmpty ? (before.count == 1 ? "" : "\(index + 1)") : "\(path)[\(index + 1)]"
        compare(pair.0, pair.1, path: step, place: place)
      }
    case (.object(let before), .object(let after)):
      for key in (before.map(\.key) + after.map(\.key)).uniqued {
        compare(
          left[key] ?? .null, right[key] ?? .null, path: path.isEmpty ? key : "\(path).\(key)",
          place: place)
      }
    default: add(place, "value", path: path, before: left, after: right)
    }
  }
}

extension JSONValue {
  fileprivate init(text: String?) { self = text.map { .string($0) } ?? .null }
}

extension [String] {
  /// Each once, in the order of first appearance.
  package var uniqued: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}

extension NotebookComparison {
  /// What differs, as `diff` shows it: `names` are the files as they were typed.
  package func report(_ names: (before: String, after: String)) -> Report {
    let limit = 40
    let rows: [[Cell]] = findings.prefix(limit).map { finding in
      [
        .text(finding.place), .text(finding.kind), .text(finding.path),
        .shown(Self.short(finding.before), finding.before),
        .shown(Self.short(finding.after), finding.after),
      ]
    }
    let cells = "\(cellCount) cell\(cellCount == 1 ? "" : "s") in both"
    var footer = ["\(cells) · \(findings.count) difference\(findings.count == 1 ? "" : "s")"]
    if findings.count > limit { footer.insert("… \(findings.count - limit) more", at: 0) }
    if findings.isEmpty { footer = ["\(cells) · the same lines and values"] }
    let table = ReportTable(
      key: "differences",
      columns: [
        ReportColumn("place"), ReportColumn("kind", title: "what"), ReportColumn("path", title: ""),
        ReportColumn("before", title: Path.name(names.before)),
        ReportColumn("after", title: Path.name(names.after)),
      ], rows: rows)
    return Report(
      kind: "diff", title: ["\(names.before) → \(names.after)"],
      sections: rows.isEmpty ? [] : [.table(table)], footer: footer,
      facts: [
        Fact("cells", .int(Int64(cellCount))), Fact("differences", .int(Int64(findings.count))),
      ])
  }

  /// A value in at most 32 characters of one line.
  private static func short(_ value: JSONValue) -> String {
    let text: String
    switch value {
    case .null: return "–"
    case .string(let string): text = string
    default: text = value.text
    }
    let line = text.unixLines.joined(separator: " ⏎ ")
    return line.count <= 32 ? line : line.prefix(31) + "…"
  }
}
