"""Writes figures.json: what NumPy and SciPy make of what figures draw, on the bundled tables.

    python make-figures.py > figures.json

in this folder, with numpy and scipy. A path says where in the figure's JSON the numbers stand."""

import csv
import json
import math

import numpy as np
import scipy
from scipy import stats

TABLES = {}
for name in ("penguins", "weather", "titanic"):
    with open(f"../../../datasets/{name}.csv") as file:
        TABLES[name] = list(csv.DictReader(file))


def number(text):
    return None if text in ("", "NA") else float(text)


def column(table, name, where=lambda row: True):
    """The values that are not null, in the order of the rows."""
    return np.array([v for v in (number(r[name]) for r in TABLES[table] if where(r)) if v is not None])


def keys(table, name):
    return sorted({r[name] for r in TABLES[table] if r[name] not in ("", "NA")})


cases = []


def case(line, values, tolerance=1e-9):
    plain = {path: (list(map(float, v)) if hasattr(v, "__len__") else float(v)) for path, v in values.items()}
    cases.append({"line": line, "tolerance": tolerance, "values": plain})


mass = column("penguins", "body_mass_g")
wind = column("weather", "wind")
fare = column("titanic", "fare")


def histogram(values, edges):
    # Closed on the left, as here; the last bin of NumPy is closed on both sides, but nothing lies on its edge.
    return np.histogram(values, edges)[0]


edges = np.arange(2500, 6501, 500)
case("penguins | hist body_mass_g", {"edges": edges, "panels.0.counts": histogram(mass, edges)})
edges = np.arange(0, 11, 1)
case("weather | hist wind bins=9", {"edges": edges, "panels.0.n": len(wind), "panels.0.counts": histogram(wind, edges)})
edges = np.arange(2500, 6501, 500)
case("penguins | hist body_mass_g by species", {
    f"panels.{i}.counts": histogram(column("penguins", "body_mass_g", lambda r: r["species"] == s), edges)
    for i, s in enumerate(keys("penguins", "species"))})

case("penguins | bar mean(body_mass_g) over species",
     {f"bars.{i}.value": v for i, v in enumerate(sorted(
         (column("penguins", "body_mass_g", lambda r: r["species"] == s).mean() for s in keys("penguins", "species")),
         reverse=True))})
case("weather | bar sum(precipitation) over weather",
     {f"bars.{i}.value": v for i, v in enumerate(sorted(
         (math.fsum(column("weather", "precipitation", lambda r: r["weather"] == s)) for s in keys("weather", "weather")),
         reverse=True))})


def box(values):
    low, middle, high = np.percentile(values, [25, 50, 75])
    reach = 1.5 * (high - low)
    inside = values[(values >= low - reach) & (values <= high + reach)]
    return {"n": len(values), "q25": low, "median": middle, "q75": high, "lower_whisker": inside.min(),
            "upper_whisker": inside.max()}


case("penguins | box body_mass_g by species", {
    f"boxes.{i}.{k}": v for i, s in enumerate(keys("penguins", "species"))
    for k, v in box(column("penguins", "body_mass_g", lambda r: r["species"] == s)).items()})
case("titanic | box fare", {f"boxes.0.{k}": v for k, v in box(fare).items()})


def bandwidth(values):
    """Silverman's rule of thumb, R's bw.nrd0."""
    iqr = np.subtract(*np.percentile(values, [75, 25]))
    return 0.9 * min(values.std(ddof=1), iqr / 1.34) * len(values) ** -0.2


# What is drawn is made of values put on a grid first, as R's density() does: to six digits.
DRAWN = 2e-5


def density(values, low, high):
    x = np.linspace(low, high, 256)
    h = bandwidth(values)
    return x, stats.norm.pdf((x[:, None] - values[None, :]) / h).mean(1) / h


x, y = density(mass, mass.min(), mass.max())
case("penguins | density body_mass_g", {"panels.0.series.0.x": x, "panels.0.series.0.y": y}, DRAWN)
species = keys("penguins", "species")
groups = [column("penguins", "body_mass_g", lambda r, s=s: r["species"] == s) for s in species]
case("penguins | density body_mass_g by species", {
    f"panels.{i}.series.0.y": density(g, mass.min(), mass.max())[1] for i, g in enumerate(groups)}, DRAWN)
