import Columnar
import Language

extension LogicalPlan {
  /// A row for each element of a list in each row.
  package struct Explode: Sendable {
    package var input: LogicalPlan
    /// The lists, packed as `TextLists` has them, and the column that their elements make.
    package var item: NamedExpr
    /// The column that holds each element's place in its list, from 1.
    package var place: String?
  }

  /// `explode`. An item without a name takes the place of the one column that it reads.
  package func exploding(
    _ item: Item, place: Name?, scope: Scope
  ) throws(Diagnostic) -> LogicalPlan {
    let expanded = try Expansion(definitions: scope.definitions).expand(item.value)
    try expanded.checkHeight(span: item.value.span)
    let binder = Binder(scope: self.scope(scope), allowance: [])
    guard let list = try binder.list(expanded) else { throw noList(expanded, binder) }
    let columns = list.columns
    guard let name = item.name?.text ?? (columns.count == 1 ? columns[0] : nil) else {
      throw Diagnostic(
        .usage, "the elements need a name", span: item.value.span, label: "name = …")
    }
    if let place, place.text == name || schema[place.text] != nil {
      throw Diagnostic(
        .duplicateName, "there would be two columns `\(place.text)`", span: place.span)
    }
    return .explode(
      Explode(input: self, item: NamedExpr(name: name, value: list), place: place?.text))
  }

  private func noList(_ expression: Expr, _ binder: Binder) -> Diagnostic {
    do throws(Diagnostic) {
      let value = try binder.bind(expression)
      let text = Language.print(expression)
      var diagnostic = Diagnostic(
        .type, "`explode` needs a list, and \(value.subject)", span: expression.span,
        label: value.typeName)
      if value.type == .text {
        diagnostic.correction = Diagnostic.Correction(expression.span, "split(\(text), \",\")")
      }
      return diagnostic
    } catch {
      return error
    }
  }
}

extension LogicalPlan.Explode {
  var schema: Schema {
    var schema = input.schema
    schema.set(item.name, .text)
    if let place { schema.set(place, .int) }
    return schema
  }
}
