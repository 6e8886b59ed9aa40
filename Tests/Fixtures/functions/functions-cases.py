# A line or more a function: both(name, (Kaizen's expression, DuckDB's), …).
both("abs", ("abs(i)", "abs(i)"), ("abs(x)", "abs(x)"))
both("acos", ("acos(p)", "acos(p)"), ("acos(x)", "CASE WHEN abs(x) <= 1 THEN acos(x) END"))
python("acosh", "acosh(x)", math.acosh, "x")
python("acosh", "acosh(i)", math.acosh, "i")
both("asin", ("asin(p)", "asin(p)"), ("asin(x)", "CASE WHEN abs(x) <= 1 THEN asin(x) END"))
both("asinh", ("asinh(x)", "asinh(x)"), ("asinh(i)", "asinh(i)"))
both("atan", ("atan(x)", "atan(x)"), ("atan(i)", "atan(i)"))
both("atan2", ("atan2(x, y)", "atan2(x, y)"), ("atan2(i, j)", "atan2(i, j)"))
python("atanh", "atanh(p)", math.atanh, "p")
python("atanh", "atanh(y)", lambda y: math.copysign(math.inf, y) if abs(y) == 1 else math.atanh(y), "y")
both("bit_and", ("bit_and(i, j)", "i & j"), ("bit_and(i, -1)", "i & -1"))
both("bit_count", ("bit_count(i)", "bit_count(i)"), ("bit_count(j)", "bit_count(j)"))
both("bit_not", ("bit_not(i)", "~i"), ("bit_not(j)", "~j"))
both("bit_or", ("bit_or(i, j)", "i | j"), ("bit_or(i, 8)", "i | 8"))
both("bit_xor", ("bit_xor(i, j)", "xor(i, j)"), ("bit_xor(i, 255)", "xor(i, 255)"))
both("cbrt", ("cbrt(x)", "cbrt(x)"), ("cbrt(i)", "cbrt(i)"))
both("ceil", ("ceil(x)", "ceil(x)"), ("ceil(y)", "ceil(y)"))
python("choose", "choose(10, j)", lambda j: math.comb(10, j), "j")
python("choose", "choose(j, 2)", lambda j: math.comb(j, 2), "j")
both("clamp", ("clamp(i, -5, 50)", "CASE WHEN i IS NOT NULL THEN greatest(-5, least(50, i)) END"),
     ("clamp(x, -1.5, 2)", "CASE WHEN x IS NOT NULL THEN greatest(-1.5::DOUBLE, least(2::DOUBLE, x)) END"),
     ("clamp(d, @1990-01-01, @2020-01-01)",
      "CASE WHEN d IS NOT NULL THEN greatest(DATE '1990-01-01', least(DATE '2020-01-01', d)) END"))
both("cos", ("cos(y)", "cos(y)"), ("cos(i)", "cos(i)"))
both("cosh", ("cosh(y)", "cosh(y)"), ("cosh(j)", "cosh(j)"))
both("degrees", ("degrees(x)", "degrees(x)"), ("degrees(i)", "degrees(i)"))
python("erf", "erf(x)", math.erf, "x")
python("erf", "erf(i)", math.erf, "i")
both("exp", ("exp(y)", "exp(y)"), ("exp(j)", "exp(j)"))
python("expm1", "expm1(y)", math.expm1, "y")
python("expm1", "expm1(j)", math.expm1, "j")
both("factorial", ("factorial(j)", "factorial(j::INTEGER)"), ("factorial(j % 4)", "factorial((j % 4)::INTEGER)"))
both("floor", ("floor(x)", "floor(x)"), ("floor(y)", "floor(y)"))
both("gamma", ("gamma(abs(y) + 0.5)", "gamma(abs(y) + 0.5)"), ("gamma(j + 1)", "gamma(j + 1)"))
both("gcd", ("gcd(i, j)", "abs(gcd(i, j))"), ("gcd(i, 12)", "abs(gcd(i, 12))"))
both("greatest", ("greatest(i, j)", "greatest(i, j)"), ("greatest(x, y, 1)", "greatest(x, y, 1)"),
     ("greatest(d, e)", "greatest(d, e)"), ("greatest(s, t)", "greatest(s, t)"))
python("hypot", "hypot(x, y)", math.hypot, "x", "y")
python("hypot", "hypot(i, j)", math.hypot, "i", "j")
both("is_finite", ("is_finite(x)", "isfinite(x)"),
     ("is_finite(log(j))", "j IS NOT NULL AND j > 0 OR CASE WHEN j IS NULL THEN NULL ELSE FALSE END"))
both("lcm", ("lcm(i, j)", "abs(lcm(i, j))"), ("lcm(j, 6)", "abs(lcm(j, 6))"))
both("least", ("least(i, j)", "least(i, j)"), ("least(x, y, 1)", "least(x, y, 1)"),
     ("least(d, e)", "least(d, e)"), ("least(s, t)", "least(s, t)"))
