/// Slips of words and of what stands where: each block is an error as shown, its second line what was typed.
let wordMistakes = #"""
  error[syntax]: this is not SQL
    SELECT a, b FROM trips WHERE x = 3 AND y <> 2 ORDER BY a DESC LIMIT 10
    ^^^^^^ a pipeline begins with the table
    try: trips | filter x == 3 and y != 2 | sort -a | select a, b | take 10

  error[syntax]: this is not SQL
    select species, mean(mass) from trips group by species
    ^^^^^^ a pipeline begins with the table
    try: trips | agg mean(mass) by species

  error[syntax]: `filter` is a verb, not a function
    filter(x > 3)
          ^ no parentheses around what it takes
    try: filter x > 3

  error[syntax]: `select` is a verb, not a function
    trips | select(a, b)
                  ^ no parentheses around what it takes
    try: trips | select a, b

  error[syntax]: `count` is a verb, not a function
    trips | count()
                 ^ no parentheses around what it takes
    try: trips | count

  error[syntax]: `head` is a verb, not a function
    head(5)
        ^ no parentheses around what it takes
    try: head 5

  error[syntax]: `filter` is a verb, not a function
    x = filter(a > 3)
              ^ no parentheses around what it takes
    try: x = filter a > 3

  error[unknown-verb]: no verb `heaad`
    heaad 5
    ^^^^^ did you mean `head`?

  error[unknown-verb]: no verb `descrbe`
    descrbe
    ^^^^^^^ did you mean `describe`?

  error[unknown-verb]: no verb `mean`
    mean fare
    ^^^^ `mean` is a function; a verb takes it
    try: agg mean(fare)

  error[unknown-verb]: no verb `Describe`
    Describe
    ^^^^^^^^ verbs are written in small letters
    try: describe

  error[unknown-verb]: no verb `heda`
    trips | heda 5
            ^^^^ did you mean `head`?

  error[syntax]: unexpected `foo`
    filter t > 5 foo
                 ^^^ expected `,`, an option, a clause or `|`

  error[syntax]: an option takes a single `=`
    hist fare bins==40
                  ^^ as in `bins=…`
    try: hist fare bins=40

  error[syntax]: unexpected `,`
    hist fare bins=40, top=3
                     ^ no comma between options
    try: hist fare bins=40 top=3

  error[syntax]: a line cannot start with `|`
    | head 5
    ^ there is nothing in front of it
    `|=` changes the current frame, `_ |` goes on from what was last shown
    try: |= head 5
     or: _ | head 5

  error[syntax]: unexpected `b`
    select a b
             ^ expected `,`, an option, a clause or `|`
    try: select a, b
     or: select `a b`

  error[syntax]: an item is missing
    select a,
             ^ expected an item here

  error[syntax]: one value for 2 names
    a, b = 3
           ^
    several names are bound by a pipeline, as in `train, test = trips | split 80%`

  error[syntax]: a pipeline starts from a name or a verb
    x = 3 | head
          ^ bind the value in front of it first
    try: x = 3
     or: x | head

  error[syntax]: a pipeline starts from a name or a verb
    x + 1 | head
          ^ bind the value in front of it first
    try: x = x + 1
     or: x | head

  error[syntax]: unexpected `AND`
    filter x AND y
             ^^^ it is written in small letters
    try: filter x and y

  error[syntax]: a verb is missing
    trips |
           ^ expected a verb here

  error[syntax]: `by` is a clause, not an option
    hist fare by=species
                ^ no `=` behind it
    try: hist fare by species

  error[syntax]: a column is missing
    hist fare by
                ^ expected a column here

  error[syntax]: `by` is a reserved word
    by = 3
    ^^ as a name it stands in backticks
    try: `by` = 3

  error[syntax]: functions take no named arguments
    round(x, digits=2)
             ^^^^^^^ give the value alone; a comparison is `==`
    try: round(x, 2)

  error[syntax]: unexpected `fare`
    agg mean fare
             ^^^^ a function's arguments stand in parentheses
    try: agg mean(fare)

  error[syntax]: the line ends too early
    if x > 3 then 1
                   ^ expected `else`, as in `if a > 0 then 1 else 0`

  error[syntax]: unexpected `b`
    case { a: 1 b: 2 }
                ^ the line cannot go on like this

  error[syntax]: unexpected `hist`
    for b in [1, 2] hist x
                    ^^^^ expected `{` and the lines to repeat

  error[syntax]: unexpected `x`
    def f x = 3
          ^ expected `(` and parameters

  error[syntax]: the line ends too early
    param x
           ^ expected `=` and a value

  error[syntax]: a line to time is missing
    time
        ^ expected a line to time here

  error[syntax]: `where` is given twice
    hist fare where x > 3 where y > 2
                          ^^^^^ once is enough

  error[syntax]: `bins` is given twice
    hist fare bins=3 bins=4
                     ^^^^ once is enough

  error[syntax]: a value for `bins` is missing
    hist fare bins=
                   ^ expected a value for `bins` here

  error[syntax]: a name cannot be empty
    `` | head
    ^^

  error[syntax]: unexpected `fare`
    describe trips fare
                   ^^^^ expected `,`, an option, a clause or `|`
    try: describe trips, fare
     or: describe `trips fare`

  error[syntax]: a column is not assigned to
    df["x"] = 3
            ^ `derive` makes columns
    try: df |= derive x = 3

  error[syntax]: unexpected `adn`
    filter a > 3 adn b < 2
                 ^^^ did you mean `and`?

  error[syntax]: unexpected `bye`
    hist fare bye species
              ^^^ did you mean `by`?

  error[syntax]: unexpected `head`
    trips head 5
          ^^^^ a verb follows a pipe
    try: trips | head 5

  error[syntax]: unexpected `head`
    trips | filter x > 3 head 5
                         ^^^^ a verb follows a pipe
    try: trips | filter x > 3 | head 5

  error[syntax]: `min` is given twice
    param x = 3 min=2 min=4
                      ^^^ once is enough

  error[syntax]: unexpected `top`
    hist fare top
              ^^^ expected `,`, an option, a clause or `|`
    try: hist fare, top
     or: hist `fare top`

  error[syntax]: a column is missing
    describe by
               ^ expected a column here
  """#.split(separator: "\n\n").map(String.init)
