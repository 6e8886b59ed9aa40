/// The lines that the language promises to understand, comments and all.
let lines = #"""
  load "trips-*.csv.gz" as trips                         # globs, compression, dialect, types found by looking
  load "orders.csv" as o sep=";" decimal="," null=["NA","-"] types={zip: text, when: date("%d.%m.%Y")}
  load - as piped                                        # standard input
  use trips
  schema                                                 # name, type, nulls %, distinct, example
  head 5                                                 # tail, take 10, take 101..110, sample 1% seed=42
  describe
  describe fare, distance by borough where fare > 0
  missing                                                # % bar a column, and which columns are missing together
  tabulate borough
  tabulate borough, payment pct=row test=chi2
  correlate numeric() method=spearman
  hist fare bins=40 where fare in 0..80
  hist fare by borough                                   # small multiples on shared axes
  box fare by payment
  scatter distance, fare color=borough smooth=lm         # binned on all rows, never a hidden sample
  line count() over bin(pickup, 1d) by borough
  bar mean(fare) over borough top=10
  density fare by payment log=x
  heatmap count() over weekday(pickup), hour(pickup)
  |= filter fare > 0 and distance > 0                    # kept 3,071,114 of 3,100,000 · 27,682 false · 1,204 null
  |= derive speed = distance / hours(dropoff - pickup), tip_pct = tip / fare * 100
  |= derive prev = lag(fare), n = row_number() by driver sort pickup
  |= rename `trip distance` -> distance
  |= select -starts("tmp_"), id, pickup..dropoff, fare
  |= fill fare with median(fare) by borough              # also: forward, back, a constant
  |= dedupe by id keep=first sort -updated
  cutoff = 80
  trips | filter fare > $cutoff | count
  daily = trips | agg n = count(), p95 = quantile(fare, 0.95) by day = bin(pickup, 1d) | sort day
  t2 = trips | join zones on pu_zone == zone_id kind=left expect=n:1
  near = trades | join quotes on symbol, time kind=asof tolerance=5s
  wide = t2 | pivot mean(fare) by borough rows=payment
  long = wide | melt -payment into borough, fare
  trips | filter note =~ /late|delay/i | derive code = extract(note, /#(\d+)/) | take 20
  trips | filter pickup in @2024-03-01..<@2024-04-01 | sort -fare | take 3 by borough
  both = a | append b
  train, test = trips | split 80% seed=7 by borough
  m1 = train | fit ols fare ~ distance + log(distance + 1) + C(borough) se=robust
  m2 = train | fit logit tipped ~ fare + C(payment) + poly(distance, 2)
  evaluate m2 on test                                    # auc, brier, log loss, confusion, ROC and calibration
  scored = test | predict m2 as p | derive band = cut(p, [0, 0.2, 0.5, 1])
  check trips: fare >= 0, unique(id), null_rate(tip) < 5%, count() > 1000
  gate m2 on test: auc >= 0.8, brier < 0.1
  gate m2 beats "models/champion.kzm" on test by auc min_gain=0.5%
  export daily "out/daily.csv"                           # format by extension; also as a last stage: … | export "x.csv"
  export m2 "m2.kzm"
  param day = @2024-03-01 min=@2020-01-01 doc="the day to report"
  def clean(x) = x | filter fare > 0 | dedupe by id
  for b in ["Bronx", "Queens"] { hist fare where borough == $b }
  undo
  save "taxi.md"
  replay "taxi.md" day=@2024-03-02
  promote "taxi.md" to "pipeline/" target=github-actions
  time trips | agg mean(fare) by borough
  plan trips | filter fare > 3 | agg mean(fare) by borough
  """#.split(separator: "\n").map(String.init)
