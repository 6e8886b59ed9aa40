import Columnar
import Language

/// Lists inside an expression: made by `split` and its kin or written out, and taken apart again
/// before a value comes out. No column holds lists.
extension Binder {
  /// `expression` as a list of texts, packed as `TextLists` has it; nil if it is none.
  func list(_ expression: Expr) throws(Diagnostic) -> TypedExpr? {
    let span = expression.span
    switch expression.kind {
    case .call(let name, let arguments):
      guard Functions.named(name.text)?.givesList == true else { return nil }
      return try callOrList(name, arguments, span: span)
    case .list(let elements):
      var members: [TypedExpr] = []
      for element in elements {
        let member = try bind(element)
        guard member.type == .text || member.type == nil else {
          throw Diagnostic(
            .type, "a list here holds texts, and \(member.subject)", span: member.span,
            label: member.typeName,
            hints: ["greatest, least, row_sum and row_mean take numbers: row_sum(a, b)"])
        }
        members.append(converted(member, to: .text))
      }
      if members.isEmpty { return .constant(.text(""), span: span) }
      return .apply(
        Operation("list", isTotal: true, kernel: TextLists.of), members, type: .text, span: span)
    case .index(let base, let place):
      guard case .range(let lower, let upper, let isHalfOpen) = place.kind,
        let list = try list(base)
      else { return nil }
      let from = try lower.map { expression throws(Diagnostic) in try whole(expression) }
      var to = try upper.map { expression throws(Diagnostic) in try whole(expression) }
      if isHalfOpen, let end = to {
        to = try arithmetic(.subtract, end, .constant(.int(1), span: end.span), span: end.span)
      }
      return .apply(
        Operation("slice", isTotal: true, kernel: TextLists.slice),
        [list, from ?? .constant(.int(1), span: span), to ?? .constant(.int(-1), span: span)],
        type: .text, span: span)
    default: return nil
    }
  }

  /// `list[n]`: an element, counted from 1, or from the end where n is below 0.
  func element(of base: Expr, at place: Expr, span: Span) throws(Diagnostic) -> TypedExpr {
    if case .range = place.kind {
      throw try list(base) == nil
        ? noElements(base, span) : misplacedList(Expr(.index(base, place), span))
    }
    if case .list(let elements) = base.kind, case .integer(let number) = place.kind {
      let index = number > 0 ? number - 1 : Int64(elements.count) &+ number
      guard number != 0, index >= 0, index < elements.count else {
        throw Diagnostic(
          .value, "the list has no element \(number)", span: place.span,
          label: "it has \(elements.count), counted from 1")
      }
      return try bind(elements[Int(index)])
    }
    guard let list = try list(base) else { throw noElements(base, span) }
    return .apply(
      Operation("element", kernel: TextLists.element), [list, try whole(place)], type: .text,
      span: span)
  }

  private func whole(_ expression: Expr) throws(Diagnostic) -> TypedExpr {
    let value = try bind(expression)
    guard value.type == .int || value.type == nil else {
      throw Diagnostic(
        .type, "a place in a list is a whole number, and \(value.subject)", span: value.span,
        label: value.typeName)
    }
    return converted(value, to: .int)
  }

  private func noElements(_ base: Expr, _ span: Span) -> Diagnostic {
    let text = print(base)
    var diagnostic = Diagnostic(
      .type, "only a list has elements", span: span, label: "`\(text)` is no list",
      hints: ["slice(\(text), 1, 1) takes a character"])
    diagnostic.correction = Diagnostic.Correction(base.span, "split(\(text), \",\")")
    return diagnostic
  }

  /// The error for a list where a single value is needed.
  func misplacedList(_ list: Expr) -> Diagnostic {
    var hints: [String] = []
    if case .call = list.kind {
      let text = print(list)
      hints = ["\(text)[1]", "list_join(\(text), \" \")", "explode part = \(text)"]
    }
    var diagnostic = Diagnostic(
      .type, "a list cannot stand here", span: list.span,
      label: hints.isEmpty
        ? "it stands behind `in` or in a function that asks for one"
        : "take an element, join them, or give each a row", hints: Array(hints.dropFirst()))
    if let element = hints.first {
      diagnostic.correction = Diagnostic.Correction(list.span, element)
    }
    return diagnostic
  }
}

extension Regex {
  /// The parts of each text between matches, as `TextLists` has them; an empty match parts nothing.
  func split(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    try listed(v, &context) { text, matcher, row, list in
      var (start, place) = (0, 0)
      while place <= text.count, try matcher.find(text, from: place, row: row),
        let match = matcher.range(0)
      {
        place = Regex.place(behind: match, in: text)
        if match.isEmpty { continue }
        TextLists.append(Texts.Bytes(rebasing: text[start..<match.lowerBound]), to: &list)
        start = match.upperBound
      }
      TextLists.append(Texts.Bytes(rebasing: text[start...]), to: &list)
    }
  }

  /// A group of every match in each text, null where the group took no part.
  func extractAll(group: Int) -> Kernel {
    { v, context in
      try self.listed(v, &context) { text, matcher, row, list in
        var place = 0
        while place <= text.count, try matcher.find(text, from: place, row: row),
          let match = matcher.range(0)
        {
          TextLists.append(
            matcher.range(group).map { Texts.Bytes(rebasing: text[$0]) }, to: &list)
          place = Regex.place(behind: match, in: text)
        }
      }
    }
  }

  private func listed(
    _ v: [Vector], _ context: inout KernelContext,
    _ body: (Texts.Bytes, borrowing Matcher, _ row: Int, inout [UInt8]) throws -> Void
  ) throws -> Vector {
    let matcher = try Matcher(self)
    let (texts, firstRow) = (v[0].texts.views, context.firstRow)
    return try Texts.map(v, &context) { row, arena in
      var list: [UInt8] = []
      try body(texts[row], matcher, firstRow + row, &list)
      return arena.copy(list)
    }
  }
}
