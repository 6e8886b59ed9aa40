import Columnar
import Language

/// A call under way: what a function's entry binds its arguments from.
struct FunctionCall {
  let function: Function
  let name: Name
  let arguments: [Expr]
  let span: Span
  let binder: Binder

  var count: Int { arguments.count }

  func isGiven(_ index: Int) -> Bool { index < arguments.count }

  /// An argument of any type.
  func value(_ index: Int) throws(Diagnostic) -> TypedExpr { try binder.bind(arguments[index]) }

  /// An argument of one of `types`; a literal null counts as the first of them.
  func value(_ index: Int, _ types: [DataType], _ what: String) throws(Diagnostic) -> TypedExpr {
    let value = try value(index)
    guard let type = value.type else { return binder.converted(value, to: types[0]) }
    guard types.contains(type) else {
      throw Diagnostic(
        .type, "`\(name.text)` needs \(what), and \(value.subject)", span: value.span,
        label: type.rawValue, hints: hints(type, types))
    }
    return value
  }

  private func hints(_ type: DataType, _ wanted: [DataType]) -> [String] {
    switch (type, wanted.first) {
    case (.text, .int), (.text, .float): ["float(…) reads a number from text"]
    case (.text, .date), (.text, .datetime): ["date(…) reads a date from text"]
    case (.bool, .int), (.bool, .float): ["int(…) counts true as 1"]
    case (_, .text): ["text(…) makes text of any value"]
    default: []
    }
  }

  func number(_ index: Int) throws(Diagnostic) -> TypedExpr {
    try value(index, [.float, .int], "a number")
  }

  func integer(_ index: Int) throws(Diagnostic) -> TypedExpr {
    try value(index, [.int], "a whole number")
  }

  func text(_ index: Int) throws(Diagnostic) -> TypedExpr { try value(index, [.text], "text") }

  func condition(_ index: Int) throws(Diagnostic) -> TypedExpr {
    try value(index, [.bool], "true or false")
  }

  func time(_ index: Int) throws(Diagnostic) -> TypedExpr {
    try value(index, [.date, .datetime], "a date or datetime")
  }

  /// An argument that must be known before any row is.
  func constant(_ index: Int, _ what: String) throws(Diagnostic) -> Scalar {
    let value = try value(index)
    guard let constant = value.constant else {
      throw Diagnostic(
        .type, "`\(name.text)` needs \(what) that does not depend on rows", span: value.span,
        label: "not a constant")
    }
    return constant
  }

  func constantNumber(_ index: Int, _ what: String) throws(Diagnostic) -> Double {
    let value = try constant(index, what)
    guard let number = value.number, number.isFinite else {
      throw Diagnostic(
        .type, "`\(name.text)` needs \(what)", span: arguments[index].span,
        label: value.type?.rawValue ?? "null")
    }
    return number
  }

  /// A constant whole number within `range`.
  func wholeNumber(
    _ index: Int, _ range: ClosedRange<Int>, _ what: String
  ) throws(Diagnostic) -> Int {
    let number = try constantNumber(index, what)
    guard let whole = Int(exactly: number), range.contains(whole) else {
      let bounds =
        range.upperBound >= Int(Int32.max)
        ? (range.lowerBound < 0 ? "a whole one" : "a whole one from \(range.lowerBound) on")
        : "a whole one from \(range.lowerBound) to \(range.upperBound)"
      throw Diagnostic(
        .value, "`\(name.text)` needs \(what), \(bounds)", span: arguments[index].span)
    }
    return whole
  }

  func constantText(_ index: Int, _ what: String) throws(Diagnostic) -> String {
    let value = try constant(index, what)
    guard case .text(let text) = value else {
      throw Diagnostic(
        .type, "`\(name.text)` needs \(what)", span: arguments[index].span,
        label: value.type?.rawValue ?? "null")
    }
    return text
  }

  /// An argument that is a list of texts.
  func texts(_ index: Int) throws(Diagnostic) -> TypedExpr {
    if let list = try binder.list(arguments[index]) { return list }
    let value = try value(index)
    var diagnostic = Diagnostic(
      .type, "`\(name.text)` needs a list, and \(value.subject)", span: value.span,
      label: value.typeName)
    if value.type == .text {
      diagnostic.correction = Diagnostic.Correction(
        value.span, "split(\(Language.print(arguments[index])), \",\")")
    }
    throw diagnostic
  }

  /// The elements of a list of constants.
  func list(_ index: Int, _ what: String) throws(Diagnostic) -> [Scalar] {
    guard case .list(let elements) = arguments[index].kind else {
      throw Diagnostic(
        .type, "`\(name.text)` needs \(what)", span: arguments[index].span, label: "as [1, 2, 3]")
    }
    var values: [Scalar] = []
    for element in elements {
      let value = try binder.bind(element)
      guard let constant = value.constant else {
        throw Diagnostic(
          .type, "`\(name.text)` needs \(what) that does not depend on rows", span: element.span,
          label: "not a constant")
      }
      values.append(constant)
    }
    return values
  }