both("lgamma", ("lgamma(abs(y) + 0.5)", "lgamma(abs(y) + 0.5)"), ("lgamma(j + 1)", "lgamma(j + 1)"))
both("log", ("log(x)", "CASE WHEN x > 0 THEN ln(x) WHEN x = 0 THEN '-inf'::DOUBLE END"),
     ("log(y, 3)", "CASE WHEN y > 0 THEN ln(y) / ln(3) END"),
     ("log(j, 2)", "CASE WHEN j > 0 THEN log2(j) WHEN j = 0 THEN '-inf'::DOUBLE END"))
both("log10", ("log10(x)", "CASE WHEN x > 0 THEN log10(x) WHEN x = 0 THEN '-inf'::DOUBLE END"),
     ("log10(y)", "CASE WHEN y > 0 THEN log10(y) END"))
python("log1p", "log1p(x)", math.log1p, "x")
python("log1p", "log1p(j)", math.log1p, "j")
both("log2", ("log2(x)", "CASE WHEN x > 0 THEN log2(x) WHEN x = 0 THEN '-inf'::DOUBLE END"),
     ("log2(y)", "CASE WHEN y > 0 THEN log2(y) END"))
both("mod", ("mod(i, j)", "CASE WHEN j != 0 THEN ((i % j) + j) % j END"),
     ("mod(i, -7)", "((i % -7) - 7) % -7"))
python("mod", "mod(x, 3)", lambda x: x % 3, "x")
both("pi", ("pi()", "pi()"), ("pi() * x", "pi() * x"))
both("pow", ("pow(y, 2)", "pow(y, 2)"), ("pow(abs(y), 0.5)", "pow(abs(y), 0.5)"))
both("radians", ("radians(x)", "radians(x)"), ("radians(i)", "radians(i)"))
both("round", ("round(x)", "round(x)"), ("round(y, 1)", "round(y, 1)"), ("round(i, -2)", "round(i, -2)"))
both("round_even", ("round_even(x)", "round_even(x, 0)"), ("round_even(y)", "round_even(y, 0)"))
both("row_mean", ("row_mean(x, y)", "list_avg([x, y])"), ("row_mean(i, j, p)", "list_avg([i, j, p])"))
both("row_sum", ("row_sum(x, y)", "list_sum([x, y])"), ("row_sum(i, j, p)", "list_sum([i, j, p])"))
both("shift_left", ("shift_left(j, 3)", "j << 3"), ("shift_left(abs(i), j)", "abs(i) << j"))
both("shift_right", ("shift_right(abs(i), 2)", "abs(i) >> 2"), ("shift_right(abs(i), j)", "abs(i) >> j"))
both("sign", ("sign(i)", "sign(i)"), ("sign(x)", "sign(x)"))
from decimal import Decimal, Context, ROUND_HALF_UP
signif = lambda digits: lambda x: float(Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal(repr(x)))
python("signif", "signif(x, 3)", signif(3), "x")
python("signif", "signif(y, 2)", signif(2), "y")
both("sin", ("sin(y)", "sin(y)"), ("sin(i)", "sin(i)"))
both("sinh", ("sinh(y)", "sinh(y)"), ("sinh(j)", "sinh(j)"))
both("sqrt", ("sqrt(x)", "CASE WHEN x >= 0 THEN sqrt(x) END"), ("sqrt(i)", "CASE WHEN i >= 0 THEN sqrt(i) END"))
both("tan", ("tan(y)", "tan(y)"), ("tan(i)", "tan(i)"))
both("tanh", ("tanh(x)", "tanh(x)"), ("tanh(i)", "tanh(i)"))
both("trunc", ("trunc(x)", "trunc(x)"), ("trunc(y)", "trunc(y)"))

# Text.
both("byte_length", ("byte_length(s)", "strlen(s)"), ("byte_length(t)", "strlen(t)"))
both("capitalize", ("capitalize(t)", "upper(t[1]) || t[2:]"), ("capitalize(lower(s))", "upper(lower(s)[1]) || lower(s)[2:]"))
both("char", ("char(64 + j)", "chr((64 + j)::INTEGER)"), ("char(i)", "CASE WHEN i BETWEEN 0 AND 99999 THEN chr(i::INTEGER) END"))
both("code_point", ("code_point(s)", "CASE WHEN s != '' THEN unicode(s) END"), ("code_point(t)", "CASE WHEN t != '' THEN unicode(t) END"))
both("concat", ("concat(s, t)", "concat(s, t)"), ("concat(i, \"/\", s)", "concat(i, '/', s)"))
both("contains", ("contains(s, t)", "CASE WHEN t = '' THEN s IS NOT NULL OR NULL ELSE contains(s, t) END"),
     ("contains(s, \"a\")", "contains(s, 'a')"), ("contains(s, /[aeiou]b?/)", "regexp_matches(s, '[aeiou]b?')"))
both("count_matches", ("count_matches(s, \"a\")", "(length(s) - length(replace(s, 'a', '')))"),
     ("count_matches(s, /[a-z]/)", "len(regexp_extract_all(s, '[a-z]'))"))
