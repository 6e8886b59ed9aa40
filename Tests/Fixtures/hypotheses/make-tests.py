"""What SciPy says where R has another definition: writes lines as make-tests.R does."""

import csv
import json

import scipy
import scipy.special
from scipy import stats
from scipy.stats import contingency

def column(path, name, kind=float):
    with open(path) as file:
        return [kind(row[name]) for row in csv.DictReader(file) if row[name] not in ("", "NA")]

cars = "datasets/mtcars.csv"
exact = "Tests/Fixtures/hypotheses/exact.csv"

def out(line, statistic, p, interval=None, estimate=None, df=None):
    print(json.dumps({"line": line, "by": f"SciPy {scipy.__version__}", "statistic": statistic, "df": df,
                      "p": [p], "interval": interval, "estimate": estimate}))

def spearman(line, x, y, alternative):
    r = stats.spearmanr(x, y, alternative=alternative)
    n = len(x)
    t = r.statistic * ((n - 2) / (1 - r.statistic**2)) ** 0.5
    out(line, [t], r.pvalue, estimate=[r.statistic], df=[n - 2])

spearman("cars | test correlation mpg, wt method=spearman", column(cars, "mpg"), column(cars, "wt"), "two-sided")
spearman("cars | test correlation mpg, hp method=spearman alternative=less", column(cars, "mpg"),
         column(cars, "hp"), "less")
am, vs = column(cars, "am", int), column(cars, "vs", int)
table = [[sum(1 for a, v in zip(am, vs) if a == i and v == j) for j in (0, 1)] for i in (0, 1)]
for alternative, level in [("two-sided", 0.95), ("greater", 0.9)]:
    ratio = contingency.odds_ratio(table, kind="conditional")
    bounds = ratio.confidence_interval(level, alternative)
    interval = [bounds.low, bounds.high if bounds.high != float("inf") else None]
    out(f"cars | test fisher am, vs alternative={alternative} level={level}", None,
        stats.fisher_exact(table, alternative)[1], interval, [ratio.statistic])

# R 4.2 takes the p-value from 1, which leaves few digits of a small one.
penguins = "datasets/penguins.csv"
with open(penguins) as file:
    rows = [r for r in csv.DictReader(file) if r["sex"] != "NA" and r["body_mass_g"] != "NA"]
first, second = ([float(r["body_mass_g"]) for r in rows if r["sex"] == sex] for sex in ("female", "male"))
d = stats.ks_2samp(first, second, method="asymp").statistic
size = (len(first) * len(second) / (len(first) + len(second))) ** 0.5
out("penguins | test ks body_mass_g by sex", [d], scipy.special.kolmogorov(d * size))
