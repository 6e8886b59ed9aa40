# Writes distributions.json: tails of the t, F, chi-squared and normal distributions to 20 digits.
# Run from the project's root with mpmath installed: python Tests/Fixtures/modeling/make-distributions.py
import json
import mpmath
from mpmath import mp, mpf

mp.dps = 60


def f_upper(x, d1, d2):
    x, a, b = mpf(x), mpf(d2) / 2, mpf(d1) / 2
    return mpmath.betainc(a, b, 0, a / (a + b * x), regularized=True)


def rows():
    for df in [1, 2, 3, 4.5, 10, 29, 338, 1000, 799980, 12345678]:
        for t in [1e-5, 0.01, 0.5, 1, 1.96, 2.5, 5, 10, 20, 35]:
            yield ["t", t, df, 0, f_upper(mpf(t) ** 2, 1, df)]
    for d1, d2 in [(1, 1), (2, 2), (3, 338), (5, 7), (20, 799979), (100, 100), (1000, 1000), (7, 0.5)]:
        for x in [1e-8, 0.01, 0.3, 0.9, 1, 1.1, 2, 5, 50, 405.693]:
            yield ["f", x, d1, d2, f_upper(x, d1, d2)]
    for df in [1, 2, 3, 7.5, 10, 100, 1000, 1000000]:
        for ratio in [1e-6, 0.01, 0.5, 0.95, 1, 1.05, 1.5, 3, 10, 100]:
            x = df * ratio
            yield ["chi2", x, df, 0, mpmath.gammainc(mpf(df) / 2, mpf(x) / 2, regularized=True)]
    for z in [0, 1e-10, 0.1, 0.5, 1, 1.96, 3, 8, 20, 37]:
        yield ["normal", z, 0, 0, mpmath.erfc(mpf(z) / mpmath.sqrt(2)) / 2]


kept = [r for r in rows() if mpf("1e-290") < r[4]]
lines = [json.dumps(r[:4])[:-1] + ", " + mpmath.nstr(r[4], 20) + "]" for r in kept]
with open("Tests/Fixtures/modeling/distributions.json", "w") as out:
    out.write('{"made": "mpmath %s",\n"tails": [\n' % mpmath.__version__)
    out.write(",\n".join(lines) + "\n]}\n")
