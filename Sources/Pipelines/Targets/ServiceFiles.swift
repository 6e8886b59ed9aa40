import Display
import Notebooks

extension Wiring {
  /// The whole seconds after which a service should end a step: later than Kaizen does itself, for
  /// what does not heed that, and with time for every try.
  func patience(_ step: PipelineSpec.Step) -> Int? {
    step.timeout.map { timeout in
      let tries = (0...step.retries).reduce(0) { $0 + $1 * $1 }
      return Int(timeout.rounded(.up)) * (step.retries + 1) + tries + 300
    }
  }

  /// The image, if its digest says which one it is.
  var pinnedImage: String? { image.contains("@sha256:") ? image : nil }

  /// How values of parameters are given as text, for people.
  var parameterHint: String {
    let names = comment(spec.parameters.map(\.name).joined(separator: ", "))
    return "Values in YAML, as {name: value}; empty for those of parameters.yaml. Names: \(names)"
  }
}

extension JSONValue {
  /// An object of these, in this order.
  static func keyed(_ facts: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(facts.map { Fact($0.key, $0.value) })
  }

  /// A list of texts.
  static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

  /// A whole number.
  static func count(_ number: Int) -> JSONValue { .int(Int64(number)) }
}
