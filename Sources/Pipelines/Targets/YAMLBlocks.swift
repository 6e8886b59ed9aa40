import Display
import Notebooks

extension YAML {
  /// A value as the lines of a document: mappings and lists in blocks, texts quoted where need be.
  package static func lines(_ value: JSONValue) -> [String] {
    switch value {
    case .object(let facts) where !facts.isEmpty:
      facts.flatMap { fact -> [String] in
        let key = scalar(fact.key) + ":"
        if let text = inline(fact.value) { return ["\(key) \(text)"] }
        return [key] + lines(fact.value).map { "  " + $0 }
      }
    case .array(let elements) where !elements.isEmpty:
      elements.flatMap { element -> [String] in
        if let text = inline(element) { return ["- \(text)"] }
        let lines = lines(element)
        return ["- " + lines[0]] + lines.dropFirst().map { "  " + $0 }
      }
    default: [inline(value) ?? ""]
    }
  }

  /// A scalar, or an empty collection; nil for what takes lines.
  private static func inline(_ value: JSONValue) -> String? {
    switch value {
    case .string(let text): scalar(text)
    case .array(let elements): elements.isEmpty ? "[]" : nil
    case .object(let facts): facts.isEmpty ? "{}" : nil
    default: value.text
    }
  }
}
