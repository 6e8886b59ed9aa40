"""What `diagnose` and `density` say of the penguins in Tests/Cases/verbs/judging.case and plots/density.case, by
NumPy and SciPy: python3 make-diagnosis.py > diagnosis.txt in this folder."""

import csv

import numpy as np
import scipy
from scipy import stats

path = "../../../datasets/penguins.csv"
rows = [row for row in csv.DictReader(open(path)) if row["body_mass_g"] != "NA"]
y = np.array([float(row["body_mass_g"]) for row in rows])
columns = [np.ones_like(y)]
columns += [np.array([float(row[name]) for row in rows]) for name in ("flipper_length_mm", "bill_depth_mm")]
columns += [np.array([row["species"] == name for row in rows], float) for name in ("Chinstrap", "Gentoo")]
X = np.column_stack(columns)
n, p = X.shape


def residuals(X, y):
    q, r = np.linalg.qr(X)
    return y - q @ (q.T @ y), (q**2).sum(1)


e, leverage = residuals(X, y)
variance = e @ e / (n - p)
squares = e**2
u, _ = residuals(X, squares)
statistic = n * (1 - u @ u / ((squares - squares.mean()) ** 2).sum())
print(f"NumPy {np.__version__}, SciPy {scipy.__version__}")
print("Shapiro-Wilk", *stats.shapiro(e))
print("Breusch-Pagan", statistic, stats.chi2.sf(statistic, p - 1))
fitted = (y - e - (y - e).mean()) / 1000
v, _ = residuals(np.column_stack([X, fitted**2, fitted**3]), y)
f = ((e @ e - v @ v) / 2) / (v @ v / (n - p - 2))
print("RESET", f, stats.f.sf(f, 2, n - p - 2))
print("Durbin-Watson", (np.diff(e) ** 2).sum() / (e @ e))
for column, name in ((1, "flipper_length_mm"), (2, "bill_depth_mm")):
    w, _ = residuals(np.delete(X, column, 1), X[:, column])
    print("inflation", name, ((X[:, column] - X[:, column].mean()) ** 2).sum() / (w @ w))
cook = e**2 / (p * variance) * leverage / (1 - leverage) ** 2
for row in np.argsort(-cook)[:5]:
    print("Cook", y[row], e[row], leverage[row], cook[row])
iqr = np.subtract(*np.percentile(y, [75, 25]))
width = 0.9 * min(y.std(ddof=1), iqr / 1.34) * n**-0.2
print("bandwidth", width)
