extension Reference {
  /// What stands before the verbs: lines, names, literals, operators.
  static let grammar = #"""
    # The language of Kaizen

    One language at the prompt, behind `-c`, on standard input, in notebooks and in pipelines. This page is
    written by the program (`make reference`): verbs and functions come from their own declarations, the same
    that `?` shows. Every example on it is run by the tests, beside the tables of `datasets/`.

    [Lines](#lines) · [Names](#names-and-state) · [Values](#values) · [Operators](#operators) ·
    [Columns](#choosing-columns) · [Rules](#rules) · [Formulas](#formulas) · [Statements](#other-statements) ·
    [Verbs](#verbs) · [Functions](#functions) · [Errors](#errors-and-exit-status) ·
    [Command line](#the-command-line) · [Output for programs](#output-for-programs)

    ## Lines

        line      := [ name ("," name)* "=" ] ( pipeline | expression )
                   | [ name ] "|=" stages
                   | statement | "!" shell-command | "?" topic | "#" prose
        pipeline  := source ( "|" stage )*  |  stage ( "|" stage )*
        source    := name | load …
        stage     := verb items clause*
        clause    := "by" item,+ | "where" expression | "sort" key,+ | "on" … | "as" name | word "=" value

    A pipeline hands rows from stage to stage in the order in which they are read. It shows what it gives and
    changes nothing. A stage is a verb, its items, then clauses and options in any order, each once. Options
    are `word=value` and have no comma between them.

    ```kaizen
    load "datasets/penguins.csv" as penguins
    penguins | filter body_mass_g > 4000 | agg n = count(), mean(bill_length_mm) by species | sort -n
    heavy = penguins | filter body_mass_g > 5000
    penguins |= derive kg = body_mass_g / 1000
    hist kg by species bins=10 where sex == "female"
    ```

    A line goes on where it cannot be complete: in an open bracket or quote, or behind `|`, `,`, an operator or
    `\`. In files and pasted blocks a line that begins with `|` continues the one before it.

    ```kaizen
    load "datasets/weather.csv" as weather
    weather
      | filter weather in ["rain", "snow"]
      | agg days = count(),
          mm = sum(precipitation) by year(date)
    ```

    `#` begins a comment. A line that is only a comment is prose: `save` writes it into the notebook as
    Markdown, one `#` and one space taken off; `##` begins a heading.

    **The first word of a line** is a name where a name is bound and `|` or the end of the line follows, else a
    verb. So a verb that a later version brings never breaks a notebook, and a frame may have a verb's name.
    Reserved words are `and or not in is null true false if then else case by where sort into on as`. Any other
    spelling is a name in backticks.

    ## Names and state

    | line | does |
    |---|---|
    | `x = …` | binds a frame, a model, a report or a scalar, and says in one line what it is |
    | `a, b = … \| split 80%` | binds the parts of a split |
    | `x \|= …` | changes what `x` is bound to; `\|= …` alone changes the current frame |
    | `x` | shows it |
    | `_` | is what was last shown |

    The **current frame** is what a stage without a source works on, and what the prompt shows. Only `load` and
    `use` choose it. Without `as`, `load` names the frame after the file. Frames never change in place and share
    their columns, so binding costs nothing and `undo` and `redo` are exact; files that were written stay.

    In a stage a bare name is a column, and `$name` is a bound scalar or a parameter. A frame of one row and one
    column stands for its value. Outside of stages a bare name is a bound value.

    ```kaizen
    load "datasets/penguins.csv" as penguins
    limit = 5000
    typical = penguins | agg median(body_mass_g)
    penguins | filter body_mass_g > $limit | agg n = count(), above = mean(body_mass_g) - $typical
    limit / 1000
    ```

    ## Values

    | type | written | notes |
    |---|---|---|
    | int | `42`, `1_000_000` | 64 bits; beyond them an error, never a wrap |
    | float | `4.2`, `.5`, `1e6` | `80%` is 0.8 |
    | bool | `true`, `false` | |
    | text | `"text"`, `'text'` | UTF-8; `\n \t \\ \" \u{e9}` |
    | date | `@2024-03-01` | |
    | datetime | `@2024-03-01T08:30`, `@2024-03-01T08:30:15.5` | no time zone; microseconds |
    | duration | `1d`, `2h 30min` | units `us ms s min h d w mo q y` |
    | null | `null` | of every type |

    Beside them there are, where something takes them: formatted text `f"{x} g"`, regexes `/late|delay/i`,
    ranges `1..5` (both ends), `1..<5` (without the upper) and `1..` (open), lists `[1, 2, 3]`, records
    `{year: text}` and sizes `2GB`.

    No column holds lists. `split(x, ",")` and its kin make one inside an expression, which takes a part
    (`[1]`, `[-1]`, `[2..]`), counts, searches or joins them; `explode` gives each part a row. A list that is
    bound, `some = ["a", "b"]`, is a frame of one column, and any such frame stands behind `in $some` and
    `for x in some`.

    ```kaizen
    load "datasets/weather.csv" as weather
    weather | filter date in @2014-07-01..<@2014-08-01 and weather =~ /sun|fog/ | count by weather
    weather | derive next = date + 1mo, label = f"{weather}, {temp_max} °C" | head 3
    wet = ["rain", "drizzle"]
    weather | filter weather in $wet | derive day = split(text(date), "-")[-1] | head 2
    ```

    ## Operators

    Tight to loose:

    | operators | notes |
    |---|---|
    | `f(x)`, `list[i]` | calls, elements of lists |
    | `^` | from the right; `-2 ^ 2` is -4 |
    | `-x` | |
    | `* / // %` | `/` gives a float; `//` floors; `%` has the divisor's sign |
    | `+ -` | also of times and durations |
    | `..` `..<` | ranges |
    | `== != < <= > >= in, not in, =~ !~ is null, is not null` | not chainable; `=~` matches a regex |
    | `??` | the left side, or the right where it is null |
    | `not`, then `and`, then `or` | three-valued: null is unknown |
    | `if c then a else b` | `case { c1: a, c2: b, else: c }` for several |

    ```kaizen
    load "datasets/penguins.csv" as penguins
    penguins | derive size = case { body_mass_g < 3500: "light", body_mass_g < 4500: "middle", else: "heavy" } | count by size
    penguins | derive sex = sex ?? "unknown", big = if body_mass_g > 4500 then 1 else 0 | agg mean(big) by sex
    ```

    `||`, `&&`, `<>`, `!` and a single `=` as a comparison are errors that name the right one.

    ## Choosing columns

    Wherever columns are listed, as in `select`, `drop`, `describe`, `correlate` or inside an aggregate:

    | written | picks |
    |---|---|
    | `a, b` | these |
    | `a..d` | those from one to the other |
    | `/regex/` | those whose names match |
    | `starts("x")`, `ends("x")`, `contains("x")` | by part of the name |
    | `numeric()`, `text()`, `dates()`, `bools()`, `all()` | by type |
    | `-x` | leaves out, after the others have picked; alone, from all |

    ```kaizen
    load "datasets/penguins.csv" as penguins
    penguins | select species, bill_length_mm..flipper_length_mm | head 2
    penguins | agg mean(numeric()) by species
    penguins | derive each(starts("bill")) = zscore(_) | select -sex, -island | head 2
    ```
    """#
}