# DuckDB counts bytes in these: plain ASCII compares.
PLAIN = "if byte_length(s) == length(s) and byte_length(t) == length(t) then {} else null"
PLAIN_SQL = "CASE WHEN strlen(s) = length(s) AND strlen(t) = length(t) THEN {} END"
for fn, sql in [("damerau_levenshtein", "damerau_levenshtein"), ("jaro", "jaro_similarity"), ("jaro_winkler", "jaro_winkler_similarity")]:
    empty = "CASE WHEN s = '' AND t = '' THEN 1 ELSE {} END" if fn != "damerau_levenshtein" else "{}"
    both(fn, (PLAIN.format(f"{fn}(s, t)"), PLAIN_SQL.format(empty.format(f"{sql}(s, t)"))),
         (PLAIN.format(f"{fn}(s, \"abcd\")"), PLAIN_SQL.format(f"{sql}(s, 'abcd')")))
both("ends", ("ends(s, t)", "ends_with(s, t)"), ("ends(s, \"e\")", "ends_with(s, 'e')"))
both("extract", ("extract(s, /([a-z])([a-z]*)/)", "CASE WHEN regexp_matches(s, '[a-z]') THEN regexp_extract(s, '([a-z])([a-z]*)', 1) END"),
     ("extract(s, /[0-9]+/)", "CASE WHEN regexp_matches(s, '[0-9]') THEN regexp_extract(s, '[0-9]+') END"))
both("find", ("find(s, t)", "CASE WHEN t = '' THEN s IS NOT NULL OR NULL ELSE strpos(s, t) END::BIGINT"),
     ("find(s, \"a\")", "strpos(s, 'a')"))
both("format_number", ("format_number(i)", "format('{:,}', i)"), ("format_number(round(y, 1), 2)", "format('{:,.2f}', round(y, 1))"))
both("length", ("length(s)", "length(s)"), ("length(t)", "length(t)"))
both("lower", ("lower(s)", "lower(s)"), ("lower(t)", "lower(t)"))
both("ltrim", ("ltrim(t)", "ltrim(t)"), ("ltrim(s, \"aAx \")", "ltrim(s, 'aAx ')"))
both("matches", ("matches(s, /^[A-Z]/)", "regexp_matches(s, '^[A-Z]')"), ("matches(s, /B/i)", "regexp_matches(s, 'b', 'i')"))
both("md5", ("md5(s)", "md5(s)"), ("md5(t)", "md5(t)"))
both("normalize", ("normalize(s)", "nfc_normalize(s)"), ("normalize(t)", "nfc_normalize(t)"))
both("pad_left", ("pad_left(t, 3, \"*\")", "CASE WHEN length(t) < 3 THEN lpad(t, 3, '*') ELSE t END"),
     ("pad_left(s, 6, \"ab\")", "CASE WHEN length(s) < 6 THEN lpad(s, 6, 'ab') ELSE s END"))
both("pad_right", ("pad_right(t, 3, \"*\")", "CASE WHEN length(t) < 3 THEN rpad(t, 3, '*') ELSE t END"),
     ("pad_right(s, 6, \"ab\")", "CASE WHEN length(s) < 6 THEN rpad(s, 6, 'ab') ELSE s END"))
both("repeat", ("repeat(t, j)", "repeat(t, j)"), ("repeat(s, 2)", "repeat(s, 2)"))
both("replace", ("replace(s, \"a\", \"*\")", "replace(s, 'a', '*')"), ("replace(s, t, \"#\")", "CASE WHEN t = '' THEN s ELSE replace(s, t, '#') END"),
     ("replace(s, /[aeiou]/, \"-\")", "regexp_replace(s, '[aeiou]', '-', 'g')"),
     ("replace(s, /([a-z])([a-z])/, \"$2$1\")", "regexp_replace(s, '([a-z])([a-z])', '\\2\\1', 'g')"))
both("reverse", ("reverse(s)", "reverse(s)"), ("reverse(t)", "reverse(t)"))
both("rtrim", ("rtrim(s, \" \")", "rtrim(s)"), ("rtrim(s, \"aez \")", "rtrim(s, 'aez ')"))
both("sha256", ("sha256(s)", "sha256(s)"), ("sha256(t)", "sha256(t)"))
both("slice", ("slice(s, 2, 4)", "s[2:4]"), ("slice(s, -3)", "s[-3:]"), ("slice(s, j + 1, j + 2)", "CASE WHEN j IS NOT NULL THEN s[(j + 1):(j + 2)] END"))
both("split_part", ("split_part(s, \"-\", 2)", "CASE WHEN contains(s, '-') THEN split_part(s, '-', 2) END"),
     ("split_part(s, \" \", -1)", "split_part(s, ' ', -1)"))
