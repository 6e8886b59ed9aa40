# Writes fits.json: models of R's lm and glm on the tables in datasets/, for comparison.
# Run from the project's root: LC_ALL=C Rscript Tests/Fixtures/modeling/make-fits.R
suppressMessages({library(sandwich); library(lmtest)})

number <- function(x) {
  if (is.null(x) || length(x) == 0 || is.na(x)) "null"
  else if (is.infinite(x)) "null" else sprintf("%.17g", x)
}
text <- function(x) paste0('"', x, '"')
entry <- function(...) {
  values <- list(...)
  paste0("{", paste0(text(names(values)), ": ", unlist(values), collapse = ", "), "}")
}
read <- function(name) {
  table <- read.csv(paste0("datasets/", name, ".csv"), stringsAsFactors = TRUE,
                    na.strings = c("", "NA"))
  table
}

coefficients_of <- function(table, intervals, all) {
  lines <- sapply(all, function(name) {
    if (!(name %in% rownames(table))) return(entry(name = text(name)))
    row <- table[name, ]
    entry(name = text(name), estimate = number(row[1]), error = number(row[2]),
          statistic = number(row[3]), p = number(row[4]),
          lower = number(intervals[name, 1]), upper = number(intervals[name, 2]))
  })
  paste0("[\n    ", paste(lines, collapse = ",\n    "), "]")
}

terms_of <- function(terms) {
  if (length(terms) == 0) "[]" else paste0("[", paste(text(terms), collapse = ", "), "]")
}

linear <- function(name, data, response, terms, intercept = TRUE, se = "classical", r = NULL) {
  table <- read(data)
  formula <- as.formula(paste(response, "~", if (intercept) "" else "0 +",
                              paste(if (is.null(r)) gsub("C\\(", "factor(", terms) else r,
                                    collapse = " + ")))
  fit <- lm(formula, table)
  summary <- summary(fit)
  if (se == "classical") {
    rows <- summary$coefficients
    intervals <- confint(fit)
    f <- summary$fstatistic
    statistic <- f[1]
    degrees <- f[2]
  } else {
    v <- vcovHC(fit, type = toupper(se))
    rows <- coeftest(fit, vcov = v, df = fit$df.residual)
    intervals <- coefci(fit, vcov = v, df = fit$df.residual)
    b <- coef(fit)
    keep <- names(b) != "(Intercept)"
    degrees <- sum(keep)
    statistic <- drop(b[keep] %*% solve(v[keep, keep], b[keep])) / degrees
  }
  p <- if (is.null(statistic)) NA else pf(statistic, degrees, fit$df.residual, lower.tail = FALSE)
  entry(name = text(name), kind = text("ols"), data = text(data), response = text(response),
        terms = terms_of(terms), intercept = tolower(intercept), se = text(se),
        rows = nobs(fit), coefficients = coefficients_of(rows, intervals, names(coef(fit))),
        r2 = number(summary$r.squared), adjusted = number(summary$adj.r.squared),
        sd = number(summary$sigma), df = fit$df.residual, f = number(statistic), fp = number(p))
}

logistic <- function(name, data, response, terms, intercept = TRUE) {
  table <- read(data)
  formula <- as.formula(paste(response, "~", if (intercept) "" else "0 +",
                              paste(gsub("C\\(", "factor(", terms), collapse = " + ")))
  fit <- glm(formula, binomial, table, control = glm.control(epsilon = 1e-15, maxit = 200))
  # Standard errors at the estimates themselves, not one step before.
  fit <- glm(formula, binomial, table, start = coef(fit),
             control = glm.control(epsilon = 1e-15, maxit = 200))
  rows <- summary(fit)$coefficients
  intervals <- confint.default(fit)
  ratio <- fit$null.deviance - fit$deviance
  entry(name = text(name), kind = text("logit"), data = text(data), response = text(response),
        terms = terms_of(terms), intercept = tolower(intercept), se = text("classical"),
        rows = nobs(fit), coefficients = coefficients_of(rows, intervals, names(coef(fit))),
        nullDeviance = number(fit$null.deviance), deviance = number(fit$deviance),
        df = fit$df.residual, aic = number(fit$aic),
        r2 = number(1 - fit$deviance / fit$null.deviance), ratio = number(ratio),
        ratioP = number(pchisq(ratio, fit$df.null - fit$df.residual, lower.tail = FALSE)))
}

