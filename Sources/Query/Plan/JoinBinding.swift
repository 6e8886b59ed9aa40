import Columnar
import Language

/// What a `join` asks for, with the names as they were written.
package struct JoinRequest: Sendable {
  package struct Key: Sendable {
    package var left: Name
    package var right: Name
    package var span: Span

    package init(left: Name, right: Name, span: Span) {
      self.left = left
      self.right = right
      self.span = span
    }
  }

  package var rightName: Name
  package var keys: [Key]
  package var kind: LogicalPlan.Join.Kind
  package var expectation: LogicalPlan.Join.Expectation?
  /// What is put behind the name of a right column where the left side has one of that name.
  package var suffix: String
  /// As it was written; becomes part of an as-of join's kind once the keys' types are known.
  package var tolerance: (value: Scalar, span: Span)?
  package var span: Span

  package init(
    rightName: Name, keys: [Key], kind: LogicalPlan.Join.Kind,
    expectation: LogicalPlan.Join.Expectation? = nil, suffix: String = "_right",
    tolerance: (value: Scalar, span: Span)? = nil, span: Span
  ) {
    self.rightName = rightName
    self.keys = keys
    self.kind = kind
    self.expectation = expectation
    self.suffix = suffix
    self.tolerance = tolerance
    self.span = span
  }
}

extension LogicalPlan {
  /// `join`: the rows of both sides where their keys are equal. Throws for columns that are not
  /// there, keys that cannot be equal, and names that would occur twice.
  package func joined(
    with right: LogicalPlan, _ request: JoinRequest
  ) throws(Diagnostic) -> LogicalPlan {
    let (leftSchema, rightSchema) = (schema, right.schema)
    var types: [DataType] = []
    for key in request.keys {
      types.append(try keyType(key, leftSchema, rightSchema, request))
    }
    var kind = request.kind
    if case .asOf(let direction, _) = kind, let key = request.keys.last, let type = types.last {
      guard type != .text, type != .bool else {
        throw Diagnostic(
          .type, "`\(key.left.text)` is \(type.rawValue); the last key of an as-of join is ordered",
          span: key.span, label: "a number, date or time")
      }
      kind = .asOf(direction, try request.tolerance(for: type))
    }
    let columns = try outputs(leftSchema, rightSchema, request, types)
    return .join(
      Join(
        left: self, right: right, rightName: request.rightName.text, kind: kind,
        keys: request.keys.map { Join.Key(left: $0.left.text, right: $0.right.text) },
        expectation: request.expectation, columns: columns, span: request.span))
  }

  /// The type that both sides of a key fit.
  private func keyType(
    _ key: JoinRequest.Key, _ left: Schema, _ right: Schema, _ request: JoinRequest
  ) throws(Diagnostic) -> DataType {
    guard let leftType = left[key.left.text] else {
      var diagnostic = Scope(schema: left).unknownColumn(key.left.text, span: key.left.span)
      if right[key.left.text] != nil {
        diagnostic.label = "`\(key.left.text)` is a column of `\(request.rightName.text)`"
        if left[key.right.text] != nil {
          diagnostic.hints = [
            "on \(Suggestion.written(key.right.text)) == \(Suggestion.written(key.left.text))"
          ]
        }
      }
      throw diagnostic
    }
    guard let rightType = right[key.right.text] else {
      var diagnostic = Scope(schema: right).unknownColumn(key.right.text, span: key.right.span)
      diagnostic.message =
        "no column `\(key.right.text)` in `\(request.rightName.text)`"
      diagnostic.notes = [
        Suggestion.listing(right.names, of: "columns of `\(request.rightName.text)`")
      ]
      throw diagnostic
    }
    if let common = commonType(leftType, rightType) { return common }
    let (from, to) =
      rightType == .text ? (key.left.text, "text") : (key.right.text, leftType.rawValue)
    let cast = "derive \(Suggestion.written(from)) = \(to)(\(Suggestion.written(from)))"
    let isRight = rightType != .text
    throw Diagnostic(
      .type,
      "`\(key.left.text)` is \(leftType.rawValue) and `\(key.right.text)` of "
        + "`\(request.rightName.text)` is \(rightType.rawValue): they are never equal",
      span: key.span, label: "give both one type",
      hints: [isRight ? "\(request.rightName.text) |= \(cast)" : "… | \(cast) | join …"])
  }

  private func outputs(
    _ left: Schema, _ right: Schema, _ request: JoinRequest, _ types: [DataType]
  ) throws(Diagnostic) -> [Join.Output] {
    var hasRight = true
    var keepsRight = false
    var ordered: String?
    switch request.kind {
    case .matching(let kind): (hasRight, keepsRight) = (kind.hasRight, kind.keepsRight)
    case .asOf:
      // The moment that was found is another than the one looked for.
      if let key = request.keys.last, key.left.text != key.right.text { ordered = key.right.text }
    case .cross: break
    }
    var columns = left.fields.map { field in
      if keepsRight, let key = request.keys.firstIndex(where: { $0.left.text == field.name }) {
        return Join.Output(name: field.name, source: .key(key), type: types[key])
      }
      return Join.Output(name: field.name, source: .left(field.name), type: field.type)
    }
    guard hasRight else { return columns }
    var taken = Set(left.names)
    let dropped = Set(request.keys.map(\.right.text)).subtracting(ordered.map { [$0] } ?? [])
    for field in right.fields where !dropped.contains(field.name) {
      let name = left[field.name] == nil ? field.name : field.name + request.suffix
      guard taken.insert(name).inserted else {
        throw Diagnostic(
          .duplicateName, "there would be two columns `\(name)`", span: request.rightName.span,
          label: "`\(field.name)` is on both sides", hints: ["suffix=_\(request.rightName.text)"])
      }
      columns.append(Join.Output(name: name, source: .right(field.name), type: field.type))
    }
    return columns
  }
}

extension JoinRequest {
  /// The tolerance between moments of `type`.
  fileprivate func tolerance(for type: DataType) throws(Diagnostic) -> AsOfTolerance? {
    guard let (value, span) = tolerance else { return nil }
    func misfit(_ wanted: String) -> Diagnostic {
      Diagnostic(
        .arguments, "`tolerance` takes \(wanted) where the last key is \(type.rawValue)",
        span: span)
    }
    switch (type, value) {
    case (.int, .int(let number)), (.float, .int(let number)):
      guard number >= 0 else { throw misfit("a number of 0 or more") }
      return .whole(UInt64(number))
    case (.int, .float(let number)), (.float, .float(let number)):
      guard number >= 0 else { throw misfit("a number of 0 or more") }
      return .float(number)
    case (.int, _), (.float, _): throw misfit("a number")
    case (_, .duration(let length)):
      guard length.months == 0 else { throw misfit("a length of days or less") }
      guard length.microseconds >= 0 else { throw misfit("a length of 0 or more") }
      return .whole(
        UInt64(
          type == .date ? length.microseconds / Calendar.microsecondsPerDay : length.microseconds))
    default: throw misfit("a length of time, as 5s or 2d,")
    }
  }
}
