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

  /// The words of one, or of a list of them.
  var words: [String]? {
    if let word { return [word] }
    guard case .list(let items) = self else { return nil }
    let words = items.compactMap(\.word)
    return words.count == items.count ? words : nil
  }
}
