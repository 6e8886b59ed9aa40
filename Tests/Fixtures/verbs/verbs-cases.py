# A line or more a verb: both(name, Kaizen's, DuckDB's).
ALL = "n, g, k, i, big, x, y, s, b, d, ts"

both("select", "{t} | select s, n, x", "SELECT s, n, x FROM {t} ORDER BY n")
both("select", "{t} | select i..x, -big, n", "SELECT i, x, n FROM {t} ORDER BY n")
both("select", "{t} | select numeric(), -y", "SELECT n, k, i, big, x FROM {t} ORDER BY n")
both("select", "{t} | select text(), bools(), dates()", "SELECT g, s, b, d, ts FROM {t} ORDER BY n")
both("drop", "{t} | drop s, ts, b", "SELECT n, g, k, i, big, x, y, d FROM {t} ORDER BY n", ["t"])
both("drop", "{t} | drop numeric()", "SELECT g, s, b, d, ts FROM {t} ORDER BY n", ["t_none", "t_null"])
both("drop", "{t} | drop i..ts", "SELECT n, g, k FROM {t} ORDER BY n")
both("rename", "{t} | rename i -> whole, s -> `a text` | select n, whole, `a text`", 'SELECT n, i AS whole, s AS "a text" FROM {t} ORDER BY n')
both("rename", "{t} | rename g -> k, k -> g | select n, g, k", "SELECT n, k AS g, g AS k FROM {t} ORDER BY n")

both("derive", "{t} | derive r = i * 2 + k, q = i / k, f = i // k, m = i % k | select n, r, q, f, m",
     "SELECT n, i * 2 + k AS r, i / k AS q, floor(i / k)::BIGINT AS f, i - k * floor(i / k)::BIGINT AS m FROM {t} ORDER BY n")
both("derive", "{t} | derive r = x + y, z = -x, w = x > y, c = b and x > 0, o = b or x > 0, e = not b | select n, r, z, w, c, o, e",
     "SELECT n, x + y AS r, -x AS z, x > y AS w, b AND x > 0 AS c, b OR x > 0 AS o, NOT b AS e FROM {t} ORDER BY n")
both("derive", "{t} | derive size = case { i < -3: \"low\", i < 3: \"middle\", else: \"high\" }, z = i ?? k, w = if b then s else g | select n, size, z, w",
     "SELECT n, CASE WHEN i < -3 THEN 'low' WHEN i < 3 THEN 'middle' ELSE 'high' END AS size, coalesce(i, k) AS z, CASE WHEN b THEN s ELSE g END AS w FROM {t} ORDER BY n")
both("derive", "{t} | derive total = sum(i), dev = y - mean(y) by g | select n, total, dev",
     "SELECT n, sum(i) OVER w AS total, y - avg(y) OVER w AS dev FROM {t} WINDOW w AS (PARTITION BY g) ORDER BY n")
both("derive", "{t} | derive i = 0 where i < 0 | select n, i", "SELECT n, CASE WHEN i < 0 THEN 0 ELSE i END AS i FROM {t} ORDER BY n")
both("derive", "{t} | derive r = lag(y), c = cumsum(i) by g sort n | select n, r, c",
     "SELECT n, lag(y) OVER w AS r, sum(i) OVER w AS c FROM {t} WINDOW w AS (PARTITION BY g ORDER BY n) ORDER BY n")
both("derive", "{t} | derive day = date(ts), gap = days(d - @2000-01-01) | select n, day, gap",
     "SELECT n, ts::DATE AS day, (d - DATE '2000-01-01')::DOUBLE AS gap FROM {t} ORDER BY n")
both("derive", "{t} | derive a = s == g, c = s < g, e = s in [\"a\", \"é\", \"日本\"], f = d in @1970-01-01..@2024-02-29, o = i in 0..<5 | select n, a, c, e, f, o",
     "SELECT n, s = g AS a, s < g AS c, s IN ('a', 'é', '日本') AS e, d BETWEEN DATE '1970-01-01' AND DATE '2024-02-29' AS f, i >= 0 AND i < 5 AS o FROM {t} ORDER BY n")