case("penguins | violin body_mass_g by species", {
    f"violins.{i}.density": density(g, g.min(), g.max())[1] for i, g in enumerate(groups)}, DRAWN)
x, y = density(wind, wind.min(), wind.max())
case("weather | violin wind", {"violins.0.x": x, "violins.0.density": y, "violins.0.median": np.median(wind)}, DRAWN)


def ecdf(values):
    known, counts = np.unique(values, return_counts=True)
    # The last step goes on to the edge.
    shares = np.cumsum(counts) / len(values)
    return np.concatenate([known[:1], known, known[-1:]]), np.concatenate([[0], shares, [1]])


x, y = ecdf(mass)
case("penguins | ecdf body_mass_g", {"panels.0.series.0.x": x, "panels.0.series.0.y": y})
x, y = ecdf(wind)
case("weather | ecdf wind", {"panels.0.series.0.x": x, "panels.0.series.0.y": y})

case("penguins | filter sex is not null | heatmap count() over species, sex", {
    f"panels.0.values.{i}.{j}": sum(r["species"] == s and r["sex"] == t for r in TABLES["penguins"])
    for i, s in enumerate(species) for j, t in enumerate(("female", "male"))})
case("titanic | heatmap mean(survived) over pclass, sex by embarked where embarked is not null", {
    f"panels.{p}.values.{i}.{j}":
        column("titanic", "survived", lambda r: r["embarked"] == e and r["pclass"] == c and r["sex"] == t).mean()
    for p, e in enumerate("CQS") for i, c in enumerate("123") for j, t in enumerate(("female", "male"))})

years = keys("penguins", "year")
case("penguins | line mean(body_mass_g) over year", {
    "panels.0.series.0.x": [float(y) for y in years],
    "panels.0.series.0.y": [column("penguins", "body_mass_g", lambda r: r["year"] == y).mean() for y in years]})
case("penguins | line count() over year by species", {
    f"panels.{i}.series.0.y": [sum(r["year"] == y and r["species"] == s for r in TABLES["penguins"]) for y in years]
    for i, s in enumerate(species)})


def qq(values):
    """R's qqnorm and qqline: ppoints, and a line through the quartiles."""
    n = len(values)
    a = 3 / 8 if n <= 10 else 1 / 2
    points = stats.norm.ppf((np.arange(1, n + 1) - a) / (n + 1 - 2 * a))
    low, high = np.percentile(values, [25, 75])
    slope = (high - low) / (stats.norm.ppf(0.75) - stats.norm.ppf(0.25))
    return {"series.0.x": points, "series.0.y": np.sort(values), "lines.0.slope": slope,
            "lines.0.intercept": low - slope * stats.norm.ppf(0.25)}


case("penguins | qq body_mass_g", qq(mass))
case("penguins | take 8 | qq bill_depth_mm", qq(np.array(
    [v for v in (number(r["bill_depth_mm"]) for r in TABLES["penguins"][:8]) if v is not None])))


def line(x, y):
    slope, intercept = np.polyfit(x, y, 1)
    return {"lines.0.slope": slope, "lines.0.intercept": intercept}


pairs = [(number(r["flipper_length_mm"]), number(r["body_mass_g"])) for r in TABLES["penguins"]]
pairs = np.array([p for p in pairs if None not in p])
case("penguins | scatter flipper_length_mm, body_mass_g smooth=lm", {
    "series.0.x": pairs[:, 0], "series.0.y": pairs[:, 1], **line(pairs[:, 0], pairs[:, 1])})
pairs = np.array([(number(r["temp_max"]), number(r["temp_min"])) for r in TABLES["weather"]])
case("weather | scatter temp_max, temp_min smooth=lm", line(pairs[:, 0], pairs[:, 1]))

print(json.dumps({"versions": {"numpy": np.__version__, "scipy": scipy.__version__}, "cases": cases}))
