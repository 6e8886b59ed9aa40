/// An expression of another language, as far as its form goes: what SQL, Python and R share.
indirect enum ForeignExpr {
  case name(String)
  case number(String)
  case text(String)
  /// `*` for every column.
  case everything
  case call(ForeignExpr, [Argument])
  /// `a.b` and `a$b`
  case member(ForeignExpr, String)
  /// `a[b, c]`, where places may be left out, as in `a[1:5, ]`.
  case index(ForeignExpr, [ForeignExpr?])
  /// `-x`, and `not x` for all its spellings.
  case unary(String, ForeignExpr)
  /// With the operator as it is written here: `==`, `and`, `~`, `..`.
  case binary(String, ForeignExpr, ForeignExpr)
  /// `[a, b]`, `(a, b)`, `c(a, b)`
  case list([ForeignExpr])
  /// `{"a": 1}`
  case pairs([(ForeignExpr, ForeignExpr)])
  /// `1:5` in Python, with either end left out.
  case slice(ForeignExpr?, ForeignExpr?)
  /// `x is null`
  case isNull(ForeignExpr, Bool)
  /// `CASE WHEN a THEN b ELSE c END`
  case cases([(ForeignExpr, ForeignExpr)], ForeignExpr?)

  /// Python's `lambda x: …`
  case lambda(String, ForeignExpr)

  /// SQL's `f(x) OVER (…)`.
  case windowed(ForeignExpr, ForeignWindow)

  struct Argument {
    var name: String?
    var value: ForeignExpr
  }

  /// The name of a function or verb that is called, with its dots: `pd.read_csv`, `is.na`.
  var path: String? {
    switch self {
    case .name(let name): name
    case .member(let base, let name): base.path.map { "\($0).\(name)" }
    default: nil
    }
  }

  /// The word or text it is, for names that other languages put in quotes.
  var word: String? {
    switch self {
    case .name(let name), .text(let name): name
    default: nil
    }
  }

  /// The column that a chain of Polars begins with: `pl.col("x").round(1)`.
  var column: String? {
    switch self {
    case .call(.member(.name("pl"), "col"), let arguments): arguments.first?.value.word
    case .call(.member(let base, _), _): base.column
    case .member(let base, _): base.column
    default: nil
    }
  }

  /// The words of R's `a + b`.
  var terms: [String]? {
    if case .binary("+", let left, let right) = self {
      guard let first = left.terms, let second = right.terms else { return nil }
      return first + second
    }
    return word.map { [$0] }
  }

  /// The words of one, or of a list of them.
  var words: [String]? {
    if let word { return [word] }
    guard case .list(let items) = self else { return nil }
    let words = items.compactMap(\.word)
    return words.count == items.count ? words : nil
  }
}

/// What stands in the parentheses of SQL's OVER.
struct ForeignWindow {
  var keys: [ForeignExpr] = []
  var order: [(value: ForeignExpr, isDescending: Bool)] = []
  /// The rows up to each one that a frame of `n PRECEDING` takes in.
  var rows: Int?
}

extension ForeignExpr {
  /// Its parts, from the left.
  private var parts: [ForeignExpr] {
    switch self {
    case .call(_, let arguments): arguments.map(\.value)
    case .unary(_, let operand), .isNull(let operand, _): [operand]
    case .binary(_, let left, let right): [left, right]
    case .list(let items): items
    case .cases(let cases, let other): cases.flatMap { [$0.0, $0.1] } + (other.map { [$0] } ?? [])
    default: []
    }
  }

  /// Whether it is Python's method that makes a list of the parts of a text.
  var isSplit: Bool {
    guard case .call(let function, _) = self else { return false }
    // A function of that name is one of this language, whose places count from 1.
    if case .member(_, "split") = function { return true }
    return false
  }

  /// Columns of frames that it reads, as `frame["column"]`: the names of the frames.
  func frames(among known: Set<String>) -> Set<String> {
    switch self {
    case .member(.name(let name), _) where known.contains(name): return [name]
    case .index(.name(let name), _) where known.contains(name): return [name]
    case .member(let base, _): return base.frames(among: known)
    case .call(let function, let arguments):
      return arguments.reduce(function.frames(among: known)) {
        $0.union($1.value.frames(among: known))
      }
    case .index(let base, _): return base.frames(among: known)
    default: return parts.reduce([]) { $0.union($1.frames(among: known)) }
    }
  }

  /// The first window in it.
  var window: ForeignWindow? {
    if case .windowed(_, let window) = self { return window }
    for part in parts { if let window = part.window { return window } }
    return nil
  }

  /// Whether one of some functions is called in it, outside of a window.
  func calls(_ functions: Set<String>) -> Bool {
    if case .windowed = self { return false }
    if case .call(let function, _) = self, let name = function.path?.lowercased(),
      functions.contains(name)
    {
      return true
    }
    return parts.contains { $0.calls(functions) }
  }

  /// With another value in place of a name.
  func replacing(_ name: String, with value: ForeignExpr) -> ForeignExpr {
    switch self {
    case .name(name): return value
    case .member(let base, let member): return .member(base.replacing(name, with: value), member)
    case .call(let function, let arguments):
      return .call(
        function.replacing(name, with: value),
        arguments.map {
          Argument(name: $0.name, value: $0.value.replacing(name, with: value))
        })
    case .unary(let sign, let operand): return .unary(sign, operand.replacing(name, with: value))
    case .binary(let sign, let left, let right):
      return .binary(
        sign, left.replacing(name, with: value), right.replacing(name, with: value))
    case .list(let items): return .list(items.map { $0.replacing(name, with: value) })
    case .isNull(let operand, let isNull):
      return .isNull(operand.replacing(name, with: value), isNull)
    case .index(let base, let places):
      return .index(base.replacing(name, with: value), places)
    case .cases(let cases, let other):
      return .cases(
        cases.map { ($0.0.replacing(name, with: value), $0.1.replacing(name, with: value)) },
        other?.replacing(name, with: value))
    default: return self
    }
  }

  /// The calls of some functions in it, outside of windows.
  func calls(of functions: Set<String>) -> [ForeignExpr] {
    if case .windowed = self { return [] }
    if case .call(let function, _) = self, let name = function.path?.lowercased(),
      functions.contains(name)
    {
      return [self]
    }
    return parts.flatMap { $0.calls(of: functions) }
  }

  /// With columns of a value of that name as columns alone: `d.x` as `x`.
  func naming(_ name: String) -> ForeignExpr {
    func all(_ items: [ForeignExpr]) -> [ForeignExpr] { items.map { $0.naming(name) } }
    switch self {
    case .member(.name(name), let column): return .name(column)
    case .index(.name(name), let places):
      if places.count == 1, case .text(let column)? = places[0] { return .name(column) }
      return self
    case .member(let base, let member): return .member(base.naming(name), member)
    case .call(let function, let arguments):
      return .call(
        function.naming(name),
        arguments.map { Argument(name: $0.name, value: $0.value.naming(name)) })
    case .unary(let sign, let operand): return .unary(sign, operand.naming(name))
    case .binary(let sign, let left, let right):
      return .binary(sign, left.naming(name), right.naming(name))
    case .list(let items): return .list(all(items))
    case .isNull(let operand, let isNull): return .isNull(operand.naming(name), isNull)
    case .cases(let cases, let other):
      return .cases(
        cases.map { ($0.0.naming(name), $0.1.naming(name)) }, other?.naming(name))
    default: return self
    }
  }
}