both("filter", "{t} | filter i > 2 and x < 100 | select n, i", "SELECT n, i FROM {t} WHERE i > 2 AND x < 100 ORDER BY n")
both("filter", "{t} | filter not b or s is null | select n, b, s", "SELECT n, b, s FROM {t} WHERE NOT b OR s IS NULL ORDER BY n")
both("filter", "{t} | filter d >= @1970-01-01, ts < @2024-03-01 | select n, d, ts", "SELECT n, d, ts FROM {t} WHERE d >= DATE '1970-01-01' AND ts < TIMESTAMP '2024-03-01' ORDER BY n")
both("filter", "{t} | filter y > mean(y) by g | select n, g", "SELECT n, g FROM {t} QUALIFY y > avg(y) OVER (PARTITION BY g) ORDER BY n")
both("filter", "{t} | filter big == 9007199254740993 or big > 9223372036854775806 | select n, big",
     "SELECT n, big FROM {t} WHERE big = 9007199254740993 OR big > 9223372036854775806 ORDER BY n")
both("filter", "{t} | filter row_number() == 1 by k sort -y, n | select n, k", "SELECT n, k FROM {t} QUALIFY row_number() OVER (PARTITION BY k ORDER BY y DESC NULLS LAST, n) = 1 ORDER BY n")

both("sort", "{t} | sort g, -i, x | select n, g, i, x", "SELECT n, g, i, x FROM {t} ORDER BY g NULLS LAST, i DESC NULLS LAST, x NULLS LAST, n")
both("sort", "{t} | sort -s, b | select n, s, b", "SELECT n, s, b FROM {t} ORDER BY s DESC NULLS LAST, b NULLS LAST, n")
both("sort", "{t} | sort -big, -d | select n, big, d", "SELECT n, big, d FROM {t} ORDER BY big DESC NULLS LAST, d DESC NULLS LAST, n")
both("sort", "{t} | sort ts, -x | select n, ts, x", "SELECT n, ts, x FROM {t} ORDER BY ts NULLS LAST, x DESC NULLS LAST, n")
both("sort", "{t} | sort abs(i), -(y ?? 0) | select n, i, y", "SELECT n, i, y FROM {t} ORDER BY abs(i) NULLS LAST, coalesce(y, 0) DESC, n")

both("distinct", "{t} | distinct g, k", "SELECT g, k FROM {t} GROUP BY g, k ORDER BY min(n)")
both("distinct", "{t} | distinct s", "SELECT s FROM {t} GROUP BY s ORDER BY min(n)")
both("distinct", "{t} | distinct big, x", "SELECT big, x FROM {t} GROUP BY big, x ORDER BY min(n)")
both("distinct", "{t} | select d, b | distinct", "SELECT d, b FROM {t} GROUP BY d, b ORDER BY min(n)")
both("dedupe", "{t} | dedupe by g, k | select n, g, k", "SELECT n, g, k FROM {t} QUALIFY row_number() OVER (PARTITION BY g, k ORDER BY n) = 1 ORDER BY n")
both("dedupe", "{t} | dedupe by s keep=last sort y, n | select n, s", "SELECT n, s FROM {t} QUALIFY row_number() OVER (PARTITION BY s ORDER BY y DESC NULLS FIRST, n DESC) = 1 ORDER BY n")
both("dedupe", "{t} | dedupe by i keep=none | select n, i", "SELECT n, i FROM {t} QUALIFY count(*) OVER (PARTITION BY i) = 1 ORDER BY n")
both("dedupe", "{t} | dedupe by ts keep=first sort -n | select n, ts", "SELECT n, ts FROM {t} QUALIFY row_number() OVER (PARTITION BY ts ORDER BY n DESC) = 1 ORDER BY n")

