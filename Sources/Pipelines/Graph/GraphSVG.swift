import Display

extension Graph {
  private static let width = 200
  private static let height = 36
  private static let gapAcross = 24
  private static let gapDown = 40

  /// The graph as an SVG picture: a row for each rank, a box a node, a curve an edge.
  package var svg: String {
    var ranks: [Int] = []
    for node in nodes { ranks.append((node.needs.map { ranks[$0] }.max() ?? -1) + 1) }
    var counts: [Int: Int] = [:]
    var places: [(x: Int, y: Int)] = []
    for rank in ranks {
      let column = counts[rank, default: 0]
      counts[rank] = column + 1
      places.append(
        (
          x: 12 + column * (Self.width + Self.gapAcross),
          y: 12 + rank * (Self.height + Self.gapDown)
        ))
    }
    let columns = max(1, counts.values.max() ?? 1)
    let rows = (ranks.max() ?? 0) + 1
    let size = (
      x: 24 + columns * Self.width + (columns - 1) * Self.gapAcross,
      y: 24 + rows * Self.height + (rows - 1) * Self.gapDown
    )
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(size.x)\" height=\"\(size.y)\" "
        + "viewBox=\"0 0 \(size.x) \(size.y)\" font-family=\"sans-serif\" font-size=\"12\">"
    ]
    for (index, node) in nodes.enumerated() {
      for need in node.needs {
        let start = (x: places[need].x + Self.width / 2, y: places[need].y + Self.height)
        let end = (x: places[index].x + Self.width / 2, y: places[index].y)
        let middle = (start.y + end.y) / 2
        lines.append(
          "<path d=\"M\(start.x) \(start.y) C\(start.x) \(middle) \(end.x) \(middle) "
            + "\(end.x) \(end.y)\" fill=\"none\" stroke=\"#888\"/>")
      }
    }
    for (node, place) in zip(nodes, places) {
      lines.append(
        "<g><title>\(Self.escaped(node.label + (node.detail.isEmpty ? "" : " → " + node.detail)))"
          + "</title><rect x=\"\(place.x)\" y=\"\(place.y)\" width=\"\(Self.width)\" "
          + "height=\"\(Self.height)\" rx=\"6\" fill=\"\(Self.colour(node.kind))\" stroke=\"#444\"/>"
          + "<text x=\"\(place.x + Self.width / 2)\" y=\"\(place.y + Self.height / 2 + 4)\" "
          + "text-anchor=\"middle\">\(Self.escaped(Self.short(node.label)))</text></g>")
    }
    return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  private static func short(_ label: String) -> String {
    label.count > 30 ? label.prefix(29) + "…" : label
  }

  private static func colour(_ kind: String) -> String {
    switch kind {
    case "read": "#dbeafe"
    case "check", "gate": "#fee2e2"
    case "fit": "#fef3c7"
    case "export": "#dcfce7"
    default: "#f3f4f6"
    }
  }

  /// Text as XML has it; characters that XML 1.0 forbids are left out.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += " "
      default:
        let code = scalar.value
        if code >= 0x20, code != 0xFFFE, code != 0xFFFF { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }
}
