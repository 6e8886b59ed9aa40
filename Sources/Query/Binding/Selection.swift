import Columnar
import Language

/// The columns that `items` pick, in the order picked.
///
/// Names, `a..d`, `/regex/` and selectors such as `numeric()` pick, and without any all are picked;
/// then those behind a minus are removed. Throws where a name is not a column, or an item is no
/// selector.
package func resolveSelection(
  _ items: [Item], schema: Schema
) throws(Diagnostic) -> [String] {
  var picked: [String] = []
  var removed: Set<String> = []
  var picksAny = false
  for item in items {
    if let name = item.name {
      throw Diagnostic(
        .usage, "columns are listed here, not computed", span: name.span,
        label: "`derive` makes new ones, `rename` renames")
    }
    if case .unary(.minus, let operand) = item.value.kind {
      removed.formUnion(try selected(operand, schema))
    } else {
      picksAny = true
      for name in try selected(item.value, schema) where !picked.contains(name) {
        picked.append(name)
      }
    }
  }
  return (picksAny ? picked : schema.names).filter { !removed.contains($0) }
}

/// Whether `expression` is a selector call or another form that may pick several columns.
package func isSelector(_ expression: Expr) -> Bool {
  switch expression.kind {
  case .call(let function, let arguments):
    switch function.text {
    case "numeric", "text", "dates", "bools", "all":
      return arguments.isEmpty
    case "starts", "ends", "contains": return arguments.count == 1
    default: return false
    }
  case .range(.some(let lower), _, _):
    if case .name = lower.kind { return true } else { return false }
  case .range(nil, .some(let upper), _):
    if case .name = upper.kind { return true } else { return false }
  case .regex: return true
  case .unary(.minus, let operand): return isSelector(operand)
  default: return false
  }
}

private func selected(_ expression: Expr, _ schema: Schema) throws(Diagnostic) -> [String] {
  let names = schema.names
  switch expression.kind {
  case .name(let name):
    guard schema[name] != nil else {
      throw Scope(schema: schema).unknownColumn(name, span: expression.span)
    }
    return [name]
  case .range(let lower, let upper, let isHalfOpen):
    let first = try lower.map { expr throws(Diagnostic) in try place(expr, schema) } ?? 0
    let last =
      try upper.map { expr throws(Diagnostic) in try place(expr, schema) } ?? names.count - 1
    guard first <= last else {
      throw Diagnostic(
        .value, "the first column of the range stands behind the last", span: expression.span,
        label: "`\(names[last])..\(names[first])` is the order in the frame")
    }
    return Array(names[first..<(isHalfOpen && upper != nil ? last : last + 1)])
  case .regex(let pattern, let isCaseInsensitive):
    do {
      let regex = try Regex(pattern, isCaseInsensitive: isCaseInsensitive)
      let column = try Column.texts(names)
      var context = KernelContext(firstRow: 0, count: names.count)
      let hits = try regex.matches([column.vector(0..<names.count)], &context).bools
      return zip(names, hits).filter { $0.1 == 1 }.map(\.0)
    } catch {
      throw Diagnostic(error, span: expression.span)
    }
  case .call(let function, let arguments):
    return try called(function, arguments, expression.span, schema)
  default:
    throw Diagnostic(
      .usage, "columns are listed here", span: expression.span,
      label: "names, a..d, -x, /regex/, starts(\"x\"), numeric(), …")
  }
}

private func place(_ expression: Expr, _ schema: Schema) throws(Diagnostic) -> Int {
  guard case .name(let name) = expression.kind else {
    throw Diagnostic(.usage, "a range of columns runs between names", span: expression.span)
  }
  guard let index = schema.index(of: name) else {
    throw Scope(schema: schema).unknownColumn(name, span: expression.span)
  }
  return index
}

private func called(
  _ function: Name, _ arguments: [Expr], _ span: Span, _ schema: Schema
) throws(Diagnostic) -> [String] {
  func picking(_ test: (DataType) -> Bool) -> [String] {
    schema.fields.filter { test($0.type) }.map(\.name)
  }
  switch function.text {
  case "numeric" where arguments.isEmpty: return picking(\.isNumeric)
  case "text" where arguments.isEmpty: return picking { $0 == .text }
  case "dates" where arguments.isEmpty: return picking(\.isTemporal)
  case "bools" where arguments.isEmpty: return picking { $0 == .bool }
  case "all" where arguments.isEmpty: return schema.names
  case "starts", "ends", "contains":
    guard arguments.count == 1, case .text(let part) = arguments[0].kind else {
      throw Diagnostic(
        .arguments, "`\(function.text)` picks columns by a text", span: span,
        label: "\(function.text)(\"…\")")
    }
    let wanted = Array(part.utf8)
    return schema.names.filter { name in
      let bytes = Array(name.utf8)
      switch function.text {
      case "starts": return bytes.starts(with: wanted)
      case "ends": return bytes.suffix(wanted.count).elementsEqual(wanted)
      default:
        if wanted.isEmpty { return true }
        return bytes.indices.contains { bytes[$0...].starts(with: wanted) }
      }
    }
  default:
    var diagnostic = Diagnostic(
      .unknownFunction, "no selector `\(function.text)`", span: function.span)
    let known = ["all", "bools", "contains", "dates", "ends", "numeric", "starts", "text"]
    diagnostic.label =
      nearest(function.text, among: known).map { "did you mean `\($0)`?" }
      ?? "columns are listed here, not computed"
    throw diagnostic
  }
}