both("squish", ("squish(s)", "trim(regexp_replace(s, '\\s+', ' ', 'g'))"), ("squish(concat(s, \"  \", t))", "trim(regexp_replace(concat(s, '  ', t), '\\s+', ' ', 'g'))"))
both("starts", ("starts(s, t)", "starts_with(s, t)"), ("starts(s, \"a\")", "starts_with(s, 'a')"))
both("strip_accents", ("strip_accents(s)", "strip_accents(s)"), ("strip_accents(t)", "strip_accents(t)"))
python("title", "title(t)", str.title, "t")
python("title", "title(replace(s, \"'\", \"\"))", lambda s: s.replace("'", "").title(), "s")
both("translate", ("translate(s, \"abc\", \"xyz\")", "translate(s, 'abc', 'xyz')"), ("translate(s, \"aeiou\", \"1\")", "translate(s, 'aeiou', '1')"))
both("trim", ("trim(s, \" \")", "trim(s)"), ("trim(s, \"a z\")", "trim(s, 'a z')"))
both("upper", ("upper(t)", "upper(t)"), ("upper(num)", "upper(num)"))


def edits(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a):
        last, row = row, [i + 1]
        for j, y in enumerate(b):
            row.append(min(last[j] + (x != y), last[j + 1] + 1, row[j] + 1))
    return row[-1]


python("levenshtein", "levenshtein(s, t)", edits, "s", "t")
python("levenshtein", "levenshtein(t, \"abc\")", lambda t: edits(t, "abc"), "t")
python("similarity", "similarity(s, t)", lambda a, b: 1 - edits(a, b) / max(len(a), len(b), 1), "s", "t")
python("similarity", "similarity(t, \"abc\")", lambda t: 1 - edits(t, "abc") / max(len(t), 3), "t")
python("hamming", "hamming(s, t)", lambda a, b: sum(x != y for x, y in zip(a, b)) if len(a) == len(b) else None, "s", "t")
python("hamming", "hamming(t, \"abc\")", lambda t: sum(x != y for x, y in zip(t, "abc")) if len(t) == 3 else None, "t")
import hashlib
first64 = lambda s: int.from_bytes(hashlib.sha256(s.encode()).digest()[:8], "big", signed=True)
python("hash", "hash(s)", first64, "s")
python("hash", "hash(t)", first64, "t")

# Time.
for fn, sql in [("day", "day"), ("day_of_year", "dayofyear"), ("decade", None), ("hour", "hour"), ("iso_week", "week"), ("iso_year", "isoyear"),
                ("minute", "minute"), ("month", "month"), ("quarter", "quarter"), ("second", "second"), ("weekday", "isodow"), ("year", "year")]:
    if fn == "decade":
        both(fn, ("decade(d)", "decade(d) * 10"), ("decade(ts)", "decade(ts) * 10"))
    else:
        stage = lambda c: f"{fn}({c})"
        both(fn, (stage("ts"), f"{sql}(ts)"), (stage("d"), f"{sql}(d::TIMESTAMP)"))
both("microsecond", ("microsecond(ts)", "microsecond(ts) % 1000000"), ("microsecond(d)", "microsecond(d::TIMESTAMP) % 1000000"))
both("day_name", ("day_name(d)", "dayname(d)"), ("day_name(ts)", "dayname(ts)"))
both("month_name", ("month_name(d)", "monthname(d)"), ("month_name(ts)", "monthname(ts)"))
both("days_in_month", ("days_in_month(e)", "day(last_day(e))"), ("days_in_month(ts)", "day(last_day(ts))"))
both("is_leap_year", ("is_leap_year(d)", "day(last_day(make_date(year(d), 2, 1))) = 29"), ("is_leap_year(ts)", "day(last_day(make_date(year(ts), 2, 1))) = 29"))
both("is_weekend", ("is_weekend(d)", "isodow(d) >= 6"), ("is_weekend(ts)", "isodow(ts) >= 6"))
both("add_months", ("add_months(e, j)", "(e + to_months(j::INTEGER))::DATE"), ("add_months(e, -13)", "(e - INTERVAL 13 MONTH)::DATE"))
both("age", ("age(d, e)", "date_sub('year', d, e)"), ("age(@1980-06-15, e)", "date_sub('year', DATE '1980-06-15', e)"))
both("elapsed", ("elapsed(\"day\", d, e)", "date_sub('day', d, e)"), ("elapsed(\"week\", d, e)", "date_sub('week', d, e)"),
     ("elapsed(\"hour\", ts, datetime(e))", "date_sub('hour', ts, e::TIMESTAMP)"), ("elapsed(\"year\", d, e)", "date_sub('year', d, e)"))
both("date_diff", ("date_diff(\"month\", d, e)", "date_diff('month', d, e)"), ("date_diff(\"day\", d, e)", "date_diff('day', d, e)"),
     ("date_diff(\"year\", d, e)", "date_diff('year', d, e)"), ("date_diff(\"quarter\", d, e)", "date_diff('quarter', d, e)"))
both("date_add", ("date_add(e, 1mo)", "(e + INTERVAL 1 MONTH)::DATE"), ("date_add(e, 3d)", "(e + INTERVAL 3 DAY)::DATE"),
     ("date_add(datetime(e), 90min)", "e::TIMESTAMP + INTERVAL 90 MINUTE"))
