extension Reference {
  /// What holds for all verbs, and the statements that are none.
  static let rules = #"""
    ## Rules

    | topic | rule |
    |---|---|
    | where | verbs that show, reduce or fit leave the other rows out; `derive`, `fill` and `cast` leave them as they are (null in a new column) |
    | by | `agg` gives a row a group; `derive`, `filter`, `fill`, `rank`, `cut`, `take`, `head`, `tail` and `sample` work within groups; plots get a panel each; `split` cuts each group; `describe` and `evaluate` report each |
    | null | `filter` keeps rows whose condition is true and counts the false and the null ones; aggregates leave nulls out; `count()` counts rows, `count(x)` values; the sum of nothing is null |
    | null elsewhere | last in sorts both ways; a group of its own; left out of a fit and counted; passes a check and is counted; the prediction for it is null, and counted |
    | NaN, division by zero | give null, with one note; infinities are kept |
    | null in a CSV | nothing between delimiters is null, `""` is empty text; `NA`, `N/A`, `NaN`, `null`, `None`, `-`, `.` and `?` are null where all other values of the column are of a narrower type, and then in that file's text columns, too; `load` says so, and `null=[…]` overrides it |
    | types | found from the whole file: int before float, date before datetime, else text; numbers with leading zeros and beyond 64 bits stay text; `types={…}` overrides |
    | numbers | integer overflow is an error that names the row; a sum cannot overflow on the way |
    | ranges | `a..b` holds both ends, `a..<b` not the upper; a date as the bound of a datetime is its midnight |
    | times | without a zone; months clamp (31 January plus a month is the last of February); weeks begin on Monday |
    | order | nothing depends on an order not asked for: `lag`, `first`, `cumsum` need a `sort` clause or a `sort` before; sorts are stable; `agg` comes out by key, null last |
    | names made | `mean(x)` without a name is `mean_x`, `quantile(x, 0.95)` `q95_x`, `lag(x, 7)` `lag_x_7`, `rolling_mean(x, 7d)` `rolling_mean_x_7d` |
    | random | without a seed one is drawn and written into the line; `split` takes exactly round(p·n) rows; `random()` and its kin go by seed and row |
    | text | compared by bytes; regexes are those of PCRE2 |
    | threads | every result has the same bits with any number of threads |

    ## Formulas

    `y ~ terms`, in `fit`. Terms are added with `+` and taken out with `-`; `- 1` leaves out the intercept.

    | term | is |
    |---|---|
    | `x`, `log(x + 1)` | a number, or any expression that gives one |
    | text or bool column, `C(x)` | categories, a column each but for the first in order, the reference |
    | `poly(x, 2)` | orthogonal polynomials, as in R |
    | `a:b` | the interaction |
    | `a * b` | `a + b + a:b` |

    ```kaizen
    load "datasets/mtcars.csv" as cars
    cars | fit ols mpg ~ wt * hp + C(cyl) se=hc3
    cars | fit logit am ~ wt
    ```

    ## Other statements

    | line | does |
    |---|---|
    | `param day = @2024-03-01 min=… max=… choices=[…] doc="…"` | declares a parameter, `$day`: the front matter of the saved notebook has it, and `kaizen replay x.md -p day=2024-03-02` gives it another value |
    | `def name(x) = expression` | a function of expressions, to be called like any other |
    | `for x in [a, b] { lines }` | runs lines for each value, `$x`; also for those of a bound list |
    | `time LINE` | runs it and shows how long each operator took |
    | `plan PIPELINE` | shows what would run, after optimisation |
    | `! command` | runs the shell; at the prompt only |
    | `? topic` | the same as `help topic` |

    ```kaizen
    load "datasets/penguins.csv" as penguins
    param floor = 3000 min=0 doc="the lightest bird that counts"
    def kilograms(g) = round(g / 1000, 1)
    penguins | filter body_mass_g >= $floor | agg mean(kilograms(body_mass_g)) by species
    for s in ["female", "male"] { penguins | filter sex == $s | agg mean(body_mass_g) }
    plan penguins | filter year > 2007 | agg count() by island
    ```
    """#
}