FIGURES = "c = count(), nx = count(y), s = sum(i), m = mean(y), lo = min(i), hi = max(i), sd = sd(y), v = var(y)"
SQL_FIGURES = "count(*) AS c, count(y) AS nx, sum(i)::BIGINT AS s, avg(y) AS m, min(i) AS lo, max(i) AS hi, stddev_samp(y) AS sd, var_samp(y) AS v"
both("agg", "{t} | agg " + FIGURES, f"SELECT {SQL_FIGURES} FROM {{t}}")
both("agg", "{t} | agg " + FIGURES + " by g", f"SELECT g, {SQL_FIGURES} FROM {{t}} GROUP BY g ORDER BY g NULLS LAST")
both("agg", "{t} | agg " + FIGURES + " by k, b", f"SELECT k, b, {SQL_FIGURES} FROM {{t}} GROUP BY k, b ORDER BY k NULLS LAST, b NULLS LAST")
both("agg", "{t} | agg q = quantile(y, 0.9), md = median(y), u = count_distinct(s), sk = skew(y), ku = kurtosis(y) by b",
     "SELECT b, quantile_cont(y, 0.9) AS q, median(y) AS md, count(DISTINCT s) AS u, skewness(y) AS sk, kurtosis(y) AS ku FROM {t} GROUP BY b ORDER BY b NULLS LAST", ["t", "t_none", "t_null"])
both("agg", "{t} | agg a = any(b), e = all(b), f = min(s), h = max(s), d1 = min(d), t1 = max(ts), big1 = min(big), big2 = max(big) by k",
     "SELECT k, bool_or(b) AS a, bool_and(b) AS e, min(s) AS f, max(s) AS h, min(d) AS d1, max(ts) AS t1, min(big) AS big1, max(big) AS big2 FROM {t} GROUP BY k ORDER BY k NULLS LAST")
both("agg", "{t} | agg f = first(y), l = last(y) by g sort n", "SELECT g, first(y ORDER BY n) AS f, last(y ORDER BY n) AS l FROM {t} GROUP BY g ORDER BY g NULLS LAST", ["t_one", "t_none", "t_null"])
both("agg", "{t} | agg n = count() by s", "SELECT s, count(*) AS n FROM {t} GROUP BY s ORDER BY s NULLS LAST")
both("agg", "{t} | agg n = count() by ts", "SELECT ts, count(*) AS n FROM {t} GROUP BY ts ORDER BY ts NULLS LAST")
both("agg", "{t} | agg n = count(), s = sum(y) by x", "SELECT x, count(*) AS n, sum(y) AS s FROM {t} GROUP BY x ORDER BY x NULLS LAST")
both("agg", "{t} | agg n = count() by y2 = floor(y / 5) where b", "SELECT floor(y / 5) AS y2, count(*) AS n FROM {t} WHERE b GROUP BY y2 ORDER BY y2 NULLS LAST")
both("agg", "{t} | agg r = corr(y, i), c = cov(y, i)", "SELECT corr(y, i) AS r, covar_samp(y, i) AS c FROM {t}", ["t", "t_none", "t_null"])
both("count", "{t} | count", 'SELECT count(*) AS "count" FROM {t}')
both("count", "{t} | count by g, b", 'SELECT g, b, count(*) AS "count" FROM {t} GROUP BY g, b ORDER BY g NULLS LAST, b NULLS LAST')
both("count", "{t} | count by d where i > 0", 'SELECT d, count(*) AS "count" FROM {t} WHERE i > 0 GROUP BY d ORDER BY d NULLS LAST')

both("join", "{t} | join u on g | select n, g, v", "SELECT n, t.g, v FROM {t} t JOIN u ON t.g = u.g ORDER BY n, v")
both("join", "{t} | join u on g, k kind=left expect=n:m | select n, g, k, v", "SELECT n, t.g, t.k, v FROM {t} t LEFT JOIN u ON t.g = u.g AND t.k = u.k ORDER BY n, v")
both("join", "{t} | join u on g, k kind=right expect=n:m | select n, g, k, v | sort v, n",
     "SELECT n, u.g, u.k, v FROM {t} t RIGHT JOIN u ON t.g = u.g AND t.k = u.k ORDER BY v, n NULLS LAST")
both("join", "{t} | join u on d kind=full expect=n:m | select n, d, v | sort n, v",
     "SELECT n, coalesce(t.d, u.d) AS d, v FROM {t} t FULL JOIN u ON t.d = u.d ORDER BY n NULLS LAST, v NULLS LAST")