both("bin", ("bin(d, 1mo)", "date_trunc('month', d)::DATE"), ("bin(d, 1w)", "date_trunc('week', d)::DATE"),
     ("bin(ts, 1h)", "date_trunc('hour', ts)"), ("bin(i, 10)", "floor(i / 10)::BIGINT * 10"), ("bin(ts, 15min)", "time_bucket(INTERVAL 15 MINUTE, ts)"))
both("start_of", ("start_of(d, \"month\")", "date_trunc('month', d)::DATE"), ("start_of(ts, \"week\")", "date_trunc('week', ts)::DATE"),
     ("start_of(d, \"quarter\")", "date_trunc('quarter', d)::DATE"), ("start_of(d, \"year\")", "date_trunc('year', d)::DATE"))
both("end_of", ("end_of(e, \"month\")", "last_day(e)"), ("end_of(e, \"year\")", "make_date(year(e), 12, 31)"), ("end_of(e, \"week\")", "(date_trunc('week', e) + INTERVAL 6 DAY)::DATE"))
both("epoch", ("epoch(ts)", "epoch(ts)"), ("epoch(d)", "epoch(d::TIMESTAMP)"))
both("from_epoch", ("from_epoch(i)", "make_timestamp(i * 1000000)"), ("from_epoch(n * 86400)", "make_timestamp(n * 86400000000)"))
both("format_date", ("format_date(d, \"%d.%m.%y %j\")", "strftime(d, '%d.%m.%y %j')"), ("format_date(ts, \"%Y-%m-%d %H:%M:%S %a %B\")", "lpad(year(ts)::VARCHAR, 4, '0') || strftime(ts, '-%m-%d %H:%M:%S %a %B')"))
both("parse_date", ("parse_date(format_date(e, \"%d/%m/%Y\"), \"%d/%m/%Y\")", "strptime(strftime(e, '%d/%m/%Y'), '%d/%m/%Y')::DATE"),
     ("parse_date(num, \"%Y\")", "NULL::DATE"))
both("make_date", ("make_date(2024, j, i)", "CASE WHEN j BETWEEN 1 AND 12 AND i BETWEEN 1 AND day(last_day(make_date(2024, j, 1))) THEN make_date(2024, j, i) END"),
     ("make_date(year(e), month(e), 28)", "make_date(year(e), month(e), 28)"))
both("make_datetime", ("make_datetime(2024, 2, n, 23, 59)", "make_timestamp(2024, 2, n, 23, 59, 0)"), ("make_datetime(2020, 1, n, 0, j, 1.5)", "make_timestamp(2020, 1, n, 0, j, 1.5)"))
both("time_of_day", ("seconds(time_of_day(ts))", "epoch(ts - date_trunc('day', ts))"), ("hours(time_of_day(ts)) >= 12", "hour(ts) >= 12"))
for fn, size in [("days", 86400), ("hours", 3600), ("milliseconds", 0.001), ("minutes", 60), ("seconds", 1), ("weeks", 604800)]:
    both(fn, (f"{fn}(e - d)", f"(e - d) * 86400 / {size}::DOUBLE"), (f"{fn}(1w * n)", f"n * 604800 / {size}::DOUBLE"))

# Choices, nulls and types.
both("between", ("between(i, 0, 100)", "i BETWEEN 0 AND 100"), ("between(d, e, @2024-12-31)", "d BETWEEN e AND DATE '2024-12-31'"), ("between(x, y, null)", "x BETWEEN y AND NULL"))
both("bool", ("bool(i)", "i != 0"), ("bool(if b then \"yes\" else \"no\")", "coalesce(b, FALSE)"))
both("coalesce", ("coalesce(i, j, -1)", "coalesce(i, j, -1)"), ("coalesce(s, t)", "coalesce(s, t)"), ("coalesce(d, e)", "coalesce(d, e)"))
both("cut", ("cut(p, [0, 0.25, 0.5, 1])", "CASE WHEN p < 0.25 THEN '[0, 0.25)' WHEN p < 0.5 THEN '[0.25, 0.5)' WHEN p <= 1 THEN '[0.5, 1]' END"),
     ("cut(i, [0, 10, 100], [\"a\", \"b\"])", "CASE WHEN i >= 0 AND i < 10 THEN 'a' WHEN i >= 10 AND i <= 100 THEN 'b' END"))
