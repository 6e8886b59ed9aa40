import Columnar
import Display
import Language
import Modeling
import Notebooks
import Pipelines

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How far a column is from its baseline.
struct ColumnDrift {
  enum Verdict: String {
    case same, shifted, drifted
  }

  let name: String
  var verdict = Verdict.same
  /// The population stability index; nil where it says nothing.
  var psi: Double?
  /// What is different, in words.
  var detail = ""

  /// From here on a shift is worth a look.
  static let shift = 0.1

  /// A column that is not in the baseline.
  init(new name: String) {
    self.name = name
    (verdict, detail) = (.shifted, "not in the baseline")
  }

  /// Compares what `baseline`, of `rows` rows, was with the column of that name in `frame`, bound in
  /// `worker` as `t`; `limit` is the index from which on it has drifted.
  init(
    _ baseline: ColumnProfile, rows: Int, _ frame: Frame, limit: Double, in worker: Session
  ) throws {
    name = baseline.name
    guard let column = frame[baseline.name] else {
      (verdict, detail) = (.drifted, "is not there any more")
      return
    }
    let isEmpty = column.nullCount == column.count
    if column.type != baseline.type, !isEmpty, !Self.fits(column.type, baseline.type) {
      (verdict, detail) = (.drifted, "was \(baseline.type.rawValue), is \(column.type.rawValue)")
      return
    }
    var (before, now, new) = ([baseline.nulls], [column.nullCount], [String]())
    var shares: [(value: String, before: Double, now: Double)] = []
    if !baseline.edges.isEmpty {
      before += baseline.counts
      now +=
        isEmpty
        ? baseline.counts.map { _ in 0 } : try ColumnProfile.counts(column, baseline.edges)
    } else if !baseline.values.isEmpty, !Self.isKey(baseline, rows) {
      let quoted = Language.print(Expr(.name(baseline.name), Span(0, 0)))
      let found = isEmpty ? [] : try ColumnProfile.frequencies(quoted, "head 10000", in: worker)
      let counts = Dictionary(found.map { ($0.value, Int($0.count)) }, uniquingKeysWith: { $1 })
      before += baseline.values.map { Int($0.count) }
      now += baseline.values.map { counts[$0.value] ?? 0 }
      shares = baseline.values.map {
        (
          $0.value, Double($0.count) / Double(max(1, rows)),
          Double(counts[$0.value] ?? 0) / Double(max(1, column.count))
        )
      }
      let known = Set(baseline.values.map(\.value))
      if baseline.distinct == Int64(known.count) {
        new = found.map(\.value).filter { !known.contains($0) }
      }
    }
    // What is none of these: values that are not listed, or that have no order to be cut by.
    before.append(max(0, rows - before.reduce(0, +)))
    now.append(max(0, column.count - now.reduce(0, +)))
    let index = Self.index(before, now)
    psi = index.psi
    if index.pValue < 0.001 {
      verdict = index.psi >= limit ? .drifted : index.psi >= Self.shift ? .shifted : .same
    }
    if verdict == .same, new.isEmpty { return }
    var parts = try differences(baseline, rows, column, in: worker)
    if verdict != .same { parts += Self.moved(shares) }
    if !new.isEmpty {
      parts.append("new: " + new.prefix(3).joined(separator: ", ") + (new.count > 3 ? ", …" : ""))
    }
    detail = parts.joined(separator: " · ")
  }

  /// What a person would look at first.
  private func differences(
    _ baseline: ColumnProfile, _ rows: Int, _ column: Column, in worker: Session
  ) throws -> [String] {
    var parts: [String] = []
    let shares = (
      Double(baseline.nulls) / Double(max(1, rows)),
      Double(column.nullCount) / Double(max(1, column.count))
    )
    if abs(shares.0 - shares.1) >= 0.001 {
      let percent = NumberFormat.percent(decimals: 1)
      parts.append("null \(percent.text(shares.0)) → \(percent.text(shares.1))")
    }
    let former = baseline.statistics.first { $0.name == "q50" }?.value.number
    if let former, column.nullCount < column.count {
      let quoted = Language.print(Expr(.name(baseline.name), Span(0, 0)))
      try worker.run("m = t | agg v = quantile(\(quoted), 0.5)")
      if let now = try worker.frame(of: Name("m")).columns.first?[0].number {
        let number = NumberFormat.significant(4)
        parts.append("median \(number.text(former)) → \(number.text(now))")
      }
    }
    return parts
  }

  /// The two values whose shares have changed most.
  private static func moved(_ shares: [(value: String, before: Double, now: Double)]) -> [String] {
    let percent = NumberFormat.percent(decimals: 1)
    let most = shares.enumerated().sorted {
      let (left, right) = (
        abs($0.element.now - $0.element.before), abs($1.element.now - $1.element.before)
      )
      return left != right ? left > right : $0.offset < $1.offset
    }
    return most.prefix(2).map(\.element).filter { abs($0.now - $0.before) >= 0.01 }.map {
      "\($0.value) \(percent.text($0.before)) → \(percent.text($0.now))"
    }
  }

  /// Whole numbers where there were fractions, and the like, are the same kind of thing.
  private static func fits(_ now: DataType, _ before: DataType) -> Bool {
    switch (now, before) {
    case (.int, .float), (.float, .int), (.date, .datetime), (.datetime, .date): true
    default: false
    }
  }

  /// Whether nearly every row had a value of its own, so that new ones say nothing.
  private static func isKey(_ baseline: ColumnProfile, _ rows: Int) -> Bool {
    guard let distinct = baseline.distinct else { return false }
    return distinct > Int64(ColumnProfile.listed) && distinct > Int64(rows / 2)
  }

  /// The population stability index of two lists of counts, half a row added to each count so that an
  /// empty one has a logarithm, and how likely one as large is by chance: where nothing has changed it
  /// is, to a factor, chi-squared (Yurdakul, Statistical properties of population stability index).
  static func index(_ before: [Int], _ now: [Int]) -> (psi: Double, pValue: Double) {
    let used = zip(before, now).filter { $0.0 + $0.1 > 0 }
    let (old, new) = (used.reduce(0) { $0 + $1.0 }, used.reduce(0) { $0 + $1.1 })
    guard used.count > 1, old > 0, new > 0 else { return (0, 1) }
    let added = 0.5 * Double(used.count)
    var psi = 0.0
    for (first, second) in used {
      let expected = (Double(first) + 0.5) / (Double(old) + added)
      let actual = (Double(second) + 0.5) / (Double(new) + added)
      psi += (actual - expected) * log(actual / expected)
    }
    let scale = 1 / Double(old) + 1 / Double(new)
    return (psi, ChiSquared(degrees: Double(used.count - 1)).upperTail(psi / scale))
  }
}