both("join", "{t} | join u on k kind=semi | select n, k", "SELECT n, k FROM {t} t WHERE EXISTS (SELECT 1 FROM u WHERE u.k = t.k) ORDER BY n")
both("join", "{t} | join u on k kind=anti | select n, k", "SELECT n, k FROM {t} t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.k = t.k) ORDER BY n")
both("join", "{t} | take 4 | select n | join u kind=cross expect=n:m | select n, v", "SELECT n, v FROM (FROM {t} ORDER BY n LIMIT 4) t, u ORDER BY n, v")
both("join", "{t} | join u on g == g, d == d | select n, v, y, y_right", "SELECT n, v, t.y, u.y AS y_right FROM {t} t JOIN u ON t.g = u.g AND t.d = u.d ORDER BY n, v")
both("join", "{t} | filter g is not null, i is not null | join u on g, i == v kind=asof | select n, g, i, k_right",
     "SELECT n, t.g, t.i, u.k AS k_right FROM (FROM {t} WHERE g IS NOT NULL AND i IS NOT NULL) t ASOF LEFT JOIN u ON t.g = u.g AND t.i >= u.v ORDER BY n")
both("append", "{t} | select n, i, s | append t_one | select n, i, s", "SELECT n, i, s FROM (SELECT n, i, s, 1 AS o FROM {t} UNION ALL SELECT n, i, s, 2 FROM t_one) ORDER BY o, n")
both("append", "{t} | select n, i | append u | select n, i, v | filter v is null or v < 5", "SELECT n, i, v FROM (SELECT n, i, NULL::BIGINT AS v, 1 AS o FROM {t} UNION ALL SELECT NULL, NULL, v, 2 FROM u) WHERE v IS NULL OR v < 5 ORDER BY o, n, v")

both("pivot", "{t} | pivot sum(i) by k rows=g values=[1, 2, 3]",
     'SELECT g, sum(i) FILTER (k = 1) AS "1", sum(i) FILTER (k = 2) AS "2", sum(i) FILTER (k = 3) AS "3" FROM {t} GROUP BY g ORDER BY g NULLS LAST')
both("pivot", "{t} | pivot n = count() by b rows=[g, k] values=[true, false] fill=0",
     'SELECT g, k, count(*) FILTER (b) AS "true", count(*) FILTER (NOT b) AS "false" FROM {t} GROUP BY g, k ORDER BY g NULLS LAST, k NULLS LAST')
both("pivot", "{t} | pivot mean(y), max(y) by b values=[true]", 'SELECT avg(y) FILTER (b) AS mean_y_true, max(y) FILTER (b) AS max_y_true FROM {t}', ["t"])
both("melt", "{t} | select n, i, k, big | melt -n into what, amount",
     "SELECT n, what, amount FROM (SELECT n, 'i' AS what, i AS amount, 1 AS o FROM {t} UNION ALL SELECT n, 'k', k, 2 FROM {t} UNION ALL SELECT n, 'big', big, 3 FROM {t}) ORDER BY n, o")
both("melt", "{t} | select n, x, y | melt x, y",
     "SELECT n, name, value FROM (SELECT n, 'x' AS name, x AS value, 1 AS o FROM {t} UNION ALL SELECT n, 'y', y, 2 FROM {t}) ORDER BY n, o")

both("fill", "{t} | fill i with 0 | select n, i", "SELECT n, coalesce(i, 0) AS i FROM {t} ORDER BY n")
both("fill", "{t} | fill s with \"none\" | select n, s", "SELECT n, coalesce(s, 'none') AS s FROM {t} ORDER BY n")
both("fill", "{t} | fill y with mean(y) by g | select n, y", "SELECT n, coalesce(y, avg(y) OVER (PARTITION BY g)) AS y FROM {t} ORDER BY n")
both("fill", "{t} | fill d, b with forward sort n | select n, d, b", "SELECT n, last_value(d IGNORE NULLS) OVER w AS d, last_value(b IGNORE NULLS) OVER w AS b FROM {t} WINDOW w AS (ORDER BY n ROWS UNBOUNDED PRECEDING) ORDER BY n")
both("fill", "{t} | fill ts with back by k sort n | select n, ts", "SELECT n, first_value(ts IGNORE NULLS) OVER (PARTITION BY k ORDER BY n ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS ts FROM {t} ORDER BY n")