both("if_null", ("if_null(x, 0)", "ifnull(x, 0)"), ("if_null(s, \"?\")", "ifnull(s, '?')"))
both("iif", ("iif(b, i, j)", "if(b, i, j)"), ("iif(x > y, s, t)", "if(x > y, s, t)"))
both("null_count", ("null_count(i, x, s)", "(i IS NULL)::BIGINT + (x IS NULL)::BIGINT + (s IS NULL)::BIGINT"), ("null_count(d)", "(d IS NULL)::BIGINT"))
both("null_if", ("null_if(i, 1)", "nullif(i, 1)"), ("null_if(s, t)", "nullif(s, t)"), ("null_if(x, 0.5)", "nullif(x, 0.5)"))
both("recode", ("recode(k, {u: \"up\"})", "CASE k WHEN 'u' THEN 'up' ELSE k END"), ("recode(k, {u: 1, v: 2}, 0)", "CASE k WHEN 'u' THEN 1 WHEN 'v' THEN 2 ELSE 0 END"))
both("date", ("date(ts)", "ts::DATE"), ("date(text(e))", "e"), ("date(num)", "NULL::DATE"))
both("datetime", ("datetime(e)", "e::TIMESTAMP"), ("datetime(text(e))", "e::TIMESTAMP"))
both("duration", ("minutes(duration(concat(text(j), \":30\")))", "CASE WHEN j IS NOT NULL THEN j * 60.0 + 30 END"), ("hours(duration(concat(text(n), \"d 2h\")))", "n * 24.0 + 2"))
both("float", ("float(num)", "try_cast(num AS DOUBLE)"), ("float(i)", "i::DOUBLE"), ("float(b)", "b::INTEGER::DOUBLE"))
both("int", ("int(x)", "CASE WHEN abs(x) < 1e18 THEN trunc(x)::BIGINT END"), ("int(b)", "b::BIGINT"), ("int(num)", "CASE WHEN regexp_full_match(num, '-?[0-9]+') THEN num::BIGINT END"))
both("parse_number", ("parse_number(concat(\"$\", format_number(i), \".25\"))", "CASE WHEN i IS NOT NULL THEN CASE WHEN i < 0 THEN i - 0.25 ELSE i + 0.25 END ELSE 0.25 END::DOUBLE"),
     ("parse_number(concat(\"about \", text(j), \" kg\"))", "j::DOUBLE"))
both("text", ("text(i)", "i::VARCHAR"), ("text(b)", "b::VARCHAR"), ("text(e)", "e::VARCHAR"))

# Aggregates, spread over all rows.
OVER = "over ()"
for fn, sql in [("mean", "avg"), ("max", "max"), ("median", "median"), ("min", "min"), ("sd", "stddev_samp"), ("var", "var_samp")]:
    both(fn, (f"{fn}(y)", f"{sql}(y) {OVER}"), (f"{fn}(i)", f"{sql}(i) {OVER}"))
both("skew", ("skew(y)", "(SELECT skewness(y) FROM t)"), ("skew(i)", "(SELECT skewness(i) FROM t)"))
both("kurtosis", ("kurtosis(y)", "(SELECT kurtosis(y) FROM t)"), ("kurtosis(p)", "(SELECT kurtosis(p) FROM t)"))
both("all", ("all(n > 0)", "(SELECT bool_and(n > 0) FROM t)"), ("all(b)", "(SELECT bool_and(b) FROM t)"))
both("any", ("any(n > 24)", "(SELECT bool_or(n > 24) FROM t)"), ("any(b)", "(SELECT bool_or(b) FROM t)"))
both("corr", ("corr(n, p)", "(SELECT corr(n, p) FROM t)"), ("corr(y, p)", "(SELECT corr(y, p) FROM t)"))
both("cov", ("cov(n, p)", "(SELECT covar_samp(n, p) FROM t)"), ("cov(y, p)", "(SELECT covar_samp(y, p) FROM t)"))
both("weighted_mean", ("weighted_mean(y, n)", "(SELECT sum(y * n) / sum(n) FROM t WHERE y IS NOT NULL)"),
     ("weighted_mean(p, j)", "(SELECT sum(p * j) / sum(j) FROM t WHERE p IS NOT NULL AND j IS NOT NULL)"))
both("count", ("count()", "count(*) over ()"), ("count(i)", "count(i) over ()"))
both("count_distinct", ("count_distinct(k)", "(SELECT count(DISTINCT k) FROM t)"), ("count_distinct(j)", "(SELECT count(DISTINCT j) FROM t)"))
both("distinct", ("distinct(k)", "(SELECT count(DISTINCT k) FROM t)"), ("distinct(b)", "(SELECT count(DISTINCT b) FROM t)"))
both("first", ("first(i) sort n", "(SELECT first(i ORDER BY n) FILTER (i IS NOT NULL) FROM t)"), ("first(s) sort -n", "(SELECT first(s ORDER BY n DESC) FILTER (s IS NOT NULL) FROM t)"))
both("last", ("last(i) sort n", "(SELECT last(i ORDER BY n) FILTER (i IS NOT NULL) FROM t)"), ("last(s) sort -n", "(SELECT last(s ORDER BY n DESC) FILTER (s IS NOT NULL) FROM t)"))
both("mode", ("mode(k)", "(SELECT k FROM t WHERE k IS NOT NULL GROUP BY k ORDER BY count(*) DESC, k LIMIT 1)"), ("mode(j)", "(SELECT j FROM t WHERE j IS NOT NULL GROUP BY j ORDER BY count(*) DESC, j LIMIT 1)"))
both("null_rate", ("null_rate(i)", "(SELECT avg((i IS NULL)::INTEGER) FROM t)"), ("null_rate(n)", "0.0::DOUBLE"))
both("quantile", ("quantile(y, 0.25)", "quantile_cont(y, 0.25) over ()"), ("quantile(i, 0.95)", "quantile_cont(i, 0.95) over ()"))
both("sum", ("sum(i)", "(sum(i) over ())::BIGINT"), ("sum(y)", "fsum(y) over ()"), ("sum(b)", "(SELECT count(*) FROM t WHERE b)"))
both("unique", ("unique(n)", "TRUE"), ("unique(k)", "FALSE"))