  /// The regular expression, if the argument is written as one.
  func regex(_ index: Int) throws(Diagnostic) -> Regex? {
    guard case .regex = arguments[index].kind else { return nil }
    return try binder.regex(arguments[index])
  }

  /// `operation` on `arguments`, as the result of the call.
  func apply(
    _ arguments: [TypedExpr], type: DataType, isTotal: Bool = false, _ kernel: @escaping Kernel
  ) -> TypedExpr {
    .apply(
      Operation(name.text, isTotal: isTotal, kernel: kernel), arguments, type: type, span: span)
  }

  /// A constant argument that was not given.
  func fallback(_ value: Scalar) -> TypedExpr { .constant(value, span: span) }

  /// A reduction of `arguments`.
  func aggregate(
    _ reduction: Reduction, _ arguments: [TypedExpr]
  ) throws(Diagnostic) -> TypedExpr {
    try requireAllowed(.aggregates, "an aggregate")
    if let inner = arguments.first(where: \.readsOtherRows) {
      throw Diagnostic(
        .type, "`\(name.text)` cannot hold another aggregate", span: inner.span,
        label: "derive it first")
    }
    let typed = arguments.map { $0.type == nil ? binder.converted($0, to: .float) : $0 }
    let type: DataType
    do {
      type = try reduction.resultType(for: typed.compactMap(\.type))
    } catch {
      var diagnostic = Diagnostic(error, span: typed.first?.span ?? span)
      diagnostic.label = typed.first?.subject
      if let error = error as? DataError, error.code == .typeMismatch {
        diagnostic.message = "`\(name.text)` does not apply to \(typed.first?.typeName ?? "this")"
      }
      throw diagnostic
    }
    let call = AggregateCall(reduction: reduction, arguments: typed)
    return TypedExpr(.aggregate(call), type: type, span: span)
  }

  /// A window function of `arguments`.
  func window(
    _ window: WindowCall.Function, _ arguments: [TypedExpr], type: DataType?
  ) throws(Diagnostic) -> TypedExpr {
    try requireAllowed(.windows, "a window function")
    if let inner = arguments.first(where: \.readsOtherRows) {
      throw Diagnostic(
        .type, "`\(name.text)` cannot hold another window or aggregate", span: inner.span,
        label: "derive it first")
    }
    return TypedExpr(
      .window(WindowCall(function: window, arguments: arguments)), type: type, span: span)
  }

  /// Whether a window may stand here; what may be both is an aggregate elsewhere.
  var allowsWindows: Bool { binder.allowance.contains(.windows) }

  private func requireAllowed(
    _ needed: Allowance, _ what: String
  ) throws(Diagnostic) {
    if binder.allowance.contains(needed) { return }
    throw Diagnostic(
      .type, "`\(name.text)` is \(what) and cannot stand here", span: span,
      label: needed == .windows ? "derive it first" : "it needs many rows")
  }

  /// Refuses a call whose result depends on the order of rows where none was asked for.
  func requireOrder() throws(Diagnostic) {
    if binder.scope.isOrdered { return }
    throw Diagnostic(
      .type, "`\(name.text)` depends on the order of rows, and none was asked for", span: name.span,
      label: "add a `sort` clause, or a `sort` stage before", hints: ["sort \(orderSuggestion)"])
  }

  /// The column that rows are likely ordered by: the first of times, else the first.
  var orderSuggestion: String {
    let fields = binder.scope.schema.fields
    let column = fields.first { $0.type == .date || $0.type == .datetime } ?? fields.first
    return Suggestion.written(column?.name ?? "x")
  }
}

extension Binder {
  func call(_ name: Name, _ arguments: [Expr], span: Span) throws(Diagnostic) -> TypedExpr {
    let value = try callOrList(name, arguments, span: span)
    if Functions.named(name.text)?.givesList == true {
      throw misplacedList(Expr(.call(function: name, arguments: arguments), span))
    }
    return value
  }

  /// A call of any function, of one that gives a list, too.
  func callOrList(_ name: Name, _ arguments: [Expr], span: Span) throws(Diagnostic) -> TypedExpr {
    guard let function = Functions.named(name.text) else {
      throw unknownFunction(name, arguments, span: span)
    }
    guard function.arity.contains(arguments.count) else {
      let wanted = function.arity
      let count =
        wanted.lowerBound == wanted.upperBound
        ? "\(wanted.lowerBound)"
        : wanted.upperBound > 100
          ? "at least \(wanted.lowerBound)" : "\(wanted.lowerBound) to \(wanted.upperBound)"
      let noun = count == "1" || count == "at least 1" ? "argument" : "arguments"
      throw Diagnostic(
        .arguments,
        "`\(function.name)` takes \(count) \(noun), and \(arguments.count) "
          + (arguments.count == 1 ? "is given" : "are given"),
        span: span, label: function.signature)
    }
    return try function.bind(
      FunctionCall(
        function: function, name: name, arguments: arguments, span: span, binder: self))
  }
}
