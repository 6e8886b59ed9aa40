extension Diagnostic {
  /// The error as one line of JSON, without a line end:
  /// `{"kind":"error","code":…,"message":…,"line":1,"column":5,"start":4,"end":8,…}`.
  ///
  /// Lines and columns count from 1, columns in characters; `start` and `end` are UTF-8 offsets into
  /// the source. What is not known is left out.
  package func json(source: String, firstLine: Int = 1, file: String? = nil) -> String {
    var fields = [
      ("kind", "\"error\""), ("code", jsonString(code.rawValue)), ("message", jsonString(message)),
      ("exit", "\(code.exitStatus)"),
    ]
    if let file { fields.append(("file", jsonString(file))) }
    if let span {
      let bytes = Array(source.utf8)
      let before = bytes[..<min(max(span.start, 0), bytes.count)]
      let line = before.reduce(0) { $1 == Byte.newline ? $0 + 1 : $0 }
      let lineStart = before.lastIndex(of: Byte.newline).map { $0 + 1 } ?? 0
      let column = String(decoding: before[lineStart...], as: UTF8.self).count
      fields += [
        ("line", "\(firstLine + line)"), ("column", "\(column + 1)"), ("start", "\(span.start)"),
        ("end", "\(span.end)"),
      ]
    }
    if let label { fields.append(("label", jsonString(label))) }
    if !notes.isEmpty { fields.append(("notes", jsonList(notes))) }
    if !hints.isEmpty { fields.append(("hints", jsonList(hints))) }
    return "{" + fields.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
  }
}

private func jsonList(_ texts: [String]) -> String {
  "[" + texts.map(jsonString).joined(separator: ",") + "]"
}

/// A JSON string with its quotes (RFC 8259); beyond what must be escaped all stays as it is.
package func jsonString(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case _ where scalar.value < 0x20 || scalar.value == 0x7F:
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