# Windows.
both("cumcount", ("cumcount(i) sort n", "count(i) over (order by n)"), ("cumcount(s) sort -n", "count(s) over (order by n desc)"))
both("cumsum", ("cumsum(j) sort n", "coalesce(sum(j) over (order by n), 0)::BIGINT"), ("cumsum(p) sort n", "sum(p) over (order by n)"))
both("dense_rank", ("dense_rank(j)", "CASE WHEN j IS NOT NULL THEN dense_rank() over (order by j nulls last) END"), ("dense_rank(k)", "CASE WHEN k IS NOT NULL THEN dense_rank() over (order by k nulls last) END"))
both("rank", ("rank(j)", "CASE WHEN j IS NOT NULL THEN rank() over (order by j nulls last) END"), ("rank(k)", "CASE WHEN k IS NOT NULL THEN rank() over (order by k nulls last) END"))
both("lag", ("lag(i) sort n", "lag(i) over (order by n)"), ("lag(s, 3) sort n", "lag(s, 3) over (order by n)"))
both("lead", ("lead(i) sort n", "lead(i) over (order by n)"), ("lead(d, 2) sort n", "lead(d, 2) over (order by n)"))
both("row_number", ("row_number() sort n", "row_number() over (order by n)"), ("row_number() by k sort n", "row_number() over (partition by k order by n)"))
both("share", ("share(j)", "j / sum(j) over ()"), ("share(p) by k", "p / sum(p) over (partition by k)"))
both("zscore", ("zscore(y)", "(y - avg(y) over ()) / stddev_samp(y) over ()"), ("zscore(p) by k", "(p - avg(p) over (partition by k)) / stddev_samp(p) over (partition by k)"))

# Windows of one argument; their own table in Tests/Fixtures/windows has groups and orders.
both("cummean", ("cummean(j) sort n", "avg(j) over (order by n)"),
     ("cummean(y) by k sort -n", "avg(y) over (partition by k order by n desc)"))
both("cummin", ("cummin(j) sort n", "min(j) over (order by n)"),
     ("cummin(d) by k sort n", "min(d) over (partition by k order by n)"))
both("cumprod", ("cumprod(p) sort n", "product(p) over (order by n)"),
     ("cumprod(p) by k sort -n", "product(p) over (partition by k order by n desc)"))
both("fill_back", ("fill_back(i) sort n", "last_value(i IGNORE NULLS) over (order by n desc)"),
     ("fill_back(s) by k sort n", "last_value(s IGNORE NULLS) over (partition by k order by n desc)"))
both("pct_change", ("pct_change(n) sort n", "(n - lag(n) over (order by n)) / lag(n) over (order by n)"),
     ("pct_change(p, 2) by k sort n",
      "(p - lag(p, 2) over (partition by k order by n)) / lag(p, 2) over (partition by k order by n)"))
both("is_outlier",
     ("is_outlier(y)", "y < quantile_cont(y, 0.25) over () - 1.5 * (quantile_cont(y, 0.75) over () - quantile_cont(y, 0.25) over ()) "
      "OR y > quantile_cont(y, 0.75) over () + 1.5 * (quantile_cont(y, 0.75) over () - quantile_cont(y, 0.25) over ())"),
     ("is_outlier(i, 3) by k", "i < quantile_cont(i, 0.25) over (partition by k) - 3 * (quantile_cont(i, 0.75) over (partition by k) - quantile_cont(i, 0.25) over (partition by k)) "
      "OR i > quantile_cont(i, 0.75) over (partition by k) + 3 * (quantile_cont(i, 0.75) over (partition by k) - quantile_cont(i, 0.25) over (partition by k))"))

# Statistics.
fifth = "CASE WHEN {0} IS NOT NULL THEN 1 + (CASE WHEN {0} >= quantile_cont({0}, 1/3) over () THEN 1 ELSE 0 END) + (CASE WHEN {0} >= quantile_cont({0}, 2/3) over () THEN 1 ELSE 0 END) END"
both("qcut", ("qcut(n, 2, [\"low\", \"high\"])", "CASE WHEN n < quantile_cont(n, 0.5) over () THEN 'low' ELSE 'high' END"),
     ("qcut(p, 3, [\"1\", \"2\", \"3\"])", f"({fifth.format('p')})::VARCHAR"))