both("cast", "{t} | cast i, b to text | select n, i, b", "SELECT n, i::VARCHAR AS i, b::VARCHAR AS b FROM {t} ORDER BY n")
both("cast", "{t} | cast y to int strict=false | select n, y", "SELECT n, trunc(y)::BIGINT AS y FROM {t} ORDER BY n")
both("cast", "{t} | cast d to datetime | cast k to bool strict=false | select n, d", "SELECT n, d::TIMESTAMP AS d FROM {t} ORDER BY n")
both("cast", "{t} | cast s to int strict=false | select n, s", "SELECT n, try_cast(s AS BIGINT) AS s FROM {t} ORDER BY n")
both("cast", "{t} | cast ts to date | select n, ts", "SELECT n, ts::DATE AS ts FROM {t} ORDER BY n", ["t_none", "t_null"])
both("cut", "{t} | cut i breaks=[-9, 0, 5, 9] labels=[\"low\", \"mid\", \"high\"] as c | select n, c",
     "SELECT n, CASE WHEN i >= -9 AND i < 0 THEN 'low' WHEN i >= 0 AND i < 5 THEN 'mid' WHEN i >= 5 AND i <= 9 THEN 'high' END AS c FROM {t} ORDER BY n")
both("cut", "{t} | cut y breaks=[0, 8, 12] labels=[\"a\", \"b\"] | select n, cut_y",
     "SELECT n, CASE WHEN y >= 0 AND y < 8 THEN 'a' WHEN y >= 8 AND y <= 12 THEN 'b' END AS cut_y FROM {t} ORDER BY n")
both("rank", "{t} | rank i | select n, rank_i", "SELECT n, CASE WHEN i IS NOT NULL THEN rank() OVER (ORDER BY i NULLS LAST) END AS rank_i FROM {t} ORDER BY n")
both("rank", "{t} | rank -y, n by g as place | select n, place", "SELECT n, CASE WHEN y IS NOT NULL THEN rank() OVER (PARTITION BY g ORDER BY y DESC NULLS LAST, n) END AS place FROM {t} ORDER BY n")
both("rank", "{t} | rank s method=dense | select n, rank_s", "SELECT n, CASE WHEN s IS NOT NULL THEN dense_rank() OVER (ORDER BY s NULLS LAST) END AS rank_s FROM {t} ORDER BY n")
both("dropnull", "{t} | dropnull | select n", f"SELECT n FROM {{t}} WHERE {' AND '.join(c + ' IS NOT NULL' for c in ALL.split(', '))} ORDER BY n")
both("dropnull", "{t} | dropnull s, i | select n, s, i", "SELECT n, s, i FROM {t} WHERE s IS NOT NULL AND i IS NOT NULL ORDER BY n")

