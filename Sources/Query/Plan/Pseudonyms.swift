import Columnar
import Language

extension LogicalPlan {
  /// `pseudonymize`: in place of each value of these columns the first `digits` hexadecimal digits of
  /// its keyed digest; of values that are no text, that of the value as data files write it.
  package func pseudonymized(
    _ names: [String], by hmac: HMAC, digits: Int, span: Span, scope: Scope
  ) -> LogicalPlan {
    let binder = Binder(scope: self.scope(scope), allowance: [])
    let items = names.compactMap { name -> NamedExpr? in
      guard let type = schema[name] else { return nil }
      let text = binder.asText(.column(name, type: type, span: span))
      let operation = Operation(
        Self.pseudonym, isTotal: true, kernel: Texts.keyed(hmac, digits: digits))
      return NamedExpr(name: name, value: .apply(operation, [text], type: .text, span: span))
    }
    if items.isEmpty { return self }
    return .derive(Derive(input: self, items: items, keys: [], order: [], condition: nil))
  }

  /// The operation's name in descriptions; columns that it makes are masked.
  static let pseudonym = "pseudonym"
}