fits <- c(
  linear("penguins mass", "penguins", "body_mass_g", c("flipper_length_mm", "species")),
  linear("penguins many", "penguins", "body_mass_g",
         c("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "sex", "island", "year")),
  linear("penguins interaction", "penguins", "body_mass_g",
         c("flipper_length_mm", "species", "flipper_length_mm:species", "sex")),
  linear("penguins two groups", "penguins", "bill_length_mm", c("species", "sex", "species:sex")),
  linear("penguins slopes", "penguins", "body_mass_g", c("species", "flipper_length_mm:species")),
  linear("iris", "iris", "sepal_length", c("sepal_width", "petal_length", "petal_width", "species")),
  linear("cars all", "mtcars", "mpg",
         c("cyl", "disp", "hp", "drat", "wt", "qsec", "vs", "am", "gear", "carb")),
  linear("cars groups", "mtcars", "mpg", c("wt", "C(cyl)", "C(gear)")),
  linear("cars no intercept", "mtcars", "mpg", c("wt", "C(cyl)", "C(am)"), intercept = FALSE),
  linear("cars origin", "mtcars", "mpg", c("wt", "hp"), intercept = FALSE),
  linear("cars polynomial", "mtcars", "mpg", c("poly(hp, 3)", "wt")),
  linear("cars poly by group", "mtcars", "mpg", c("poly(hp, 2)", "C(am)", "poly(hp, 2):C(am)")),
  linear("cars empty cell", "mtcars", "mpg", c("C(cyl)", "C(gear)", "C(cyl):C(gear)")),
  linear("cars intercept alone", "mtcars", "mpg", character(0), r = "1"),
  linear("cars hc0", "mtcars", "mpg", c("wt", "hp", "C(am)"), se = "hc0"),
  linear("cars hc1", "mtcars", "mpg", c("wt", "hp", "C(am)"), se = "hc1"),
  linear("cars hc2", "mtcars", "mpg", c("wt", "hp", "C(am)"), se = "hc2"),
  linear("cars hc3", "mtcars", "mpg", c("wt", "hp", "C(am)"), se = "hc3"),
  linear("penguins hc1", "penguins", "body_mass_g",
         c("bill_length_mm", "flipper_length_mm", "species"), se = "hc1"),
  linear("diabetes", "diabetes", "progression",
         c("age", "sex", "bmi", "bp", "tc", "ldl", "hdl", "tch", "ltg", "glu")),
  linear("longley", "longley", "employed",
         c("gnp_deflator", "gnp", "unemployed", "armed_forces", "population", "year")),
  linear("weather", "weather", "temp_max", c("temp_min", "wind", "precipitation", "weather")),
  linear("wine", "wine", "alcohol", c("cultivar", "proline", "ash", "hue")),
  logistic("titanic", "titanic", "survived", c("C(pclass)", "sex", "age")),
  logistic("titanic many", "titanic", "survived",
           c("C(pclass)", "sex", "age", "sibsp", "parch", "fare", "embarked")),
  logistic("titanic interaction", "titanic", "survived", c("C(pclass)", "sex", "C(pclass):sex")),
  logistic("titanic no intercept", "titanic", "survived", c("sex", "age"), intercept = FALSE),
  logistic("penguins sex", "penguins", "sex",
           c("body_mass_g", "bill_length_mm", "bill_depth_mm", "species")),
  logistic("cars manual", "mtcars", "am", c("wt", "hp")),
  logistic("cars engine", "mtcars", "vs", c("poly(mpg, 2)"))
)
cat("{\"made\": ", text(paste0(R.version.string, ", sandwich ", packageVersion("sandwich"),
                               ", lmtest ", packageVersion("lmtest"))),
    ",\n\"fits\": [\n", paste(fits, collapse = ",\n"), "\n]}\n", sep = "",
    file = "Tests/Fixtures/modeling/fits.json")
