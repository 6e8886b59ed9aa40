import Columnar
import Language
import Notebooks
import Query

/// What many verbs do with their input and items.
extension Call {
  /// The name of the frame that is the verb's one item; nil where the input is meant. Errors say
  /// where it stands by `place`.
  func onlyFrame(_ place: String = "") throws -> Name? {
    try expectItems(0...1, "one frame" + place)
    guard let item = items.first else { return nil }
    guard case .name(let text) = item.value.kind else {
      throw misuse("`\(verb)` needs the name of a frame\(place)", at: item.value.span)
    }
    return Name(text, item.value.span)
  }

  /// The rows of the input. Throws `type` if it is no frame.
  ///
  /// Of a streamed frame only the columns that the stage names, where it names them.
  func frame(_ input: Value?, _ session: Session) throws -> Frame {
    if case .plan(let plan)? = input, plan.streamedSource != nil, let named = [stage].namedColumns {
      let names = plan.schema.names.filter(named.contains)
      if !names.isEmpty, let frame = try session.frame(from: .plan(.project(plan, names))) {
        return frame
      }
    }
    if let input, let frame = try session.frame(from: input) { return frame }
    throw Diagnostic(
      .type, "`\(verb)` works on a frame, and this is \(input?.typeName ?? "nothing")",
      span: stage.verb.span)
  }

  /// The frame with the columns that the stage names alone; with all where it may need others.
  func namedColumns(of frame: Frame) -> Frame {
    guard let named = [stage].namedColumns else { return frame }
    let kept = frame.names.indices.filter { named.contains(frame.names[$0]) }
    return Frame(
      names: kept.map { frame.names[$0] }, columns: kept.map { frame.columns[$0] },
      rowCount: frame.rowCount)
  }

  /// The names of the columns that the items select; all without items.
  func selectedNames(_ schema: Schema) throws -> [String] {
    if items.isEmpty { return schema.names }
    return try resolveSelection(items, schema: schema)
  }

  /// A column for an item: one of the frame, or an expression computed on its rows.
  func column(_ item: Item, of frame: Frame) throws -> (name: String, column: Column) {
    if case .name(let name) = item.value.kind, let column = frame[name] {
      return (item.name?.text ?? name, column)
    }
    let typed = try bind(item.value, in: scope(frame.schema))
    let column = try typed.evaluate(on: frame).column
    return (item.name?.text ?? Language.print(item.value), column)
  }

  /// The frame cut into groups by the `by` clause, each with a label like `Adelie` or
  /// `Adelie · male`; one group without a label where there is no clause.
  func groups(of frame: Frame) throws -> [Group] {
    if byItems.isEmpty { return [Group(label: nil, values: [], frame: frame)] }
    let keys = try byItems.map { try column($0, of: frame).column }
    let grouping = try Grouping(keys: keys, rowCount: frame.rowCount)
    let segments = try grouping.segments
    return try (0..<grouping.groupCount).map { group in
      let range = segments.range(group)
      let rows = try Buffer<UInt32>(Array(segments.rows.elements[range]))
      let first = Int(grouping.firstRows[group])
      let values = keys.map { $0[first] }
      return Group(
        label: values.map { $0.isNull ? "null" : $0.text }.joined(separator: " · "),
        values: values, frame: try frame.take(rows))
    }
  }

  struct Group {
    var label: String?
    var values: [Scalar]
    var frame: Frame
  }

  /// The names of the `by` clause, for captions and headings.
  var byNames: [String] {
    byItems.map { $0.name?.text ?? Language.print($0.value) }
  }
}