both("take", "{t} | take 5 | select n", "SELECT n FROM {t} ORDER BY n LIMIT 5")
both("take", "{t} | take 63..66 | select n, s", "SELECT n, s FROM (SELECT *, row_number() OVER (ORDER BY n) AS p FROM {t}) WHERE p BETWEEN 63 AND 66 ORDER BY n")
both("take", "{t} | sort -y, n | take 2 by g | select n, g", "SELECT n, g FROM {t} QUALIFY row_number() OVER (PARTITION BY g ORDER BY y DESC NULLS LAST, n) <= 2 ORDER BY y DESC NULLS LAST, n")
both("head", "{t} | head 3 | select n", "SELECT n FROM {t} ORDER BY n LIMIT 3")
both("head", "{t} | head 1 by k | select n, k", "SELECT n, k FROM {t} QUALIFY row_number() OVER (PARTITION BY k ORDER BY n) = 1 ORDER BY n")
both("tail", "{t} | tail 3 | select n", "SELECT n FROM (SELECT n FROM {t} ORDER BY n DESC LIMIT 3) ORDER BY n")
both("tail", "{t} | tail 2 by b | select n, b", "SELECT n, b FROM {t} QUALIFY row_number() OVER (PARTITION BY b ORDER BY n DESC) <= 2 ORDER BY n")
both("sample", "{t} | sample 10 seed=5 | distinct n | count", 'SELECT least(10, count(*)) AS "count" FROM {t}')
both("sample", "{t} | sample 50% seed=5 by g | agg c = count() by g", "SELECT g, c FROM (SELECT g, round(count(*) * 0.5)::BIGINT AS c FROM {t} GROUP BY g) WHERE c > 0 ORDER BY g NULLS LAST", ["t", "t_none"])
both("sample", "{t} | sample 20% seed=3 | join t on n kind=anti | count", 'SELECT 0 AS "count"')
both("split", "t_a, t_b = {t} | split 75% seed=2\nt_a | append t_b | sort n | select n", "SELECT n FROM {t} ORDER BY n", ["t"])
both("split", "t_a, t_b = {t} | split 75% seed=2\nt_a | count", 'SELECT round(count(*) * 0.75)::BIGINT AS "count" FROM {t}', ["t"])
both("split", "t_a, t_b = {t} | split 50% seed=2 by b\nt_a | count", 'SELECT round(count(*) * 0.5)::BIGINT AS "count" FROM {t}', ["t"])
both("clean", "{t} | select n, i, y | rename i -> `Total Fare (km)`, y -> `fareAmount` | clean", "SELECT n, i AS total_fare_km, y AS fare_amount FROM {t} ORDER BY n")
both("clean", "{t} | select n, s, b | rename s -> `A`, b -> `a ` | clean", "SELECT n, s AS a, b AS a_2 FROM {t} ORDER BY n")

FENCES = "(SELECT quantile_cont(y, 0.25) AS q1, quantile_cont(y, 0.75) AS q3 FROM {t})"
both("describe", "{t} | describe y, i", """SELECT 'y' AS "column", count(*) - count(y) AS nulls, avg(y) AS mean, stddev_samp(y) AS sd, min(y) AS min, quantile_cont(y, 0.25) AS q25, median(y) AS median, quantile_cont(y, 0.75) AS q75, max(y) AS max FROM {t}
  UNION ALL SELECT 'i', count(*) - count(i), avg(i), stddev_samp(i), min(i), quantile_cont(i, 0.25), median(i), quantile_cont(i, 0.75), max(i) FROM {t}""", ["t", "t_one"], "number")
both("describe", "{t} | describe s where b", "SELECT 's' AS \"column\", count(*) - count(s) AS nulls, count(DISTINCT s) AS \"distinct\" FROM {t} WHERE b", ["t"], "text")
both("missing", "{t} | missing", """SELECT "column", nulls, nulls / (SELECT count(*) FROM {t}) AS share FROM (""" + " UNION ALL ".join(
    f"SELECT '{c}' AS \"column\", count(*) - count({c}) AS nulls, {p} AS p FROM {{t}}" for p, c in enumerate(ALL.split(", ")))
    + ") WHERE nulls > 0 ORDER BY nulls DESC, \"column\"", ["t", "t_null"], "columns")
both("missing", "{t} | missing s, d where k == 1", """SELECT "column", nulls FROM (SELECT 's' AS "column", count(*) - count(s) AS nulls FROM {t} WHERE k = 1 UNION ALL SELECT 'd', count(*) - count(d) FROM {t} WHERE k = 1)
  WHERE nulls > 0 ORDER BY nulls DESC, "column" """, ["t"], "columns")
both("schema", "{t} | schema i, s, d", """SELECT 'i' AS name, 'int' AS type, count(*) - count(i) AS nulls, count(DISTINCT i) AS "distinct" FROM {t} UNION ALL
  SELECT 's', 'text', count(*) - count(s), count(DISTINCT s) FROM {t} UNION ALL SELECT 'd', 'date', count(*) - count(d), count(DISTINCT d) FROM {t}""", ["t", "t_one", "t_none", "t_null"], "columns")
both("schema", "{t} | schema x, b", """SELECT 'x' AS name, 'float' AS type, count(*) - count(x) AS nulls, count(DISTINCT x) AS "distinct" FROM {t} UNION ALL
  SELECT 'b', 'bool', count(*) - count(b), count(DISTINCT b) FROM {t}""", ["t"], "columns")
