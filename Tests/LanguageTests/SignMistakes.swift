/// Slips of signs and literals: each block is an error as shown, its second line what was typed.
let signMistakes = #"""
  error[syntax]: `=` does not compare
    filter fare = 3
                ^ a comparison is `==`
    try: filter fare == 3

  error[syntax]: `=` does not compare
    trips | filter fare = 3
                        ^ a comparison is `==`
    try: trips | filter fare == 3

  error[syntax]: `=` does not compare
    hist fare where borough = "x"
                            ^ a comparison is `==`
    try: hist fare where borough == "x"

  error[syntax]: `||` is not an operator here
    filter a > 1 || b > 2
                 ^^ either of two is `or`
    try: filter a > 1 or b > 2

  error[syntax]: `&&` is not an operator here
    filter a > 1 && b > 2
                 ^^ both of two is `and`
    try: filter a > 1 and b > 2

  error[syntax]: `<>` is not an operator here
    filter a <> 2
             ^^ unequal is `!=`
    try: filter a != 2

  error[syntax]: `!` is not an operator here
    filter !a
           ^ negation is `not`
    try: filter not a

  error[syntax]: `!` is not an operator here
    filter ! a
           ^ negation is `not`
    try: filter not a

  error[syntax]: no `.` between a value and a name
    trips.head()
         ^^^^^ verbs follow a pipe
    try: trips | head

  error[syntax]: no `.` between a value and a name
    trips.head(5)
         ^^^^^ verbs follow a pipe
    try: trips | head 5

  error[syntax]: no `.` between a value and a name
    trips.mean(fare)
         ^^^^^ verbs follow a pipe
    try: trips | agg mean(fare)

  error[syntax]: no `.` between a value and a name
    trips.fare
         ^^^^^ a column is named alone, in a stage
    try: trips | select fare

  error[syntax]: the quote is never closed
    load "x.csv as p
         ^^^^^^^^^^^ no closing "
    try: load "x.csv" as p

  error[syntax]: the quote is never closed
    load "x.csv
         ^^^^^^ no closing "
    try: load "x.csv"

  error[syntax]: the quote is never closed
    filter species == 'Adelie | head
                      ^^^^^^^^^^^^^^ no closing '
    try: filter species == 'Adelie' | head

  error[unknown-unit]: `m` could be minutes or months
    filter pickup > 5m
                     ^ minutes are `min`, months are `mo`
    try: filter pickup > 5min
     or: filter pickup > 5mo

  error[unknown-unit]: no unit `sec`
    filter t > 5sec
                ^^^ did you mean `s`?

  error[unknown-unit]: no unit `foo`
    filter x > 5foo
                ^^^
    of time: us ms s min h d w mo q y; of size: B kB MB GB TB KiB MiB GiB TiB

  error[syntax]: the integer is too large
    filter x > 9223372036854775808
               ^^^^^^^^^^^^^^^^^^^
    at most 9223372036854775807; with a point it is a float
    try: filter x > 9223372036854775808.0

  error[syntax]: a line cannot start with `|`
    || head
    ^^ there is nothing in front of it
    `|=` changes the current frame, `_ |` goes on from what was last shown
    try: |= head
     or: _ | head

  error[syntax]: the `(` is never closed
    (1 + 2
    ^ no `)` for this
    try: (1 + 2)

  error[syntax]: the `(` is never closed
    filter (a > 3
           ^ no `)` for this
    try: filter (a > 3)

  error[syntax]: unexpected `)`
    filter a > 3)
                ^ expected `,`, an option, a clause or `|`

  error[syntax]: the `[` is never closed
    filter [a, b
           ^ no `]` for this
    try: filter [a, b]

  error[syntax]: nothing stands behind `>`
    filter a >
             ^ expected a value here

  error[syntax]: a path stands in quotes
    load penguins.csv
         ^^^^^^^^^^^^
    try: load "penguins.csv"

  error[syntax]: a path stands in quotes
    load data/penguins.csv as p
         ^^^^^^^^^^^^^^^^^
    try: load "data/penguins.csv" as p

  error[syntax]: comparisons do not chain
    filter 0 < x < 5
                 ^ join two with `and`, or ask for a range: `x in 0..5`

  error[syntax]: `not` binds looser than the operator before it
    filter a == not b
                ^^^ put it in parentheses: `(not …)`

  error[syntax]: `is` is for null only
    filter x is 3
             ^^ equality is `==`
    try: filter x == 3

  error[syntax]: `is` is for null only
    filter x is not 3
             ^^^^^^ equality is `!=`
    try: filter x != 3

  error[syntax]: `<-` is not an operator here
    x <- 5
      ^^ binding a name is `=`
    try: x = 5

  error[syntax]: `:=` is not an operator here
    x := 5
      ^^ binding a name is `=`
    try: x = 5

  error[syntax]: a name cannot begin with a digit
    2nd_ride
    ^^^^^^^^ such a name stands in backticks
    try: `2nd_ride`

  error[syntax]: a name cannot begin with a digit
    select 2nd_ride
           ^^^^^^^^ such a name stands in backticks
    try: select `2nd_ride`

  error[syntax]: a typographic quote
    filter name == “Adelie”
                   ^ text stands in plain quotes: "…"

  error[syntax]: `**` is not an operator here
    filter a ** 2 > 3
             ^^ a power is `^`
    try: filter a ^ 2 > 3

  error[syntax]: `|>` is not an operator here
    trips |> head
          ^^ the pipe is `|`
    try: trips | head

  error[syntax]: `%>%` is not an operator here
    trips %>% head
          ^^^ the pipe is `|`
    try: trips | head

  error[syntax]: the regex is never closed
    filter note =~ /abc
                   ^^^^ no closing `/`
    try: filter note =~ /abc/

  error[syntax]: no regex flag `x`
    filter note =~ /abc/x
                        ^ only `i`, for either case
    a `/` inside a regex is written `\/`

  error[syntax]: unknown escape `\q`
    filter "abc\q" == x
               ^^ a backslash itself is `\\`
    escapes: \n \t \r \0 \\ \" \' \` \u{…}
    try: filter "abc\\q" == x

  error[syntax]: no such day
    filter @2024-02-30 < d
           ^^^^^^^^^^^ 2024-02-30 is not in the calendar

  error[syntax]: `@` begins a date
    filter @2024-3-1 < d
           ^^^^^^^^^ as in `@2024-03-01` or `@2024-03-01T08:30`

  error[syntax]: `@` begins a date
    filter d > @now
               ^^^^ as in `@2024-03-01` or `@2024-03-01T08:30`

  error[syntax]: the range has no upper end
    filter fare in 0..<
                    ^^^ `a..` is open above, `..b` below

  error[syntax]: the range has no upper end
    filter fare in ..
                   ^^ `a..` is open above, `..b` below

  error[syntax]: unexpected `between`
    filter x between 1 and 5
             ^^^^^^^ a range is asked for with `in`, as in `x in 1..5`
    try: filter x in 1..5

  error[syntax]: a formula has one `~`
    fit ols y ~ x ~ z
                  ^ the response stands before it, the terms behind it

  error[syntax]: a formula outside of `fit`
    filter y ~ x
             ^ as in `fit ols y ~ x`; a match is `=~`

  error[syntax]: nothing stands behind `+`
    fit lm y ~ x +
                 ^ expected a value here

  error[syntax]: `=` does not compare
    join zones on a = b
                    ^ a comparison is `==`
    try: join zones on a == b

  error[syntax]: the `{` is never closed
    f"{x"
      ^ no `}` for this
    try: f"{x}"

  error[syntax]: nothing between the braces
    f"{}"
      ^^ a brace as text is written `{{`

  error[syntax]: unexpected `:`
    f"{x:.2f}"
        ^ formats are functions, as in `{round(x, 2)}`

  error[syntax]: unexpected `;`
    filter x; head
            ^ each command has a line of its own

  error[syntax]: the `{` is never closed
    for b in [1, 2] { hist x
                    ^ no `}` for this
    try: for b in [1, 2] { hist x }

  error[syntax]: `$` needs a name behind it
    $
    ^ as in `$cutoff`

  error[syntax]: `$` needs a name behind it
    filter x > $ 3
               ^ as in `$cutoff`

  error[syntax]: `=` does not compare
    filter a = = 3
             ^ a comparison is `==`
    try: filter a == 3

  error[syntax]: unexpected `*`
    select *
           ^ every column is `all()`
    try: select all()

  error[syntax]: `=` does not compare
    a = b = c
          ^ a comparison is `==`
    try: a = b == c

  error[syntax]: a name stands without quotes
    load "a.csv" as "p"
                    ^^^
    try: load "a.csv" as p

  error[syntax]: nothing stands behind `%`
    split 80 %
            ^^ a percentage touches its number
    try: split 80%

  error[syntax]: unexpected `..`
    1..5..7
        ^^ a range has two ends

  error[syntax]: `||` is not an operator here
    trips || head 5
          ^^ the pipe is `|`
    try: trips | head 5

  error[syntax]: unexpected `*`
    agg count(*)
              ^ rows are counted by `count()`
    try: agg count()

  error[syntax]: unexpected `like`
    filter name like "a%"
                ^^^^ a match is `=~`, as in `name =~ /smith/i`

  error[syntax]: the `{` is never closed
    f"{x
      ^ no `}` for this
    try: f"{x}"

  error[syntax]: the `{` is never closed
    trips | filter f"{a
                     ^ no `}` for this
    try: trips | filter f"{a}"

  error[syntax]: the `(` is never closed
    (a
    ^ no `)` for this
    try: (a)

  error[syntax]: the `[` is never closed
    [1, 2
    ^ no `]` for this
    try: [1, 2]

  error[syntax]: the `{` is never closed
    {a: 1
    ^ no `}` for this
    try: {a: 1}

  error[syntax]: the `(` is never closed
    f(x
     ^ no `)` for this
    try: f(x)

  error[syntax]: the `[` is never closed
    x[1
     ^ no `]` for this
    try: x[1]

  error[syntax]: unexpected `:`
    head: x > 3
        ^ `head` takes no conditions
  """#.split(separator: "\n\n").map(String.init)
