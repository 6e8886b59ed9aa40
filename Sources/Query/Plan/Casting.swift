import Columnar
import Language

/// A type to give a column, and how its texts are written.
package struct CastTarget: Sendable {
  let type: DataType
  let format: TimeFormat?
  /// As a person would say it: `date as %d.%m.%Y`.
  let description: String

  package init(_ type: DataType) {
    self.type = type
    format = nil
    description = type.rawValue
  }

  /// A date or datetime in texts of a format. Throws `value` for a format that cannot be read.
  package init(_ type: DataType, format: String) throws(DataError) {
    self.type = type
    self.format = try TimeFormat(format)
    description = "\(type.rawValue) as \(format)"
  }
}

extension LogicalPlan {
  /// `cast`: columns as another type. A value that does not fit fails when the plan runs, with its
  /// row, or becomes null where `isStrict` is not set.
  package func casting(
    _ names: [String], to target: CastTarget, isStrict: Bool, condition: Expr?, span: Span,
    scope: Scope
  ) throws(Diagnostic) -> LogicalPlan {
    let scope = self.scope(scope)
    var filter: TypedExpr?
    if let condition { filter = try bindCondition(condition, in: scope) }
    let binder = Binder(scope: scope, allowance: [])
    var items: [NamedExpr] = []
    for name in names {
      guard let type = schema[name], type != target.type else { continue }
      let column = TypedExpr.column(name, type: type, span: span)
      var value = try binder.converted(column, to: target, span: span)
      if isStrict { value = StrictCast(name: name, from: type, to: target).check(column, value) }
      if filter != nil {
        guard let common = commonType(type, target.type) else {
          throw Diagnostic(
            .type, "`\(name)` is \(type.rawValue) and would become \(target.type.rawValue)",
            span: span, label: "other rows keep their value: leave `where` out")
        }
        value = binder.converted(value, to: common)
      }
      items.append(NamedExpr(name: name, value: value))
    }
    if items.isEmpty { return self }
    return .derive(Derive(input: self, items: items, keys: [], order: [], condition: filter))
  }
}

extension Binder {
  /// `value` as the target's type; null where it cannot be.
  fileprivate func converted(
    _ value: TypedExpr, to target: CastTarget, span: Span
  ) throws(Diagnostic) -> TypedExpr {
    if let format = target.format {
      guard value.type == .text || value.type == .int else {
        throw Diagnostic(
          .type, "only text and whole numbers are read by a format, and \(value.subject)",
          span: span, label: value.typeName)
      }
      let read: DataType = format.hasTime ? .datetime : .date
      let time = TypedExpr.apply(
        Operation("parse_date", kernel: format.reading), [asText(value)], type: read, span: span)
      return try converted(time, to: CastTarget(target.type), span: span)
    }
    if value.type == target.type { return value }
    if target.type == .text { return asText(value) }
    guard let function = Functions.named(target.type.rawValue), let name = value.columnName else {
      // What a format has read: the other of date and datetime.
      if target.type == .datetime { return converted(value, to: .datetime) }
      return .apply(
        Operation("date", isTotal: true, kernel: Casts.dateFromDatetime), [value], type: .date,
        span: span)
    }
    return try function.bind(
      FunctionCall(
        function: function, name: Name(function.name, span), arguments: [Expr(.name(name), span)],
        span: span, binder: self))
  }
}

/// The check that a cast kept every value.
struct StrictCast: Sendable {
  let name: String
  let from: DataType
  let to: CastTarget

  /// `cast`, failing where `value` has something that it does not keep.
  func check(_ value: TypedExpr, _ cast: TypedExpr) -> TypedExpr {
    .apply(
      Operation("cast", kernel: apply), [value, cast], type: cast.type ?? to.type, span: cast.span)
  }

  private func apply(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    for row in 0..<context.count where !v[0].isNull(row) {
      guard v[1].isNull(row) || !keeps(v, row) else { continue }
      var hints = ["strict=false makes null of what does not fit"]
      if from == .float, to.type == .int { hints = ["strict=false cuts what is behind the point"] }
      throw DataError(
        .invalidValue, "`\(name)`: \(text(v[0], row)) is no \(to.description)",
        row: context.firstRow + row, hints: hints)
    }
    return v[1]
  }

  /// Whether the value is still itself.
  private func keeps(_ v: [Vector], _ row: Int) -> Bool {
    switch (v[0].values, v[1].values) {
    case (.floats(let old), .ints(let new)): Double(new[row]) == old[row]
    case (.ints(let old), .floats(let new)): Int64(exactly: new[row]) == old[row]
    case (.ints(let old), .bools): old[row] == 0 || old[row] == 1
    case (.floats(let old), .bools): old[row] == 0 || old[row] == 1
    default: true
    }
  }

  private func text(_ vector: Vector, _ row: Int) -> String {
    let scalar: Scalar =
      switch vector.values {
      case .bools(let values): .bool(values[row] != 0)
      case .floats(let values): .float(values[row])
      case .texts(let values): .text(values[row])
      case .ints(let values):
        switch from {
        case .date: .date(Int32(truncatingIfNeeded: values[row]))
        case .datetime: .datetime(values[row])
        case .duration: .duration(Columnar.Duration(microseconds: values[row]))
        default: .int(values[row])
        }
      }
    return scalar.literal
  }
}