both("tabulate", "{t} | tabulate g", "SELECT g AS value, count(*) AS count, count(*) / (SELECT count(*) FROM {t}) AS share FROM {t} GROUP BY g ORDER BY count DESC, g NULLS LAST", ["t", "t_null"], "values")
both("tabulate", "{t} | tabulate s where b", "SELECT s AS value, count(*) AS count FROM {t} WHERE b GROUP BY s ORDER BY count DESC, s NULLS LAST", ["t"], "values")
both("tabulate", "{t} | dropnull g, b | tabulate g, b", """SELECT coalesce(g, 'total') AS value, count(*) FILTER (NOT b) AS "false", count(*) FILTER (b) AS "true", count(*) AS total FROM {t} WHERE g IS NOT NULL AND b IS NOT NULL
  GROUP BY ROLLUP (g) ORDER BY grouping(g), g""", ["t"], "table")
PAIRS = "(SELECT i, y FROM {t} WHERE i IS NOT NULL AND y IS NOT NULL)"
RANKED = f"(SELECT rank() OVER (ORDER BY i) + (count(*) OVER (PARTITION BY i) - 1) / 2 AS i, rank() OVER (ORDER BY y) + (count(*) OVER (PARTITION BY y) - 1) / 2 AS y FROM {PAIRS})"
both("correlate", "{t} | correlate i, y", f"SELECT 'i' AS a, 'y' AS b, corr(i, y) AS r, count(*) AS n FROM {PAIRS}", ["t"], "pairs")
both("correlate", "{t} | correlate i, y method=spearman", f"SELECT 'i' AS a, 'y' AS b, corr(i, y) AS r, count(*) AS n FROM {RANKED}", ["t"], "pairs")
both("correlate", "{t} | correlate i, y method=kendall", f"""SELECT 'i' AS a, 'y' AS b,
  sum(sign(p.i - q.i) * sign(p.y - q.y)) / sqrt(count(*) FILTER (p.i <> q.i) * count(*) FILTER (p.y <> q.y)::DOUBLE) AS r,
  (SELECT count(*) FROM {PAIRS}) AS n FROM {PAIRS} p, {PAIRS} q""", ["t"], "pairs")
both("derive", "{t} | derive gap = ts - @2000-01-01T00:00:00 | filter gap > 0s | sort -gap, n | derive us = gap / 1us | select n, us",
     "SELECT n, epoch_us(ts - TIMESTAMP '2000-01-01')::DOUBLE AS us FROM {t} WHERE ts > TIMESTAMP '2000-01-01' ORDER BY ts DESC, n", types=["duration"])
both("agg", "{t} | derive gap = d - @1999-12-31 | agg lo = min(gap) / 1d, hi = max(gap) / 1d by b",
     "SELECT b, (min(d) - DATE '1999-12-31')::DOUBLE AS lo, (max(d) - DATE '1999-12-31')::DOUBLE AS hi FROM {t} GROUP BY b ORDER BY b NULLS LAST", types=["duration"])
both("outliers", "{t} | outliers y | select column..above", """SELECT 'y' AS "column", count(y) AS "values", q1 - 1.5 * (q3 - q1) AS lower, q3 + 1.5 * (q3 - q1) AS upper, count(*) FILTER (y < q1 - 1.5 * (q3 - q1)) AS below, count(*) FILTER (y > q3 + 1.5 * (q3 - q1)) AS above
  FROM {t}, (SELECT quantile_cont(y, 0.25) AS q1, quantile_cont(y, 0.75) AS q3 FROM {t}) GROUP BY q1, q3""", ["t"])
both("outliers", "{t} | outliers y method=zscore k=1 by b | select b..above", """SELECT b, 'y' AS "column", count(y) AS "values", avg(y) - stddev_samp(y) AS lower, avg(y) + stddev_samp(y) AS upper, count(*) FILTER (y < m - sd) AS below, count(*) FILTER (y > m + sd) AS above
  FROM (SELECT *, avg(y) OVER (PARTITION BY b) AS m, stddev_samp(y) OVER (PARTITION BY b) AS sd FROM {t}) GROUP BY b ORDER BY b NULLS LAST""", ["t"])

