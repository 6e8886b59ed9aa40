import Language

/// A function of expressions: everything that help, completion and binding know of it.
package struct Function: Sendable {
  package enum Family: String, Sendable, CaseIterable {
    case math, text, time, conditional, conversion, aggregate, window
  }

  package let name: String
  package let family: Family
  /// `round(x, digits = 0)`
  package let signature: String
  package let summary: String
  /// Lines that run once `load "datasets/penguins.csv" as penguins` and
  /// `load "datasets/weather.csv" as weather` have.
  package let examples: [String]
  /// Whether two runs may differ, as of `today()`.
  package let isReproducible: Bool
  /// How many arguments it takes.
  let arity: ClosedRange<Int>
  /// Checks the arguments and finds the type of the result.
  let bind: @Sendable (FunctionCall) throws(Diagnostic) -> TypedExpr

  init(
    _ name: String, _ family: Family, _ signature: String, _ arity: ClosedRange<Int>,
    _ summary: String, _ examples: String..., isReproducible: Bool = true,
    bind: @escaping @Sendable (FunctionCall) throws(Diagnostic) -> TypedExpr
  ) {
    self.name = name
    self.family = family
    self.signature = signature
    self.arity = arity
    self.summary = summary
    self.examples = examples
    self.isReproducible = isReproducible
    self.bind = bind
  }
}

extension Function {
  /// What other languages call it, sorted.
  package var otherSpellings: [String] {
    Functions.otherSpellings.filter { $0.value == name }.map(\.key).sorted()
  }
}

/// All functions, by family and then by name.
package enum Functions {
  package static let all: [Function] =
    math + text + time + conditional + conversion + aggregate + window

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// The function of that name; nil if there is none.
  package static func named(_ name: String) -> Function? { byName[name] }

  /// Whether the operation's value depends on when it runs.
  static func isVolatile(_ name: String) -> Bool { name == "today" || name == "now" }

  /// Names that other languages use, with the one used here.
  package static let otherSpellings: [String: String] = [
    "n": "count", "len": "length", "nchar": "length", "char_length": "length", "strlen": "length",
    "ln": "log", "power": "pow", "avg": "mean", "average": "mean", "stddev": "sd", "std": "sd",
    "stdev": "sd", "variance": "var", "n_distinct": "count_distinct", "nunique": "count_distinct",
    "ceiling": "ceil", "truncate": "trunc", "ifelse": "if c then a else b",
    "if_else": "if c then a else b", "iff": "if c then a else b",
    "case_when": "case { c1: a, else: b }", "isnull": "x is null", "is_null": "x is null",
    "is_na": "x is null", "isna": "x is null", "is_nan": "x is null", "toupper": "upper",
    "tolower": "lower", "uppercase": "upper", "lowercase": "lower", "substr": "slice",
    "substring": "slice", "str_sub": "slice", "paste": "concat", "paste0": "concat",
    "startswith": "starts", "starts_with": "starts", "endswith": "ends", "ends_with": "ends",
    "str_detect": "matches", "regexp_matches": "matches", "regexp_extract": "extract",
    "regexp_replace": "replace", "gsub": "replace", "str_replace": "replace", "lpad": "pad_left",
    "rpad": "pad_right", "strip": "trim", "date_trunc": "bin", "floor_date": "bin",
    "dow": "weekday", "dayofweek": "weekday", "week": "iso_week", "yday": "day_of_year",
    "strftime": "format_date", "strptime": "parse_date", "to_date": "date", "as_date": "date",
    "ymd": "date", "integer": "int", "as_int": "int", "as_integer": "int", "as_numeric": "float",
    "double": "float", "number": "float", "numeric": "float", "as_float": "float",
    "string": "text", "str": "text", "as_text": "text", "as_character": "text",
    "boolean": "bool", "percentile": "quantile", "cumulative_sum": "cumsum",
    "datediff": "date_diff", "dateadd": "date_add", "pmin": "least", "pmax": "greatest",
    "bin_width": "bin", "bucket": "cut", "isfinite": "is_finite",
    "nvl": "coalesce", "ifnull": "if_null", "nullif": "null_if", "scale": "zscore",
    "shift": "lag", "ffill": "fill_forward", "forward_fill": "fill_forward", "bfill": "fill_back",
    "backward_fill": "fill_back", "min_rank": "rank", "first_value": "first",
    "last_value": "last", "nth_value": "nth", "percent_change": "pct_change",
    "moving_average": "rolling_mean", "rolling_avg": "rolling_mean", "rollmean": "rolling_mean",
    "rolling_std": "rolling_sd", "ratio_to_report": "share", "cumulative_mean": "cummean",
  ]
}