both("center", ("center(y)", "y - avg(y) over ()"), ("center(j) by k", "j - avg(j) over (partition by k)"))
both("logistic", ("logistic(y)", "1 / (1 + exp(-y))"), ("logistic(j)", "1 / (1 + exp(-j))"))
both("logit", ("logit(p)", "ln(p / (1 - p))"), ("logit(y / 20)", "CASE WHEN y > 0 THEN ln((y / 20) / (1 - y / 20)) END"))
both("minmax", ("minmax(y)", "(y - min(y) over ()) / (max(y) over () - min(y) over ())"),
     ("minmax(j, -1, 1) by k", "(j - min(j) over (partition by k)) / (max(j) over (partition by k) - min(j) over (partition by k)) * 2 - 1"))
normal = statistics.NormalDist()
python("normal_cdf", "normal_cdf(y)", lambda z: 0.5 * math.erfc(-z / math.sqrt(2)), "y")
python("normal_cdf", "normal_cdf(-j)", lambda z: 0.5 * math.erfc(z / math.sqrt(2)), "j")
python("normal_pdf", "normal_pdf(y)", normal.pdf, "y")
python("normal_pdf", "normal_pdf(j)", normal.pdf, "j")
python("normal_quantile", "normal_quantile(p)", normal.inv_cdf, "p")
python("normal_quantile", "normal_quantile(p / 2)", lambda p: normal.inv_cdf(p / 2), "p")
both("winsorize", ("winsorize(y, 10%)", "CASE WHEN y IS NOT NULL THEN greatest(quantile_cont(y, 0.1) over (), least(quantile_cont(y, 0.9) over (), y)) END"),
     ("winsorize(j)", "CASE WHEN j IS NOT NULL THEN greatest(quantile_cont(j, 0.05) over (), least(quantile_cont(j, 0.95) over (), j)) END"))

# Lists: parts of texts, inside an expression.
both("split", ("split(s, \" \")[1]", "string_split(s, ' ')[1]"),
     ("split(s, \"-\")[-1]", "string_split(s, '-')[-1]"),
     ("split(s, \"a\")[n]", "string_split(s, 'a')[n]"),
     ("split(s, /[ -]/)[2]", "string_split_regex(s, '[ -]')[2]"),
     ("t in split(s, \" \")", "list_contains(string_split(s, ' '), t)"),
     ("length(split(s, \"a\"))", "len(string_split(s, 'a'))"),
     ("list_join(split(s, \"\"), \"|\")", "array_to_string(string_split(s, ''), '|')"),
     ("list_join(split(s, \"\")[2..3], \"\")", "array_to_string(string_split(s, '')[2:3], '')"),
     ("list_join(split(s, \"\")[-2..], \"\")", "array_to_string(string_split(s, '')[-2:], '')"))
both("extract_all",
     ("list_join(extract_all(s, /[a-z]+/), \"-\")", "array_to_string(regexp_extract_all(s, '[a-z]+'), '-')"),
     ("length(extract_all(s, /[aeiou]/))", "len(regexp_extract_all(s, '[aeiou]'))"),
     ("extract_all(s, /([a-z])([a-z])/, 2)[1]", "regexp_extract_all(s, '([a-z])([a-z])', 2)[1]"))
both("list_contains", ("list_contains(split(s, \" \"), \"abc\")", "list_contains(string_split(s, ' '), 'abc')"),
     ("list_contains([s, \"ABC\"], t)", "CASE WHEN t IS NOT NULL THEN coalesce(t = s, FALSE) OR t = 'ABC' END"))
both("list_distinct",
     ("length(list_distinct(split(s, \"\")))", "len(list_distinct(string_split(s, ''))) - (s = '')::INTEGER"),
     ("list_join(list_sort(list_distinct(split(s, \"\"))), \"\")",
      "array_to_string(list_sort(list_distinct(string_split(s, ''))), '')"))
both("list_join", ("list_join([s, t], \"/\")", "array_to_string([s, t], '/')"),
     ("list_join(split(s, \"a\"), \"+\")", "array_to_string(string_split(s, 'a'), '+')"))
both("list_position",
     ("list_position(split(s, \"\"), \"a\")",
      "CASE WHEN s IS NOT NULL THEN coalesce(list_position(string_split(s, ''), 'a'), 0) END"),
     ("list_position(split(s, \" \"), t)",
      "CASE WHEN s IS NOT NULL AND t IS NOT NULL THEN coalesce(list_position(string_split(s, ' '), t), 0) END"))
both("list_reverse", ("list_join(list_reverse(split(s, \" \")), \" \")", "array_to_string(list_reverse(string_split(s, ' ')), ' ')"),
     ("list_reverse(split(s, \"a\"))[1]", "list_reverse(string_split(s, 'a'))[1]"))
both("list_sort", ("list_join(list_sort(split(s, \"\")), \"\")", "array_to_string(list_sort(string_split(s, '')), '')"),
     ("list_sort(split(s, \" \"))[-1]", "list_sort(string_split(s, ' '))[-1]"))
both("string_agg", ("string_agg(s, \",\") sort n", "(SELECT string_agg(s, ',' ORDER BY n) FROM t)"),
     ("string_agg(t, \"\") sort -n", "(SELECT string_agg(t, '' ORDER BY n DESC) FROM t)"))