both("explode", "{t} | explode part = split(s, \"e\") | select n, part",
     "SELECT n, part FROM (SELECT n, unnest(coalesce(string_split(s, 'e'), [NULL])) AS part, "
     "generate_subscripts(coalesce(string_split(s, 'e'), [NULL]), 1) AS place FROM {t}) ORDER BY n, place")
both("explode", "{t} | explode split(g, \"a\") place=place | select n, g, place",
     "SELECT n, g, CASE WHEN known THEN place END AS place FROM (SELECT n, g IS NOT NULL AS known, "
     "unnest(coalesce(string_split(g, 'a'), [NULL])) AS g, generate_subscripts(coalesce(string_split(g, 'a'), [NULL]), 1) AS place FROM {t}) ORDER BY n, place")
both("explode", "{t} | explode w = extract_all(s, /[a-z]/) | agg c = count(), words = string_agg(w, \"\") by n sort n",
     "SELECT n, greatest(len(m), 1)::BIGINT AS c, CASE WHEN len(m) > 0 THEN array_to_string(m, '') END AS words FROM "
     "(SELECT n, CASE WHEN s IS NULL THEN [] ELSE regexp_extract_all(s, '[a-z]') END AS m FROM {t}) ORDER BY n")


def completed(columns, keys, made):
    """The rows with those of `made` that none has, by the keys."""
    added = ", ".join(f"a.{c}" if c in keys else "NULL" for c in columns)
    same = " AND ".join(f"t.{k} = a.{k}" for k in keys)
    order = ", ".join(f"{k} NULLS LAST" for k in keys)
    return (f"SELECT {', '.join(columns)} FROM (SELECT {', '.join(columns)}, 0 AS o FROM {{t}} UNION ALL "
            f"SELECT {added}, 1 FROM ({made}) a WHERE NOT EXISTS (SELECT 1 FROM {{t}} t WHERE {same})) ORDER BY {order}, o, n")


both("densify", "{t} | select n, g, k | densify g, k",
     completed(["n", "g", "k"], ["g", "k"],
               "SELECT * FROM (SELECT DISTINCT g FROM {t} WHERE g IS NOT NULL), (SELECT DISTINCT k FROM {t} WHERE k IS NOT NULL)"))
both("densify", "{t} | select n, i | densify i step=2",
     completed(["n", "i"], ["i"], "SELECT unnest(generate_series(min(i), max(i), 2)) AS i FROM {t}"))
both("densify", "{t} | select n, b, k | densify k step=1 by b",
     completed(["n", "b", "k"], ["b", "k"],
               "SELECT b, unnest(generate_series(min(k), max(k))) AS k FROM {t} WHERE b IS NOT NULL GROUP BY b"))
both("densify", "{t} | select n, g, b, s | densify g, b by s",
     completed(["n", "g", "b", "s"], ["s", "g", "b"],
               "SELECT DISTINCT x.s, x.g, y.b FROM {t} x JOIN {t} y ON x.s = y.s WHERE x.g IS NOT NULL AND y.b IS NOT NULL"))
both("densify", "{t} | select n, d | filter d in @1969-12-31..@2024-02-29 | densify d step=1mo",
     completed(["n", "d"], ["d"], "SELECT d FROM (SELECT (min(d) + to_months(unnest(range(0, 700))::INTEGER))::DATE AS d, max(d) AS last FROM {t}) WHERE d <= last")
     .replace("{t}", "(FROM {t} WHERE d BETWEEN DATE '1969-12-31' AND DATE '2024-02-29')"))
both("densify", "{t} | select n, ts | filter ts in @1970-01-01..@2024-03-01 | densify ts step=1000d",
     completed(["n", "ts"], ["ts"], "SELECT unnest(generate_series(min(ts), max(ts), INTERVAL 1000 DAY)) AS ts FROM {t}")
     .replace("{t}", "(FROM {t} WHERE ts BETWEEN TIMESTAMP '1970-01-01' AND TIMESTAMP '2024-03-01')"))
