import Notebooks

/// What help says of the words that begin a line and belong to the grammar.
enum Statements {
  static let all: [VerbDeclaration] = [
    VerbDeclaration(
      "def", .session, "Names an expression or a chain of stages",
      synopsis: "def NAME(PARAMETER, …) = EXPRESSION | STAGES",
      details: [
        "A body of stages begins with a parameter: `def clean(x) = x | filter fare > 0`, and is "
          + "called as `clean(trips)`."
      ],
      examples: [
        Example(
          "load \"datasets/penguins.csv\" as penguins",
          "def heavy(x) = x | filter body_mass_g > 5500", "heavy(penguins)"),
        Example(
          "load \"datasets/penguins.csv\" as penguins", "def kg(x) = round(x / 1000, 1)",
          "penguins | derive mass = kg(body_mass_g) | head 2"),
      ], keywords: ["function", "macro", "define", "reuse"]),
    VerbDeclaration(
      "for", .session, "Runs lines for each value of a list",
      synopsis: "for NAME in [VALUES] { LINES }",
      details: ["Inside, `$NAME` is the value."],
      examples: [
        Example(
          "load \"datasets/penguins.csv\" as penguins",
          "for s in [\"Adelie\", \"Gentoo\"] { penguins | count where species == $s }"),
        Example(
          "load \"datasets/penguins.csv\" as penguins", "for limit in [4000, 5000] {",
          "  penguins | filter body_mass_g > $limit | count by sex", "}"),
      ], keywords: ["loop", "each", "repeat"]),
    VerbDeclaration(
      "param", .keep, "Declares a parameter that a replay may give another value",
      synopsis: "param NAME = DEFAULT [min=…] [max=…] [choices=[…]] [doc=\"…\"]\n"
        + "       param NAME secret=\"VARIABLE\" [doc=\"…\"]",
      details: [
        "The default says the type. In expressions it is `$NAME`; a notebook keeps it in its "
          + "front matter, and `kaizen replay x.md -p NAME=VALUE` gives it another value.",
        "A secret has no default: its value is that of a variable of the environment, looked up where "
          + "it is used. Only options that ask for a secret take it, as `key=` of `pseudonymize` and "
          + "`token=` of `runs push`, and it is never printed, saved or recorded.",
      ],
      examples: [
        Example(
          "param least = 5000 min=0 doc=\"lightest bird kept\"",
          "load \"datasets/penguins.csv\" as penguins",
          "penguins | filter body_mass_g > $least | count"),
        Example(
          "load \"datasets/penguins.csv\" as penguins",
          "param island = \"Dream\" choices=[\"Biscoe\", \"Dream\", \"Torgersen\"]",
          "penguins | filter island == $island | count by species"),
        Example(
          "param key secret=\"PSEUDONYM_KEY\" doc=\"key of pseudonyms\"", "key",
          "load \"datasets/mtcars.csv\" as cars",
          "cars | pseudonymize model key=$key digits=8 | select model, mpg | head 2"),
      ],
      keywords: [
        "parameter", "argument", "variable", "papermill", "secret", "password", "environment",
      ]),
    VerbDeclaration(
      "plan", .session, "Shows how a pipeline would run, without running it",
      synopsis: "plan PIPELINE",
      examples: [
        Example(
          "load \"datasets/penguins.csv\" as penguins",
          "plan penguins | filter body_mass_g > 4000 | agg count() by species"),
        Example(
          "load \"datasets/weather.csv\" as weather",
          "plan weather | sort -temp_max | select date, temp_max | head 3"),
      ], keywords: ["explain", "query plan", "optimizer"]),
    VerbDeclaration(
      "time", .session, "Runs a line and says how long each operator took", synopsis: "time LINE",
      examples: [
        Example(
          "load \"datasets/penguins.csv\" as penguins",
          "time penguins | agg mean(body_mass_g) by species"),
        Example("time load \"datasets/titanic.csv\" as titanic"),
      ], keywords: ["speed", "benchmark", "profile", "duration"]),
  ]
}
